/* A row per changed field. The fields' names are headings like any other (headings.csv), so one
 * list says what both mean. Values that are numbers of a list (stages, reasons) get their names
 * from a list beside the log, or from a table of fields with their options as JSON. */
#include "base/str.h"
#include "ingest/history.h"
#include "ingest/outcome.h"
#include "ingest/plain_part.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "fieldsql.h"

/* More different stages or reasons than this are no list. */
enum { MOST_LABELS = 1000 };

/* What a field of a log has to be at least to mean a column of deals. */
static const double sure_field = 0.7;

typedef struct {
    const char *field, *means; /* of the log; a column of deals */
    int64_t rows;
    bool active; /* of a flag: where it is off, the deal is lost */
} known_field;

typedef struct {
    vrk_table_file *f;
    const char *deal_id, *field, *value, *changed_at, *old; /* SQL; old NULL = not told */
    known_field *known;                                     /* [n] */
    int64_t n;
    vrk_str meanings, labels; /* VALUES */
    bool says_outcome, says_lost;
} log_of;

static const char *text_of(vrk_making *m, const vrk_table_file *f, const char *column)
{
    int64_t k = vrk_guess_column_of(&f->guess, &f->profile, column);
    return k < 0 ? NULL : vrk_profile_text(&f->profile, k, &m->plan->mem);
}

/* The column of deals that a field is surest to be, NULL = none. */
static vrk_status meaning_of(vrk_ctx *ctx, const vrk_making *m, const char *field,
                             const char **column)
{
    vrk_status st = VRK_OK;
    vrk_meaning *meaning;
    int64_t n;
    double best = sure_field;
    *column = NULL;
    char *bare = vrk_text_copy(&m->plan->mem, field);
    if (!bare)
        FAIL(VRK_EMEMORY, "out of memory for the fields of a log");
    char *model = strstr(bare, " ("); /* "Stage (crm.lead)" */
    if (model)
        *model = 0;
    TRY(vrk_meanings_of(ctx, &m->known, &m->plan->mem, bare, &meaning, &n));
    for (int64_t i = 0; i < n; i++) {
        if (strcmp(meaning[i].table, "deals") != 0 || meaning[i].confidence < best ||
            (*column && meaning[i].confidence == best) || !strcmp(meaning[i].column, "deal_id"))
            continue;
        *column = meaning[i].column;
        best = meaning[i].confidence;
    }
done:
    return st;
}

/* Which fields the log tells of; those that mean nothing here are named in a note. */
static vrk_status find_fields(vrk_ctx *ctx, vrk_making *m, log_of *l)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->plan->mem;
    vrk_frame f = {0};
    vrk_str said = {.mem = mem}, other = {.mem = mem};
    const vrk_profile *p = &l->f->profile;
    const char *sql = vrk_text_f(mem,
                                 "SELECT %s AS field, count(*) FROM %s WHERE %s IS NOT NULL GROUP "
                                 "BY 1 ORDER BY 2 DESC, 1 LIMIT %d",
                                 l->field, p->from, l->field, MOST_LABELS);
    if (!sql)
        FAIL(VRK_EMEMORY, "out of memory for the fields of %s", p->path);
    TRY(vrk_duck_run(ctx, m->duck, "looking at files", sql, NULL, 0, &f));
    l->known = VRK_NEW(mem, f.rows, known_field);
    if (!l->known)
        FAIL(VRK_EMEMORY, "out of memory for the fields of %s", p->path);
    for (int64_t i = 0; i < f.rows; i++) {
        const char *field = vrk_text_copy(mem, f.column[0].s[i]), *means;
        if (!field)
            FAIL(VRK_EMEMORY, "out of memory for the fields of %s", p->path);
        TRY(meaning_of(ctx, m, field, &means));
        vrk_str_addf(means ? &said : &other, means ? "%s'%s' -> %s" : "%s'%s'",
                     (means ? &said : &other)->n ? ", " : "", field, means ? means : "");
        if (!means)
            continue;
        bool active = !strcmp(means, "active");
        if (active)
            means = "outcome";
        l->known[l->n++] = (known_field){field, means, f.column[1].i[i], active};
        vrk_str_addf(&l->meanings, "%s(%s, '%s')", l->meanings.n ? ", " : "",
                     vrk_sql_quote(mem, field), means);
        l->says_outcome |= !strcmp(means, "outcome");
    }
    vrk_making_note(m, "%s: a row per changed field of a deal: %s", p->name, vrk_str_of(&said));
    if (other.n)
        vrk_making_note(m, "%s: changes of these fields are not used: %s", p->name,
                        vrk_str_of(&other));
