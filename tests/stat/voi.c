/* T34; oracles: closed forms of the normal case. */
#include "stat/voi.h"
#include "base/rng.h"
#include "tests/t.h"

#include <string.h>

enum { N = 20000 };
static double benefit[2 * N], phi[2 * N];

/* Two actions; the second is worth 0.3 + phi1 + phi2 more, phi1 with SD .8, phi2 with SD .6. */
static vrk_benefits make(void)
{
    vrk_rng r = vrk_rng_of(5, 0, 0);
    for (int i = 0; i < N; i++) {
        phi[i] = .8 * vrk_rng_normal(&r);
        phi[i + N] = .6 * vrk_rng_normal(&r);
        benefit[i] = 0;
        benefit[i + N] = .3 + phi[i] + phi[i + N];
    }
    return (vrk_benefits){.draws = N, .actions = 2, .benefit = benefit};
}

static void t34_closed_forms(void)
{
    T_OK(fabs(vrk_evpi_normal(.3, 1) - .2667612) < 1e-6);
    T_OK(fabs(vrk_evsi_normal(.3, 1, 4, 2) - .1571092) < 1e-6);
    T_NEAR(vrk_evpi_normal(-.3, 1), vrk_evpi_normal(.3, 1), 1e-15);
    T_OK(vrk_evsi_normal(.3, 1, 0, 2) == 0 && vrk_evpi_normal(1, 0) == 0);
    T_OK(isnan(vrk_evpi_normal(0, -1)));
}

static void draws_come_to_the_closed_forms(void)
{
    vrk_ctx ctx = {0};
    vrk_benefits b = make();
    vrk_voi v;
    T_OK(vrk_evpi(&ctx, &b, &v) == VRK_OK && v.best == 1);
    T_OK(fabs(v.value - vrk_evpi_normal(.3, 1)) < .01);
    T_OK(vrk_evppi(&ctx, &b, 1, phi, &v) == VRK_OK);
    T_OK(fabs(v.value - vrk_evpi_normal(.3, .8)) < .01);
    double partial = v.value;
    T_OK(vrk_evppi(&ctx, &b, 2, phi, &v) == VRK_OK);
    T_OK(fabs(v.value - vrk_evpi_normal(.3, 1)) < .01 && v.value > partial);
    T_OK(vrk_evsi(&ctx, &b, 2, phi, .5, &v) == VRK_OK);
    T_OK(fabs(v.value - vrk_evsi_normal(.3, 1, 4, 2)) < .01);
    T_OK(vrk_evsi(&ctx, &b, 2, phi, 0, &v) == VRK_OK && v.value == 0);
    vrk_arena_free(&ctx.scratch);
}

/* Money in other units scales the value and nothing else; a constant added changes nothing. */
static void scales_with_money(void)
{
    vrk_ctx ctx = {0};
    vrk_benefits b = make();
    vrk_voi a, c;
    T_OK(vrk_evppi(&ctx, &b, 1, phi, &a) == VRK_OK);
    for (int i = 0; i < 2 * N; i++)
        benefit[i] = 1000 * benefit[i] + 5;
    T_OK(vrk_evppi(&ctx, &b, 1, phi, &c) == VRK_OK);
    T_NEAR(c.value / (1000 * a.value), 1., 1e-9);
    T_OK(c.best == a.best);
    vrk_arena_free(&ctx.scratch);
}

static void refuses_and_fails_cleanly(void)
{
    vrk_ctx ctx = {0};
    vrk_benefits b = make();
    vrk_voi v;
    benefit[7 + N] = nan("");
    T_OK(vrk_evpi(&ctx, &b, &v) == VRK_EINPUT && strstr(ctx.message, "draw 7: action 1") != NULL);
    b = make();
    phi[3] = HUGE_VAL;
    T_OK(vrk_evppi(&ctx, &b, 1, phi, &v) == VRK_EINPUT && strstr(ctx.message, "draw 3") != NULL);
    b = make();
    b.draws = 50;
    T_OK(vrk_evppi(&ctx, &b, 1, phi, &v) == VRK_EINPUT && strstr(ctx.message, "too few") != NULL);
    T_OK(vrk_evsi(&ctx, &b, 1, phi, 2, &v) == VRK_EINPUT);
    b.draws = 200;
    vrk_status st;
    size_t limit = 0;
    do {
        ctx.scratch.limit = limit += 2048;
        st = vrk_evppi(&ctx, &b, 1, phi, &v);
        T_OK(ctx.scratch.used == 0 && (st == VRK_OK || st == VRK_EMEMORY));
    } while (st == VRK_EMEMORY);
    vrk_arena_free(&ctx.scratch);
}

/* A parameter with three values: to know it is to know each action's mean among the draws with that
 * value. Everything known: the largest of each draw. By the definition, with sums. */
static void few_values_by_the_definition(void)
{
    enum { D = 900, A = 3 };
    static double x[D * A], p[D];
    double sum[3][A] = {{0}}, count[3] = {0}, now[A] = {0}, best = 0, each = 0;
    vrk_ctx ctx = {0};
    vrk_benefits b = {.draws = D, .actions = A, .benefit = x};
    vrk_voi v;
    vrk_rng r = vrk_rng_of(6, 0, 0);
    for (int i = 0; i < D; i++) {
        int k = (int)vrk_rng_below(&r, 3);
        double top = -HUGE_VAL;
        p[i] = k * k;
        count[k]++;
        for (int a = 0; a < A; a++) {
            x[i + a * D] = vrk_rng_normal(&r) + (a == k);
            sum[k][a] += x[i + a * D];
            now[a] += x[i + a * D] / D;
            top = fmax(top, x[i + a * D]);
        }
        each += top / D;
    }
    double current = fmax(now[0], fmax(now[1], now[2]));
    for (int k = 0; k < 3; k++)
        best += fmax(sum[k][0], fmax(sum[k][1], sum[k][2])) / D;
    T_OK(count[0] > 0 && count[1] > 0 && count[2] > 0);
    T_OK(vrk_evpi(&ctx, &b, &v) == VRK_OK && now[v.best] >= current - 1e-12);
    T_NEAR(v.value, each - current, 1e-12);
    T_NEAR(v.current, current, 1e-12);
    T_OK(vrk_evppi(&ctx, &b, 1, p, &v) == VRK_OK);
    T_NEAR(v.value, best - current, 1e-9);
    vrk_arena_free(&ctx.scratch);
}

static int stop_at(void *arg, const char *what, double done)
{
    (void)what, (void)done;
    return --*(int *)arg == 0;
}

static void stops_when_asked(void)
{
    vrk_benefits b = make();
    b.draws = N / 2;
    for (int k = 1; k < 3; k++) {
        int left = k;
        vrk_ctx ctx = {.tick = stop_at, .arg = &left};
        vrk_voi v;
        T_OK(vrk_evppi(&ctx, &b, 1, phi, &v) == VRK_ECANCEL && ctx.scratch.used == 0);
        vrk_arena_free(&ctx.scratch);
    }
}

T_MAIN(T_CASE(t34_closed_forms), T_CASE(draws_come_to_the_closed_forms), T_CASE(scales_with_money),
       T_CASE(refuses_and_fails_cleanly), T_CASE(few_values_by_the_definition),
       T_CASE(stops_when_asked))
