#include "ingest/making.h"

#include "base/str.h"
#include "ingest/outcome.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Room for one more of `size` bytes at list[n]; the list may move. NULL: no memory. */
static void *grow(vrk_arena *mem, void *list, int64_t n, int64_t *room, size_t size)
{
    if (n < *room)
        return list;
    int64_t more = *room ? 2 * *room : 16;
    void *to = vrk_alloc(mem, more, size);
    if (to && n)
        memcpy(to, list, (size_t)n * size);
    *room = to ? more : *room;
    return to;
}

void vrk_making_file(vrk_making *m, const vrk_table_file *file)
{
    vrk_table_file *to = grow(&m->plan->mem, m->file, m->files, &m->file_room, sizeof(*to));
    if (!to)
        return;
    m->file = to;
    to[m->files++] = *file;
}

void vrk_making_memo(vrk_making *m, const vrk_memo *memo)
{
    vrk_plan *p = m->plan;
    vrk_memo *to = grow(&p->mem, p->memo, p->memos, &m->memo_room, sizeof(*to));
    if (!to)
        return;
    p->memo = to;
    to[p->memos++] = *memo;
}

void vrk_making_log(vrk_making *m, const vrk_log_file *log)
{
    vrk_log_file *to = grow(&m->plan->mem, m->log, m->logs, &m->log_room, sizeof(*to));
    if (!to)
        return;
    m->log = to;
    to[m->logs++] = *log;
}

void vrk_making_source(vrk_making *m, const vrk_source *source)
{
    vrk_plan *p = m->plan;
    vrk_source *to = grow(&p->mem, p->source, p->sources, &m->source_room, sizeof(*to));
    if (!to)
        return;
    p->source = to;
    to[p->sources++] = *source;
}

static void note(vrk_making *m, const char *text)
{
    vrk_plan *p = m->plan;
    const char **to = grow(&p->mem, p->note, p->notes, &m->note_room, sizeof(*to));
    if (!to || !text)
        return;
    p->note = to;
    to[p->notes++] = text;
}

void vrk_making_note(vrk_making *m, const char *fmt, ...)
{
    char text[2048];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    note(m, vrk_text_copy(&m->plan->mem, text));
}

void vrk_making_skip(vrk_making *m, const char *file, const char *reason)
{
    vrk_plan *p = m->plan;
    vrk_skipped one = {vrk_text_copy(&p->mem, file), vrk_text_copy(&p->mem, reason)};
    vrk_skipped *to = grow(&p->mem, p->skip, p->skips, &m->skip_room, sizeof(*to));
    if (!to || !one.file || !one.reason)
        return;
    p->skip = to;
    to[p->skips++] = one;
}

bool vrk_making_has(const vrk_making *m, const char *table)
{
    for (int64_t i = 0; i < m->plan->sources; i++) {
        if (!strcmp(m->plan->source[i].table, table))
            return true;
    }
    return false;
}

static vrk_source over(vrk_making *m, const vrk_profile *p, const char *table, const char *select)
{
    const char **read = VRK_NEW(&m->plan->mem, 1, const char *);
    if (read)
        read[0] = p->csv.read;
    return (vrk_source){.table = table,
                        .select = select,
                        .file = p->path,
                        .read = read,
                        .n_read = 1,
                        .rows_read = -1};
}

void vrk_making_rows(vrk_making *m, const vrk_profile *p, const char *table, const char *select)
{
    vrk_source s = over(m, p, table, select);
    s.csv = p->csv.lined ? NULL : p->csv.path;
    s.has_line = p->csv.lined;
    s.delimiter = p->csv.delimiter;
    s.rows_read = p->csv.records;
    s.skipped = p->csv.skipped;
    s.fault = p->csv.fault;
    s.faults = p->csv.faults;
    if (select)
        vrk_making_source(m, &s);
}

void vrk_making_reads(vrk_making *m, const char *path)
{
    vrk_plan *p = m->plan;
    if (p->mem.failed || !path || !p->sources)
        return;
    vrk_source *s = &p->source[p->sources - 1];
    const char **read = VRK_NEW(&p->mem, s->n_read + 1, const char *);
    if (!read)
        return;
    for (int64_t i = 0; i < s->n_read; i++)
        read[i] = s->read[i];
    read[s->n_read++] = path;
    s->read = read;
}

void vrk_making_derived(vrk_making *m, const vrk_profile *p, const char *table, const char *select)
{
    vrk_source s = over(m, p, table, select);
    if (select)
        vrk_making_source(m, &s);
}

/* What the mapping file says about a value, else what the words say. */
vrk_outcome vrk_making_outcome(const vrk_making *m, const char *value)
{
    const vrk_map *map = m->map;
    for (int64_t i = 0; map && i < map->lines; i++) {
        const vrk_map_line *l = &map->line[i];
        if (!strcmp(l->section, "outcomes") && !strcmp(l->key, value))
            return vrk_outcome_of(l->value);
    }
    return vrk_outcome_of(value);
}