done:
    vrk_frame_free(&f);
    return st;
}

/* In a file of no table that is known, the column whose heading has `word` (or is in a file that is
 * called so) and ends in one of `ends`. -1 = none. */
static int64_t list_column(vrk_arena *mem, const vrk_profile *p, const char *word,
                           const char *const *ends)
{
    bool called = strcasestr(p->name, word) != NULL;
    for (int64_t k = 0; k < p->csv.columns; k++) {
        const char *h = vrk_heading_normal(mem, p->csv.heading[k]);
        for (int i = 0; h && ends[i]; i++) {
            if (vrk_ends_with(h, ends[i]) && (strstr(h, word) || (called && !strcmp(h, ends[i]))))
                return k;
        }
    }
    return -1;
}

/* SQL for (value, label) rows from a list such as stages.csv: stage_id, stage_name. */
static const char *list_of(vrk_making *m, const char *word)
{
    static const char *const ids[] = {"id", NULL}, *const names[] = {"name", "label", NULL};
    vrk_arena *mem = &m->plan->mem;
    for (int64_t i = 0; i < m->files; i++) {
        vrk_table_file *f = &m->file[i];
        const vrk_profile *p = &f->profile;
        int64_t id = list_column(mem, p, word, ids), name = list_column(mem, p, word, names);
        if (f->guess.table || f->guess.skip || id < 0 || name < 0)
            continue;
        f->used = true;
        vrk_making_note(m, "%s: names of the %ss", p->name, word);
        return vrk_text_f(mem, "SELECT %s AS value, %s AS label FROM %s",
                          vrk_profile_text(p, id, mem), vrk_profile_text(p, name, mem), p->from);
    }
    return NULL;
}

/* The same from a table of fields: FIELD_KEY, FIELD_VALUE_OPTIONS = [{"id": "1", "label": ".."}].
 */
static const char *options_of(vrk_making *m, const char *field)
{
    static const char *const keys[] = {"key", NULL}, *const options[] = {"options", NULL};
    vrk_arena *mem = &m->plan->mem;
    for (int64_t i = 0; i < m->files; i++) {
        vrk_table_file *f = &m->file[i];
        const vrk_profile *p = &f->profile;
        int64_t key = list_column(mem, p, "field", keys),
                json = list_column(mem, p, "field", options);
        if (f->guess.table || f->guess.skip || key < 0 || json < 0)
            continue;
        f->used = true;
        return vrk_text_f(mem,
                          "SELECT o.id AS value, o.label AS label FROM (SELECT unnest(from_json("
                          "CASE WHEN json_valid(%s) THEN %s END, '[{\"id\": \"VARCHAR\", "
                          "\"label\": \"VARCHAR\"}]')) AS o FROM %s WHERE %s = %s)",
                          vrk_profile_text(p, json, mem), vrk_profile_text(p, json, mem), p->from,
                          vrk_profile_text(p, key, mem), vrk_sql_quote(mem, field));
    }
    return NULL;
}

