/* verkan deals - every open deal: whether it lives, what it is worth, and what to do about it. */
#include "cli/show.h"

static int run(vrk_ctx *ctx, const vrk_args *args)
{
    return vrk_show(ctx, args, &(vrk_shown){.page = vrk_page_deals});
}

static const vrk_option options[] = {
    VRK_SHOW_OPTIONS,
    {0},
};

const vrk_cmd vrk_cmd_deals = {
    .name = "deals",
    .operands = "[PATH...]",
    .summary = VRK_N("Say which open deals live, what they are worth, and what to do"),
    .options = options,
    .run = run,
};
