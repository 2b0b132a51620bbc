/* verkan whatif - what a change would be worth over the year to come. */
#include "cli/show.h"
#include "diag/change.h"

#include <stdio.h>

static int run(vrk_ctx *ctx, const vrk_args *args)
{
    vrk_args paths = *args;
    vrk_change change;
    if (!args->operands) {
        (void)vrk_fail(ctx, VRK_EINPUT, "say which change, such as \"activity +20%%\"");
        return vrk_exit_usage(ctx, args);
    }
    if (vrk_change_parse(ctx, args->operand[0], &change) != VRK_OK) /* before the work */
        return vrk_exit_usage(ctx, args);
    paths.operand++;
    paths.operands--;
    return vrk_show(ctx, &paths, &(vrk_shown){.page = vrk_page_asked, .change = args->operand[0]});
}

static const vrk_option options[] = {
    VRK_SHOW_OPTIONS,
    {0},
};

const vrk_cmd vrk_cmd_whatif = {
    .name = "whatif",
    .operands = "CHANGE [PATH...]",
    .summary = VRK_N("Say what a change would be worth: \"activity +20%\", \"fix next_step\""),
    .options = options,
    .run = run,
};