static vrk_status add_labels(vrk_ctx *ctx, vrk_making *m, log_of *l, const known_field *k,
                             const char *word)
{
    static const char *const none = "SELECT NULL::varchar AS value, NULL::varchar AS label";
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->plan->mem;
    vrk_frame f = {0};
    const char *list = word ? list_of(m, word) : NULL, *options = options_of(m, k->field);
    const char *sql = vrk_text_f(
        mem,
        "SELECT v.value, coalesce(any_value(a.label), any_value(b.label), v.value) FROM (SELECT "
        "DISTINCT unnest([%s, %s]) AS value FROM %s WHERE %s = %s) v LEFT JOIN (%s) a ON a.value = "
        "v.value LEFT "
        "JOIN (%s) b ON b.value = v.value WHERE v.value IS NOT NULL GROUP BY 1 ORDER BY 1 LIMIT %d",
        l->value, l->old ? l->old : "NULL", l->f->profile.from, l->field,
        vrk_sql_quote(mem, k->field), list ? list : none, options ? options : none, MOST_LABELS);
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for the values of %s", l->f->profile.path);
    TRY(vrk_duck_run(ctx, m->duck, "looking at files", sql, NULL, 0, &f));
    for (int64_t i = 0; i < f.rows; i++) {
        const char *label = f.column[1].s[i];
        bool tells = strcmp(k->means, "lost_reason") != 0;
        vrk_outcome outcome = tells ? vrk_making_outcome(m, label) : VRK_NO_OUTCOME;
        if (k->active)
            outcome = !strcmp(label, "0") || !strcasecmp(label, "false") ? VRK_LOST : VRK_OPEN;
        const char *text = vrk_outcome_text(outcome);
        vrk_str_addf(&l->labels, "%s('%s', %s, %s, %s)", l->labels.n ? ", " : "", k->means,
                     vrk_sql_quote(mem, f.column[0].s[i]), vrk_sql_quote(mem, label),
                     text ? vrk_sql_quote(mem, text) : "NULL");
        l->says_lost |= outcome == VRK_LOST;
    }
done:
    vrk_frame_free(&f);
    return st;
}

static bool tells(const log_of *l, const char *means)
{
    for (int64_t i = 0; i < l->n; i++) {
        if (!strcmp(l->known[i].means, means))
            return true;
    }
    return false;
}

/* Salesforce writes a change of owner as two rows of one moment, ids in one and names in the other:
 * the row of names goes, and its name with it to the row of ids. */
#define OF_ID "regexp_full_match(i.value, '005[0-9A-Za-z]{12}([0-9A-Za-z]{3})?')"
#define OF_MOMENT "OVER (PARTITION BY i.deal_id, i.changed_at, w.means)"
static const char name_in_pair[] =
    "CASE WHEN w.means = 'seller_id' AND " OF_ID " AND count(*) FILTER (WHERE NOT " OF_ID
    ") " OF_MOMENT " = 1 THEN max(i.value) FILTER (WHERE NOT " OF_ID ") " OF_MOMENT " END";
static const char ids_of_pairs[] = " QUALIFY w.means <> 'seller_id' OR " OF_ID
                                   " OR NOT coalesce(bool_or(" OF_ID ") " OF_MOMENT ", false)";

