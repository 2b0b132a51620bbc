/* When deals leave a stage that go on and that are lost, and when one still there rather will not.
 */
#include "diag/flow.h"
#include "tests/t.h"

#include <math.h>

enum { DAYS = 3 };

/* Of 100, 60 go on on day 2; `lost` are on day 5 and as many on day 9; the others stay. */
static void fit(vrk_ctx *ctx, double lost, vrk_flow *flow)
{
    const double day[DAYS] = {2, 5, 9}, risk[DAYS] = {100, 40, 40 - lost};
    const double moved[DAYS * VRK_FLOW_KINDS] = {60, 0, 0, 0, 0, 0, 0, lost, 0, 0, 0, lost};
    const vrk_flow_counts counts = {DAYS, day, risk, moved};
    *flow = (vrk_flow){.stage = "", .situation = "", .entered = 100};
    T_OK(vrk_flow_fit(ctx, &counts, 30, flow) == VRK_OK);
}

static void tells_when_they_leave(void)
{
    vrk_ctx ctx = {0};
    vrk_flow flow;
    fit(&ctx, 20, &flow);
    for (int i = 0; i < VRK_TIMES; i++) {
        T_NEAR(flow.on_days[i], 2., 0.);
        T_NEAR(flow.lost_days[i], i < 3 ? 5. : 9., 0.);
    }
    T_NEAR(flow.turn_day, 2., 0.);
    vrk_arena_free(&ctx.scratch);
}

static void says_nothing_of_few(void)
{
    vrk_ctx ctx = {0};
    vrk_flow flow;
    fit(&ctx, 9, &flow);
    T_OK(isfinite(flow.on_days[0]) && isnan(flow.lost_days[0]));
    vrk_arena_free(&ctx.scratch);
}

/* Where no more than half ever go on there is no day on which that turns. */
static void does_not_turn_where_it_never_was(void)
{
    vrk_ctx ctx = {0};
    vrk_flow flow = {.stage = "", .situation = "", .entered = 100};
    const double day[] = {2, 5}, risk[] = {100, 60};
    const double moved[] = {40, 0, 0, 0, 0, 0, 0, 60};
    const vrk_flow_counts counts = {2, day, risk, moved};
    T_OK(vrk_flow_fit(&ctx, &counts, 30, &flow) == VRK_OK);
    T_OK(isnan(flow.turn_day));
    vrk_arena_free(&ctx.scratch);
}

/* Two that are left and are lost tell nothing: it takes more to be almost sure. */
static void does_not_turn_for_a_few_who_are_left(void)
{
    vrk_ctx ctx = {0};
    for (int many = 0; many < 2; many++) {
        vrk_flow flow = {.stage = "", .situation = "", .entered = 100};
        const double left = many ? 30 : 2, day[] = {2, 5, 9}, risk[] = {100, 50, left};
        const double moved[] = {50, 0, 0, 0, 50 - left, 0, 0, 0, 0, 0, 0, left};
        const vrk_flow_counts counts = {3, day, risk, moved};
        T_OK(vrk_flow_fit(&ctx, &counts, 30, &flow) == VRK_OK);
        if (many)
            T_NEAR(flow.turn_day, 5., 0.);
        else
            T_OK(isnan(flow.turn_day));
    }
    vrk_arena_free(&ctx.scratch);
}

/* Of 100, 60 are on by day 2, 15 lost by 5 and 15 more by 9: each day sums to 1, and the last is
 * what the shares say. */
static void follows_them_to_the_horizon(void)
{
    vrk_ctx ctx = {0};
    vrk_flow flow;
    fit(&ctx, 15, &flow);
    T_NEAR(flow.horizon, 30., 0.);
    T_NEAR(flow.course[0][VRK_FLOW_IN], 1., 0.);
    for (int i = 0; i < VRK_COURSE_DAYS; i++) {
        double day = 30. * i / (VRK_COURSE_DAYS - 1), sum = 0;
        for (int s = 0; s < VRK_COURSE_STATES; s++)
            sum += flow.course[i][s];
        T_NEAR(sum, 1., 1e-12);
        T_NEAR(flow.course[i][VRK_FLOW_FORWARD], day < 2 ? 0 : 0.6, 1e-12);
        T_NEAR(flow.course[i][VRK_FLOW_LOST], day < 5 ? 0 : day < 9 ? 0.15 : 0.3, 1e-12);
    }
    T_NEAR(flow.course[VRK_COURSE_DAYS - 1][VRK_FLOW_IN], flow.stalled.mean, 1e-12);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(tells_when_they_leave), T_CASE(follows_them_to_the_horizon),
       T_CASE(says_nothing_of_few), T_CASE(does_not_turn_where_it_never_was),
       T_CASE(does_not_turn_for_a_few_who_are_left))
