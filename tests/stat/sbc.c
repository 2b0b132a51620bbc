/* METHODS T36 and T37 in small; bench/sbc.c runs a thousand worlds. */
#include "tests/stat/sbc.h"
#include "tests/t.h"

/* Ranks of the truth are uniform, for every quantity, after Holm. */
static void places_the_truth_anywhere(void)
{
    vrk_ctx ctx = {0};
    sbc_result r;
    T_OK(sbc_run(&ctx, 60001, 200, &r) == VRK_OK);
    T_OK(r.failed == 0);
    T_OK(sbc_holm(&r) > 0.001);
    sbc_free(&r);
    vrk_arena_free(&ctx.scratch);
}

/* Intervals hold what they say, within two standard errors over worlds; classes are calibrated. */
static void says_how_sure_it_is(void)
{
    static const double level[3] = {0.5, 0.8, 0.95};
    vrk_ctx ctx = {0};
    sbc_result r;
    T_OK(sbc_run(&ctx, 61001, 100, &r) == VRK_OK);
    T_OK(r.failed == 0);
    for (int k = 0; k < 3; k++)
        T_OK(fabs((double)r.inside[k] / (double)r.sellers - level[k]) <
             2 * sqrt(level[k] * (1 - level[k]) / 1000));
    for (int c = 0; c < SBC_CLASSES; c++)
        T_OK(sbc_ece(&r, c) < 0.02);
    sbc_free(&r);
    vrk_arena_free(&ctx.scratch);
}

/* Intervals that are a third too narrow are seen for what they are: the ranks pile up at the ends.
 */
static void finds_what_is_too_sure(void)
{
    sbc_result r = {.worlds = 200};
    vrk_rng g = vrk_rng_of(1, 2, 3);
    for (int k = 0; k < 200; k++) {
        double truth = vrk_rng_normal(&g), draw[SBC_DRAWS];
        for (int b = 0; b < SBC_DRAWS; b++)
            draw[b] = 0.6 * vrk_rng_normal(&g);
        for (int q = 0; q < SBC_QUANTITIES; q++)
            sbc_rank(&r, q, truth, draw);
    }
    T_OK(sbc_holm(&r) < 0.001);
}

T_MAIN(T_CASE(places_the_truth_anywhere), T_CASE(says_how_sure_it_is),
       T_CASE(finds_what_is_too_sure))
