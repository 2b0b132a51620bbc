/* Oracles: curves without noise are found again; closed form a* = b/cost - a0; the interval against
 * the spread of refits. */
#include "stat/dose.h"
#include "base/rng.h"
#include "tests/t.h"

#include <string.h>

enum { N = 600 };
static double a[N], y[N];
static int64_t unit[N];

static vrk_dose_data make(bool hill, double noise, uint32_t seed)
{
    vrk_rng r = vrk_rng_of(21, seed, 0);
    for (int i = 0; i < N; i++) {
        unit[i] = i % 20;
        a[i] = 20 * vrk_rng_uniform(&r);
        double t = pow(a[i] / 6, 2);
        y[i] = (double)unit[i] + (hill ? 10 * t / (1 + t) : 4 * log1p(a[i] / 3)) +
               noise * vrk_rng_normal(&r);
    }
    return (vrk_dose_data){.n = N, .a = a, .y = y, .unit = unit};
}

static void finds_the_curve_again(void)
{
    vrk_ctx ctx = {0};
    vrk_dose f;
    vrk_saturation s;
    vrk_dose_data d = make(false, 0, 0);
    T_OK(vrk_dose_fit(&ctx, &d, false, &f) == VRK_OK && !f.straight);
    T_NEAR(f.b, 4., 1e-5);
    T_NEAR(f.scale, 3., 1e-5);
    T_NEAR(vrk_dose_marginal(&f, 2), 4. / 5, 1e-5);
    T_OK(vrk_dose_saturation(&ctx, &f, .4, &s) == VRK_OK);
    T_NEAR(s.at, 7., 1e-4);
    d = make(true, 0, 0);
    T_OK(vrk_dose_fit(&ctx, &d, true, &f) == VRK_OK);
    T_NEAR(f.b, 10., 1e-3);
    T_NEAR(f.scale, 6., 1e-3);
    T_NEAR(f.power, 2., 1e-3);
    double h = 1e-5, slope = (vrk_dose_at(&f, 5 + h) - vrk_dose_at(&f, 5 - h)) / (2 * h);
    T_NEAR(vrk_dose_marginal(&f, 5), slope, 1e-7);
    vrk_arena_free(&ctx.scratch);
}

/* 90 % intervals over 60 made worlds hold the truth in 47 or more (binomial, p = .9: P < 1e-2). */
static void intervals_hold_the_truth(void)
{
    vrk_ctx ctx = {0};
    int held = 0;
    for (uint32_t w = 0; w < 60; w++) {
        vrk_dose f;
        vrk_saturation s;
        vrk_dose_data d = make(false, 1, w);
        T_OK(vrk_dose_fit(&ctx, &d, false, &f) == VRK_OK);
        if (vrk_dose_saturation(&ctx, &f, .4, &s) == VRK_OK)
            held += s.lo <= 7 && s.hi >= 7;
    }
    T_OK(held >= 47);
    vrk_arena_free(&ctx.scratch);
}

static void refuses_outside_what_was_seen(void)
{
    vrk_ctx ctx = {0};
    vrk_dose f;
    vrk_saturation s;
    vrk_dose_data d = make(false, 0, 0);
    T_OK(vrk_dose_fit(&ctx, &d, false, &f) == VRK_OK);
    T_OK(vrk_dose_saturation(&ctx, &f, .1, &s) == VRK_ENUMERIC && strstr(ctx.message, "over"));
    T_OK(vrk_dose_saturation(&ctx, &f, 3, &s) == VRK_ENUMERIC && strstr(ctx.message, "under"));
    T_OK(vrk_dose_saturation(&ctx, &f, 0, &s) == VRK_EINPUT);
    for (int i = 0; i < N; i++)
        y[i] = 2 * a[i];
    T_OK(vrk_dose_fit(&ctx, &d, false, &f) == VRK_OK && f.straight);
    T_OK(vrk_dose_saturation(&ctx, &f, 1, &s) == VRK_ENUMERIC && strstr(ctx.message, "no satur"));
    a[3] = -1;
    T_OK(vrk_dose_fit(&ctx, &d, false, &f) == VRK_EINPUT && strstr(ctx.message, "row 3"));
    for (int i = 0; i < N; i++)
        a[i] = (double)unit[i];
    T_OK(vrk_dose_fit(&ctx, &d, false, &f) == VRK_EINPUT && strstr(ctx.message, "does not vary"));
    d = make(false, 0, 0);
    ctx.scratch.limit = 64;
    T_OK(vrk_dose_fit(&ctx, &d, false, &f) == VRK_EMEMORY && ctx.scratch.used == 0);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(finds_the_curve_again), T_CASE(intervals_hold_the_truth),
       T_CASE(refuses_outside_what_was_seen))
