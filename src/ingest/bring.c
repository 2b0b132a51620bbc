#include "ingest/bring.h"

#include "base/str.h"
#include "base/sys.h"
#include "ingest/interchange.h"

#include <inttypes.h>
#include <string.h>

typedef struct {
    vrk_bring_report *report;
    const char *staging;
    vrk_source *source;
    int64_t n, room;
    int64_t notes_room, files;
} gathering;

static vrk_status add_note(vrk_ctx *ctx, gathering *g, const char *file, const char *sentence)
{
    vrk_bring_report *r = g->report;
    if (r->notes == g->notes_room) {
        g->notes_room = g->notes_room ? 2 * g->notes_room : 16;
        vrk_bring_note *more = VRK_NEW(&r->mem, g->notes_room, vrk_bring_note);
        if (more && r->notes)
            memcpy(more, r->note, (size_t)r->notes * sizeof(*more));
        r->note = more;
    }
    if (!r->mem.failed)
        r->note[r->notes++] =
            (vrk_bring_note){vrk_text_copy(&r->mem, file), vrk_text_copy(&r->mem, sentence)};
    return r->mem.failed ? vrk_fail(ctx, VRK_EMEMORY, "out of memory") : VRK_OK;
}

static vrk_status add_source(vrk_ctx *ctx, gathering *g, vrk_source source)
{
    if (g->n == g->room) {
        g->room = g->room ? 2 * g->room : 16;
        vrk_source *more = VRK_NEW(&g->report->mem, g->room, vrk_source);
        if (!more)
            return vrk_fail(ctx, VRK_EMEMORY, "out of memory");
        if (g->n)
            memcpy(more, g->source, (size_t)g->n * sizeof(*more));
        g->source = more;
    }
    g->source[g->n++] = source;
    return VRK_OK;
}

static vrk_status add_file(vrk_ctx *ctx, gathering *g, const char *path)
{
    vrk_status st = VRK_OK;
    vrk_source source;
    bool is_one;

    TRY(vrk_interchange_source(ctx, path, g->staging, g->files++, &g->report->mem, &source,
                               &is_one));
    if (is_one)
        TRY(add_source(ctx, g, source));
    else
        TRY(add_note(ctx, g, path, "is no table that is known here; it was passed over"));
done:
    return st;
}

static vrk_status add_path(vrk_ctx *ctx, gathering *g, const char *path)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    char **names;
    int64_t n;

    if (!vrk_is_folder(path)) {
        TRY(add_file(ctx, g, path));
        goto done;
    }
    TRY(vrk_folder_list(ctx, path, &ctx->scratch, &names, &n));
    for (int64_t i = 0; i < n; i++) {
        char *inner = vrk_text_f(&g->report->mem, "%s/%s", path, names[i]);
        if (!inner)
            FAIL(VRK_EMEMORY, "out of memory");
        if (!vrk_is_folder(inner))
            TRY(add_file(ctx, g, inner));
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

vrk_status vrk_bring(vrk_ctx *ctx, vrk_workspace *w, const char *const *path, int64_t n,
                     const vrk_import_opt *opt, vrk_bring_report *out)
{
    vrk_status st = VRK_OK;
    gathering g = {.report = out, .staging = w->staging};

    *out = (vrk_bring_report){0};
    TRY(vrk_workspace_lock(ctx, w));
    for (int64_t i = 0; i < n; i++)
        TRY(add_path(ctx, &g, path[i]));
    if (g.n == 0)
        FAIL(VRK_EINPUT, "%s: no file here is known; expected deals.csv, activities.csv ...",
             n ? path[0] : "nothing given");
    TRY(vrk_import(ctx, w, g.source, g.n, opt, &out->import));
done:
    return st;
}

void vrk_bring_report_free(vrk_bring_report *r)
{
    vrk_import_report_free(&r->import);
    vrk_arena_free(&r->mem);
    *r = (vrk_bring_report){0};
}

vrk_status vrk_workspace_private(vrk_ctx *ctx, const char *parent, vrk_workspace *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    uint64_t number;

    *out = (vrk_workspace){.lock = -1};
    TRY(vrk_random(ctx, &number, sizeof(number)));
    char *folder = vrk_text_f(&ctx->scratch, "%s/verkan-%016" PRIx64, parent, number);
    if (!folder)
        FAIL(VRK_EMEMORY, "out of memory");
    st = vrk_workspace_open(ctx, folder, true, out);
    if (st != VRK_OK) {
        char message[sizeof(ctx->message)];
        memcpy(message, ctx->message, sizeof(message));
        if (vrk_folder_remove(ctx, folder) != VRK_OK)
            memcpy(ctx->message, message, sizeof(message));
        memcpy(ctx->message, message, sizeof(message));
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

void vrk_workspace_drop(vrk_ctx *ctx, vrk_workspace *w)
{
    char message[sizeof(ctx->message)];
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    char *folder = w->folder ? vrk_text_copy(&ctx->scratch, w->folder) : NULL;

    memcpy(message, ctx->message, sizeof(message));
    vrk_workspace_close(w);
    if (folder && vrk_folder_remove(ctx, folder) != VRK_OK)
        memcpy(ctx->message, message, sizeof(message)); /* what failed first is what is told */
    vrk_rewind(&ctx->scratch, mark);
}
