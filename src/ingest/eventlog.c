#include "ingest/eventlog.h"

#include "base/str.h"
#include "base/sys.h"
#include "ingest/headings.h"
#include "ingest/outcome.h"
#include "ingest/tables.h"
#include "ingest/xes.h"
#include "logsql.h"
#include "store/duck.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

enum { MOST_ATTRIBUTES = 200 };

/* A log on its way to sources. */
typedef struct {
    vrk_duck *duck;
    const vrk_log_file *file;
    int64_t n;
    const char *staging;
    const vrk_eventlog_opt *opt;
    vrk_eventlog *out;
    vrk_headings known;
    char *steps, *deals; /* the staged files */
} maker;

static bool is_log(const vrk_log_file *f)
{
    return !f->csv || f->column.activity;
}

static vrk_status run(vrk_ctx *ctx, const maker *m, const char *sql, vrk_frame *out)
{
    if (!sql)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory");
    return vrk_duck_run(ctx, m->duck, "reading the event log", sql, NULL, 0, out);
}

static vrk_status note(vrk_ctx *ctx, maker *m, char *sentence)
{
    vrk_status st = VRK_OK;
    const char **more = VRK_NEW(&m->out->mem, m->out->notes + 1, const char *);
    if (!sentence || !more)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t i = 0; i < m->out->notes; i++)
        more[i] = m->out->note[i];
    more[m->out->notes++] = sentence;
    m->out->note = more;
done:
    return st;
}

/* The columns of a CSV that are not named in `column`, as a JSON object; those that start with
 * case: (or none of these, if not `cases`). In a table of cases all are the case's. */
static char *attributes_of(vrk_arena *mem, const vrk_log_file *f, bool cases)
{
    const vrk_log_columns *c = &f->column;
    const char *const known[] = {c->case_id, c->activity, c->timestamp, c->lifecycle, c->resource};
    vrk_str s = {.mem = mem};
    int64_t n = 0;

    vrk_str_add(&s, "CAST(json_object(");
    for (int64_t i = 0; i < f->csv->columns; i++) {
        const char *heading = f->csv->heading[i];
        bool is_known = vrk_starts_with(heading, "column_");
        for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++)
            is_known = is_known || (known[k] && !strcmp(known[k], heading));
        if (is_known || (is_log(f) && vrk_starts_with(heading, "case:") != cases))
            continue;
        vrk_str_addf(&s, "%s%s, %s", n++ ? ", " : "", vrk_sql_quote(mem, heading),
                     vrk_sql_name(mem, heading));
    }
    vrk_str_add(&s, ") AS varchar)");
    return mem->failed ? NULL : s.at;
}

static const char *trimmed(vrk_arena *mem, const char *heading)
{
    if (!heading)
        return "CAST(NULL AS varchar)";
    return vrk_text_f(mem, "nullif(trim(%s), '')", vrk_sql_name(mem, heading));
}

static vrk_status take_csv(vrk_ctx *ctx, maker *m, int64_t i)
{
    vrk_arena *mem = &ctx->scratch;
    const vrk_log_file *f = &m->file[i];
    const char *id = trimmed(mem, f->column.case_id), *from = vrk_csv_from(f->csv, mem);
    const char *of_case = attributes_of(mem, f, true);
    const char *line = f->csv->lined ? "_line" : "row_number() OVER () + 1";
    vrk_str s = {.mem = mem};

    if (is_log(f))
        vrk_str_addf(&s,
                     "INSERT INTO raw SELECT %" PRId64 ", %s, %s, %s, lower(%s), "
                     "regexp_replace(%s, '^(\\d{4}-\\d{2}-\\d{2}) (\\d)', '\\1T\\2'), %s, %s "
                     "FROM %s;",
                     i, line, id, trimmed(mem, f->column.activity),
                     trimmed(mem, f->column.lifecycle), trimmed(mem, f->column.timestamp),
                     trimmed(mem, f->column.resource), attributes_of(mem, f, false), from);
    vrk_str_addf(&s,
                 "INSERT INTO case_raw SELECT * FROM (SELECT %s AS case_id, %" PRId64
                 ", %s, %s AS attributes FROM %s) "
                 "WHERE case_id IS NOT NULL AND attributes <> '{}'",
                 id, i, line, of_case, from);
    return run(ctx, m, mem->failed ? NULL : s.at, NULL);
}

