#include "stat/effects.h"

#include "base/rng.h"
#include "tests/t.h"

#include <stdlib.h>
#include <string.h>

enum { TOTALS = 61, SLOPES = 9, MOST = 400 };

/* Sellers with binomial outcomes: log odds x at level 0, x + z at level 1. */
typedef struct {
    int64_t n, teams;
    int64_t team[MOST];
    double x[MOST], z[MOST];
    double *ll;
    vrk_effects_data data;
} world;

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

static void make(world *w, int64_t n, int64_t teams, int trials, double sd, double far,
                 double team_sd, uint64_t seed)
{
    double team_effect[MOST];
    *w = (world){.n = n, .teams = teams};
    w->ll = calloc((size_t)(n * TOTALS * SLOPES), sizeof(double));
    w->data = (vrk_effects_data){.n = n,
                                 .teams = teams,
                                 .team = w->team,
                                 .total = {-3.5, 0.1, TOTALS},
                                 .slope = {-1.6, 0.2, SLOPES},
                                 .ll = w->ll};
    for (int64_t g = 0; g < teams; g++) {
        vrk_rng r = vrk_rng_of(seed, 1, (uint32_t)g);
        team_effect[g] = team_sd * vrk_rng_normal(&r);
    }
    for (int64_t s = 0; s < n; s++) {
        vrk_rng r = vrk_rng_of(seed, 2, (uint32_t)s);
        w->team[s] = s * teams / n;
        w->x[s] =
            team_effect[w->team[s]] + (vrk_rng_chance(&r, far) ? 1.3 : sd) * vrk_rng_normal(&r);
        w->z[s] = 0.1 * vrk_rng_normal(&r);
        int hits[2] = {0, 0};
        for (int level = 0; level < 2; level++) {
            for (int t = 0; t < trials; t++)
                hits[level] += vrk_rng_chance(&r, logistic(0.3 + w->x[s] + level * w->z[s]));
        }
        for (int64_t k = 0; k < SLOPES; k++) {
            for (int64_t i = 0; i < TOTALS; i++) {
                double *ll = &w->ll[(s * SLOPES + k) * TOTALS + i];
                for (int level = 0; level < 2; level++) {
                    double p =
                        logistic(0.3 - 3.5 + 0.1 * (double)i + level * (-1.6 + 0.2 * (double)k));
                    *ll += hits[level] * log(p) + (trials - hits[level]) * log1p(-p);
                }
            }
        }
    }
}

/* Simulated: 90 % intervals cover, the far-off are not pulled back, spreads come out. */
static void recovers_what_was_planted(void)
{
    vrk_ctx ctx = {.seed = 7};
    vrk_effects fit;
    world w;
    make(&w, MOST, 40, 120, 0.3, 0.1, 0.2, 11);
    T_OK(vrk_effects_fit(&ctx, &w.data, NULL, &fit) == VRK_OK);
    int covered = 0;
    double far = 0, far_n = 0;
    for (int64_t s = 0; s < w.n; s++) {
        covered += fabs(fit.mean[s] - w.x[s]) < 1.645 * fit.sd[s];
        far += w.x[s] < -1.2 ? fit.mean[s] - w.x[s] : 0;
        far_n += w.x[s] < -1.2;
    }
    T_OK(covered > 0.86 * MOST && covered < 0.94 * MOST);
    T_OK(far_n > 5 && fabs(far / far_n) < 0.2);
    T_OK(fit.own.near_sd > 0.24 && fit.own.near_sd < 0.36);
    T_OK(fit.own.far_share > 0.06 && fit.own.far_share < 0.15);
    T_OK(fit.team.near_sd > 0.12 && fit.team.near_sd < 0.3);
    T_OK(fit.converged);
    vrk_effects_free(&fit);
    free(w.ll);
    vrk_arena_free(&ctx.scratch);
}

/* Nobody differs: the spread goes to the grid's resolution and no interval leaves zero. */
static void reaches_no_difference(void)
{
    vrk_ctx ctx = {.seed = 7};
    vrk_effects fit;
    world w;
    make(&w, 100, 10, 200, 0, 0, 0, 12);
    T_OK(vrk_effects_fit(&ctx, &w.data, NULL, &fit) == VRK_OK);
    T_OK(fit.own.near_sd < 0.1 && fit.own.far_share < 0.05);
    for (int64_t s = 0; s < w.n; s++)
        T_OK(fabs(fit.mean[s]) < 0.35);
    vrk_effects_free(&fit);
    free(w.ll);
    vrk_arena_free(&ctx.scratch);
}

