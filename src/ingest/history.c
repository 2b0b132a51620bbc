#include "ingest/history.h"

#include "historysql.h"
#include "ingest/plain_part.h"
#include "ingest/snapshot.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

/* The first table of deals that says when they were created, NULL = none. */
static const vrk_table_file *created_in(const vrk_making *m)
{
    for (int64_t i = 0; i < m->files; i++) {
        const vrk_table_file *f = &m->file[i];
        if (f->guess.table && !strcmp(f->guess.table, "deals") && !f->guess.skip &&
            vrk_guess_column_of(&f->guess, &f->profile, "created_at") >= 0)
            return f;
    }
    return NULL;
}

static vrk_status count(vrk_ctx *ctx, vrk_making *m, const char *select, int64_t *n)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    const char *sql = vrk_text_f(&m->plan->mem, "SELECT count(*) FROM (%s)", select);
    if (!sql)
        FAIL(VRK_EMEMORY, "out of memory for a stage history");
    TRY(vrk_duck_run(ctx, m->duck, "looking at files", sql, NULL, 0, &f));
    *n = f.column[0].i[0];
done:
    vrk_frame_free(&f);
    return st;
}

/* Runs a select once and for all: its rows go to a file of the staging folder, and *select becomes
 * one of that file. */
static vrk_status keep(vrk_ctx *ctx, vrk_making *m, const char **select, const char **path,
                       int64_t *n)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->plan->mem;
    vrk_frame f = {0};
    *path = vrk_text_f(mem, "%s/history-%" PRId64 ".parquet", m->opt->staging, m->number++);
    const char *quoted = *path ? vrk_sql_quote(mem, *path) : NULL;
    const char *sql =
        quoted ? vrk_text_f(mem, "COPY (%s) TO %s (FORMAT parquet)", *select, quoted) : NULL;
    if (!sql)
        FAIL(VRK_EMEMORY, "out of memory for a stage history");
    TRY(vrk_duck_run(ctx, m->duck, "looking at files", sql, NULL, 0, &f));
    *n = f.column[0].i[0];
    *select = vrk_text_f(mem, "SELECT * FROM read_parquet(%s)", quoted);
    if (!*select)
        FAIL(VRK_EMEMORY, "out of memory for a stage history");
done:
    vrk_frame_free(&f);
    return st;
}

/* The stages that deals began in, read from the history and the deals. */
static vrk_status add_starts(vrk_ctx *ctx, vrk_making *m, const vrk_profile *p, const char *head)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->plan->mem;
    const vrk_table_file *deals = created_in(m);
    int64_t n = 0;
    if (!deals)
        goto done;
    const char *select =
        vrk_text_f(mem, "%s, created AS (SELECT %s AS deal_id, %s AS created_at FROM %s) %s", head,
                   vrk_plain_deal_id(m, deals), vrk_plain_date(m, deals, "created_at"),
                   deals->profile.from, vrk_embed_historysql[VRK_HISTORYSQL_HISTORY_START].bytes);
    const char **read = VRK_NEW(mem, 1, const char *);
    if (!select || !read || mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for a stage history");
    TRY(keep(ctx, m, &select, &read[0], &n));
    if (!n)
        goto done;
    vrk_making_note(m,
                    "%s: %" PRId64 " deals began in the stage they were first changed from, when "
                    "%s says they were created",
                    p->name, n, deals->profile.name);
    vrk_making_source(m, &(vrk_source){.table = "stage_events",
                                       .select = select,
                                       .file = p->path,
                                       .read = read,
                                       .n_read = 1,
                                       .rows_read = -1});
done:
    return st;
}