static vrk_status take_xes(vrk_ctx *ctx, maker *m, int64_t i)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &ctx->scratch;
    vrk_xes got;
    static const char *const csv = "auto_detect = false, header = true, delim = ',', quote = '\"', "
                                   "escape = '\"', max_line_size = 4000000, columns =";
    char *events = vrk_text_f(mem, "%s/log_%" PRId64 "_events.csv", m->staging, i);
    char *cases = vrk_text_f(mem, "%s/log_%" PRId64 "_cases.csv", m->staging, i);

    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory");
    TRY(vrk_xes_read(ctx, m->file[i].path, events, cases, &got));
    TRY(run(
        ctx, m,
        vrk_text_f(mem,
                   "INSERT INTO raw SELECT %" PRId64
                   ", e.line, trim(c.case_id), trim(e.activity), lower(trim(e.lifecycle)), "
                   "trim(e.timestamp), trim(e.resource), e.attributes "
                   "FROM read_csv(%s, %s {trace: 'bigint', line: 'bigint', activity: 'varchar', "
                   "lifecycle: 'varchar', timestamp: 'varchar', resource: 'varchar', "
                   "attributes: 'varchar'}) e "
                   "JOIN read_csv(%s, %s {trace: 'bigint', case_id: 'varchar', "
                   "attributes: 'varchar'}) c ON c.trace = e.trace; "
                   "INSERT INTO case_raw SELECT trim(case_id), %" PRId64
                   ", trace, attributes FROM read_csv(%s, %s {trace: 'bigint', "
                   "case_id: 'varchar', attributes: 'varchar'}) "
                   "WHERE case_id IS NOT NULL AND attributes <> '{}'",
                   i, vrk_sql_quote(mem, events), csv, vrk_sql_quote(mem, cases), csv, i,
                   vrk_sql_quote(mem, cases), csv),
        NULL));
    TRY(vrk_file_remove(ctx, events));
    TRY(vrk_file_remove(ctx, cases));
done:
    return st;
}

/* One whole number that a statement gives. */
static vrk_status number(vrk_ctx *ctx, const maker *m, const char *sql, int64_t *value)
{
    vrk_frame rows = {0};
    vrk_status st = run(ctx, m, sql, &rows);
    if (st == VRK_OK)
        *value = rows.rows ? rows.column[0].i[0] : 0;
    vrk_frame_free(&rows);
    return st;
}

static vrk_status take_files(vrk_ctx *ctx, maker *m)
{
    vrk_status st = VRK_OK;
    int64_t raw = 0, events = 0;

    TRY(run(ctx, m,
            "SET TimeZone = 'UTC'; CREATE TABLE raw (file bigint, line bigint, case_id varchar, "
            "activity varchar, lifecycle varchar, timestamp varchar, resource varchar, "
            "attributes varchar); "
            "CREATE TABLE case_raw (case_id varchar, file bigint, line bigint, attributes varchar)",
            NULL));
    for (int64_t i = 0; i < m->n; i++) {
        vrk_mark mark = vrk_mark_of(&ctx->scratch);
        st = m->file[i].csv ? take_csv(ctx, m, i) : take_xes(ctx, m, i);
        vrk_rewind(&ctx->scratch, mark);
        TRY(st);
    }
    TRY(number(ctx, m, "SELECT count(*) FROM raw", &raw));
    if (!raw)
        FAIL(VRK_EINPUT, "%s: no events in it; a log has <trace> with <event>, or a row per event",
             m->file[0].path);
    TRY(run(ctx, m, vrk_embed_logsql[VRK_LOGSQL_EVENTLOG_EVENT].bytes, NULL));
    TRY(number(ctx, m, "SELECT count(*) FROM event", &events));
    if (events < raw)
        TRY(note(ctx, m,
                 vrk_text_f(&m->out->mem,
                            "%" PRId64 " events stand in more than one file; they count once",
                            raw - events)));
done:
    return st;
}

static bool among(const char *const *list, int64_t n, const char *name)
{
    for (int64_t i = 0; i < n; i++) {
        if (!strcasecmp(list[i], name))
            return true;
    }
    return false;
}

