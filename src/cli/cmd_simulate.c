/* cli/cmd_simulate.c - verkan simulate: an organisation with known truth. */
#include "cli/cmd.h"

#include "sim/sim.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const vrk_option options[] = {
    {"--out,-o", "DIR", VRK_N("where the files go; the truth goes to DIR.truth.json")},
    {"--sellers", "N", VRK_N("how many (24)")},
    {"--weeks", "N", VRK_N("how long a history (104)")},
    {"--seed", "N", VRK_N("another seed, another organisation (1)")},
    {"--preset", "small|large",
     VRK_N("small: 24 sellers; large: 5,000 sellers, 25 million activities")},
    {"--value", "N", VRK_N("also what each change would truly be worth, from N futures")},
    {0}};

static vrk_status read_options(vrk_ctx *ctx, const vrk_args *args, vrk_sim_opt *opt)
{
    vrk_status st = VRK_OK;
    const char *preset = vrk_arg(args, "--preset", "small");
    int64_t seed = 1;

    if (args->operands != 1)
        FAIL(VRK_EINPUT, "give one kind of world: mixed, null, activity, process, market, noisy or "
                         "logging");
    if (!vrk_sim_kind_parse(args->operand[0], &opt->kind))
        FAIL(VRK_EINPUT,
             "'%s' is no kind of world; there are mixed, null, activity, process, "
             "market, noisy and logging",
             args->operand[0]);
    if (strcmp(preset, "small") != 0 && strcmp(preset, "large") != 0)
        FAIL(VRK_EINPUT, "option --preset: '%s' is neither small nor large", preset);
    opt->sellers = strcmp(preset, "large") ? 24 : 5000;
    opt->weeks = 104;
    opt->dir = vrk_arg(args, "--out", NULL);
    if (!opt->dir)
        FAIL(VRK_EINPUT, "say where the files go: -o DIR");
    TRY(vrk_arg_int(ctx, args, "--sellers", 1, VRK_SIM_SELLERS, &opt->sellers));
    TRY(vrk_arg_int(ctx, args, "--weeks", 8, VRK_SIM_WEEKS, &opt->weeks));
    TRY(vrk_arg_int(ctx, args, "--seed", 0, INT64_MAX, &seed));
    TRY(vrk_arg_int(ctx, args, "--value", 1, 100000, &opt->replications));
    opt->seed = (uint64_t)seed;
done:
    return st;
}

static int run(vrk_ctx *ctx, const vrk_args *args)
{
    vrk_sim_opt opt = {0};
    if (read_options(ctx, args, &opt) != VRK_OK)
        return vrk_exit_usage(ctx, args);
    int code = vrk_exit_of(ctx, vrk_sim_run(ctx, &opt));
    if (code == VRK_EXIT_DONE)
        printf("%s: an organisation of kind '%s', %" PRId64 " sellers, %" PRId64
               " weeks; the truth is in %s.truth.json\n",
               opt.dir, vrk_sim_kind_name(opt.kind), opt.sellers, opt.weeks, opt.dir);
    return code;
}

const vrk_cmd vrk_cmd_simulate = {
    .name = "simulate",
    .operands = "KIND",
    .summary = VRK_N("Makes an organisation with known truth: mixed, null, activity, process, "
                     "market, noisy or logging"),
    .options = options,
    .run = run,
};
