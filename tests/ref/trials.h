/* tests/ref/trials.h - METHODS T43's design: a million trials in 38,400 cells, 400 sellers of 25
 * teams in 12 moments and 8 situations; made here, so that R and the test have the same. */
#ifndef TESTS_REF_TRIALS_H
#define TESTS_REF_TRIALS_H

#include "base/rng.h"
#include "stat/glmm.h"

#include <math.h>

enum { SELLERS = 400, TEAMS = 25, MOMENTS = 12, SITUATIONS = 8, FIXED = 4 };
enum { CELLS = SELLERS * MOMENTS * SITUATIONS };

typedef struct {
    double x[FIXED * CELLS], y[CELLS], n[CELLS];
    int32_t seller[CELLS], place[CELLS], team[CELLS]; /* place: seller in a moment */
    double trials;
    vrk_glmm_term term[3];
    vrk_glmm_data d;
} trials;

static inline double trials_normal(uint32_t what, int64_t who)
{
    vrk_rng r = vrk_rng_of(43, (uint64_t)who, what);
    return vrk_rng_normal(&r);
}

/* Complementary log-log; SDs .4 of sellers, .3 of places, .2 of teams. */
static inline void trials_make(trials *t)
{
    t->trials = 0;
    for (int64_t i = 0; i < CELLS; i++) {
        int64_t place = i / SITUATIONS, seller = place / MOMENTS, team = seller % TEAMS;
        vrk_rng r = vrk_rng_of(43, (uint64_t)i, 4);
        double eta = -1.2 + .4 * trials_normal(1, seller) + .3 * trials_normal(2, place) +
                     .2 * trials_normal(3, team);
        t->x[i] = 1;
        for (int k = 1; k < FIXED; k++) {
            t->x[i + k * CELLS] = (double)(i >> (k - 1) & 1);
            eta += (.6 - .4 * k) * t->x[i + k * CELLS];
        }
        t->n[i] = (double)vrk_rng_poisson(&r, 26);
        t->trials += t->n[i];
        t->y[i] = 0;
        for (int k = 0; k < (int)t->n[i]; k++)
            t->y[i] += vrk_rng_chance(&r, -expm1(-exp(eta)));
        t->seller[i] = (int32_t)seller;
        t->place[i] = (int32_t)place;
        t->team[i] = (int32_t)team;
    }
    t->term[0] = (vrk_glmm_term){.levels = SELLERS, .level = t->seller};
    t->term[1] = (vrk_glmm_term){.levels = SELLERS * MOMENTS, .level = t->place};
    t->term[2] = (vrk_glmm_term){.levels = TEAMS, .level = t->team};
    t->d = (vrk_glmm_data){
        .n = CELLS, .p = FIXED, .x = t->x, .y = t->y, .size = t->n, .terms = 3, .term = t->term};
}

#endif
