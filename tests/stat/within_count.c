/* Oracles: a case by hand (two rows a group is a logistic regression), made rates, mathematics. */
#include "stat/within_count.h"
#include "base/rng.h"
#include "tests/t.h"

#include <string.h>

/* One group, counts a and b at x = 0 and 1: the ratio is b / a, whatever the level. */
static void gives_the_ratio_of_two_counts(void)
{
    vrk_ctx ctx = {0};
    vrk_within_count f;
    const double x[] = {0, 1, 0, 1}, y[] = {4, 12, 100, 300};
    const int64_t group[] = {0, 0, 1, 1};
    T_OK(vrk_within_count_fit(&ctx, &(vrk_within_count_data){4, 1, 2, x, y, group}, &f) == VRK_OK);
    T_NEAR(f.beta[0], log(3.0), 1e-10);
    T_OK(f.groups == 2 && f.gradient < 1e-8 && f.se[0] < 1e-8); /* both say the same */
    vrk_within_count_free(&f);
    vrk_arena_free(&ctx.scratch);
}

enum { GROUPS = 40, ROWS = 50, N = GROUPS * ROWS };
static double x[2 * N], y[N];
static int64_t group[N];

/* Levels that go with x between groups do not disturb what x does within them. */
static void make(uint64_t seed)
{
    vrk_rng r = vrk_rng_of(seed, 0, 0);
    for (int i = 0; i < N; i++) {
        group[i] = i / ROWS;
        double level = (double)(group[i] % 5) / 2;
        x[i] = level + 0.3 * vrk_rng_normal(&r);
        x[i + N] = (double)(group[i] % 3); /* does not vary within groups */
        y[i] = (double)vrk_rng_poisson(&r, exp(0.5 * x[i] - 1.5 * level));
    }
}

static void tells_the_slope_within_from_that_between(void)
{
    vrk_ctx ctx = {0};
    int inside = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        vrk_within_count f;
        make(seed);
        T_OK(vrk_within_count_fit(&ctx, &(vrk_within_count_data){N, 2, GROUPS, x, y, group}, &f) ==
             VRK_OK);
        inside += fabs(f.beta[0] - 0.5) < 1.96 * f.se[0];
        T_OK(f.dropped[1] && f.beta[1] == 0 && isnan(f.se[1]));
        vrk_within_count_free(&f);
    }
    T_OK(inside >= 16); /* of 20 at 95 % */
    vrk_arena_free(&ctx.scratch);
}

static void does_not_depend_on_scale_or_place(void)
{
    vrk_ctx ctx = {0};
    vrk_within_count f, g;
    make(3);
    T_OK(vrk_within_count_fit(&ctx, &(vrk_within_count_data){N, 1, GROUPS, x, y, group}, &f) ==
         VRK_OK);
    for (int i = 0; i < N; i++) {
        x[i] = 2 * x[i] + (double)group[i];
        group[i] = GROUPS - 1 - group[i];
    }
    T_OK(vrk_within_count_fit(&ctx, &(vrk_within_count_data){N, 1, GROUPS, x, y, group}, &g) ==
         VRK_OK);
    T_NEAR(g.beta[0], f.beta[0] / 2, 1e-8);
    T_NEAR(g.se[0], f.se[0] / 2, 1e-8);
    vrk_within_count_free(&f);
    vrk_within_count_free(&g);
    vrk_arena_free(&ctx.scratch);
}

static void refuses_what_cannot_be(void)
{
    vrk_ctx ctx = {0};
    vrk_within_count f;
    make(4);
    y[7] = -1;
    T_OK(vrk_within_count_fit(&ctx, &(vrk_within_count_data){N, 1, GROUPS, x, y, group}, &f) ==
         VRK_EINPUT);
    T_OK(strstr(ctx.message, "row 7"));
    memset(y, 0, sizeof(y));
    T_OK(vrk_within_count_fit(&ctx, &(vrk_within_count_data){N, 1, GROUPS, x, y, group}, &f) ==
         VRK_EINPUT);
    T_OK(!f.beta);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(gives_the_ratio_of_two_counts), T_CASE(tells_the_slope_within_from_that_between),
       T_CASE(does_not_depend_on_scale_or_place), T_CASE(refuses_what_cannot_be))
