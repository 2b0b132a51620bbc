/* OCEL 1.0 as CSV. */
#include "ingest/ocel.h"

#include "base/str.h"
#include "ingest/grid.h"
#include "ingest/textfile.h"

#include <inttypes.h>
#include <string.h>

enum { MOST = 512 << 20, KINDS = 200 };
static const char kind_prefix[] = "ocel:type:";

bool vrk_ocel_csv_is(const char *start, size_t n, const char *name)
{
    static const char event[] = "ocel:eid", activity[] = "ocel:activity";
    const char *line = memchr(start, '\n', n);
    size_t first = line ? (size_t)(line - start) : n;
    (void)name;
    return *start != '{' && memmem(start, first, event, sizeof(event) - 1) &&
           memmem(start, first, activity, sizeof(activity) - 1);
}

/* The next name in ['o1', "o2"]; NULL: no more. */
static char *next_name(char **at)
{
    char *from = *at + strcspn(*at, "'\"");
    if (!*from)
        return NULL;
    char *to = strchr(from + 1, *from);
    if (!to)
        return NULL;
    *to = 0;
    *at = to + 1;
    return from + 1;
}

/* The objects of one cell, of that kind. False: no memory, or no UTF-8. */
static bool relate(vrk_ctx *ctx, json_t *log, json_t *event, const char *kind, const char *cell)
{
    char *list = vrk_text_copy(&ctx->scratch, cell), *name;
    while (list && (name = next_name(&list))) {
        bool known = json_object_get(json_object_get(log, "objects"), name) != NULL;
        if ((!known && !vrk_ocel_object(log, name, kind)) ||
            !vrk_ocel_relate(event, "objects", name))
            return false;
    }
    return list != NULL;
}

/* Which column is what, by the first row. */
typedef struct {
    int64_t activity, time, kinds, kind[KINDS];
} layout;

static layout layout_of(const vrk_grid *g)
{
    layout l = {.activity = -1, .time = -1};
    for (int64_t k = 0; g->rows && k < g->row[0].cells; k++) {
        const char *heading = vrk_grid_cell(g, 0, k);
        l.activity = strcmp(heading, "ocel:activity") ? l.activity : k;
        l.time = strcmp(heading, "ocel:timestamp") ? l.time : k;
        if (vrk_starts_with(heading, kind_prefix) && l.kinds < KINDS)
            l.kind[l.kinds++] = k;
    }
    return l;
}

static vrk_status take_rows(vrk_ctx *ctx, vrk_reading *r, const vrk_grid *g, json_t *log)
{
    vrk_status st = VRK_OK;
    layout l = layout_of(g);
    if (l.activity < 0 || l.time < 0 || !l.kinds)
        FAIL(VRK_EINPUT,
             "%s: an event log needs the columns ocel:activity, ocel:timestamp and at least one "
             "ocel:type:...",
             r->name);
    for (int64_t i = 1; i < g->rows; i++) {
        vrk_mark mark = vrk_mark_of(&ctx->scratch);
        const char *activity = vrk_grid_cell(g, i, l.activity), *time = vrk_grid_cell(g, i, l.time);
        if (!*activity || !*time)
            continue;
        json_t *event = vrk_ocel_event(log, activity, time);
        bool fine = event != NULL;
        for (int64_t k = 0; k < l.kinds && fine; k++)
            fine = relate(ctx, log, event, vrk_grid_cell(g, 0, l.kind[k]) + sizeof(kind_prefix) - 1,
                          vrk_grid_cell(g, i, l.kind[k]));
        if (!fine)
            FAIL(VRK_EINPUT, "%s, line %" PRId64 ": a name that is no UTF-8, or out of memory",
                 r->name, g->row[i].line);
        vrk_rewind(&ctx->scratch, mark);
        TRY(vrk_tick(ctx, "reading the event log", i, g->rows));
    }
done:
    return st;
}

vrk_status vrk_ocel_csv_read(vrk_ctx *ctx, vrk_reading *r)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    json_t *log = vrk_ocel_new();
    vrk_grid g;
    char *text;
    size_t n;

    if (!log)
        FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
    TRY(vrk_textfile_read(ctx, r->path, r->name, MOST, &ctx->scratch, &text, &n));
    TRY(vrk_grid_make(ctx, text, n, ',', 0, false, &ctx->scratch, &g));
    TRY(take_rows(ctx, r, &g, log));
    TRY(vrk_ocel_write(ctx, r, log));
done:
    json_decref(log);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
