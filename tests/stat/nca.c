/* By hand, invariances; T24 is tests/ref/nca.c. */
#include "stat/nca.h"
#include "base/rng.h"
#include "tests/t.h"

#include <string.h>

/* Corners (0,0), (1,2), (4,4) in a box of 4 x 4. Steps: empty 1 x 4 + 3 x 2 = 10 of 16. */
static void steps_by_hand(void)
{
    const double x[] = {4, 0, 3, 1, 2}, y[] = {4, 0, 1, 2, 0}, sx[] = {41, 1, 31, 11, 21};
    vrk_ctx ctx = {.seed = 3};
    vrk_nca a, b;
    T_OK(vrk_nca_fit(&ctx, 5, x, y, 199, &a) == VRK_OK && a.peers == 3);
    T_NEAR(a.d_ce, 10. / 16, 1e-14);
    T_NEAR(a.slope, (-5. / 3 * -2 + 7. / 3 * 2) / (25 + 4 + 49) * 9, 1e-13);
    T_OK(a.p_ce > 0 && a.p_ce <= 1 && a.p_cr > 0);
    T_OK(vrk_nca_fit(&ctx, 5, sx, y, 199, &b) == VRK_OK); /* other units of x */
    T_NEAR(b.d_ce, a.d_ce, 1e-14);
    T_NEAR(b.d_cr, a.d_cr, 1e-13);
    T_NEAR(b.p_ce, a.p_ce, 0.);
    vrk_arena_free(&ctx.scratch);
}

static void refuses_and_fails_cleanly(void)
{
    const double x[] = {1, 2, nan("")}, y[] = {1, 1, 1}, good[] = {1, 2, 3};
    vrk_ctx ctx = {0};
    vrk_nca a;
    T_OK(vrk_nca_fit(&ctx, 3, x, y, 0, &a) == VRK_EINPUT && strstr(ctx.message, "row 2"));
    T_OK(vrk_nca_fit(&ctx, 3, good, y, 0, &a) == VRK_EINPUT &&
         strstr(ctx.message, "y is the same"));
    T_OK(vrk_nca_fit(&ctx, 2, good, good, 0, &a) == VRK_EINPUT);
    ctx.scratch.limit = 64;
    T_OK(vrk_nca_fit(&ctx, 3, good, good, 0, &a) == VRK_EMEMORY && ctx.scratch.used == 0);
    vrk_arena_free(&ctx.scratch);
}

/* The definition: over each x, all above the highest y of those at or under it is empty, up to the
 * highest of all (the step ceiling, in slices so thin that none holds two points); or all above
 * the least-squares line through the corners. */
static void empty_corner_by_slices(void)
{
    enum { ROWS = 25, SLICES = 100000 };
    double x[ROWS], y[ROWS], ce = 0, cr = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
    int64_t corners = 0;
    vrk_ctx ctx = {0};
    vrk_nca a;
    vrk_rng r = vrk_rng_of(7, 0, 0);
    for (int i = 0; i < ROWS; i++) {
        x[i] = i < 2 ? i : vrk_rng_uniform(&r); /* the box is 1 x 1 */
        y[i] = i < 2 ? i : x[i] * vrk_rng_uniform(&r);
    }
    for (int i = 0; i < ROWS; i++) {
        bool corner = true;
        for (int k = 0; k < ROWS; k++)
            corner = corner && (k == i || x[k] > x[i] || y[k] < y[i]);
        corners += corner;
        sx += corner ? x[i] : 0;
        sy += corner ? y[i] : 0;
        sxx += corner ? x[i] * x[i] : 0;
        sxy += corner ? x[i] * y[i] : 0;
    }
    double m = (double)corners, slope = (sxy - sx * sy / m) / (sxx - sx * sx / m);
    for (int s = 0; s < SLICES; s++) {
        double at = (s + .5) / SLICES, top = 0, line = (sy - slope * sx) / m + slope * at;
        for (int i = 0; i < ROWS; i++)
            top = x[i] <= at ? fmax(top, y[i]) : top;
        ce += (1 - top) / SLICES;
        cr += fmin(1, fmax(0, 1 - line)) / SLICES;
    }
    T_OK(vrk_nca_fit(&ctx, ROWS, x, y, 0, &a) == VRK_OK && a.peers == corners);
    T_NEAR(a.d_ce, ce, 2e-4);
    T_NEAR(a.d_cr, cr, 1e-6);
    T_NEAR(a.slope, slope, 1e-10);
    T_OK(isnan(a.p_ce) && isnan(a.p_cr));
    vrk_arena_free(&ctx.scratch);
}

static void fails_cleanly_at_every_allocation(void)
{
    const double x[] = {4, 0, 3, 1, 2}, y[] = {4, 0, 1, 2, 0};
    vrk_status st;
    size_t limit = 0;
    do {
        vrk_ctx ctx = {.scratch.limit = limit += 16};
        vrk_nca a;
        st = vrk_nca_fit(&ctx, 5, x, y, 9, &a);
        T_OK(ctx.scratch.used == 0 && (st == VRK_OK || st == VRK_EMEMORY));
        vrk_arena_free(&ctx.scratch);
    } while (st == VRK_EMEMORY);
    T_OK(st == VRK_OK && limit > 16);
}

static int stop_at(void *arg, const char *what, double done)
{
    (void)what, (void)done;
    return --*(int *)arg == 0;
}

static void stops_when_asked(void)
{
    const double x[] = {4, 0, 3, 1, 2}, y[] = {4, 0, 1, 2, 0};
    int left = 4;
    vrk_ctx ctx = {.tick = stop_at, .arg = &left};
    vrk_nca a;
    T_OK(vrk_nca_fit(&ctx, 5, x, y, 9, &a) == VRK_ECANCEL && ctx.scratch.used == 0);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(steps_by_hand), T_CASE(refuses_and_fails_cleanly), T_CASE(empty_corner_by_slices),
       T_CASE(fails_cleanly_at_every_allocation), T_CASE(stops_when_asked))
