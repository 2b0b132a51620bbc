/* verkan follow-up - did what was done work? */
#include "cli/show.h"

static int run(vrk_ctx *ctx, const vrk_args *args)
{
    return vrk_show(ctx, args, &(vrk_shown){.page = vrk_page_follow_up});
}

static const vrk_option options[] = {
    VRK_SHOW_OPTIONS,
    {0},
};

const vrk_cmd vrk_cmd_follow_up = {
    .name = "follow-up",
    .operands = "[PATH...]",
    .summary = VRK_N("Say what each action that was taken did, against sellers who had none"),
    .options = options,
    .run = run,
};
