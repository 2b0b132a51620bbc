/* METHODS section 12, tests that need no reference: what must not change, or change in a known way,
 * when the same facts are written differently. Sellers, cells, money, time, the data twice. */
#include "base/rng.h"
#include "stat/alive.h"
#include "stat/crisk.h"
#include "stat/dose.h"
#include "stat/effects.h"
#include "stat/frailty.h"
#include "stat/gap.h"
#include "stat/glmm.h"
#include "stat/rank.h"
#include "stat/select.h"
#include "stat/within.h"
#include "tests/t.h"

#include <string.h>

enum { S = 24, EACH = 6, N = S * EACH, P = 2, MOST = 2 * N };

/* Wins and losses of sellers in two segments, with the days under observation. */
typedef struct {
    int64_t n;
    double x[P * MOST], won[2 * MOST], days[MOST];
    int32_t seller[MOST];
    vrk_glmm_term term;
} world;

static void put(world *w, int64_t n, int64_t i, double x, double won, double lost, double days,
                int32_t seller)
{
    w->x[i] = 1;
    w->x[i + n] = x;
    w->won[i] = won;
    w->won[i + n] = lost;
    w->days[i] = days;
    w->seller[i] = seller;
}

static void make(world *w)
{
    memset(w, 0, sizeof(*w));
    w->n = N;
    for (int i = 0; i < N; i++) {
        vrk_rng r = vrk_rng_of(41, (uint64_t)(i / EACH), 0), own = vrk_rng_of(42, (uint64_t)i, 0);
        double u = .6 * vrk_rng_normal(&r), days = 50 + (double)vrk_rng_below(&own, 100);
        double rate = exp(-3 + u + .5 * (i % 2));
        put(w, N, i, i % 2, (double)vrk_rng_poisson(&own, days * rate),
            (double)vrk_rng_poisson(&own, days * .05), days, i / EACH);
    }
    w->term = (vrk_glmm_term){.levels = S, .level = w->seller};
}

static vrk_glmm mixed(vrk_ctx *ctx, const world *w)
{
    vrk_glmm f;
    vrk_glmm_data d = {
        .n = w->n, .p = P, .x = w->x, .y = w->won, .size = w->days, .terms = 1, .term = &w->term};
    vrk_glmm_opt o = {.family = VRK_GLMM_POISSON, .mode = VRK_GLMM_ML, .tol = 1e-14};
    T_OK(vrk_glmm_fit(ctx, &d, &o, &f) == VRK_OK && f.term[0].sd[0] > .3);
    return f;
}

static vrk_crisk ends(vrk_ctx *ctx, const world *w)
{
    vrk_crisk f;
    vrk_crisk_data d = {
        .n = w->n, .p = P, .ends = 2, .x = w->x, .events = w->won, .exposure = w->days};
    T_OK(vrk_crisk_fit(ctx, &d, NULL, &f) == VRK_OK);
    return f;
}

static vrk_frailty shared(vrk_ctx *ctx, const world *w, int32_t groups, double unit)
{
    static double exit[MOST];
    static uint8_t event[MOST];
    vrk_frailty f;
    for (int64_t i = 0; i < w->n; i++) {
        exit[i] =
            (1 + floor(w->days[i] / fmax(w->won[i], .5))) * 7 / unit; /* whole weeks: same ties */
        event[i] = w->won[i] > 0;
    }
    vrk_cox_data d = {.n = w->n,
                      .p = 1,
                      .x = w->x + w->n,
                      .exit = exit,
                      .event = event,
                      .cluster = w->seller,
                      .clusters = groups};
    T_OK(vrk_frailty_fit(ctx, &d, NULL, &f) == VRK_OK && f.theta > .05);
    return f;
}

static int other(int seller)
{
    return (seller * 7 + 5) % S;
}

static void other_names_of_sellers_permute_the_output(void)
{
    static world w, v;
    vrk_ctx ctx = {0};
    make(&w);
    make(&v);
    for (int i = 0; i < N; i++)
        v.seller[i] = other(w.seller[i]);
    vrk_glmm a = mixed(&ctx, &w), b = mixed(&ctx, &v);
    vrk_frailty f = shared(&ctx, &w, S, 1), g = shared(&ctx, &v, S, 1);
    T_NEAR(a.beta[1], b.beta[1], 1e-9);
    T_NEAR(f.beta[0], g.beta[0], 1e-6);
    for (int s = 0; s < S; s++) {
        T_NEAR(a.term[0].mode[s], b.term[0].mode[other(s)], 1e-8);
        T_NEAR(a.term[0].var[s], b.term[0].var[other(s)], 1e-8);
        T_NEAR(f.effect[s], g.effect[other(s)], 1e-6);
    }
    double draws[2 * 3 * S];
    vrk_ranks p, q;
    for (int i = 0; i < 3 * S; i++) {
        draws[i] = a.term[0].mode[i / 3] + i % 3 * .1 * ((i / 3) % 5);
        draws[3 * S + i % 3 + 3 * other(i / 3)] = draws[i];
    }
    T_OK(vrk_ranks_of(&ctx, 3, S, draws, 0, &p) == VRK_OK);
    T_OK(vrk_ranks_of(&ctx, 3, S, draws + 3 * S, 0, &q) == VRK_OK);
    for (int s = 0; s < S; s++)
        T_OK(memcmp(&p.rank[s], &q.rank[other(s)], sizeof(vrk_rank)) == 0);
    vrk_ranks_free(&p);
    vrk_ranks_free(&q);
    vrk_frailty_free(&f);
    vrk_frailty_free(&g);
    vrk_glmm_free(&a);
    vrk_glmm_free(&b);
    vrk_arena_free(&ctx.scratch);
}

