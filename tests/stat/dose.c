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

/* What is left at a shape, with the levels of units as columns of their own, and b: by sweeping
 * each unit's mean out anew. */
static double left_over(const vrk_dose_data *d, double b, double scale)
{
    double rss = 0;
    for (int64_t u = 0; u < 20; u++) {
        double mean = 0, rows = 0;
        for (int64_t i = 0; i < d->n; i++) {
            bool mine = !d->unit || d->unit[i] == u;
            mean += mine ? d->y[i] - b * log1p(d->a[i] / scale) : 0;
            rows += mine;
        }
        for (int64_t i = 0; i < d->n; i++) {
            double e = d->y[i] - b * log1p(d->a[i] / scale) - mean / rows;
            rss += !d->unit || d->unit[i] == u ? e * e : 0;
        }
        if (!d->unit)
            break;
    }
    return rss;
}

/* The fit is the bottom: no b and scale around it leave less; its errors are those of the bowl
 * there (2 var H^-1, H by differences), as the noise that could bend it is small. */
static void no_curve_around_leaves_less(void)
{
    vrk_ctx ctx = {0};
    for (int one = 0; one < 2; one++) {
        vrk_dose f;
        vrk_dose_data d = make(false, .02, 9);
        if (one) {
            d.unit = NULL;
            for (int i = 0; i < N; i++)
                y[i] -= (double)unit[i];
        }
        T_OK(vrk_dose_fit(&ctx, &d, false, &f) == VRK_OK);
        double rss = left_over(&d, f.b, f.scale), h[4], e[] = {1e-3 * f.b, 1e-3};
        T_NEAR(f.var, rss / (N - (one ? 1 : 20) - 2), 1e-9);
        for (int i = 0; i < 9; i++) {
            double db = (i % 3 - 1) * 1e-3, ds = (i / 3 - 1) * 1e-3;
            T_OK(i == 4 || left_over(&d, f.b * (1 + db), f.scale * exp(ds)) > rss);
        }
        for (int i = 0; i < 4; i++) {
            double sum = 0;
            for (int k = 0; k < 4; k++) {
                double at[2] = {f.b, log(f.scale)};
                at[i % 2] += k % 2 ? e[i % 2] : -e[i % 2];
                at[i / 2] += k / 2 ? e[i / 2] : -e[i / 2];
                sum += (k % 2 == k / 2 ? 1 : -1) * left_over(&d, at[0], exp(at[1]));
            }
            h[i] = sum / (4 * e[i % 2] * e[i / 2]) / (2 * f.var);
        }
        double det = h[0] * h[3] - h[1] * h[2];
        T_OK(fabs(f.vcov[0] * det / h[3] - 1) < .01 && fabs(f.vcov[4] * det / h[0] - 1) < .01);
        T_OK(fabs(f.vcov[3] * det / h[1] + 1) < .01);
    }
    vrk_arena_free(&ctx.scratch);
}

static void fails_cleanly_at_every_allocation(void)
{
    vrk_dose_data d = make(true, 1, 0);
    vrk_status st;
    size_t limit = 0;
    do {
        vrk_ctx ctx = {.scratch.limit = limit += 1024};
        vrk_dose f;
        st = vrk_dose_fit(&ctx, &d, false, &f);
        T_OK(ctx.scratch.used == 0 && (st == VRK_OK || st == VRK_EMEMORY));
        vrk_arena_free(&ctx.scratch);
    } while (st == VRK_EMEMORY);
    T_OK(st == VRK_OK && limit > 1024);
}

static int stop_at(void *arg, const char *what, double done)
{
    (void)what, (void)done;
    return --*(int *)arg == 0;
}

static void stops_when_asked(void)
{
    int left = 3;
    vrk_ctx ctx = {.tick = stop_at, .arg = &left};
    vrk_dose f;
    vrk_dose_data d = make(false, 1, 0);
    T_OK(vrk_dose_fit(&ctx, &d, false, &f) == VRK_ECANCEL && ctx.scratch.used == 0);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(finds_the_curve_again), T_CASE(intervals_hold_the_truth),
       T_CASE(refuses_outside_what_was_seen), T_CASE(no_curve_around_leaves_less),
       T_CASE(fails_cleanly_at_every_allocation), T_CASE(stops_when_asked))
