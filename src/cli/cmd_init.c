/* verkan init - makes an empty workspace, so that its settings can be set before the first import.
 */
#include "cli/workspace.h"

#include <stdio.h>

static int run(vrk_ctx *ctx, const vrk_args *args)
{
    vrk_status st = VRK_OK;
    vrk_workspace w = {.lock = -1};
    const vrk_words words = {vrk_lang_of_env(), &ctx->scratch};
    const char *folder = args->operands ? args->operand[0] : vrk_workspace_path(args);

    if (args->operands > 1) {
        vrk_usage(args->cmd);
        return VRK_EXIT_USAGE;
    }
    TRY(vrk_workspace_open(ctx, folder, true, &w));
    puts(vrk_say(&words,
                 "{folder}/verkan.toml: timezone {zone}, holidays {country}, currency "
                 "{currency}.",
                 "folder", w.folder, "zone", w.timezone, "country", w.country, "currency",
                 w.currency, NULL));
    puts(vrk_say(&words, "Change it there, then: verkan import PATH -w {folder}", "folder",
                 w.folder, NULL));
done:
    vrk_workspace_close(&w);
    return vrk_exit_of(ctx, st);
}

static const vrk_option options[] = {VRK_WORKSPACE_OPTION, {0}};

const vrk_cmd vrk_cmd_init = {
    .name = "init",
    .operands = "[DIR]",
    .summary = VRK_N("Make an empty workspace"),
    .options = options,
    .run = run,
};
