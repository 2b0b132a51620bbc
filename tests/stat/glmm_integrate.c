/* Integration over hyperparameters: against fine grids, cover of intervals, draws, refusals. */
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "stat/glmm_parts.h"
#include "tests/t.h"

enum { G = 6, N = 2 * G };

#define RATE 1.0 /* of the prior on the sd */

typedef struct {
    double x[2 * N], y[N], size[N];
    int32_t a[N], b[N];
    vrk_glmm_term term[3];
    vrk_glmm_data d;
} made;

/* Six sellers, half of them trained, a year of 60 chances in each of two segments; how much
 * sellers differ is drawn from the prior. Training adds 0.5. */
static void make(made *m, uint64_t seed)
{
    vrk_rng r = vrk_rng_of(seed, 0, 0);
    double sd = -log(vrk_rng_uniform(&r)) / RATE, u[G];
    for (int g = 0; g < G; g++)
        u[g] = sd * vrk_rng_normal(&r);
    for (int i = 0; i < N; i++) {
        m->a[i] = i / 2;
        m->b[i] = i % 2;
        m->x[i] = 1;
        m->x[N + i] = m->a[i] % 2;
        m->size[i] = 60;
        m->y[i] = 0;
        for (int k = 0; k < 60; k++)
            m->y[i] += vrk_rng_chance(&r, 1 / (1 + exp(0.3 - 0.5 * m->x[N + i] - u[m->a[i]])));
    }
    m->term[0] = (vrk_glmm_term){.levels = G, .level = m->a};
    m->term[1] = (vrk_glmm_term){.levels = 2, .level = m->b};
    m->term[2] = (vrk_glmm_term){.levels = G, .level = m->a, .z = m->x + N};
    m->d = (vrk_glmm_data){
        .n = N, .p = 2, .x = m->x, .y = m->y, .size = m->size, .terms = 1, .term = m->term};
}

static const vrk_glmm_opt WHOLE = {.family = VRK_GLMM_LOGIT, .rate = RATE, .integrate = true};
static const vrk_glmm_opt PLUG = {.family = VRK_GLMM_LOGIT, .rate = RATE, .quick = true};

/* One sd: mean and variance of an effect by 601 points from exp(-9) to exp(3). */
static void one_variance_is_that_of_a_fine_grid(void)
{
    static made m;
    static bool dropped[2];
    vrk_ctx ctx = {0};
    for (uint64_t seed = 1; seed <= 4; seed++) {
        vrk_glmm fit, out = {.p = 2, .dropped = dropped};
        glmm_model model;
        glmm_state s;
        make(&m, seed);
        T_OK(vrk_glmm_fit(&ctx, &m.d, &WHOLE, &fit) == VRK_OK);
        vrk_glmm_opt opt = {.family = VRK_GLMM_LOGIT, .rate = RATE, .prior_sd = 2.5};
        double sum = 0, mean = 0, square = 0, u = 0, top = -fit.ll, theta, start, g;
        T_OK(vrk_glmm_model_new(&ctx, &m.d, &opt, &out, &model) == VRK_OK);
        T_OK(vrk_glmm_state_new(&ctx, &model, &s) == VRK_OK);
        vrk_glmm_start(&model, &theta, &start);
        s.profile = s.full = true;
        for (int k = 0; k <= 600; k++) {
            double f;
            theta = -9 + 12.0 * k / 600;
            T_OK(vrk_glmm_objective(&ctx, &theta, &f, &g, &s) == VRK_OK);
            double w = exp(top - f), b = s.b[G + 1];
            sum += w, mean += w * b, square += w * (b * b + s.schur_inverse[3]), u += w * s.b[0];
        }
        mean /= sum;
        double se = sqrt(square / sum - mean * mean);
        printf("# %.5f %.5f, grid %.5f %.5f; %d points\n", fit.beta[1], fit.se[1], mean, se,
               fit.points);
        T_OK(fabs(fit.beta[1] - mean) < 0.01 * se && fabs(fit.se[1] / se - 1) < 0.01);
        T_OK(fabs(fit.term[0].mode[0] - u / sum) < 0.01 * sqrt(fit.term[0].var[0]));
        vrk_glmm_free(&fit);
        vrk_glmm_state_free(&s);
        vrk_arena_free(&model.mem);
    }
    vrk_arena_free(&ctx.scratch);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* 90 % intervals of what training does. With the variance held they cover less, since six sellers
 * tell little of how much sellers differ. */
static void intervals_cover_what_they_say(void)
{
    enum { WORLDS = 1000, DRAWS = 200 };
    static made m;
    static double draws[DRAWS * (2 + G)], beta[DRAWS];
    vrk_ctx ctx = {0};
    int whole = 0, plug = 0;
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        vrk_glmm fit;
        make(&m, 100 + seed);
        T_OK(vrk_glmm_fit(&ctx, &m.d, &PLUG, &fit) == VRK_OK);
        plug += fabs(fit.beta[1] - 0.5) < 1.6449 * fit.se[1];
        vrk_glmm_free(&fit);
        T_OK(vrk_glmm_fit(&ctx, &m.d, &WHOLE, &fit) == VRK_OK);
        T_OK(vrk_glmm_draw(&ctx, &fit, seed, 0, DRAWS, draws) == VRK_OK);
        vrk_glmm_free(&fit);
        for (int d = 0; d < DRAWS; d++)
            beta[d] = draws[d * (2 + G) + 1];
        qsort(beta, DRAWS, sizeof *beta, by_size);
        whole += beta[DRAWS / 20] < 0.5 && beta[DRAWS - 1 - DRAWS / 20] > 0.5;
    }
    printf("# cover of 90 %%: integrated %.3f, variances held %.3f\n", (double)whole / WORLDS,
           (double)plug / WORLDS);
    T_OK(whole > 0.86 * WORLDS && whole < 0.94 * WORLDS);
    T_OK(plug < whole - 0.02 * WORLDS);
    vrk_arena_free(&ctx.scratch);
}