/* The prefix that tells stages from the rest, "" where names follow no such convention. */
static vrk_status find_prefix(vrk_ctx *ctx, const maker *m, char **prefix)
{
    vrk_status st = VRK_OK;
    vrk_frame rows = {0};
    TRY(run(ctx, m,
            "WITH name AS (SELECT activity, regexp_extract(activity, '^[^_]{1,20}_') AS prefix, "
            "count(DISTINCT case_id) AS cases FROM event WHERE done AND activity IS NOT NULL "
            "GROUP BY activity), "
            "shared AS (SELECT prefix, count(*) AS names, max(cases) AS cases FROM name "
            "WHERE prefix <> '' GROUP BY prefix HAVING count(*) > 1) "
            "SELECT prefix FROM shared WHERE (SELECT sum(names) FROM shared) * 2 > "
            "(SELECT count(*) FROM name) ORDER BY names DESC, cases DESC, prefix LIMIT 1",
            &rows));
    *prefix = vrk_text_copy(&ctx->scratch, rows.rows ? rows.column[0].s[0] : "");
    if (!*prefix)
        FAIL(VRK_EMEMORY, "out of memory");
done:
    vrk_frame_free(&rows);
    return st;
}

static vrk_outcome outcome_of(const maker *m, const char *name, size_t prefix)
{
    if (m->opt->wons + m->opt->losts == 0)
        return vrk_outcome_of(name + prefix);
    return among(m->opt->won, m->opt->wons, name)     ? VRK_WON
           : among(m->opt->lost, m->opt->losts, name) ? VRK_LOST
                                                      : VRK_NO_OUTCOME;
}

/* Says of each activity whether it is a stage and whether it closes: the table name_of. */
static vrk_status name_activities(vrk_ctx *ctx, maker *m)
{
    vrk_status st = VRK_OK;
    vrk_frame rows = {0};
    vrk_arena *mem = &ctx->scratch;
    char *prefix = NULL;
    vrk_str sql = {.mem = mem};
    vrk_str said[3] = {{.mem = &m->out->mem}, {.mem = &m->out->mem}, {.mem = &m->out->mem}};
    static const char *const label[] = {"stages of the log", "won", "lost"};

    TRY(find_prefix(ctx, m, &prefix));
    TRY(run(ctx, m,
            "SELECT activity, count(*) AS n FROM event WHERE done AND activity IS NOT NULL "
            "GROUP BY activity ORDER BY min(seq), activity",
            &rows));
    vrk_str_add(&sql,
                "CREATE TABLE name_of (activity varchar, is_stage boolean, outcome varchar);");
    for (int64_t i = 0; i < rows.rows; i++) {
        const char *name = rows.column[0].s[i];
        bool has_prefix = vrk_starts_with(name, prefix);
        vrk_outcome outcome = outcome_of(m, name, has_prefix ? strlen(prefix) : 0);
        bool named = among(m->opt->won, m->opt->wons, name) ||
                     among(m->opt->lost, m->opt->losts, name) ||
                     among(m->opt->stage, m->opt->stages, name);
        bool is_stage = named || (m->opt->stages == 0 && has_prefix);
        if (!is_stage)
            continue;
        bool closes = outcome == VRK_WON || outcome == VRK_LOST;
        vrk_str *to = &said[!closes ? 0 : outcome == VRK_WON ? 1 : 2];
        vrk_str_addf(to, "%s%s", to->n ? ", " : "", name);
        vrk_str_addf(&sql, "INSERT INTO name_of VALUES (%s, true, %s);", vrk_sql_quote(mem, name),
                     closes ? vrk_sql_quote(mem, vrk_outcome_text(outcome)) : "NULL");
    }
    TRY(run(ctx, m, mem->failed ? NULL : sql.at, NULL));
    for (int k = 0; k < 3; k++)
        TRY(note(ctx, m,
                 vrk_text_f(&m->out->mem, "%s: %s", label[k], said[k].n ? said[k].at : "none")));
done:
    vrk_frame_free(&rows);
    return st;
}

/* What a case's attribute is called among the columns of deals: a column of deals where it surely
 * means one that the log itself does not give, else its own name. */
static vrk_status deal_column(vrk_ctx *ctx, const maker *m, const char *name, const char **column)
{
    vrk_status st = VRK_OK;
    static const char *const given[] = {"deal_id",    "seller_id", "stage",  "created_at",
                                        "close_date", "closed_at", "outcome"};
    vrk_meaning *meaning = NULL;
    int64_t n = 0;

    *column = name;
    TRY(vrk_meanings_of(ctx, &m->known, &ctx->scratch, name, &meaning, &n));
    for (int64_t i = 0; i < n; i++) {
        if (!strcmp(meaning[i].table, "deals") && meaning[i].confidence >= 0.95 &&
            !among(given, sizeof(given) / sizeof(given[0]), meaning[i].column)) {
            *column = meaning[i].column;
            goto done;
        }
    }
    if (vrk_col_of(vrk_table_of("deals"), name) || !strcasecmp(name, "_line"))
        *column = vrk_text_f(&ctx->scratch, "case_%s", name);
done:
    return st;
}

