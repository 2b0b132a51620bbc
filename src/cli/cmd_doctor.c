/* verkan doctor - which questions the data can answer, and what to record for the others. */
#include "cli/show.h"

static int run(vrk_ctx *ctx, const vrk_args *args)
{
    return vrk_show(ctx, args, &(vrk_shown){.page = vrk_page_doctor, .carry_only = true});
}

static const vrk_option options[] = {
    VRK_SHOW_OPTIONS,
    {0},
};

const vrk_cmd vrk_cmd_doctor = {
    .name = "doctor",
    .operands = "[PATH...]",
    .summary = VRK_N("Say which questions the data can answer, and what to record for the rest"),
    .options = options,
    .run = run,
};
