/* Oracles: two by two by hand; mathematics (permute, duplicate, shift). */
#include "stat/did.h"
#include "base/rng.h"
#include "tests/t.h"

#include <string.h>

enum { N = 60, T = 5 };
typedef struct {
    double y[2 * N * T], x[2 * N];
    int64_t first[2 * N], team[2 * N];
} panel;

static vrk_did_data make(panel *w, int64_t n, uint64_t seed)
{
    vrk_rng r = vrk_rng_of(seed, 0, 0);
    for (int64_t i = 0; i < n; i++) {
        double own = vrk_rng_normal(&r);
        w->x[i] = vrk_rng_normal(&r);
        w->first[i] = i % 4 == 0 ? -1 : 1 + i % 4;
        w->team[i] = i / 5;
        for (int64_t t = 0; t < T; t++)
            w->y[i + n * t] = own + .3 * (double)t * w->x[i] + .1 * (double)t +
                              .2 * vrk_rng_normal(&r) +
                              (w->first[i] > 0 && t >= w->first[i] ? 1 : 0);
    }
    return (vrk_did_data){.n = n, .periods = T, .y = w->y, .first = w->first};
}

/* Treated change by 3 and 5, controls by 1 and 2: 4 - 1.5. Variances of means 1/2 (mean square
 * over 2 units) and 1/8. */
static void two_by_two_by_hand(void)
{
    const double y[] = {0, 1, 2, 3, 3, 6, 3, 5};
    const int64_t first[] = {1, 1, -1, -1};
    vrk_did_data d = {.n = 4, .periods = 2, .y = y, .first = first};
    vrk_ctx ctx = {0};
    vrk_did f;
    T_OK(vrk_did_fit(&ctx, &d, NULL, &f) == VRK_OK && f.cells == 1);
    T_NEAR(f.cell[0].effect, 2.5, 1e-12);
    T_NEAR(f.cell[0].se, sqrt(.5 + .125), 1e-12);
    T_NEAR(f.simple.effect, 2.5, 1e-12);
    T_NEAR(f.dynamic.se, f.cell[0].se, 1e-12);
    T_OK(f.cell[0].treated == 2 && f.cell[0].controls == 2 && isnan(f.p_permuted));
    vrk_did_free(&f);
    vrk_arena_free(&ctx.scratch);
}

/* An effect of 1 that every unit's own trend by x would hide from comparing without x. */
static void finds_the_effect_given_covariates(void)
{
    static panel w;
    vrk_ctx ctx = {0};
    vrk_did f;
    vrk_did_data d = make(&w, N, 5);
    d.x = w.x;
    d.p = 1;
    T_OK(vrk_did_fit(&ctx, &d, &(vrk_did_opt){.permutations = 99}, &f) == VRK_OK);
    T_OK(fabs(f.simple.effect - 1) < 4 * f.simple.se && f.simple.se < .15);
    T_NEAR(f.p_permuted, .01, 1e-12);
    T_OK(f.crit_cell > 1.96 && f.crit_cell < 4 && !f.not_yet_used);
    vrk_did_free(&f);
    vrk_arena_free(&ctx.scratch);
}

/* Units in another order: the same. All twice: variances half. Each unit in a cluster with its
 * copy: as if there were no copies. */
static void answers_do_not_depend_on_how_it_is_written(void)
{
    static panel w, v;
    vrk_ctx ctx = {0};
    vrk_did a, b;
    vrk_did_data d = make(&w, N, 6), e = {.n = 2 * N, .periods = T, .y = v.y, .first = v.first};
    T_OK(vrk_did_fit(&ctx, &d, NULL, &a) == VRK_OK);
    for (int64_t i = 0; i < 2 * N; i++) {
        int64_t from = (i * 7) % N;
        v.first[i] = w.first[from];
        v.team[i] = from;
        for (int64_t t = 0; t < T; t++)
            v.y[i + 2 * N * t] = w.y[from + N * t] + 3 * (double)t;
    }
    for (int pass = 0; pass < 2; pass++) {
        e.cluster = pass ? v.team : NULL;
        T_OK(vrk_did_fit(&ctx, &e, NULL, &b) == VRK_OK && b.cells == a.cells);
        for (int64_t k = 0; k < a.cells; k++) {
            T_NEAR(b.cell[k].effect, a.cell[k].effect, 1e-10);
            T_NEAR(b.cell[k].se, a.cell[k].se / (pass ? 1 : sqrt(2)), 1e-10);
        }
        T_NEAR(b.by_group.se, a.by_group.se / (pass ? 1 : sqrt(2)), 1e-10);
        vrk_did_free(&b);
    }
    vrk_did_free(&a);
    vrk_arena_free(&ctx.scratch);
}

