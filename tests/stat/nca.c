/* By hand, invariances; T24 is tests/ref/nca.c. */
#include "stat/nca.h"
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

T_MAIN(T_CASE(steps_by_hand), T_CASE(refuses_and_fails_cleanly))