/* WITH log AS (...), step AS (...): what the statements of fieldlog_*.sql stand on. */
static const char *head_of(vrk_making *m, const log_of *l)
{
    bool by_reason = !l->says_outcome && !l->says_lost, owners = tells(l, "seller_id");
    if (by_reason)
        vrk_making_note(m, "%s: nothing says won or lost; %s", l->f->profile.name,
                        tells(l, "lost_reason")
                            ? "a deal with a reason for its loss is lost, at the time of the reason"
                            : "all deals count as open");
    return vrk_text_f(
        &m->plan->mem,
        "WITH line AS (SELECT %s AS record, %s AS deal_id, %s AS field, %s AS "
        "value, %s AS changed_at, %s AS old_value FROM %s), meaning (field, means) AS (VALUES %s), "
        "label (means, "
        "value, label, outcome) AS (VALUES (NULL::varchar, NULL::varchar, NULL::varchar, "
        "NULL::varchar)%s%s), by_reason (yes) AS (VALUES (%s)), log AS (SELECT i.record, "
        "i.deal_id, "
        "i.changed_at, try_cast(i.changed_at AS timestamptz) AS t, w.means, i.value, "
        "coalesce(b.label, i.value) AS label, coalesce(o.label, i.old_value) AS old_label, "
        "b.outcome, %s AS name FROM line i JOIN meaning w ON w.field = "
        "i.field LEFT JOIN label b ON b.means = w.means AND b.value = i.value LEFT JOIN label o ON "
        "o.means = w.means AND o.value = i.old_value%s)%s",
        l->f->profile.csv.lined ? "_line" : "row_number() OVER ()", l->deal_id, l->field, l->value,
        l->changed_at, l->old ? l->old : "NULL::varchar", l->f->profile.from,
        vrk_str_of(&l->meanings), l->labels.n ? ", " : "", vrk_str_of(&l->labels),
        by_reason ? "true" : "false", owners ? name_in_pair : "NULL::varchar",
        owners ? ids_of_pairs : "", vrk_embed_fieldsql[VRK_FIELDSQL_FIELDLOG_STEP].bytes);
}

/* Rows of the log, with the number of their record. */
static void add_rows(vrk_making *m, const log_of *l, const char *table, const char *select)
{
    vrk_making_rows(m, &l->f->profile, table, select);
    if (!select || m->plan->mem.failed)
        return;
    vrk_source *s = &m->plan->source[m->plan->sources - 1];
    s->has_line = true;
    s->rows_read = -1;
    if (strcmp(table, "stage_events") != 0) {
        s->fault = NULL; /* told once */
        s->faults = 0;
    }
}

/* Deals, unless a table says more of them; columns that need no more than their last value. */
static void add_deals(vrk_making *m, const log_of *l, const char *head)
{
    static const char *const made[] = {"stage",     "outcome",     "seller_id",  "created_at",
                                       "closed_at", "lost_reason", "updated_at", "close_date"};
    vrk_arena *mem = &m->plan->mem;
    vrk_str sql = {.mem = mem};
    if (vrk_making_has(m, "deals"))
        return;
    vrk_str_addf(&sql, "%s%s", head, vrk_embed_fieldsql[VRK_FIELDSQL_FIELDLOG_DEAL].bytes);
    for (int64_t i = 0; i < l->n; i++) {
        const char *means = l->known[i].means;
        bool twice = false;
        for (size_t j = 0; j < sizeof(made) / sizeof(made[0]); j++)
            twice |= !strcmp(made[j], means);
        for (int64_t j = 0; j < i; j++)
            twice |= !strcmp(l->known[j].means, means);
        if (!twice)
            vrk_str_addf(
                &sql,
                ", last(label ORDER BY l.t NULLS FIRST, record) FILTER (l.means = '%s') AS %s",
                means, vrk_sql_name(mem, means));
    }
    vrk_str_add(&sql, " FROM log l LEFT JOIN ended e ON e.deal_id = l.deal_id WHERE l.deal_id IS "
                      "NOT NULL GROUP BY l.deal_id ORDER BY l.deal_id");
    vrk_making_derived(m, &l->f->profile, "deals", mem->failed ? NULL : vrk_str_of(&sql));
    if (!tells(l, "created_at"))
        vrk_making_note(m,
                        "%s: nothing says when deals were created; they count from their first "
                        "stage on",
                        l->f->profile.name);
}