/* The different values of a column in their order, up to a thousand. */
static vrk_status values_of(vrk_ctx *ctx, vrk_making *m, const vrk_profile *p, int64_t column,
                            const char *const **out, int64_t *n)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->plan->mem;
    vrk_frame f = {0};
    const vrk_profile_column *c = &p->column[column];
    *out = c->value;
    *n = c->values;
    if (c->values >= 0)
        goto done;
    const char *distinct =
        vrk_text_f(mem,
                   "SELECT v FROM (SELECT DISTINCT %s AS v FROM %s) WHERE v IS NOT NULL ORDER BY v "
                   "LIMIT 1000",
                   vrk_profile_text(p, column, mem), p->from);
    const char **value = VRK_NEW(mem, 1000, const char *);
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for the values of %s", p->path);
    TRY(vrk_duck_run(ctx, m->duck, "looking at files", distinct, NULL, 0, &f));
    for (*n = 0; *n < f.rows; ++*n)
        value[*n] = vrk_text_copy(mem, f.column[0].s[*n]);
    *out = value;
done:
    vrk_frame_free(&f);
    return st;
}

vrk_status vrk_making_outcomes(vrk_ctx *ctx, vrk_making *m, const vrk_profile *p, int64_t column,
                               const char **sql)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->plan->mem;
    vrk_str cases = {.mem = mem}, said = {.mem = mem};
    const char *text = vrk_profile_text(p, column, mem);
    const char *const *value;
    int64_t n;

    *sql = "NULL";
    TRY(values_of(ctx, m, p, column, &value, &n));
    for (int64_t i = 0; i < n && !mem->failed; i++) {
        const char *outcome = vrk_outcome_text(vrk_making_outcome(m, value[i]));
        if (!outcome)
            continue;
        vrk_str_addf(&cases, " WHEN %s THEN '%s'", vrk_sql_quote(mem, value[i]), outcome);
        vrk_str_addf(&said, "%s'%s' is %s", said.n ? ", " : "", value[i], outcome);
    }
    if (cases.n) {
        *sql = vrk_text_f(mem, "CASE %s%s END", text, vrk_str_of(&cases));
        vrk_making_note(m, "%s: in column '%s' %s", p->name, p->csv.heading[column],
                        vrk_str_of(&said));
    }
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for the outcomes of %s", p->path);
done:
    return st;
}

vrk_status vrk_making_few(vrk_ctx *ctx, vrk_making *m, const vrk_profile *p, int64_t column,
                          const char *expression, bool flag, const char **sql)
{
    enum { FEW = 24 };
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->plan->mem;
    const vrk_profile_column *c = &p->column[column];
    vrk_str ask = {.mem = mem}, cases = {.mem = mem};
    vrk_frame f = {0};

    *sql = expression;
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for the values of %s", p->path);
    if (c->values < 1 || c->values > FEW)
        goto done;
    vrk_str_addf(&ask, "SELECT CAST(%s AS varchar) AS says FROM (VALUES ", expression);
    for (int64_t i = 0; i < c->values && !mem->failed; i++)
        vrk_str_addf(&ask, "%s(%" PRId64 ", %s)", i ? ", " : "", i,
                     vrk_sql_quote(mem, c->value[i]));
    vrk_str_addf(&ask, ") AS v(_at, %s) ORDER BY _at", vrk_sql_name(mem, p->csv.heading[column]));
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for the values of %s", p->path);
    TRY(vrk_duck_run(ctx, m->duck, "looking at files", vrk_str_of(&ask), NULL, 0, &f));
    vrk_str_addf(&cases, "CASE %s", vrk_profile_text(p, column, mem));
    for (int64_t i = 0; i < f.rows && !mem->failed; i++) {
        const char *says = f.column[0].null[i] ? NULL : f.column[0].s[i];
        if (says)
            vrk_str_addf(&cases, " WHEN %s THEN %s", vrk_sql_quote(mem, c->value[i]),
                         flag ? says : vrk_sql_quote(mem, says));
    }
    vrk_str_addf(&cases, " WHEN NULL THEN %s END", flag ? "false" : "''");
    *sql = vrk_str_of(&cases);
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for the values of %s", p->path);
done:
    vrk_frame_free(&f);
    return st;
}

const char *vrk_making_kind(vrk_making *m, const char *text)
{
    return vrk_text_f(
        &m->plan->mem,
        "CASE WHEN regexp_matches(lower(%s), 'demo') THEN 'demo' "
        "WHEN regexp_matches(lower(%s), 'meet|möte|besök|visit|lunch') THEN 'meeting' "
        "WHEN regexp_matches(lower(%s), 'mail|mejl|e-post') THEN 'email' "
        "WHEN regexp_matches(lower(%s), 'call|phone|samtal|telefon|ring|anträffad|talked|tried') "
        "THEN 'call' "
        "WHEN regexp_matches(lower(%s), 'quote|offert|proposal') THEN 'quote' "
        "WHEN %s IS NOT NULL THEN 'other' END",
        text, text, text, text, text, text);
}