/* Writes a row per deal with a column per attribute of the cases. */
static vrk_status stage_deals(vrk_ctx *ctx, maker *m)
{
    vrk_status st = VRK_OK;
    vrk_frame rows = {0};
    vrk_arena *mem = &ctx->scratch;
    vrk_str pick = {.mem = mem}, taken = {.mem = mem};

    TRY(run(ctx, m, vrk_embed_logsql[VRK_LOGSQL_EVENTLOG_STEADY].bytes, NULL));
    TRY(run(ctx, m, vrk_embed_logsql[VRK_LOGSQL_EVENTLOG_VALUE].bytes, NULL));
    TRY(run(ctx, m,
            vrk_text_f(mem,
                       "SELECT name, min(key) FROM case_value WHERE name <> '' GROUP BY name "
                       "ORDER BY count(*) DESC, name LIMIT %d",
                       MOST_ATTRIBUTES),
            &rows));
    for (int64_t i = 0; i < rows.rows; i++) {
        const char *name = rows.column[0].s[i], *column;
        TRY(deal_column(ctx, m, name, &column));
        if (!column || mem->failed)
            FAIL(VRK_EMEMORY, "out of memory");
        if (taken.n && strstr(taken.at, vrk_text_f(mem, "|%s|", column)))
            column = name;
        vrk_str_addf(&taken, "|%s|", column);
        vrk_str_addf(&pick, ", max(value) FILTER (name = %s) AS %s", vrk_sql_quote(mem, name),
                     vrk_sql_name(mem, column));
        if (strcmp(column, name) != 0)
            TRY(note(
                ctx, m,
                vrk_text_f(&m->out->mem, "%s of the case: deals.%s", rows.column[1].s[i], column)));
    }
    TRY(run(ctx, m,
            vrk_text_f(mem,
                       "COPY (SELECT d.*, v.* EXCLUDE (case_id) FROM deal d LEFT JOIN (SELECT "
                       "case_id%s FROM case_value GROUP BY case_id) v ON v.case_id = d.deal_id "
                       "ORDER BY d.deal_id) TO %s (FORMAT parquet)",
                       rows.rows ? pick.at : ", NULL::varchar AS nothing",
                       vrk_sql_quote(mem, m->deals)),
            NULL));
done:
    vrk_frame_free(&rows);
    return st;
}

/* Words in the names of activities that tell their kind. */
static const char *const kind_sql =
    "CASE WHEN regexp_matches(lower(activity), 'call|phone|\\bring|samtal|telefon') THEN 'call' "
    "WHEN regexp_matches(lower(activity), 'mail|e-post|epost') THEN 'email' "
    "WHEN regexp_matches(lower(activity), 'demo') THEN 'demo' "
    "WHEN regexp_matches(lower(activity), 'meeting|visit|möte|besök') THEN 'meeting' "
    "WHEN regexp_matches(lower(activity), 'quote|quotation|offert') THEN 'quote' "
    "ELSE 'other' END";

/* An event's attribute as SQL; NULL where it is empty. */
static char *value_at(vrk_arena *mem, const char *key)
{
    vrk_str pointer = {.mem = mem};
    vrk_str_add(&pointer, "/");
    for (const char *p = key; *p; p++) /* RFC 6901 */
        vrk_str_add_n(&pointer,
                      *p == '~'   ? "~0"
                      : *p == '/' ? "~1"
                                  : p,
                      *p == '~' || *p == '/' ? 2 : 1);
    if (mem->failed)
        return NULL;
    return vrk_text_f(mem, "nullif(json_extract_string(attributes, %s), '')",
                      vrk_sql_quote(mem, pointer.at));
}

/* Writes a row per completed event, with the events' own attributes as columns named for both
 * stage_events and activities: those that are a column of either get event_ before it. */
