/* stat/facets.h - many-facet Rasch model: what a rating owes to the person, and what to the item,
 * the rater, the task and the steps of the scale. Linacre (1989), Many-Facet Rasch Measurement. log
 * P(k) / P(k-1) = theta_person + group mean - sum of facet levels - bias - step_k with theta
 * normal, by marginal maximum likelihood. doc/facets.md. */
#ifndef VRK_STAT_FACETS_H
#define VRK_STAT_FACETS_H

#include "stat/irt_score.h"

/* Ratings, a row each. A view: owns nothing. */
typedef struct {
    int64_t n, persons, facets;
    const int32_t *person; /* [n] 0 ... persons-1 */
    const int32_t *level;  /* [n x facets] column-major, 0 ... levels-1; items first */
    const int32_t *levels; /* [facets] */
    const int8_t *score;   /* [n] 0 ... categories-1, -1 = not given */
    int32_t categories;    /* 0 = highest score + 1 */
    const int32_t *group;  /* [persons] 0 ... groups-1; NULL = one group */
    int32_t groups;
    const char *const *facet_name; /* [facets] for messages; NULL = "facet 1" ... */
} vrk_ratings;

/* All zero is the default. */
typedef struct {
    bool own_steps;      /* each level of the first facet has its own steps (partial credit) */
    int64_t bias;        /* facet (1 = the first) whose levels may favour a group; 0 = none */
    bool accept_apart;   /* fit a design in parts, linked by the normal distribution alone: compare
                            within a part only */
    int64_t min_persons; /* fewer cannot calibrate; 0 = 50 */
    int64_t points;      /* 0 = 61 */
    int max_iter;        /* 0 = 500 */
    double tol;          /* 0 = 1e-9 */
    int64_t plausible;   /* draws a person */
} vrk_facets_opt;

/* One facet. */
typedef struct {
    int64_t levels;
    double *measure, *se;   /* [levels] difficulty or severity [logit]; the first facet is free, the
                               others add up to 0 */
    double *infit, *outfit; /* [levels] 0.5 to 1.5 is consistent, a little under 1 expected
                               (doc/irt.md); NaN without ratings */
    int64_t *ratings;       /* [levels] */
    int64_t *part;          /* [levels] of the design, from 0 (by persons and this facet) */
    int64_t parts;
} vrk_facet;

typedef struct {
    int64_t facets, persons, steps, step_rows, params, cells, used; /* used: ratings */
    vrk_facet *facet;
    double *step, *step_se;   /* [step_rows x steps] row by row; each row adds up to 0 */
    double *group, *group_se; /* [groups] mean of each, adding up to 0; NULL = one group */
    double *bias, *bias_se;   /* [levels of the facet x groups]: so much harder for that group */
    int64_t groups, bias_levels;
    double spread, spread_se;                          /* standard deviation of persons [logit] */
    double *eap, *psd, *wle, *wle_se, *infit, *outfit; /* [persons] [logit]; NaN without ratings */
    double *draw;                                      /* [persons x plausible] [logit] */
    double eap_reliability, wle_reliability;
    double ll, deviance, gradient;
    int iterations;
    int64_t evaluations;
    vrk_stop stop;
    vrk_irt_errors errors;
    vrk_arena mem;
} vrk_facets;

/* VRK_EINPUT: a row that cannot be (named), a person rated twice by the same combination, a
 * category or level never used, too few persons, a design in parts (the parts are named) unless
 * accepted, levels of one facet that cannot be told from another's. `opt` may be NULL. On failure
 * *out is empty. */
VRK_MUST vrk_status vrk_facets_fit(vrk_ctx *ctx, const vrk_ratings *ratings,
                                   const vrk_facets_opt *opt, vrk_facets *out);
void vrk_facets_free(vrk_facets *fit); /* safe on an empty fit */

/* Parts of the design of facet f: levels that share persons, directly or over others, are in one.
 * part [levels], from 0 in order of first appearance, -1 = no ratings; returns how many. Levels in
 * different parts, and the persons they rated, cannot be compared. */
VRK_MUST vrk_status vrk_design_parts(vrk_ctx *ctx, const vrk_ratings *ratings, int64_t f,
                                     int64_t *part, int64_t *parts);

#endif