vrk_status vrk_history_add(vrk_ctx *ctx, vrk_making *m, const vrk_profile *p, const char *with,
                           const char *raw)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->plan->mem;
    int64_t rows = 0, events = 0;
    const char *path, *head = raw ? vrk_text_f(mem, "%s%s raw AS (%s)", with ? with : "WITH",
                                               with ? "," : "", raw)
                                  : NULL;
    const char *select = head ? vrk_text_f(mem, "%s %s", head,
                                           vrk_embed_historysql[VRK_HISTORYSQL_HISTORY_KIND].bytes)
                              : NULL;
    if (!select || mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for the history in %s", p->name);
    TRY(count(ctx, m, vrk_text_f(mem, "%s SELECT * FROM raw", head), &rows));
    TRY(keep(ctx, m, &select, &path, &events));
    if (rows > events)
        vrk_making_note(m, "%s: %" PRId64 " of %" PRId64 " rows repeat the stage before them",
                        p->name, rows - events, rows);
    vrk_making_rows(m, p, "stage_events", select);
    vrk_making_reads(m, path);
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for the history in %s", p->name);
    vrk_source *s = &m->plan->source[m->plan->sources - 1];
    s->has_line = true;
    if (rows <= p->csv.records - p->csv.left_out - p->csv.skipped)
        s->skipped += p->csv.records - p->csv.left_out - p->csv.skipped - events;
    else
        s->rows_read = -1; /* more events than rows: columns are stages */
    TRY(add_starts(ctx, m, p, head));
done:
    return st;
}

/* SQL for stage, won or lost, as the words of the stages say. */
static vrk_status says_of(vrk_ctx *ctx, vrk_making *m, const vrk_table_file *f, const char **sql)
{
    vrk_status st = VRK_OK;
    const char *outcome;
    TRY(vrk_making_outcomes(ctx, m, &f->profile,
                            vrk_guess_column_of(&f->guess, &f->profile, "stage"), &outcome));
    *sql = vrk_text_f(&m->plan->mem,
                      "CASE (%s) WHEN 'won' THEN 'won' WHEN 'lost' THEN 'lost' ELSE 'stage' END",
                      outcome);
done:
    return st;
}

static const char *line_of(const vrk_profile *p)
{
    return p->csv.lined ? "_line" : "row_number() OVER ()";
}

vrk_status vrk_history_table(vrk_ctx *ctx, vrk_making *m, vrk_table_file *f)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->plan->mem;
    const char *says,
        *id = vrk_plain_key(m, f, "deal_id"), *stage = vrk_plain_text(m, f, "stage"),
        *at = vrk_plain_date(m, f, "entered_at"), *first = vrk_plain_date(m, f, "first_at"),
        *from = vrk_plain_text(m, f, "from_stage"), *by = vrk_plain_text(m, f, "recorded_by"),
        *deleted = vrk_plain_flag(m, f, "deleted");
    TRY(says_of(ctx, m, f, &says));
    const char *raw = vrk_text_f(
        mem,
        "SELECT %s AS _line, %s AS deal_id, %s AS stage, coalesce(%s, %s) AS entered_at, %s AS "
        "says, false AS sure, %s AS from_stage, 'exact' AS quality, %s AS recorded_by FROM %s "
        "WHERE NOT "
        "coalesce(%s, false) AND (%s IS NOT NULL OR %s IS NOT NULL)",
        line_of(&f->profile), id, stage, at, first ? first : "NULL", says, from ? from : "NULL",
        by ? vrk_text_f(mem, "vrk_person(%s)", by) : "NULL::varchar", f->profile.from,
        deleted ? deleted : "false", id, stage);
    TRY(vrk_history_add(ctx, m, &f->profile, NULL, raw));
done:
    return st;
}

