#include "ingest/persons.h"

#include "base/str.h"

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

/* SELECT id, called: all addresses and names of sellers, in small letters. NULL: there are none. */
static vrk_status find_called(vrk_ctx *ctx, vrk_making *m, const char **sql)
{
    static const char *const told[] = {"email", "name"};
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
                             "called FROM (%s)",
                             all.n ? " UNION ALL " : "", told[k], s->select);
        }
    }
    *sql = all.n ? vrk_text_f(&m->plan->mem,
                              "SELECT min(id) AS id, called FROM (%s) WHERE called <> '' GROUP BY "
                              "called HAVING count(DISTINCT id) = 1",
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

static vrk_status join(vrk_ctx *ctx, vrk_making *m, vrk_source *s, const char *called)
{
    static const char *const persons[] = {"seller_id", "person_id", "rater_id"};
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
