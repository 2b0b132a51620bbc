#include "ingest/plain_part.h"

#include "ingest/history.h"
#include "ingest/join.h"
#include "ingest/tables.h"
#include "ingest/wide.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

/* A column's value as the interchange table wants it. */
const char *vrk_plain_value(vrk_making *m, const vrk_table_file *f, int64_t k, const char *column)
{
    vrk_arena *mem = &m->plan->mem;
    const vrk_col *col = vrk_col_of(vrk_table_of(f->guess.table), column);
    switch (col ? col->kind : VRK_COL_TEXT) {
    case VRK_COL_DAY:
    case VRK_COL_TIME:
        return vrk_profile_date(&f->profile, k, mem);
    case VRK_COL_MINUTES:
        return vrk_profile_minutes(&f->profile, k, mem);
    case VRK_COL_MONEY:
    case VRK_COL_WHOLE:
    case VRK_COL_NUMBER:
        return vrk_profile_number(&f->profile, k, mem);
    case VRK_COL_PERSON:
    case VRK_COL_CONTACT:
        return vrk_join_key(
            m, f, column, vrk_text_f(mem, "vrk_person(%s)", vrk_profile_text(&f->profile, k, mem)));
    case VRK_COL_NAME:
        return !strcmp(column, "email")
                   ? vrk_profile_text(&f->profile, k, mem)
                   : vrk_text_f(mem, "vrk_person(%s)", vrk_profile_text(&f->profile, k, mem));
    case VRK_COL_CURRENCY:
        return vrk_text_f(mem, "vrk_currency(%s)", vrk_profile_text(&f->profile, k, mem));
    case VRK_COL_FLAG:
        return vrk_profile_flag(&f->profile, k, mem);
    default:
        return vrk_ends_with(column, "_id") ? vrk_plain_key(m, f, column)
                                            : vrk_profile_text(&f->profile, k, mem);
    }
}

const char *vrk_plain_text(vrk_making *m, const vrk_table_file *f, const char *column)
{
    int64_t k = vrk_guess_column_of(&f->guess, &f->profile, column);
    return k < 0 ? NULL : vrk_profile_text(&f->profile, k, &m->plan->mem);
}

const char *vrk_plain_date(vrk_making *m, const vrk_table_file *f, const char *column)
{
    int64_t k = vrk_guess_column_of(&f->guess, &f->profile, column);
    return k < 0 ? NULL : vrk_profile_date(&f->profile, k, &m->plan->mem);
}

const char *vrk_plain_flag(vrk_making *m, const vrk_table_file *f, const char *column)
{
    int64_t k = vrk_guess_column_of(&f->guess, &f->profile, column);
    const char *flag = k < 0 ? NULL : vrk_profile_flag(&f->profile, k, &m->plan->mem);
    return flag ? vrk_text_f(&m->plan->mem, "(%s = '1')", flag) : NULL;
}

const char *vrk_plain_key(vrk_making *m, const vrk_table_file *f, const char *column)
{
    const char *text = vrk_plain_text(m, f, column);
    return text ? vrk_join_key(m, f, column, vrk_text_f(&m->plan->mem, "vrk_key(%s)", text)) : NULL;
}

void vrk_plain_put(vrk_str *sql, const char *value, const char *name)
{
    vrk_str_addf(sql, "%s%s AS %s", sql->n > strlen("SELECT ") ? ", " : "", value,
                 vrk_sql_name(sql->mem, name));
}

/* A column that means nothing to Verkan is kept under its own name, or with _source behind it
 * where that name means something. */
static void put_attribute(vrk_making *m, const vrk_table_file *f, int64_t k, vrk_str *sql)
{
    vrk_arena *mem = &m->plan->mem;
    const char *name = f->profile.csv.heading[k];
    if (vrk_col_of(vrk_table_of(f->guess.table), name))
        name = vrk_text_f(mem, "%s_source", name);
    if (name)
        vrk_plain_put(sql, vrk_profile_text(&f->profile, k, mem), name);
}