/* The stage events, with the stage that each deal was first changed from. */
static vrk_status add_stages(vrk_ctx *ctx, vrk_making *m, const log_of *l, const char *head)
{
    vrk_status st = VRK_OK;
    const char *raw = vrk_text_f(
        &m->plan->mem,
        "SELECT s._line, s.deal_id, s.stage, s.entered_at, CASE WHEN s.kind IN ('won', 'lost') "
        "THEN s.kind ELSE 'stage' END AS says, true AS sure, o.old_label AS from_stage, s.quality, "
        "NULL::varchar AS recorded_by FROM (WITH nothing AS (SELECT 1) %s) s LEFT JOIN log o ON "
        "o.record = s._line AND o.means = 'stage'",
        vrk_embed_fieldsql[VRK_FIELDSQL_FIELDLOG_STAGE].bytes);
    TRY(vrk_history_add(ctx, m, &l->f->profile, head, raw));
done:
    return st;
}

static vrk_status add_sources(vrk_ctx *ctx, vrk_making *m, const log_of *l, const char *head)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->plan->mem;
    TRY(add_stages(ctx, m, l, head));
    if (tells(l, "seller_id")) {
        add_rows(m, l, "owner_changes",
                 vrk_text_f(mem,
                            "%s SELECT record AS _line, deal_id, label AS seller_id, changed_at "
                            "FROM log WHERE means = 'seller_id' AND value IS NOT NULL ORDER BY "
                            "record",
                            head));
        if (!vrk_making_has(m, "sellers"))
            vrk_making_derived(
                m, &l->f->profile, "sellers",
                vrk_text_f(mem,
                           "%s SELECT label AS seller_id, coalesce(min(name), label) AS "
                           "name FROM log WHERE means = 'seller_id' AND label IS "
                           "NOT NULL GROUP BY label ORDER BY 1",
                           head));
    }
    if (tells(l, "expected_close_on") || tells(l, "close_date"))
        add_rows(m, l, "close_date_changes",
                 vrk_text_f(mem,
                            "%s SELECT record AS _line, deal_id, changed_at, lag(value) OVER "
                            "(PARTITION BY deal_id ORDER BY t, record) AS old_on, value AS new_on "
                            "FROM log WHERE means IN ('expected_close_on', 'close_date') ORDER BY "
                            "record",
                            head));
    add_deals(m, l, head);
done:
    return st;
}

vrk_status vrk_fieldlog_add(vrk_ctx *ctx, vrk_making *m, vrk_table_file *f)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->plan->mem;
    log_of l = {.f = f, .meanings.mem = mem, .labels.mem = mem};
    int64_t at = vrk_guess_column_of(&f->guess, &f->profile, "changed_at");

    l.deal_id = vrk_plain_key(m, f, "deal_id");
    l.field = text_of(m, f, "field");
    l.value = text_of(m, f, "value");
    l.old = text_of(m, f, "old_value");
    const char *whole = text_of(m, f, "value_number");
    if (whole)
        l.value = vrk_text_f(mem, "coalesce(%s, %s)", l.value, whole);
    l.changed_at = at < 0 ? NULL : vrk_profile_date(&f->profile, at, mem);
    if (!l.deal_id || !l.field || !l.value || !l.changed_at)
        FAIL(VRK_EMEMORY, "out of memory for %s", f->profile.path);
    TRY(find_fields(ctx, m, &l));
    if (!l.n) {
        vrk_making_skip(m, f->profile.path, "none of the fields that change in it is known");
        goto done;
    }
    for (int64_t i = 0; i < l.n; i++) {
        const char *means = l.known[i].means;
        if (!strcmp(means, "stage"))
            TRY(add_labels(ctx, m, &l, &l.known[i], "stage"));
        else if (!strcmp(means, "lost_reason"))
            TRY(add_labels(ctx, m, &l, &l.known[i], "reason"));
        else if (!strcmp(means, "outcome"))
            TRY(add_labels(ctx, m, &l, &l.known[i], NULL));
    }
    const char *head = head_of(m, &l);
    if (!head || mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for %s", f->profile.path);
    TRY(add_sources(ctx, m, &l, head));
done:
    return st;
}
