/* verkan diagnose - from files, or the workspace, to the page that says where deals stop. */
#include "cli/show.h"

static int run(vrk_ctx *ctx, const vrk_args *args)
{
    return vrk_show(ctx, args, &(vrk_shown){.page = vrk_page});
}

static const vrk_option options[] = {
    VRK_SHOW_OPTIONS,
    {0},
};

const vrk_cmd vrk_cmd_diagnose = {
    .name = "diagnose",
    .operands = "[PATH...]",
    .summary = VRK_N("Say where deals stop, from files or from the workspace"),
    .options = options,
    .run = run,
};
