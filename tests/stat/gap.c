/* T19: identities to 1e-12. Oracles: algebra; all orders done one by one. */
#include "stat/gap.h"
#include "base/rng.h"
#include "tests/t.h"

#include <string.h>

static void t19_lmdi_adds_up(void)
{
    const double from[] = {40, 1.5, .6, .3, 1000}, to[] = {36, 1.5 * (1 + 1e-9), .7, .2, 1400};
    vrk_ctx ctx = {0};
    double part[5], sum = 0;
    T_OK(vrk_gap_lmdi(&ctx, 5, from, to, part) == VRK_OK);
    for (int j = 0; j < 5; j++)
        sum += part[j];
    double difference = 36 * 1.5 * (1 + 1e-9) * .7 * .2 * 1400 - 40 * 1.5 * .6 * .3 * 1000;
    T_OK(fabs(sum / difference - 1) < 1e-12);
    T_NEAR(vrk_log_mean(3, 3), 3., 0.);
    T_NEAR(vrk_log_mean(2, 1), 1 / log(2), 1e-15);
    T_NEAR(vrk_log_mean(1 + 1e-7, 1) / vrk_log_mean(1, 1 + 1e-7), 1., 1e-15);
    T_OK(vrk_gap_lmdi(&ctx, 1, (double[]){0}, (double[]){1}, part) == VRK_EINPUT);
    T_OK(strstr(ctx.message, "factor 0 goes from 0 to 1") != NULL);
}

typedef struct {
    double value[16];
} game;

static double worth(void *arg, uint32_t on)
{
    return ((game *)arg)->value[on];
}

/* All 24 orders of four factors of any game, one step at a time. */
static void t19_shapley_is_the_mean_over_orders(void)
{
    vrk_rng r = vrk_rng_of(4, 0, 0);
    vrk_ctx ctx = {0};
    game g;
    double part[4], least[4], most[4], want[4] = {0}, low[4], high[4], sum = 0;
    for (int i = 0; i < 16; i++)
        g.value[i] = vrk_rng_normal(&r);
    for (int j = 0; j < 4; j++) {
        low[j] = HUGE_VAL;
        high[j] = -HUGE_VAL;
    }
    for (int code = 0; code < 256; code++) {
        uint32_t on = 0;
        int order[4] = {code & 3, code >> 2 & 3, code >> 4 & 3, code >> 6};
        for (int s = 0; s < 4; s++)
            on |= 1u << order[s];
        if (on != 15)
            continue;
        on = 0;
        for (int s = 0; s < 4; s++) {
            double step = g.value[on | 1u << order[s]] - g.value[on];
            on |= 1u << order[s];
            want[order[s]] += step / 24;
            low[order[s]] = fmin(low[order[s]], step);
            high[order[s]] = fmax(high[order[s]], step);
        }
    }
    T_OK(vrk_gap_shapley(&ctx, 4, worth, &g, part, least, most) == VRK_OK);
    for (int j = 0; j < 4; j++) {
        T_NEAR(part[j], want[j], 1e-12);
        T_NEAR(least[j], low[j], 0.);
        T_NEAR(most[j], high[j], 0.);
        sum += part[j];
    }
    T_NEAR(sum, g.value[15] - g.value[0], 1e-12);
    T_OK(vrk_gap_shapley(&ctx, 13, worth, &g, part, NULL, NULL) == VRK_EINPUT);
    g.value[3] = nan("");
    T_OK(vrk_gap_shapley(&ctx, 4, worth, &g, part, NULL, NULL) == VRK_EINPUT);
    ctx.scratch.limit = 64;
    T_OK(vrk_gap_shapley(&ctx, 4, worth, &g, part, NULL, NULL) == VRK_EMEMORY);
    vrk_arena_free(&ctx.scratch);
}

/* Two factors: Das Gupta = Shapley = Kitagawa in each cell; twelve factors add up. */
static void t19_two_factors_agree_and_twelve_add_up(void)
{
    const double p1[] = {.2, .3, .5}, r1[] = {.1, .4, .3}, p2[] = {.4, .4, .2}, r2[] = {.2, .3, .1};
    vrk_ctx ctx = {0};
    double mix = 0, rate = 0, part[12], from[12], to[12], sum = 0, before = 1, after = 1;
    for (int i = 0; i < 3; i++) {
        T_OK(vrk_gap_product(&ctx, 2, (double[]){p2[i], r2[i]}, (double[]){p1[i], r1[i]}, part) ==
             VRK_OK);
        mix += part[0];
        rate += part[1];
    }
    vrk_kitagawa k = vrk_gap_kitagawa(3, p1, r1, p2, r2);
    T_NEAR(k.mix, mix, 1e-12);
    T_NEAR(k.rate, rate, 1e-12);
    T_NEAR(k.mix + k.rate, (.02 + .12 + .15) - (.08 + .12 + .02), 1e-12);
    for (int j = 0; j < 12; j++) {
        from[j] = 1 + .1 * j;
        to[j] = 2 - .12 * j;
        before *= from[j];
        after *= to[j];
    }
    T_OK(vrk_gap_product(&ctx, 12, from, to, part) == VRK_OK);
    for (int j = 0; j < 12; j++)
        sum += part[j];
    T_NEAR(sum, after - before, 1e-12);
    vrk_arena_free(&ctx.scratch);
}

static void oaxaca_fails_cleanly(void)
{
    const double y[] = {1, 2, 4, 3}, x[] = {1, 1, 1, 1, 0, 1, 2, 4}, bad[] = {1, nan(""), 4, 3};
    vrk_oaxaca_group g = {4, y, x}, b = {4, bad, x};
    vrk_ctx ctx = {0};
    vrk_oaxaca o;
    T_OK(vrk_gap_oaxaca(&ctx, 2, &g, &b, &o) == VRK_EINPUT && !o.b1);
    T_OK(strstr(ctx.message, "group 2, row 1: y is nan") != NULL);
    vrk_status st;
    size_t limit = 0;
    do {
        vrk_ctx c = {.scratch.limit = limit += 256};
        st = vrk_gap_oaxaca(&c, 2, &g, &g, &o);
        T_OK(st == VRK_OK || (st == VRK_EMEMORY && !o.b1 && c.scratch.used == 0));
        if (st == VRK_OK)
            T_NEAR(o.difference, 0., 1e-14);
        vrk_oaxaca_free(&o);
        vrk_arena_free(&c.scratch);
    } while (st == VRK_EMEMORY);
    T_OK(st == VRK_OK);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(t19_lmdi_adds_up), T_CASE(t19_shapley_is_the_mean_over_orders),
       T_CASE(t19_two_factors_agree_and_twelve_add_up), T_CASE(oaxaca_fails_cleanly))
