/* Oracles: units' indicators as columns, by hand; mathematics. T18 is tests/ref/within.c. */
#include "stat/within.h"
#include "base/rng.h"
#include "tests/t.h"

#include <string.h>

enum { U = 30, T = 6, N = U * T };
static double y[N], x[2 * N];
static int64_t unit[N];

/* Sellers with more activity are better by themselves (2 per unit); one more gives 0.5. */
static vrk_panel make(void)
{
    vrk_rng r = vrk_rng_of(12, 0, 0);
    for (int i = 0; i < N; i++) {
        unit[i] = i / T;
        double level = (double)(unit[i] % 7);
        x[i] = level + vrk_rng_normal(&r);
        x[i + N] = vrk_rng_normal(&r);
        y[i] = 3 + .5 * x[i] - x[i + N] + 2 * level + .3 * vrk_rng_normal(&r);
    }
    return (vrk_panel){.n = N, .p = 2, .y = y, .x = x, .unit = unit};
}

static void tells_within_from_between(void)
{
    vrk_ctx ctx = {0};
    vrk_within f, g;
    vrk_panel d = make();
    T_OK(vrk_within_fit(&ctx, &d, &f) == VRK_OK);
    T_OK(fabs(f.within[0] - .5) < 4 * f.se_within[0] && f.contextual[0] > 1);
    T_OK(f.p_hausman < .001 || isnan(f.p_hausman));
    for (int i = 0; i < N; i++) { /* another name and level for each unit, rows reversed */
        y[i] += 10 * (double)unit[i];
        unit[i] = N - 1 - 3 * unit[i];
    }
    T_OK(vrk_within_fit(&ctx, &d, &g) == VRK_OK && g.units == U);
    for (int j = 0; j < 2; j++) {
        T_NEAR(g.within[j], f.within[j], 1e-10);
        T_NEAR(g.se_within[j], f.se_within[j], 1e-10);
    }
    vrk_within_free(&f);
    vrk_within_free(&g);
    vrk_arena_free(&ctx.scratch);
}

static void refuse(vrk_panel d, const char *words)
{
    vrk_ctx ctx = {0};
    vrk_within f;
    T_OK(vrk_within_fit(&ctx, &d, &f) == VRK_EINPUT && !f.within && ctx.scratch.used == 0);
    T_OK(strstr(ctx.message, words) != NULL);
    vrk_arena_free(&ctx.scratch);
}

static void names_what_it_refuses(void)
{
    vrk_panel d = make();
    y[4] = nan("");
    refuse(d, "row 4: y is nan");
    d = make();
    x[5 + N] = HUGE_VAL;
    refuse(d, "row 5: column 1 is inf");
    d = make();
    for (int i = 0; i < N; i++)
        x[i + N] = (double)unit[i];
    refuse(d, "column 1 does not vary within units");
    d = make();
    for (int i = 0; i < N; i++)
        x[i + N] = 2 * x[i];
    refuse(d, "within: column 1");
    d = make();
    unit[0] = -1;
    refuse(d, "row 0: unit -1");
    d = make();
    d.n = 2 * T;
    refuse(d, "between: 2 rows for 3");
}

static void fails_cleanly_at_every_allocation(void)
{
    vrk_panel d = make();
    vrk_status st;
    size_t limit = 0;
    do {
        vrk_ctx ctx = {.scratch.limit = limit += 256};
        vrk_within f;
        st = vrk_within_fit(&ctx, &d, &f);
        T_OK(st == VRK_OK || (st == VRK_EMEMORY && !f.within && ctx.scratch.used == 0));
        vrk_within_free(&f);
        vrk_arena_free(&ctx.scratch);
    } while (st == VRK_EMEMORY);
    T_OK(st == VRK_OK);
}

T_MAIN(T_CASE(tells_within_from_between), T_CASE(names_what_it_refuses),
       T_CASE(fails_cleanly_at_every_allocation))
