#include "ingest/bring.h"

#include "base/str.h"
#include "base/sys.h"
#include "ingest/plan.h"

#include <inttypes.h>
#include <string.h>

/* There is room for this one. */
static void tell_joined(vrk_bring_report *r)
{
    if (r->import.joined)
        r->note[r->notes++] = (vrk_bring_note){
            NULL, vrk_text_f(&r->mem,
                             "%" PRId64 " of the persons are known from earlier imports under "
                             "another id, by their mail address; they are the same here",
                             r->import.joined)};
}

/* Keeps the plan's notes and the files it passed over for the user. */
static vrk_status keep_notes(vrk_ctx *ctx, const vrk_plan *plan, vrk_bring_report *r)
{
    r->note = VRK_NEW(&r->mem, plan->notes + plan->skips + 1, vrk_bring_note);
    for (int64_t i = 0; i < plan->notes && r->note; i++)
        r->note[r->notes++] = (vrk_bring_note){NULL, vrk_text_copy(&r->mem, plan->note[i])};
    for (int64_t i = 0; i < plan->skips && r->note; i++)
        r->note[r->notes++] =
            (vrk_bring_note){vrk_text_copy(&r->mem, plan->skip[i].file),
                             vrk_text_f(&r->mem, "passed over: %s", plan->skip[i].reason)};
    return r->mem.failed ? vrk_fail(ctx, VRK_EMEMORY, "out of memory") : VRK_OK;
}

/* What the plan can use of the workspace: mappings that were given before, and the deals. */
static vrk_status what_stands(vrk_ctx *ctx, vrk_workspace *w, vrk_arena *mem, vrk_plan_opt *how,
                              vrk_frame *persons)
{
    vrk_status st = VRK_OK;
    vrk_generation g = {0};
    vrk_memo *memo;
    TRY(vrk_memos_read(ctx, w->records, mem, &memo, &how->memos));
    how->memo = memo;
    TRY(vrk_generation_read(ctx, w, &g));
    vrk_read_before *before;
    TRY(vrk_read_before_load(ctx, w, &g, mem, &before, &how->n_before));
    TRY(vrk_records_run(ctx, w->records,
                        "SELECT key, space, source_id, name, email FROM identity ORDER BY key",
                        NULL, 0, persons));
    how->before = before;
    const char **deals = VRK_NEW(mem, g.files + 1, const char *);
    for (int64_t i = 0; i < g.files && deals; i++) {
        if (!strcmp(g.file[i].table, "deals"))
            deals[how->n_deals++] = vrk_text_copy(mem, g.file[i].path);
    }
    how->deals = deals;
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for what stands");
done:
    vrk_generation_free(&g);
    return st;
}

/* Does every row of source k stand as it was read, and is it all that came of its table? */
static bool stands_whole(const vrk_plan *plan, int64_t k, const vrk_import_report *r)
{
    const vrk_balance *b = &r->balance[k];
    for (int64_t i = 0; i < plan->sources; i++) {
        if (i != k && !strcmp(plan->source[i].table, plan->source[k].table))
            return false;
    }
    for (int64_t i = 0; i < r->problems; i++) {
        if (!strcmp(r->problem[i].file, b->file))
            return false;
    }
    return b->used + b->identical == b->read;
}

/* What could not be written is no loss: the file is then read whole. */
static vrk_status keep_groups(vrk_ctx *ctx, const vrk_workspace *w, const vrk_plan *plan,
                              const vrk_import_report *r)
{
    vrk_status st = VRK_OK;
    vrk_generation g = {0};

    TRY(vrk_generation_read(ctx, w, &g));
    for (int64_t k = 0; k < plan->sources; k++) {
        const vrk_source *s = &plan->source[k];
        if (!s->groups || s->known == s->rows_read || !stands_whole(plan, k, r))
            continue;
        st = vrk_read_before_save(ctx, w, &g, s->table, s->groups);
        if (st != VRK_OK && st != VRK_EIO)
            goto done;
        st = VRK_OK;
    }
done:
    vrk_generation_free(&g);
    return st;
}

vrk_status vrk_bring(vrk_ctx *ctx, vrk_workspace *w, const char *const *path, int64_t n,
                     const vrk_import_opt *opt, vrk_bring_report *out)
{
    vrk_status st = VRK_OK;
    vrk_plan plan = {0};
    vrk_plan_opt how = {.staging = w->staging};
    vrk_frame persons = {0};

    *out = (vrk_bring_report){0};
    if (opt) {
        how.map = opt->map;
        how.write_map = opt->write_map;
        how.source = opt->source;
        how.once = opt->once;
        how.as_of = opt->has_as_of ? opt->as_of / 1000000 : 0;
    }
    TRY(vrk_workspace_lock(ctx, w));
    TRY(what_stands(ctx, w, &out->mem, &how, &persons));
    how.persons = &persons;
    TRY(vrk_plan_make(ctx, path, n, &how, &plan));
    TRY(keep_notes(ctx, &plan, out));
    TRY(vrk_import(ctx, w, plan.source, plan.sources, opt, &out->import));
    tell_joined(out);
    if (!opt || !opt->dry_run) {
        TRY(vrk_memos_write(ctx, w->records, plan.memo, plan.memos));
        TRY(keep_groups(ctx, w, &plan, &out->import));
    }
done:
    vrk_plan_free(&plan);
    vrk_frame_free(&persons);
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
