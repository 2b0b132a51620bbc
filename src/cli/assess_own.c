/* cli/assess_own.c - instruments of one's own: brought in as QTI, and retired. */
#include "base/sys.h"
#include "cli/assess.h"
#include "ingest/qti_items.h"
#include "ingest/sandbox.h"
#include "people/own.h"

#include <stdio.h>
#include <string.h>

enum { FILES_MOST = 500, READ_MOST = 16 << 20 /* [byte] */, SECONDS = 60 };

/* A folder stands for the XML and ZIP files in it. */
static vrk_status add_path(vrk_ctx *ctx, const char *path, const char **list, int64_t *n)
{
    vrk_status st = VRK_OK;
    char **name = NULL;
    int64_t names = 0, from = *n;
    if (vrk_is_folder(path))
        TRY(vrk_folder_list(ctx, path, &ctx->scratch, &name, &names));
    for (int64_t i = 0; i < (name ? names : 1); i++) {
        if (name && (*name[i] == '.' ||
                     !(vrk_ends_with(name[i], ".xml") || vrk_ends_with(name[i], ".zip"))))
            continue;
        if (*n == FILES_MOST)
            FAIL(VRK_EINPUT, "%s: at the most %d files are read at a time", path, FILES_MOST);
        list[*n] = name ? vrk_text_f(&ctx->scratch, "%s/%s", path, name[i]) : path;
        if (!list[(*n)++])
            FAIL(VRK_EMEMORY, "out of memory for %s", path);
    }
    if (*n == from)
        FAIL(VRK_EINPUT, "%s: there is no XML or ZIP file in it", path);
done:
    return st;
}

/* One file, in the sandbox. */
static vrk_status read_file(vrk_ctx *ctx, const vrk_workspace *w, const char *path, int64_t *number,
                            vrk_own_file *out)
{
    vrk_status st = VRK_OK;
    const char *slash = strrchr(path, '/');
    char *bytes;
    vrk_arena mem = {.limit = ctx->scratch.limit}; /* not the scratch, which readers rewind */
    vrk_reading r = {.path = path,
                     .name = slash ? slash + 1 : path,
                     .staging = w->staging,
                     .number = number,
                     .mem = &mem};
    if (!vrk_is_file(path))
        FAIL(VRK_EINPUT, "%s is no file", path);
    TRY(vrk_sandbox_read(ctx, &vrk_qti_items_reader, &r,
                         &(vrk_sandbox_opt){.seconds = SECONDS, .output = READ_MOST}));
    if (r.inners != 1)
        FAIL(VRK_EINPUT, "%s: nothing came of it", r.name);
    TRY(vrk_file_read(ctx, r.inner[0].path, READ_MOST, &ctx->scratch, &bytes, &out->n));
    out->json = bytes;
    out->name = r.name;
done:
    vrk_arena_free(&mem);
    return st;
}

static void lay_report(vrk_layout *l, const vrk_own_report *r)
{
    const vrk_words *w = &l->words;
    const char *n = vrk_say_int(w, r->items);
    vrk_lay_text(l, 0, NULL,
                 r->second  ? vrk_say(w, "{id} has both languages now; links that are out go on.",
                                      "id", r->competency, NULL)
                 : r->again ? vrk_say(w, "{id} is there already, the same: it is sent.", "id",
                                      r->competency, NULL)
                            : vrk_say_n(w, "{id} is brought in: {n} situation.",
                                        "{id} is brought in: {n} situations.", r->items, "id",
                                        r->competency, NULL));
    vrk_lay_text(l, 0, NULL,
                 vrk_say(w,
                         "Of {n}, {stated} have a difficulty that their author states; the others "
                         "are taken as middling. None is estimated from answers yet: verkan assess "
                         "measure.",
                         "n", n, "stated", vrk_say_int(w, r->stated), NULL));
    if (r->placed < r->items)
        vrk_lay_text(l, 0, NULL,
                     vrk_say(w,
                             "{placed} of {n} say which kind of deal they are about; the others "
                             "count in no kind.",
                             "placed", vrk_say_int(w, r->placed), "n", n, NULL));
    if (r->renamed)
        vrk_lay_text(l, 0, NULL,
                     vrk_say(w, "Some of their ids were taken: here they begin with '{id}.'.", "id",
                             r->competency, NULL));
    vrk_lay_text(l, 0, NULL,
                 vrk_say(w, "To send it: verkan assess invite --person ID --competency {id}", "id",
                         r->competency, NULL));
}

vrk_status vrk_assess_import(vrk_ctx *ctx, vrk_assess *a)
{
    vrk_status st = VRK_OK;
    const char **list = VRK_NEW(&ctx->scratch, FILES_MOST + 1, const char *);
    const vrk_own_opt opt = {.competency = vrk_arg(a->args, "--as", NULL),
                             .name = vrk_arg(a->args, "--name", NULL)};
    vrk_own_report report;
    int64_t n = 0;
    if (!list)
        FAIL(VRK_EMEMORY, "out of memory for the files");
    if (a->args->operands < 2) {
        a->usage = true;
        FAIL(VRK_EINPUT, "assess import: QTI 3 files are needed: items, a test, a ZIP of both, or "
                         "a folder with them");
    }
    for (int i = 1; i < a->args->operands; i++)
        TRY(add_path(ctx, a->args->operand[i], list, &n));
    vrk_own_file *file = VRK_NEW(&ctx->scratch, n + 1, vrk_own_file);
    if (!file)
        FAIL(VRK_EMEMORY, "out of memory for the files");
    TRY(vrk_workspace_lock(ctx, &a->w));
    for (int64_t i = 0, number = 0; i < n; i++)
        TRY(read_file(ctx, &a->w, list[i], &number, &file[i]));
    TRY(vrk_own_add(ctx, a->w.records, file, n, &opt, &report));
    lay_report(a->l, &report);
    fputs(vrk_str_of(a->l->out), stdout);
done:
    return st;
}

vrk_status vrk_assess_retire(vrk_ctx *ctx, vrk_assess *a)
{
    vrk_status st = VRK_OK;
    const char *id;
    TRY(vrk_assess_operand(ctx, a, 1, "the id of an instrument of your own", &id));
    TRY(vrk_own_retire(ctx, a->w.records, id));
    vrk_lay_text(
        a->l, 0, NULL,
        vrk_say(&a->l->words,
                "{id} is retired: it is no longer sent. Links that are out go on, and what "
                "was answered stands.",
                "id", id, NULL));
    fputs(vrk_str_of(a->l->out), stdout);
done:
    return st;
}