/* Three variances: the design; reported and drawn moments agree. */
static void draws_have_the_reported_moments(void)
{
    enum { DRAWS = 4000, COLUMNS = 2 + 2 * G + 2 };
    static made m;
    static double draws[DRAWS * COLUMNS], again[COLUMNS];
    vrk_ctx ctx = {0};
    vrk_glmm fit, held;
    make(&m, 7);
    m.d.terms = 3;
    T_OK(vrk_glmm_fit(&ctx, &m.d, &WHOLE, &fit) == VRK_OK);
    T_OK(vrk_glmm_fit(&ctx, &m.d, &PLUG, &held) == VRK_OK);
    T_OK(fit.points > 10 && fit.points <= 15 && held.points == 0);
    T_OK(vrk_glmm_columns(&fit) == COLUMNS);
    T_OK(vrk_glmm_draw(&ctx, &fit, 5, 0, DRAWS, draws) == VRK_OK);
    T_OK(vrk_glmm_draw(&ctx, &fit, 5, 11, 1, again) == VRK_OK);
    T_OK(memcmp(again, draws + 11 * COLUMNS, sizeof again) == 0);
    for (int j = 0; j < 4; j++) {
        double want = j < 2 ? fit.beta[j] : fit.term[0].mode[j - 2], mean = 0, square = 0;
        double sd = j < 2 ? fit.se[j] : sqrt(fit.term[0].var[j - 2]);
        for (int d = 0; d < DRAWS; d++) {
            mean += draws[d * COLUMNS + j] / DRAWS;
            square += draws[d * COLUMNS + j] * draws[d * COLUMNS + j] / DRAWS;
        }
        T_OK(fabs(mean - want) < 5 * sd / sqrt(DRAWS));
        T_OK(fabs(sqrt(square - mean * mean) / sd - 1) < 0.08);
    }
    T_OK(fit.se[1] > held.se[1]);
    vrk_glmm_free(&fit);
    vrk_glmm_free(&held);
    vrk_arena_free(&ctx.scratch);
}

static void refuses_and_fails_cleanly(void)
{
    static made m;
    vrk_ctx ctx = {0};
    vrk_glmm fit;
    make(&m, 8);
    vrk_glmm_opt opt = WHOLE;
    opt.mode = VRK_GLMM_ML;
    T_OK(vrk_glmm_fit(&ctx, &m.d, &opt, &fit) == VRK_EINPUT && fit.mem.top == NULL);
    opt = WHOLE, opt.quick = true;
    T_OK(vrk_glmm_fit(&ctx, &m.d, &opt, &fit) == VRK_EINPUT && fit.mem.top == NULL);
    vrk_arena_free(&ctx.scratch);
    int refused = 0;
    for (size_t limit = 1000; limit < 4000000; limit = limit * 9 / 8) {
        vrk_ctx small = {.scratch.limit = limit};
        vrk_status st = vrk_glmm_fit(&small, &m.d, &WHOLE, &fit);
        T_OK(st == VRK_OK || (st == VRK_EMEMORY && fit.beta == NULL && fit.mem.top == NULL));
        refused += st == VRK_EMEMORY;
        vrk_glmm_free(&fit);
        vrk_arena_free(&small.scratch);
    }
    T_OK(refused > 5);
}

T_MAIN(T_CASE(one_variance_is_that_of_a_fine_grid), T_CASE(intervals_cover_what_they_say),
       T_CASE(draws_have_the_reported_moments), T_CASE(refuses_and_fails_cleanly))
