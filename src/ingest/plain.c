#include "base/str.h"
#include "ingest/making.h"
#include "ingest/tables.h"

#include <string.h>
#include <strings.h>

/* A column's value as the interchange table wants it. */
static const char *value_of(vrk_making *m, const vrk_table_file *f, int64_t k, const char *column)
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
    default:
        return vrk_profile_text(&f->profile, k, mem);
    }
}

static void put(vrk_str *sql, const char *value, const char *name)
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
        put(sql, vrk_profile_text(&f->profile, k, mem), name);
}

/* The three letters at the end of "Opportunity Amount USD". */
static const char *currency_in(const char *heading)
{
    static const char *const known[] = {"SEK", "EUR", "USD", "NOK", "DKK", "GBP", "CHF", "PLN"};
    size_t n = strlen(heading);
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (n > 4 && !strcasecmp(heading + n - 3, known[i]) && strchr(" _-(", heading[n - 4]))
            return known[i];
    }
    return NULL;
}

/* CRM kinds of source, as far as their words tell. */
static const char *source_of(vrk_making *m, const char *value)
{
    vrk_making_note(m,
                    "sources of deals: web, inbound, form, campaign, referral and marketing count "
                    "as inbound; outbound, cold call, prospecting and own as outbound; others "
                    "as unknown");
    return vrk_text_f(
        &m->plan->mem,
        "CASE WHEN regexp_matches(lower(%s), 'web|inbound|inkommande|form|campaign|kampanj|referral"
        "|rekommendation|marketing|marknad') THEN 'inbound' WHEN regexp_matches(lower(%s), "
        "'outbound|utgående|cold|prospect|^own$|^egen') THEN 'outbound' END",
        value, value);
}

static const char *closed_test(const char *outcome, vrk_arena *mem)
{
    return vrk_text_f(mem, "(%s) IN ('won', 'lost')", outcome);
}

/* Outcome by its own column, else by the stage; a stage without such a word is an open deal. */
static vrk_status deal_outcome(vrk_ctx *ctx, vrk_making *m, const vrk_table_file *f,
                               const char **sql)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->plan->mem;
    const vrk_profile *p = &f->profile;
    int64_t own = vrk_guess_column_of(&f->guess, p, "outcome");
    int64_t stage = vrk_guess_column_of(&f->guess, p, "stage");
    const char *by_own = NULL, *by_stage = NULL;

    if (own >= 0)
        TRY(vrk_making_outcomes(ctx, m, p, own, &by_own));
    if (stage >= 0)
        TRY(vrk_making_outcomes(ctx, m, p, stage, &by_stage));
    if (own >= 0)
        by_own = vrk_text_f(mem, "coalesce(%s, %s)", by_own, vrk_profile_text(p, own, mem));
    if (stage >= 0) {
        bool any = strcmp(by_stage, "NULL") != 0;
        by_stage = vrk_text_f(mem, "coalesce(%s, CASE WHEN %s IS NOT NULL THEN %s END)", by_stage,
                              vrk_profile_text(p, stage, mem), any ? "'open'" : "NULL");
    }
    *sql = by_own && by_stage ? vrk_text_f(mem, "coalesce(%s, %s)", by_own, by_stage)
           : by_own           ? by_own
                              : by_stage;
done:
    return st;
}

static void put_deal(vrk_making *m, const vrk_table_file *f, int64_t k, const char *outcome,
                     vrk_str *sql)
{
    vrk_arena *mem = &m->plan->mem;
    const vrk_profile *p = &f->profile;
    const char *column = f->guess.is[k].column;

    if (!strcmp(column, "outcome"))
        return; /* comes once, made of outcome and stage */
    if (!strcmp(column, "source")) {
        put(sql, source_of(m, vrk_profile_text(p, k, mem)), "source");
        put(sql, vrk_profile_text(p, k, mem), "source_kind");
    } else if (!strcmp(column, "close_date")) {
        const char *date = vrk_profile_date(p, k, mem);
        const char *closed = closed_test(outcome ? outcome : "'won'", mem);
        bool has_closed = vrk_guess_column_of(&f->guess, p, "closed_at") >= 0;
        bool has_expected = vrk_guess_column_of(&f->guess, p, "expected_close_on") >= 0;
        if (!has_closed)
            put(sql, vrk_text_f(mem, "CASE WHEN %s THEN %s END", closed, date), "closed_at");
        if (!has_expected && outcome)
            put(sql, vrk_text_f(mem, "CASE WHEN NOT coalesce(%s, false) THEN %s END", closed, date),
                "expected_close_on");
    } else {
        put(sql, value_of(m, f, k, column), column);
        const char *currency = !strcmp(column, "amount") ? currency_in(p->csv.heading[k]) : NULL;
        if (currency && vrk_guess_column_of(&f->guess, p, "currency") < 0)
            put(sql, vrk_sql_quote(mem, currency), "currency");
    }
}