/* The stage of a heading such as `Date entered "Proposal Sent (Sales Pipeline)"`, NULL = none. */
static const char *stage_of(vrk_arena *mem, const char *heading)
{
    static const char *const starts[] = {"date entered ", "datum gick in i ", "datum inträde ",
                                         "hs_v2_date_entered_", "hs_date_entered_"};
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
        size_t n = strlen(starts[i]);
        if (strncasecmp(heading, starts[i], n) != 0)
            continue;
        char *stage = vrk_text_copy(mem, heading + n + (heading[n] == '"'));
        if (!stage)
            return NULL;
        size_t k = strlen(stage);
        if (k && stage[k - 1] == '"')
            stage[--k] = 0;
        char *pipeline = strrchr(stage, '(');
        if (pipeline && pipeline > stage && stage[k - 1] == ')' && pipeline[-1] == ' ')
            pipeline[-1] = 0;
        return *stage ? stage : NULL;
    }
    return NULL;
}

/* One SELECT for each column of a stage. "" = there are none. */
static void add_wide(vrk_making *m, const vrk_table_file *f, vrk_str *raw)
{
    vrk_arena *mem = &m->plan->mem;
    const vrk_profile *p = &f->profile;
    for (int64_t k = 0; k < p->csv.columns; k++) {
        const char *stage = stage_of(mem, p->csv.heading[k]);
        if (!stage || !p->column[k].filled)
            continue;
        vrk_outcome outcome = vrk_making_outcome(m, stage);
        vrk_str_addf(raw,
                     "%sSELECT %s AS _line, %s AS deal_id, %s AS stage, %s AS entered_at, '%s' AS "
                     "says, false AS sure, NULL::varchar AS from_stage, 'derived' AS quality, "
                     "NULL::varchar AS "
                     "recorded_by FROM %s WHERE %s IS NOT NULL",
                     raw->n ? " UNION ALL " : "", line_of(p), vrk_plain_deal_id(m, f),
                     vrk_sql_quote(mem, stage), vrk_profile_date(p, k, mem),
                     outcome == VRK_WON    ? "won"
                     : outcome == VRK_LOST ? "lost"
                                           : "stage",
                     p->from, vrk_profile_text(p, k, mem));
    }
}

static bool has_history(const vrk_making *m)
{
    for (int64_t i = 0; i < m->files; i++) {
        const char *table = m->file[i].guess.table;
        if (table && !m->file[i].guess.skip &&
            (!strcmp(table, "stage_events") || !strcmp(table, "changes")))
            return true;
    }
    return vrk_making_has(m, "stage_events");
}

vrk_status vrk_history_of_deals(vrk_ctx *ctx, vrk_making *m, vrk_table_file *f, const char *select)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->plan->mem;
    vrk_str raw = {.mem = mem};
    const char *stage = vrk_plain_text(m, f, "stage"),
               *moved = vrk_plain_date(m, f, "last_stage_change"), *says = NULL;
    bool history = has_history(m);

    if (!history)
        add_wide(m, f, &raw);
    if (!history && !raw.n && stage && moved) {
        TRY(says_of(ctx, m, f, &says));
        vrk_str_addf(&raw,
                     "SELECT %s AS _line, %s AS deal_id, %s AS stage, %s AS entered_at, %s AS "
                     "says, false AS sure, NULL::varchar AS from_stage, 'exact' AS quality, "
                     "NULL::varchar AS "
                     "recorded_by FROM %s WHERE %s IS NOT NULL AND (%s) %s",
                     line_of(&f->profile), vrk_plain_deal_id(m, f), stage, moved, says,
                     f->profile.from, moved, f->outcome ? f->outcome : "NULL",
                     f->outcome ? vrk_text_f(mem, "= 'open' OR (%s) <> 'stage'", says) : "IS NULL");
    }
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for the history in %s", f->profile.name);
    if (!history && !raw.n)
        TRY(vrk_snapshot_add(ctx, m, f, select));
    if (raw.n) {
        TRY(vrk_history_add(ctx, m, &f->profile, NULL, vrk_str_of(&raw)));
        vrk_source *s = &m->plan->source[m->plan->sources - 1];
        s->rows_read = -1; /* its rows are counted with the deals */
        s->skipped = 0;
        s->fault = NULL;
        s->faults = 0;
    }
done:
    return st;
}
