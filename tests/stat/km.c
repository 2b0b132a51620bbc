#include "stat/km.h"
#include "tests/t.h"

#include <stdlib.h>

/* The maintained arm of the AML trial (Miller 1981; `aml` in R's survival). The
 * expected curve is by hand: 10/11, then * 9/10 * 7/8 * 6/7 * 4/5 * 3/4 * 1/2. */
static const double weeks[] = {9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161};
static const uint8_t relapse[] = {1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0};
static const vrk_surv aml = {.n = 11, .exit = weeks, .event = relapse};

static void reproduces_the_curve_done_by_hand(void)
{
    const double want[] = {10. / 11, 9. / 11, 63. / 88, 54. / 88, 27. / 55, 81. / 220, 81. / 440};
    vrk_ctx ctx = {0};
    vrk_km km;
    T_OK(vrk_km_fit(&ctx, &aml, NULL, &km) == VRK_OK);
    T_OK(km.m == 7);
    for (int64_t j = 0; j < km.m; j++)
        T_NEAR(km.surv[j], want[j], 1e-14);
    T_NEAR(km.se_log[0], sqrt(1. / (11 * 10)), 1e-14);
    vrk_km_free(&km);
    vrk_arena_free(&ctx.scratch);
}

/* Property: with nobody censored the curve is one minus the empirical distribution. */
static void equals_the_empirical_curve_without_censoring(void)
{
    enum { N = 500 };
    double leave[N];
    uint8_t event[N];
    srand(1);
    for (int i = 0; i < N; i++) {
        leave[i] = 1 + rand() % 100;
        event[i] = 1;
    }
    vrk_ctx ctx = {0};
    vrk_km km;
    vrk_surv all = {.n = N, .exit = leave, .event = event};
    T_OK(vrk_km_fit(&ctx, &all, NULL, &km) == VRK_OK);
    for (int64_t j = 0; j < km.m; j++) {
        int alive = 0;
        for (int i = 0; i < N; i++)
            alive += leave[i] > km.time[j];
        T_NEAR(km.surv[j], (double)alive / N, 1e-12);
    }
    vrk_km_free(&km);
    vrk_arena_free(&ctx.scratch);
}

/* Late entry: the third subject enters at 2, so it is not at risk for the event at 2. */
static void counts_only_those_already_under_observation(void)
{
    const double entry[] = {0, 1, 2}, leave[] = {2, 3, 4}, risk[] = {2, 2, 1},
                 surv[] = {.5, .25, 0};
    const uint8_t event[] = {1, 1, 1};
    vrk_ctx ctx = {0};
    vrk_km km;
    vrk_surv late = {.n = 3, .entry = entry, .exit = leave, .event = event};
    T_OK(vrk_km_fit(&ctx, &late, NULL, &km) == VRK_OK && km.m == 3);
    for (int64_t j = 0; j < km.m; j++) {
        T_NEAR(km.risk[j], risk[j], 0);
        T_NEAR(km.surv[j], surv[j], 1e-15);
    }
    vrk_km_free(&km);
    T_OK(vrk_km_fit(&ctx, &late, &(vrk_km_opt){.until = 3}, &km) == VRK_OK && km.m == 2);
    vrk_km_free(&km);
    T_OK(vrk_km_fit(&ctx, &late, &(vrk_km_opt){.min_risk = 2}, &km) == VRK_OK && km.m == 2);
    vrk_km_free(&km);
    vrk_arena_free(&ctx.scratch);
}

/* By hand: of four, one goes at 1, one at 2 (three left, of which one is lost from sight at 1.5),
 * one at 4 with nobody after. S = 3/4, 3/8, 0. Area to 3: 1 + 3/4 + 3/8; its variance: the area
 * after 1, 9/8, squared over 4 * 3, and the area after 2, 3/8, squared over 2 * 1. Nothing is
 * unsure after 4. */
static void mean_time_is_the_area_under_the_curve(void)
{
    const double leave[] = {1, 1.5, 2, 4};
    const uint8_t event[] = {1, 0, 1, 1};
    vrk_surv four = {.n = 4, .exit = leave, .event = event};
    vrk_ctx ctx = {0};
    vrk_km km;
    T_OK(vrk_km_fit(&ctx, &four, NULL, &km) == VRK_OK && km.m == 3 && km.last >= 4);
    vrk_estimate mean = vrk_km_mean(&km, 3);
    T_NEAR(mean.mean, 1 + .75 + .375, 1e-15);
    T_NEAR(mean.se, sqrt(9. / 8 * 9 / 8 / 12 + 3. / 8 * 3 / 8 / 2), 1e-15);
    mean = vrk_km_mean(&km, 5);
    T_NEAR(mean.mean, 1 + .75 + .375 * 2, 1e-15);
    T_NEAR(mean.se, sqrt(1.5 * 1.5 / 12 + .75 * .75 / 2), 1e-15);
    T_NEAR(km.var[1], .375 * .375 * (1. / 12 + 1. / 2), 1e-15);
    T_NEAR(km.var[2], 0., 0.);
    vrk_curve curve = vrk_km_curve(&km);
    T_NEAR(vrk_curve_quantile(&curve, .5, .9).mean, 2., 0.);
    vrk_km_free(&km);
    vrk_arena_free(&ctx.scratch);
}

static void names_the_bad_subject(void)
{
    const double bad[] = {3, nan("")};
    vrk_ctx ctx = {0};
    vrk_km km;
    vrk_surv two = {.n = 2, .exit = bad, .event = relapse};
    T_OK(vrk_km_fit(&ctx, &two, NULL, &km) == VRK_EINPUT);
    T_OK(ctx.message[8] == '1' && km.m == 0 && !km.time);
}

/* The memory limit that protects the server is also the fault injector. */
static void fails_cleanly_at_every_allocation(void)
{
    vrk_status st;
    size_t limit = 0;
    do {
        vrk_ctx ctx = {.scratch.limit = limit += 64};
        vrk_km km;
        st = vrk_km_fit(&ctx, &aml, NULL, &km);
        T_OK(st == VRK_OK || (st == VRK_EMEMORY && !km.time && ctx.scratch.used == 0));
        vrk_km_free(&km);
        vrk_arena_free(&ctx.scratch);
    } while (st == VRK_EMEMORY);
    T_OK(st == VRK_OK && limit > 64);
}

static int stop(void *arg, const char *what, double done)
{
    (void)what, (void)done;
    return ++*(int *)arg;
}

static void stops_when_asked(void)
{
    int calls = 0;
    vrk_ctx ctx = {.tick = stop, .arg = &calls};
    vrk_km km;
    T_OK(vrk_km_fit(&ctx, &aml, NULL, &km) == VRK_ECANCEL && calls == 1 && !km.time);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(reproduces_the_curve_done_by_hand),
       T_CASE(equals_the_empirical_curve_without_censoring),
       T_CASE(counts_only_those_already_under_observation),
       T_CASE(mean_time_is_the_area_under_the_curve), T_CASE(names_the_bad_subject),
       T_CASE(fails_cleanly_at_every_allocation), T_CASE(stops_when_asked))