static void compares_with_those_not_yet_treated(void)
{
    static panel w;
    vrk_ctx ctx = {0};
    vrk_did f;
    vrk_did_data d = make(&w, N, 7);
    for (int i = 0; i < N; i += 4)
        w.first[i] = 0;
    T_OK(vrk_did_fit(&ctx, &d, NULL, &f) == VRK_OK && f.not_yet_used);
    T_OK(f.always == N / 4 && f.not_compared > 0);
    for (int64_t k = 0; k < f.cells; k++)
        T_OK(f.cell[k].period < T - 1 && f.cell[k].controls > 0);
    T_OK(fabs(f.simple.effect - 1) < 5 * f.simple.se + .2);
    vrk_did_free(&f);
    vrk_arena_free(&ctx.scratch);
}

static void refuse(vrk_did_data d, const char *words)
{
    vrk_ctx ctx = {0};
    vrk_did f;
    T_OK(vrk_did_fit(&ctx, &d, NULL, &f) == VRK_EINPUT && !f.cell && ctx.scratch.used == 0);
    T_OK(strstr(ctx.message, words) != NULL);
    vrk_arena_free(&ctx.scratch);
}

static void names_what_it_refuses(void)
{
    static panel w;
    vrk_did_data d = make(&w, N, 8);
    refuse((vrk_did_data){.n = 1, .periods = 3}, "too few");
    w.y[3 + 2 * N] = nan("");
    refuse(d, "unit 3, period 2: the outcome is nan");
    d = make(&w, N, 8);
    d.x = w.x;
    d.p = 1;
    w.x[4] = HUGE_VAL;
    refuse(d, "unit 4: column 0 is inf");
    d = make(&w, N, 8);
    for (int i = 0; i < N; i++)
        w.x[i] = w.first[i] < 0 ? i : 1000 + i;
    d.x = w.x;
    d.p = 1;
    refuse(d, "who is treated completely");
    d = make(&w, N, 8);
    for (int i = 0; i < N; i++)
        w.first[i] = -1;
    refuse(d, "nobody is first treated");
    for (int i = 0; i < N; i++)
        w.first[i] = 2;
    refuse(d, "nobody to compare with");
    T_NEAR(vrk_regression_to_mean(80, 100, .5), 10., 1e-15);
}

static void fails_cleanly_at_every_allocation(void)
{
    static panel w;
    vrk_did_data d = make(&w, N, 9);
    vrk_status st;
    size_t limit = 0;
    d.cluster = w.team;
    do {
        vrk_ctx ctx = {.scratch.limit = limit += 1024};
        vrk_did f;
        st = vrk_did_fit(&ctx, &d, &(vrk_did_opt){.draws = 9, .permutations = 2}, &f);
        T_OK(st == VRK_OK || (st == VRK_EMEMORY && !f.cell && ctx.scratch.used == 0));
        vrk_did_free(&f);
        vrk_arena_free(&ctx.scratch);
    } while (st == VRK_EMEMORY);
    T_OK(st == VRK_OK && limit > 1024);
}

static int stop_at(void *arg, const char *what, double done)
{
    (void)what, (void)done;
    return --*(int *)arg == 0;
}

static void stops_at_every_tick(void)
{
    static panel w;
    vrk_did_data d = make(&w, N, 9);
    vrk_status st = VRK_ECANCEL;
    int ticks = 0;
    while (st == VRK_ECANCEL) {
        int left = ++ticks;
        vrk_ctx ctx = {.tick = stop_at, .arg = &left};
        vrk_did f;
        st = vrk_did_fit(&ctx, &d, &(vrk_did_opt){.draws = 3, .permutations = 2}, &f);
        T_OK(st == VRK_OK || (st == VRK_ECANCEL && !f.cell));
        vrk_did_free(&f);
        vrk_arena_free(&ctx.scratch);
    }
    T_OK(st == VRK_OK && ticks > 10);
}

T_MAIN(T_CASE(two_by_two_by_hand), T_CASE(finds_the_effect_given_covariates),
       T_CASE(answers_do_not_depend_on_how_it_is_written),
       T_CASE(compares_with_those_not_yet_treated), T_CASE(names_what_it_refuses),
       T_CASE(fails_cleanly_at_every_allocation), T_CASE(stops_at_every_tick))