/* Mathematics: draws have the posterior's mean and spread; a team's sellers share its draws. */
static void draws_from_the_posterior(void)
{
    enum { DRAWS = 20000 };
    static double x[DRAWS], z[DRAWS], t[DRAWS], u[DRAWS];
    vrk_ctx ctx = {.seed = 7};
    vrk_effects fit;
    world w;
    make(&w, 80, 8, 100, 0.3, 0.1, 0.3, 13);
    T_OK(vrk_effects_fit(&ctx, &w.data, NULL, &fit) == VRK_OK);
    for (int64_t s = 0; s < 3; s++) {
        double sum = 0, square = 0, slope = 0;
        T_OK(vrk_effects_draw(&ctx, &fit, 3, s, DRAWS, x, z, t) == VRK_OK);
        T_OK(vrk_effects_draw(&ctx, &fit, 3, s + 1, DRAWS, NULL, NULL, u) == VRK_OK);
        for (int b = 0; b < DRAWS; b++) {
            sum += x[b] / DRAWS;
            square += x[b] * x[b] / DRAWS;
            slope += z[b] / DRAWS;
        }
        T_OK(fabs(sum - fit.mean[s]) < 4 * fit.sd[s] / sqrt(DRAWS) + 1e-3);
        T_OK(fabs(sqrt(square - sum * sum) - fit.sd[s]) < 0.02);
        T_OK(fabs(slope - fit.slope_mean[s]) < 0.02);
        T_OK(!memcmp(t, u, sizeof(t)));
    }
    vrk_effects_free(&fit);
    free(w.ll);
    vrk_arena_free(&ctx.scratch);
}

/* Property: another order of sellers gives the same, permuted. */
static void does_not_depend_on_the_order(void)
{
    vrk_ctx ctx = {.seed = 7};
    vrk_effects a, b;
    world w;
    make(&w, 40, 1, 60, 0.3, 0.1, 0, 14);
    double *reversed = calloc((size_t)(40 * TOTALS * SLOPES), sizeof(double));
    for (int64_t s = 0; s < 40; s++)
        memcpy(reversed + s * TOTALS * SLOPES, w.ll + (39 - s) * TOTALS * SLOPES,
               TOTALS * SLOPES * sizeof(double));
    vrk_effects_data other = w.data;
    other.ll = reversed;
    T_OK(vrk_effects_fit(&ctx, &w.data, NULL, &a) == VRK_OK);
    T_OK(vrk_effects_fit(&ctx, &other, NULL, &b) == VRK_OK);
    for (int64_t s = 0; s < 40; s++)
        T_NEAR(a.mean[s], b.mean[39 - s], 1e-9);
    vrk_effects_free(&a);
    vrk_effects_free(&b);
    free(reversed);
    free(w.ll);
    vrk_arena_free(&ctx.scratch);
}

static void names_what_cannot_be(void)
{
    vrk_ctx ctx = {0};
    vrk_effects fit;
    world w;
    make(&w, 5, 2, 10, 0.3, 0, 0, 15);
    w.team[3] = 2;
    T_OK(vrk_effects_fit(&ctx, &w.data, NULL, &fit) == VRK_EINPUT && !fit.mean);
    T_OK(!strcmp(ctx.message, "seller 3: team 2 is not in 0 to 1"));
    w.team[3] = 1;
    for (int i = 0; i < TOTALS * SLOPES; i++)
        w.ll[4 * TOTALS * SLOPES + i] = -HUGE_VAL;
    T_OK(vrk_effects_fit(&ctx, &w.data, NULL, &fit) == VRK_EINPUT);
    T_OK(!strcmp(ctx.message, "seller 4: no effect is possible"));
    free(w.ll);
    vrk_arena_free(&ctx.scratch);
}

static void fails_cleanly_at_every_allocation(void)
{
    vrk_status st;
    size_t limit = 0;
    world w;
    make(&w, 6, 2, 10, 0.3, 0, 0, 16);
    do {
        vrk_ctx ctx = {.scratch.limit = limit += 512};
        vrk_effects fit;
        st = vrk_effects_fit(&ctx, &w.data, NULL, &fit);
        T_OK(st == VRK_OK || (st == VRK_EMEMORY && !fit.mean && ctx.scratch.used == 0));
        vrk_effects_free(&fit);
        vrk_arena_free(&ctx.scratch);
    } while (st == VRK_EMEMORY);
    T_OK(st == VRK_OK);
    free(w.ll);
}

static int stop(void *arg, const char *what, double done)
{
    (void)what, (void)done;
    return ++*(int *)arg > 1;
}

static void stops_when_asked(void)
{
    int calls = 0;
    vrk_ctx ctx = {.tick = stop, .arg = &calls};
    vrk_effects fit;
    world w;
    make(&w, 6, 2, 10, 0.3, 0, 0, 17);
    T_OK(vrk_effects_fit(&ctx, &w.data, NULL, &fit) == VRK_ECANCEL && !fit.mean);
    free(w.ll);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(recovers_what_was_planted), T_CASE(reaches_no_difference),
       T_CASE(draws_from_the_posterior), T_CASE(does_not_depend_on_the_order),
       T_CASE(names_what_cannot_be), T_CASE(fails_cleanly_at_every_allocation),
       T_CASE(stops_when_asked))