static vrk_status stage_steps(vrk_ctx *ctx, maker *m)
{
    vrk_status st = VRK_OK;
    vrk_frame rows = {0};
    vrk_arena *mem = &ctx->scratch;
    vrk_str pick = {.mem = mem};
    const vrk_table *e = vrk_table_of("stage_events"), *a = vrk_table_of("activities");

    TRY(run(ctx, m,
            vrk_text_f(mem,
                       "SELECT lower(key) AS name, min(key), max(key) FROM (SELECT "
                       "unnest(json_keys(attributes)) AS key FROM step) "
                       "WHERE key <> '' AND key NOT IN (SELECT key FROM steady_key) "
                       "GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT %d",
                       MOST_ATTRIBUTES),
            &rows));
    for (int64_t i = 0; i < rows.rows; i++) {
        const char *name = rows.column[0].s[i], *key = rows.column[1].s[i];
        bool own = vrk_col_of(e, name) || vrk_col_of(a, name) || !strcmp(name, "activity") ||
                   name[0] == '_';
        vrk_str_addf(&pick, ", coalesce(%s, %s) AS %s", value_at(mem, key),
                     value_at(mem, rows.column[2].s[i]),
                     vrk_sql_name(mem, own ? vrk_text_f(mem, "event_%s", key) : key));
        if (mem->failed)
            FAIL(VRK_EMEMORY, "out of memory");
    }
    TRY(run(ctx, m,
            vrk_text_f(mem,
                       "COPY (SELECT file AS _file, line AS _line, enters AS _enters, case_id AS "
                       "_case, activity AS _activity, resource AS _resource, kind AS _kind, "
                       "timestamp AS _timestamp, begun AS _begun, seconds AS _seconds, md5("
                       "concat_ws('|', case_id, activity, epoch_us(t), copy, seq * (t IS NULL)::"
                       "integer)) AS _id, %s AS _what%s FROM step ORDER BY file, line) TO %s "
                       "(FORMAT parquet)",
                       kind_sql, rows.rows ? pick.at : "", vrk_sql_quote(mem, m->steps)),
            NULL));
done:
    vrk_frame_free(&rows);
    return st;
}

/* A source that reads the staged files. `of` is the file that its rows come from. */
static void add_source(maker *m, const char *table, const vrk_log_file *of, char *select,
                       bool has_line)
{
    vrk_arena *mem = &m->out->mem;
    const char **read = VRK_NEW(mem, 2, const char *);
    if (!read)
        return;
    read[0] = m->steps;
    read[1] = m->deals;
    m->out->source[m->out->sources++] = (vrk_source){.table = table,
                                                     .select = select,
                                                     .has_line = has_line,
                                                     .file = vrk_text_copy(mem, of->path),
                                                     .read = read,
                                                     .n_read = 2,
                                                     .rows_read = -1};
}

/* The selects: sellers and deals of the whole log; of each file its events, which keep its lines.
 * What the check of a CSV left out is told with its events. */
static vrk_status make_sources(vrk_ctx *ctx, maker *m)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->out->mem;
    const char *steps = vrk_sql_quote(mem, m->steps), *deals = vrk_sql_quote(mem, m->deals);
    static const char *const rest = "* EXCLUDE (_file, _line, _enters, _case, _activity, "
                                    "_resource, _kind, _timestamp, _begun, _seconds, _id, _what)";
    int64_t first = 0;

    while (first < m->n - 1 && !is_log(&m->file[first]))
        first++;
    m->out->source = VRK_NEW(mem, 2 + 2 * m->n, vrk_source);
    if (!m->out->source || mem->failed)
        FAIL(VRK_EMEMORY, "out of memory");
    add_source(m, "sellers", &m->file[first],
               vrk_text_f(mem,
                          "SELECT id AS seller_id, id AS name FROM (SELECT _resource AS id FROM "
                          "read_parquet(%s) UNION SELECT seller_id FROM read_parquet(%s)) "
                          "WHERE id IS NOT NULL ORDER BY id",
                          steps, deals),
               false);
    add_source(m, "deals", &m->file[first],
               vrk_text_f(mem, "SELECT * FROM read_parquet(%s)", deals), false);
    for (int64_t i = 0; i < m->n; i++) {
        if (!is_log(&m->file[i]))
            continue;
        add_source(m, "stage_events", &m->file[i],
                   vrk_text_f(mem,
                              "SELECT _line, _case AS deal_id, _activity AS stage, _timestamp AS "
                              "entered_at, _kind AS kind, 'exact' AS quality, _resource AS "
                              "recorded_by, %s FROM read_parquet(%s) WHERE _enters AND _file = "
                              "%" PRId64 " ORDER BY _line",
                              rest, steps, i),
                   true);
        if (m->file[i].csv) {
            m->out->source[m->out->sources - 1].fault = m->file[i].csv->fault;
            m->out->source[m->out->sources - 1].faults = m->file[i].csv->faults;
        }
        add_source(m, "activities", &m->file[i],
                   vrk_text_f(mem,
                              "SELECT _line, _id AS activity_id, _resource AS seller_id, _case AS "
                              "deal_id, _what AS kind, _begun AS started_at, CAST(_seconds / 60.0 "
                              "AS varchar) AS duration_min, _activity AS activity, %s FROM "
                              "read_parquet(%s) WHERE NOT _enters AND _resource IS NOT NULL AND "
                              "_file = %" PRId64 " ORDER BY _line",
                              rest, steps, i),
                   true);
    }
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory");
done:
    return st;
}