static void say(vrk_making *m, const vrk_table_file *f)
{
    const vrk_profile *p = &f->profile;
    vrk_making_note(m, "%s: %s", p->name, f->guess.table);
    for (int64_t k = 0; k < p->csv.columns; k++) {
        const vrk_profile_column *c = &p->column[k];
        if (f->guess.is[k].column)
            vrk_making_note(m, "%s: '%s' -> %s (%.0f %% sure)", p->name, c->name,
                            f->guess.is[k].column, 100 * f->guess.is[k].confidence);
        if (f->guess.is[k].column && c->order_followed)
            vrk_making_note(m,
                            "%s: nothing in '%s' tells day from month; read as %s, as others in "
                            "the file are",
                            p->name, c->name,
                            c->order == VRK_ORDER_DAY ? "day first" : "month first");
    }
}

/* Rows that the source says are deleted are none; how many, for the balance. */
static vrk_status drop_deleted(vrk_ctx *ctx, vrk_making *m, const vrk_table_file *f, vrk_str *sql,
                               int64_t *dropped)
{
    vrk_status st = VRK_OK;
    vrk_frame rows = {0};
    const char *deleted = vrk_plain_flag(m, f, "deleted");
    *dropped = 0;
    if (!deleted)
        goto done;
    vrk_str_addf(sql, " WHERE NOT coalesce(%s, false)", deleted);
    const char *count =
        vrk_text_f(&m->plan->mem, "SELECT count(*) FROM %s WHERE %s", f->profile.from, deleted);
    if (!count)
        FAIL(VRK_EMEMORY, "out of memory for %s", f->profile.name);
    TRY(vrk_duck_run(ctx, m->duck, "looking at files", count, NULL, 0, &rows));
    *dropped = rows.column[0].i[0];
    if (*dropped)
        vrk_making_note(m, "%s: %" PRId64 " rows are marked as deleted and left out",
                        f->profile.name, *dropped);
done:
    vrk_frame_free(&rows);
    return st;
}

/* Columns of headings.csv that are none of the interchange table say something of others. */
static void put_columns(vrk_making *m, const vrk_table_file *f, vrk_str *sql)
{
    const vrk_table *t = vrk_table_of(f->guess.table);
    for (int64_t k = 0; k < f->profile.csv.columns; k++) {
        const char *column = f->guess.is[k].column;
        if (column && vrk_col_of(t, column))
            vrk_plain_put(sql, vrk_plain_value(m, f, k, column), column);
    }
}

/* The persons of the rows, if the looking kept all that their columns hold. */
static void add_told(vrk_making *m, const vrk_table_file *f)
{
    const vrk_table *t = vrk_table_of(f->guess.table);
    vrk_told *told = VRK_NEW(&m->plan->mem, f->profile.csv.columns, vrk_told);
    int64_t n = 0;
    for (int64_t k = 0; k < f->profile.csv.columns && told; k++) {
        const vrk_profile_column *c = &f->profile.column[k];
        const char *column = f->guess.is[k].column;
        const vrk_col *col = column ? vrk_col_of(t, column) : NULL;
        if (!col || (col->kind != VRK_COL_PERSON && col->kind != VRK_COL_CONTACT))
            continue;
        if ((c->filled && !c->each) || strcmp(vrk_join_key(m, f, column, column), column) != 0)
            return;
        told[n++] = (vrk_told){column, c->each, c->each_n};
    }
    if (m->plan->mem.failed)
        return;
    vrk_source *s = &m->plan->source[m->plan->sources - 1];
    s->told = told;
    s->tolds = n;
}

static void add_reads(vrk_making *m, const vrk_table_file *f)
{
    for (int kind = 0; kind < VRK_JOINS; kind++)
        vrk_making_reads(m, f->names_read[kind]);
}