static vrk_status add_deals(vrk_ctx *ctx, vrk_making *m, vrk_table_file *f, vrk_str *sql)
{
    vrk_status st = VRK_OK;
    const char *outcome = NULL;
    TRY(deal_outcome(ctx, m, f, &outcome));
    if (outcome)
        put(sql, outcome, "outcome");
    for (int64_t k = 0; k < f->profile.csv.columns; k++) {
        if (f->guess.is[k].column)
            put_deal(m, f, k, outcome, sql);
    }
done:
    return st;
}

/* What is not done is planned; of what is done only a meeting is known to have been held. */
static void put_activity(vrk_making *m, const vrk_table_file *f, int64_t k, vrk_str *sql)
{
    vrk_arena *mem = &m->plan->mem;
    const char *column = f->guess.is[k].column, *text = vrk_profile_text(&f->profile, k, mem);
    int64_t kind = vrk_guess_column_of(&f->guess, &f->profile, "kind");
    if (!strcmp(column, "kind")) {
        put(sql, vrk_making_kind(m, text), "kind");
        put(sql, text, "kind_source");
    } else if (!strcmp(column, "done")) {
        if (vrk_guess_column_of(&f->guess, &f->profile, "outcome") >= 0)
            return;
        const char *what = vrk_making_kind(m, vrk_profile_text(&f->profile, kind, mem));
        put(sql,
            vrk_text_f(
                mem,
                "CASE WHEN lower(%s) IN ('true', '1', 'yes', 'ja', 'done', 'klar', 'utförd', "
                "'completed') THEN CASE WHEN %s IN ('meeting', 'demo') THEN 'held' ELSE "
                "'done' END WHEN %s IS NOT NULL THEN 'planned' END",
                text, what, text),
            "outcome");
    } else {
        put(sql, value_of(m, f, k, column), column);
    }
}

static vrk_status add_stage_events(vrk_ctx *ctx, vrk_making *m, vrk_table_file *f, vrk_str *sql)
{
    vrk_status st = VRK_OK;
    const vrk_profile *p = &f->profile;
    const char *outcome;
    TRY(vrk_making_outcomes(ctx, m, p, vrk_guess_column_of(&f->guess, p, "stage"), &outcome));
    put(sql,
        vrk_text_f(sql->mem,
                   "CASE (%s) WHEN 'won' THEN 'won' WHEN 'lost' THEN 'lost' ELSE 'stage' END",
                   outcome),
        "kind");
    for (int64_t k = 0; k < p->csv.columns; k++) {
        const char *column = f->guess.is[k].column;
        if (column)
            put(sql, value_of(m, f, k, column), column);
    }
done:
    return st;
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

vrk_status vrk_plain_add(vrk_ctx *ctx, vrk_making *m, vrk_table_file *f)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->plan->mem;
    vrk_str sql = {.mem = mem};
    const char *table = f->guess.table;

    say(m, f);
    vrk_str_add(&sql, "SELECT ");
    if (f->profile.csv.lined)
        put(&sql, "_line", "_line");
    if (!strcmp(table, "deals"))
        TRY(add_deals(ctx, m, f, &sql));
    else if (!strcmp(table, "stage_events"))
        TRY(add_stage_events(ctx, m, f, &sql));
    for (int64_t k = 0; k < f->profile.csv.columns; k++) {
        const char *column = f->guess.is[k].column;
        if (!column)
            put_attribute(m, f, k, &sql);
        else if (!strcmp(table, "activities"))
            put_activity(m, f, k, &sql);
        else if (strcmp(table, "deals") != 0 && strcmp(table, "stage_events") != 0)
            put(&sql, value_of(m, f, k, column), column);
    }
    vrk_str_addf(&sql, " FROM %s", f->profile.from);
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for %s", f->profile.path);
    vrk_making_rows(m, &f->profile, table, sql.at);
done:
    return st;
}

/* A table that no file is, from the first file that names its rows. */
static void add_named(vrk_making *m, const char *table, const char *key, const char *from)
{
    vrk_arena *mem = &m->plan->mem;
    for (int64_t i = 0; i < m->files && !vrk_making_has(m, table); i++) {
        const vrk_table_file *f = &m->file[i];
        if (!f->guess.table || strcmp(f->guess.table, from) != 0 || f->guess.skip)
            continue;
        int64_t k = vrk_guess_column_of(&f->guess, &f->profile, key);
        const char *value = k < 0 ? NULL : vrk_profile_text(&f->profile, k, mem);
        if (!value)
            continue;
        vrk_making_note(m, "%s: column '%s' names the %s", f->profile.name,
                        f->profile.csv.heading[k], table);
        vrk_making_derived(m, &f->profile, table,
                           vrk_text_f(mem,
                                      "SELECT DISTINCT %s AS %s, %s AS name FROM %s WHERE %s IS "
                                      "NOT NULL",
                                      value, key, value, f->profile.from, value));
    }
}

void vrk_plain_named(vrk_making *m)
{
    add_named(m, "sellers", "seller_id", "deals");
    add_named(m, "teams", "team_id", "sellers");
    add_named(m, "accounts", "account_id", "deals");
}