/* A cell is two cells with the same covariates: some of its events and days here, the rest there.
 */
static void splitting_a_cell_leaves_the_fit_unchanged(void)
{
    static world w, v;
    vrk_ctx ctx = {0};
    make(&w);
    make(&v);
    v.n = 2 * N;
    for (int i = 0; i < N; i++) {
        double won = floor(w.won[i] / 3), lost = floor(w.won[i + N] / 2), days = w.days[i] * .3;
        double rest = w.days[i] - days;
        put(&v, 2 * N, i, i % 2, won, lost, days, w.seller[i]);
        put(&v, 2 * N, i + N, i % 2, w.won[i] - won, w.won[i + N] - lost, rest, w.seller[i]);
    }
    vrk_glmm a = mixed(&ctx, &w), b = mixed(&ctx, &v);
    vrk_crisk c = ends(&ctx, &w), d = ends(&ctx, &v);
    T_NEAR(a.term[0].sd[0], b.term[0].sd[0], 1e-10);
    for (int j = 0; j < P; j++) {
        T_NEAR(a.beta[j], b.beta[j], 1e-10);
        T_NEAR(a.se[j], b.se[j], 1e-10);
    }
    for (int s = 0; s < S; s++)
        T_NEAR(a.term[0].mode[s], b.term[0].mode[s], 1e-10);
    for (int j = 0; j < 2 * P; j++) {
        T_NEAR(c.beta[j], d.beta[j], 1e-10);
        T_NEAR(c.vcov[j * (2 * P + 1)], d.vcov[j * (2 * P + 1)], 1e-10);
    }
    vrk_crisk_free(&c);
    vrk_crisk_free(&d);
    vrk_glmm_free(&a);
    vrk_glmm_free(&b);
    vrk_arena_free(&ctx.scratch);
}

/* Half the unit of money: amounts double, shares, correlations and chances stay. */
static void money_in_another_unit_scales_money_only(void)
{
    static double y[2][N], a[N];
    static int64_t unit[N];
    const double from[][3] = {{40, .2, 1000}, {40, .2, 2000}},
                 to[][3] = {{30, .3, 900}, {30, .3, 1800}};
    double part[2][3], product[2][3];
    vrk_ctx ctx = {0};
    vrk_dose dose[2];
    vrk_within within[2];
    vrk_saturation s[2];
    vrk_rng r = vrk_rng_of(43, 0, 0);
    for (int i = 0; i < N; i++) {
        a[i] = 20 * vrk_rng_uniform(&r);
        unit[i] = i % S;
        y[0][i] = 10 * (double)unit[i] + 4 * log1p(a[i] / 3) + vrk_rng_normal(&r);
        y[1][i] = 2 * y[0][i];
    }
    for (int k = 0; k < 2; k++) {
        T_OK(vrk_gap_lmdi(&ctx, 3, from[k], to[k], part[k]) == VRK_OK);
        T_OK(vrk_gap_product(&ctx, 3, from[k], to[k], product[k]) == VRK_OK);
        vrk_dose_data d = {.n = N, .a = a, .y = y[k], .unit = unit};
        vrk_panel p = {.n = N, .p = 1, .y = y[k], .x = a, .unit = unit};
        T_OK(vrk_dose_fit(&ctx, &d, false, &dose[k]) == VRK_OK);
        T_OK(vrk_dose_saturation(&ctx, &dose[k], .4 * (1 + k), &s[k]) == VRK_OK);
        T_OK(vrk_within_fit(&ctx, &p, &within[k]) == VRK_OK);
    }
    for (int j = 0; j < 3; j++) {
        T_NEAR(part[1][j], 2 * part[0][j], 1e-13);
        T_NEAR(product[1][j], 2 * product[0][j], 1e-13);
    }
    T_NEAR(dose[1].b, 2 * dose[0].b, 1e-9);
    T_NEAR(dose[1].scale, dose[0].scale, 1e-9);
    T_NEAR(s[1].at, s[0].at, 1e-8);
    T_NEAR(s[1].lo, s[0].lo, 1e-8);
    T_NEAR(within[1].within[0], 2 * within[0].within[0], 1e-12);
    T_NEAR(within[1].hausman, within[0].hausman, 1e-9);
    T_NEAR(vrk_utility(5, 3, .4, 2e4, .1, 600), 2 * vrk_utility(5, 3, .4, 1e4, .1, 300), 1e-13);
    vrk_within_free(&within[0]);
    vrk_within_free(&within[1]);
    vrk_arena_free(&ctx.scratch);
}