vrk_status vrk_plain_add(vrk_ctx *ctx, vrk_making *m, vrk_table_file *f)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->plan->mem;
    vrk_str sql = {.mem = mem};
    const char *table = f->guess.table;
    int64_t dropped;

    say(m, f);
    TRY(vrk_join_find(ctx, m, f));
    if (!strcmp(table, "stage_events")) {
        TRY(vrk_history_table(ctx, m, f));
        add_reads(m, f);
        goto done;
    }
    if (f->guess.wide) {
        TRY(vrk_wide_targets(ctx, m, f));
        goto done;
    }
    vrk_str_add(&sql, "SELECT ");
    if (f->profile.csv.lined)
        vrk_plain_put(&sql, "_line", "_line");
    if (!strcmp(table, "deals"))
        TRY(vrk_plain_deals(ctx, m, f, &sql));
    else if (!strcmp(table, "activities"))
        TRY(vrk_plain_activities(ctx, m, f, &sql));
    else
        put_columns(m, f, &sql);
    if (!strcmp(table, "targets") && vrk_guess_column_of(&f->guess, &f->profile, "metric") < 0)
        vrk_plain_put(&sql, "'amount'", "metric");
    for (int64_t k = 0; k < f->profile.csv.columns; k++) {
        if (!f->guess.is[k].column)
            put_attribute(m, f, k, &sql);
    }
    vrk_str_addf(&sql, " FROM %s", f->profile.from);
    TRY(drop_deleted(ctx, m, f, &sql, &dropped));
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for %s", f->profile.path);
    vrk_making_rows(m, &f->profile, table, sql.at);
    add_reads(m, f);
    if (!mem->failed) {
        m->plan->source[m->plan->sources - 1].skipped += dropped;
        m->plan->source[m->plan->sources - 1].trimmed = true; /* by vrk_profile_text */
        if (!dropped)
            add_told(m, f);
    }
    if (!strcmp(table, "deals"))
        TRY(vrk_history_of_deals(ctx, m, f, sql.at));
done:
    return st;
}

/* Rows that stand in other tables as a column only, with the column that names them if there is
 * one: from each table of `from`, unless a file is that table. */
static void add_named(vrk_making *m, const char *table, const char *key, const char *name,
                      const char *from)
{
    vrk_arena *mem = &m->plan->mem;
    for (int64_t i = 0; i < m->files; i++) {
        const vrk_table_file *f = &m->file[i];
        if (!f->guess.table || strcmp(f->guess.table, from) != 0 || f->guess.skip || f->used)
            continue;
        int64_t k = vrk_guess_column_of(&f->guess, &f->profile, key),
                n = vrk_guess_column_of(&f->guess, &f->profile, name);
        if (k < 0)
            continue;
        const char *id =
            vrk_text_f(mem, "vrk_person(vrk_key(%s))", vrk_profile_text(&f->profile, k, mem));
        const char *called =
            n < 0 ? id : vrk_text_f(mem, "vrk_person(%s)", vrk_profile_text(&f->profile, n, mem));
        vrk_making_note(m, "%s: column '%s' names the %s", f->profile.name,
                        f->profile.csv.heading[n < 0 ? k : n], table);
        vrk_making_derived(
            m, &f->profile, table,
            vrk_text_f(mem,
                       "SELECT %s AS %s, min(%s) AS name FROM %s WHERE %s IS NOT NULL "
                       "GROUP BY 1 ORDER BY 1",
                       id, key, called, f->profile.from, id));
    }
}

void vrk_plain_named(vrk_making *m)
{
    bool sellers = vrk_making_has(m, "sellers"), teams = vrk_making_has(m, "teams"),
         accounts = vrk_making_has(m, "accounts");
    if (!sellers)
        add_named(m, "sellers", "seller_id", "seller_label", "deals");
    if (!teams)
        add_named(m, "teams", "team_id", "team_name", "sellers");
    if (!accounts)
        add_named(m, "accounts", "account_id", "account_label", "deals");
    if (!sellers && !vrk_making_has(m, "sellers"))
        add_named(m, "sellers", "seller_id", "seller_label", "activities");
}
