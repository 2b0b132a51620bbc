#include "ingest/persons.h"

#include "base/str.h"

#include <inttypes.h>
#include <string.h>

static bool is_of(const vrk_source *s, const char *table)
{
    return s->table && !strcmp(s->table, table);
}

static vrk_status columns_of(vrk_ctx *ctx, vrk_making *m, const vrk_source *s, vrk_frame *out)
{
    const char *sql = vrk_text_f(&m->plan->mem, "SELECT * FROM (%s) LIMIT 0", s->select);
    if (!sql)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for the persons of %s", s->file);
    return vrk_duck_run(ctx, m->duck, "looking at files", sql, NULL, 0, out);
}

static const char *const told[] = {"email", "name"};

/* Who of earlier imports has an address or a name that nobody has in this one. */
static void add_earlier(vrk_making *m, vrk_str *all)
{
    const char *own = all->n ? vrk_text_copy(all->mem, vrk_str_of(all)) : NULL;
    if (!m->opt->persons || !m->opt->persons->rows)
        return;
    for (int k = 0; k < 2; k++) {
        vrk_str_addf(all,
                     "%sSELECT source_id AS id, lower(trim(%s)) AS called, '%s' AS how FROM "
                     "identity_before WHERE space = 'person'",
                     all->n ? " UNION ALL " : "", told[k], told[k]);
        if (own)
            vrk_str_addf(all,
                         " AND lower(trim(%s)) NOT IN (SELECT called FROM (%s) WHERE called "
                         "IS NOT NULL)",
                         told[k], own);
    }
}

/* SELECT id, called, how: all addresses and names of sellers, in small letters. NULL: there are
 * none. */
static vrk_status find_called(vrk_ctx *ctx, vrk_making *m, const char **sql)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    vrk_str all = {.mem = &m->plan->mem};

    for (int64_t i = 0; i < m->plan->sources; i++) {
        const vrk_source *s = &m->plan->source[i];
        if (!is_of(s, "sellers"))
            continue;
        vrk_frame_free(&f);
        TRY(columns_of(ctx, m, s, &f));
        for (int k = 0; k < 2; k++) {
            if (vrk_frame_column(&f, told[k]) && vrk_frame_column(&f, "seller_id"))
                vrk_str_addf(&all,
                             "%sSELECT seller_id::varchar AS id, lower(trim(%s::varchar)) AS "
                             "called, '%s' AS how FROM (%s)",
                             all.n ? " UNION ALL " : "", told[k], told[k], s->select);
        }
    }
    add_earlier(m, &all);
    *sql = all.n
               ? vrk_text_f(&m->plan->mem,
                            "SELECT min(id) AS id, called, min(how) AS how FROM (%s) WHERE called "
                            "<> '' GROUP BY called HAVING count(DISTINCT id) = 1",
                            all.at)
               : NULL;
    if (m->plan->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for the sellers");
done:
    vrk_frame_free(&f);
    return st;
}

/* The source reads the sellers' files too. */
static void add_reads(vrk_making *m, vrk_source *s)
{
    for (int64_t i = 0; i < m->plan->sources; i++) {
        const vrk_source *o = &m->plan->source[i];
        const char **read = NULL;
        if (!is_of(o, "sellers") || o->n_read == 0)
            continue;
        read = VRK_NEW(&m->plan->mem, s->n_read + o->n_read, const char *);
        if (!read)
            return;
        memcpy(read, s->read, (size_t)s->n_read * sizeof(*read));
        memcpy(read + s->n_read, o->read, (size_t)o->n_read * sizeof(*read));
        s->read = read;
        s->n_read += o->n_read;
    }
}

static const char *const persons[] = {"seller_id", "person_id", "rater_id"};

/* Whoever is joined by name alone is shown: others may have that name. */
static vrk_status tell_names(vrk_ctx *ctx, vrk_making *m, const vrk_source *s, const char *called,
                             const char *column)
{
    enum { SHOWN = 20 };
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    const char *slash = strrchr(s->file, '/');
    const char *sql =
        vrk_text_f(&m->plan->mem,
                   "WITH called AS (%s) SELECT DISTINCT trim(w.%s) AS who, p.id FROM (%s) w JOIN "
                   "called p ON p.called = lower(trim(w.%s)) WHERE p.how = 'name' AND p.id <> "
                   "trim(w.%s) ORDER BY ALL",
                   called, column, s->select, column, column);
    if (!sql)
        FAIL(VRK_EMEMORY, "out of memory for the persons of %s", s->file);
    TRY(vrk_duck_run(ctx, m->duck, "looking at files", sql, NULL, 0, &f));
    for (int64_t i = 0; i < f.rows && i < SHOWN; i++)
        vrk_making_note(m, "%s: '%s' is taken for the person %s, by name alone",
                        slash ? slash + 1 : s->file, f.column[0].s[i], f.column[1].s[i]);
    if (f.rows > SHOWN)
        vrk_making_note(m, "%s: and %" PRId64 " others by name alone", slash ? slash + 1 : s->file,
                        f.rows - SHOWN);
done:
    vrk_frame_free(&f);
    return st;
}

static vrk_status join(vrk_ctx *ctx, vrk_making *m, vrk_source *s, const char *called)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->plan->mem;
    vrk_frame f = {0};
    vrk_str by = {.mem = mem};

    TRY(columns_of(ctx, m, s, &f));
    for (int k = 0; k < 3; k++) {
        if (vrk_frame_column(&f, persons[k]))
            vrk_str_addf(&by,
                         "%scoalesce((SELECT any_value(p.id) FROM called p WHERE p.called = "
                         "lower(trim(w.%s))), w.%s) AS %s",
                         by.n ? ", " : "", persons[k], persons[k], persons[k]);
    }
    if (!by.n)
        goto done;
    for (int k = 0; k < 3; k++) {
        if (vrk_frame_column(&f, persons[k]))
            TRY(tell_names(ctx, m, s, called, persons[k]));
    }
    s->select = vrk_text_f(mem, "WITH called AS (%s) SELECT w.* REPLACE (%s) FROM (%s) w", called,
                           by.at, s->select);
    add_reads(m, s);
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for the persons of %s", s->file);
done:
    vrk_frame_free(&f);
    return st;
}

vrk_status vrk_persons_join(vrk_ctx *ctx, vrk_making *m)
{
    vrk_status st = VRK_OK;
    const char *called = NULL;
    bool any = false;

    for (int64_t i = 0; i < m->plan->sources; i++)
        any |= is_of(&m->plan->source[i], "calendar") || is_of(&m->plan->source[i], "assessments");
    if (any)
        TRY(find_called(ctx, m, &called));
    for (int64_t i = 0; called && i < m->plan->sources; i++) {
        vrk_source *s = &m->plan->source[i];
        /* an interchange file, which is a CSV of its own, says ids */
        if (s->has_line && !s->csv && (is_of(s, "calendar") || is_of(s, "assessments")))
            TRY(join(ctx, m, s, called));
    }
done:
    return st;
}
