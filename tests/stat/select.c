/* T29 and T30; METHODS 6 (R 4.2.2 or closed forms). */
#include "stat/select.h"
#include "num/special.h"
#include "tests/t.h"

#include <string.h>

static void t29_range_restriction(void)
{
    T_OK(fabs(vrk_restriction_direct(.25, 1 / .6) - .395285) < 1e-6);
    T_NEAR(vrk_restriction_direct(.25, 1), .25, 1e-15);
    /* selected on z = x: the third case is the second */
    T_NEAR(vrk_restriction_incidental(.25, 1 - 1e-15, .25, 1 / .6),
           vrk_restriction_direct(.25, 1 / .6), 1e-12);
    /* a perfect test: indirect is direct; no restriction: no change */
    T_NEAR(vrk_restriction_indirect(.25, 1, 1.4), vrk_restriction_direct(.25, 1.4), 1e-12);
    T_NEAR(vrk_restriction_indirect(.25, .8, 1), .25, 1e-12);
    T_NEAR(vrk_attenuation(.3, .36), .5, 1e-15);
    T_OK(isnan(vrk_restriction_direct(1, 2)) && isnan(vrk_attenuation(.3, 0)));
    T_OK(isnan(vrk_restriction_indirect(.2, 0, 3)));
}

static void t29_taylor_russell(void)
{
    T_OK(fabs(vrk_taylor_russell(.5, .1, .5) - .8380) < 1e-4);
    T_OK(fabs(vrk_taylor_russell(.5, .3, .3) - .6403) < 1e-4);
    T_NEAR(vrk_taylor_russell(.5, .5, .5), .5 + asin(.5) / M_PI, 1e-13);
    T_OK(fabs(vrk_taylor_russell(.2, .1, .4) - .4399) < 1e-4);
    T_OK(fabs(vrk_taylor_russell(.6, .2, .3) - .7574) < 1e-4);
    T_NEAR(vrk_taylor_russell(.37, .2, 0), .37, 1e-12);
    T_OK(fabs(vrk_better_of_two(.42, 1, 0) - .628) < 1e-3);
    T_OK(isnan(vrk_taylor_russell(0, .1, .3)));
}

static void t30_schmidt_1979(void)
{
    const double selected[] = {.05, .10, .20, .30, .40, .50};
    const double want[] = {97.63, 83.11, 66.31, 54.91, 45.76, 37.80};
    for (int i = 0; i < 6; i++) {
        double got = vrk_utility(618, 9.69, .76, 10413, selected[i], 10) / 1e6;
        T_OK(fabs(got - want[i]) < .01);
    }
}

static void t29_adverse_impact(void)
{
    vrk_ctx ctx = {.seed = 1};
    vrk_adverse a, b;
    T_OK(vrk_adverse_impact(&ctx, 12, 40, 48, 80, &a) == VRK_OK);
    T_NEAR(a.ratio, .5, 1e-15);
    T_OK(fabs(a.z - 3.0984) < 1e-4 && fabs(a.p_fisher - .003409) < 1e-6);
    T_OK(fabs(a.lo - .3014) < 1e-4 && fabs(a.hi - .8294) < 1e-4);
    T_OK(a.p_mid < a.p_fisher && a.p_boschloo <= a.p_fisher && a.p_boschloo > 0);
    T_OK(a.judged && a.flagged && a.p_under > .95);
    T_OK(vrk_adverse_impact(&ctx, 12, 40, 48, 80, &b) == VRK_OK);
    T_OK(memcmp(&a.p_under, &b.p_under, sizeof(double)) == 0); /* same seed, same bits */
    T_OK(vrk_adverse_impact(&ctx, 2, 10, 48, 80, &b) == VRK_OK && !b.judged && !b.flagged);
    T_OK(vrk_adverse_impact(&ctx, 11, 10, 48, 80, &b) == VRK_EINPUT);
    T_OK(strstr(ctx.message, "hired 11 of 10") != NULL);
    T_OK(vrk_adverse_impact(&ctx, 1, 200000, 48, 80, &b) == VRK_EINPUT);
    ctx.scratch.limit = 64;
    T_OK(vrk_adverse_impact(&ctx, 12, 40, 48, 80, &b) == VRK_EMEMORY && ctx.scratch.used == 0);
    vrk_arena_free(&ctx.scratch);
}

/* By hand: 3 of 3 against 0 of 3. Fisher 2/20; unconditional: p^3 (1-p)^3 twice, most at 1/2. */
static void exact_tests_by_hand(void)
{
    vrk_ctx ctx = {0};
    vrk_adverse a;
    T_OK(vrk_adverse_impact(&ctx, 3, 3, 0, 3, &a) == VRK_OK);
    T_NEAR(a.p_fisher, .1, 1e-12);
    T_NEAR(a.p_mid, .075, 1e-12);
    T_NEAR(a.p_boschloo, 2. / 64, 1e-12);
    vrk_arena_free(&ctx.scratch);
}

static int stop_at(void *arg, const char *what, double done)
{
    (void)what, (void)done;
    return --*(int *)arg == 0;
}

static void stops_when_asked(void)
{
    int left = 50;
    vrk_ctx ctx = {.tick = stop_at, .arg = &left};
    vrk_adverse a;
    T_OK(vrk_adverse_impact(&ctx, 12, 40, 48, 80, &a) == VRK_ECANCEL && ctx.scratch.used == 0);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(t29_range_restriction), T_CASE(t29_taylor_russell), T_CASE(t30_schmidt_1979),
       T_CASE(t29_adverse_impact), T_CASE(exact_tests_by_hand), T_CASE(stops_when_asked))
