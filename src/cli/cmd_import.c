/* verkan import - brings files into the workspace, whole or not at all. */
#include "base/str.h"
#include "cli/show.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int undo(vrk_ctx *ctx, const vrk_words *words, vrk_workspace *w)
{
    vrk_status st = VRK_OK;
    vrk_generation now = {0};

    TRY(vrk_workspace_lock(ctx, w));
    TRY(vrk_generation_undo(ctx, w));
    TRY(vrk_generation_read(ctx, w, &now));
    if (now.id)
        printf("%s\n", vrk_say(words, VRK_N("The last import is undone; generation {n} stands."),
                               "n", vrk_say_int(words, now.id), NULL));
    else
        printf("%s\n",
               vrk_tr(words->lang, VRK_N("The last import is undone; the workspace is empty.")));
done:
    vrk_generation_free(&now);
    return vrk_exit_in(ctx, words->lang, st);
}

static int bring(vrk_ctx *ctx, const vrk_args *args, const vrk_words *words, vrk_workspace *w)
{
    vrk_status st = VRK_OK;
    vrk_bring_report report = {0};
    vrk_import_opt opt = {.dry_run = vrk_arg_given(args, "--dry-run")};
    const char *as_of = vrk_arg(args, "--as-of", NULL);
    const char *edit = vrk_text_f(&ctx->scratch, "%s/mapping.txt", w->folder);

    opt.map = vrk_arg(args, "--map", NULL);
    opt.source = vrk_arg(args, "--source", NULL);
    edit = vrk_arg(args, "--write-map", edit);
    opt.write_map = opt.map && edit && !strcmp(opt.map, edit) ? NULL : edit; /* not over his own */

    TRY(vrk_arg_double(ctx, args, "--max-rejects", 0, 1, &opt.max_rejects));
    if (as_of) {
        opt.has_as_of = true;
        TRY(vrk_as_of_parse(ctx, as_of, &opt.as_of));
    }
    st = vrk_bring(ctx, w, args->operand, args->operands, &opt, &report);
    vrk_print_report(ctx, words->lang, &report, opt.dry_run);
    if (st != VRK_OK)
        goto done;
    if (opt.dry_run)
        printf("\n%s\n", vrk_tr(words->lang, VRK_N("Nothing was changed (--dry-run).")));
    else if (report.import.generation)
        printf("\n%s\n",
               vrk_say(words, VRK_N("Generation {n} stands in {folder}."), "n",
                       vrk_say_int(words, report.import.generation), "folder", w->folder, NULL));
    else
        printf("\n%s\n", vrk_tr(words->lang, VRK_N("Nothing new: the facts stay as they were.")));
done:
    vrk_bring_report_free(&report);
    return vrk_exit_in(ctx, words->lang, st);
}

static int run(vrk_ctx *ctx, const vrk_args *args)
{
    vrk_workspace w = {.lock = -1};
    bool back = vrk_arg_given(args, "--undo");

    if ((args->operands == 0) == !back) {
        vrk_usage(args->cmd);
        return VRK_EXIT_USAGE;
    }
    vrk_words words = {VRK_EN, &ctx->scratch};
    vrk_status st = vrk_show_lang(ctx, args, &words.lang);
    if (st == VRK_OK)
        st = vrk_workspace_open(ctx, vrk_workspace_path(args), !back, &w);
    int code = st != VRK_OK ? vrk_exit_in(ctx, words.lang, st)
               : back       ? undo(ctx, &words, &w)
                            : bring(ctx, args, &words, &w);
    vrk_workspace_close(&w);
    return code;
}

static const vrk_option options[] = {
    VRK_WORKSPACE_OPTION,
    VRK_LANG_OPTION,
    {"--dry-run", NULL, VRK_N("say what would happen, change nothing")},
    {"--undo", NULL, VRK_N("go back to what stood before the last import")},
    {"--max-rejects", "SHARE", VRK_N("stop when more than this share of a file is rejected (0.5)")},
    {"--map", "FILE", VRK_N("what files and columns mean (doc/mapping.md)")},
    {"--write-map", "FILE",
     VRK_N("where a mapping file to edit goes (mapping.txt in the workspace)")},
    {"--source", "NAME", VRK_N("whose database a postgresql:// address is (tryton)")},
    {"--as-of", "DATE", VRK_N("the day as which the facts are seen (the newest record's)")},
    {0},
};

const vrk_cmd vrk_cmd_import = {
    .name = "import",
    .operands = "PATH... | --undo",
    .summary = VRK_N("Bring files or folders into the workspace"),
    .options = options,
    .run = run,
};