/* What did not become a row of its own. */
static vrk_status count_the_rest(vrk_ctx *ctx, maker *m)
{
    vrk_status st = VRK_OK;
    int64_t open = 0, nobody = 0, cases = 0, unknown = 0;

    TRY(number(ctx, m, "SELECT count(*) FROM deal", &cases));
    TRY(note(ctx, m, vrk_text_f(&m->out->mem, "%" PRId64 " cases of the log are deals", cases)));
    TRY(number(ctx, m, "SELECT count(*) FROM event WHERE NOT done", &open));
    if (open)
        TRY(note(ctx, m,
                 vrk_text_f(&m->out->mem,
                            "%" PRId64 " events are planned, started or broken off: they give the "
                            "others their start",
                            open)));
    TRY(number(ctx, m, "SELECT count(*) FROM step WHERE NOT enters AND resource IS NULL", &nobody));
    if (nobody)
        TRY(note(ctx, m,
                 vrk_text_f(&m->out->mem,
                            "%" PRId64 " completed activities name no resource: nobody's, left out",
                            nobody)));
    TRY(number(ctx, m,
               "SELECT count(DISTINCT case_id) FROM case_raw WHERE case_id NOT IN "
               "(SELECT deal_id FROM deal)",
               &unknown));
    if (unknown)
        TRY(note(ctx, m,
                 vrk_text_f(&m->out->mem,
                            "%" PRId64 " cases have attributes but no event: left out", unknown)));
done:
    return st;
}

vrk_status vrk_eventlog_make(vrk_ctx *ctx, const vrk_log_file *file, int64_t n, const char *staging,
                             const vrk_eventlog_opt *opt, vrk_eventlog *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    static const vrk_eventlog_opt standard = {0};
    maker m = {.file = file, .n = n, .staging = staging, .opt = opt ? opt : &standard, .out = out};
    bool any = false;

    *out = (vrk_eventlog){.mem.limit = ctx->scratch.limit};
    for (int64_t i = 0; i < n; i++)
        any = any || is_log(&file[i]);
    if (!any)
        FAIL(VRK_EINPUT, "%s: a table of cases without a log of events",
             n ? file[0].path : "no file");
    m.steps = vrk_text_f(&out->mem, "%s/log_steps.parquet", staging);
    m.deals = vrk_text_f(&out->mem, "%s/log_deals.parquet", staging);
    if (!m.steps || !m.deals)
        FAIL(VRK_EMEMORY, "out of memory");
    TRY(vrk_headings_make(ctx, &ctx->scratch, &m.known));
    TRY(vrk_duck_open(ctx, &(vrk_duck_opt){.temp = staging}, &m.duck));
    TRY(take_files(ctx, &m));
    TRY(name_activities(ctx, &m));
    TRY(run(ctx, &m, vrk_embed_logsql[VRK_LOGSQL_EVENTLOG_STEP].bytes, NULL));
    TRY(run(ctx, &m, vrk_embed_logsql[VRK_LOGSQL_EVENTLOG_DEAL].bytes, NULL));
    TRY(stage_deals(ctx, &m));
    TRY(stage_steps(ctx, &m));
    TRY(count_the_rest(ctx, &m));
    TRY(make_sources(ctx, &m));
done:
    vrk_duck_close(m.duck);
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_eventlog_free(out);
    return st;
}

void vrk_eventlog_free(vrk_eventlog *log)
{
    vrk_arena_free(&log->mem);
    *log = (vrk_eventlog){0};
}