/* Someone without a single day: for the others nothing changes, and of him only what holds for
 * all is known. */
static void a_seller_who_was_never_there_changes_nothing(void)
{
    static world w, v;
    vrk_ctx ctx = {0};
    make(&w);
    make(&v);
    v.term.levels = S + 1;
    vrk_glmm a = mixed(&ctx, &w), b = mixed(&ctx, &v);
    T_NEAR(a.ll, b.ll, 1e-10);
    T_NEAR(a.term[0].sd[0], b.term[0].sd[0], 1e-9);
    for (int s = 0; s < S; s++)
        T_NEAR(a.term[0].mode[s], b.term[0].mode[s], 1e-7);
    T_NEAR(b.term[0].mode[S], 0., 1e-12);
    T_NEAR(b.term[0].var[S], b.term[0].cov[0], 1e-9);
    vrk_glmm_free(&a);
    vrk_glmm_free(&b);
    vrk_arena_free(&ctx.scratch);
}

/* Every seller has a twin who went through the same: variances of what all share are halved. */
static void the_data_twice_halve_variances(void)
{
    static world w, v;
    vrk_ctx ctx = {0};
    make(&w);
    make(&v);
    v.n = 2 * N;
    for (int i = 0; i < 2 * N; i++)
        put(&v, 2 * N, i, i % 2, w.won[i % N], w.won[N + i % N], w.days[i % N],
            w.seller[i % N] + (i < N ? 0 : S));
    v.term.levels = 2 * S;
    vrk_glmm a = mixed(&ctx, &w), b = mixed(&ctx, &v);
    vrk_crisk c = ends(&ctx, &w), d = ends(&ctx, &v);
    T_NEAR(2 * a.ll, b.ll, 1e-11);
    T_NEAR(a.term[0].sd[0], b.term[0].sd[0], 1e-6);
    for (int j = 0; j < P * P; j++)
        T_NEAR(a.vcov[j] / 2, b.vcov[j], 1e-8);
    for (int j = 0; j < 4 * P * P; j++)
        T_NEAR(c.vcov[j] / 2, d.vcov[j], 1e-12);
    for (int s = 0; s < S; s++)
        T_NEAR(b.term[0].mode[s], b.term[0].mode[s + S], 1e-12);
    vrk_crisk_free(&c);
    vrk_crisk_free(&d);
    vrk_glmm_free(&a);
    vrk_glmm_free(&b);
    vrk_arena_free(&ctx.scratch);
}

/* Weeks for days: log rates rise by log 7, and nothing else. */
static void weeks_for_days_shift_the_intercept(void)
{
    static world w, v;
    vrk_ctx ctx = {0};
    make(&w);
    make(&v);
    for (int i = 0; i < N; i++)
        v.days[i] = w.days[i] / 7;
    vrk_glmm a = mixed(&ctx, &w), b = mixed(&ctx, &v);
    vrk_crisk c = ends(&ctx, &w), d = ends(&ctx, &v);
    vrk_frailty f = shared(&ctx, &w, S, 1), g = shared(&ctx, &w, S, 7);
    T_NEAR(a.beta[0] + log(7), b.beta[0], 1e-10);
    T_NEAR(a.beta[1], b.beta[1], 1e-10);
    T_NEAR(a.term[0].sd[0], b.term[0].sd[0], 1e-9);
    for (int j = 0; j < 2 * P; j++) {
        T_NEAR(c.beta[j] + (j % P ? 0 : log(7)), d.beta[j], 1e-12);
        T_NEAR(c.vcov[j * (2 * P + 1)], d.vcov[j * (2 * P + 1)], 1e-12);
    }
    T_NEAR(f.beta[0], g.beta[0], 1e-12);
    T_NEAR(f.theta, g.theta, 1e-12);
    vrk_life day = {.03, .1, .02, .01}, week = {.21, .7, .14, .07};
    T_NEAR(vrk_alive(&day, 21, NULL), vrk_alive(&week, 3, NULL), 1e-15);
    vrk_frailty_free(&f);
    vrk_frailty_free(&g);
    vrk_crisk_free(&c);
    vrk_crisk_free(&d);
    vrk_glmm_free(&a);
    vrk_glmm_free(&b);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(other_names_of_sellers_permute_the_output),
       T_CASE(splitting_a_cell_leaves_the_fit_unchanged),
       T_CASE(money_in_another_unit_scales_money_only),
       T_CASE(a_seller_who_was_never_there_changes_nothing), T_CASE(the_data_twice_halve_variances),
       T_CASE(weeks_for_days_shift_the_intercept))
