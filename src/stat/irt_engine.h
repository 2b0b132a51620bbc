/* stat/irt_engine.h - what the response models share (irt.c, facets.c, halo.c): marginal likelihood
 * over fixed points of the latent trait, its exact gradient, information, and the climb to its top.
 * Bock & Aitkin (1981), Psychometrika 46:443-459; Oakes (1999), JRSS B 61:479-482. Not for use from
 * outside stat/. doc/irt.md.
 *
 * A *cell* is whatever persons respond to: an item, or an item under a rater at a task. Its natural
 * parameters are a slope a and m = categories - 1 intercepts d_1 ... d_m:
 *   graded      P(X >= k) = 1 / (1 + exp(-(a z + d_k))), d falling
 *   adjacent    log P(X = k) / P(X = 0) = k a z + d_k
 * with z standard normal. All cells' natural parameters are offset + A xi, A sparse, xi free: so
 * shared slopes, sum-to-zero facets and fixed items are one model. */
#ifndef VRK_STAT_IRT_ENGINE_H
#define VRK_STAT_IRT_ENGINE_H

#include "num/stop.h"
#include "stat/irt.h"

typedef struct {
    int64_t param; /* which xi */
    double by;
} vrk_irt_link;

/* One block of patterns: its responses as columns of a 0/1 table [columns x patterns]. */
typedef struct {
    int64_t from, to;    /* patterns */
    int64_t n_col;       /* columns */
    const int64_t *col;  /* [n_col] answer row of each column */
    const int64_t *zero; /* [n_col] row of category 0 if that is implied, else -1 */
    int64_t n_full;      /* cells that every pattern of the block answered: category 0 is implied */
    const int64_t *full; /* [n_full] */
} vrk_irt_block;

/* Filled by vrk_irt_engine_set from the fields above the line. */
typedef struct {
    vrk_irt_family family;
    int64_t cells, params, points, dims;
    const int32_t *categories; /* [cells] >= 2 */
    const int32_t *dim;        /* [cells] which trait a cell asks for; NULL = the first */
    const double *z;           /* [dims x points], points fastest */
    const double *log_weight;  /* [points] */
    const double *offset;      /* [naturals] */
    const int64_t *link_from;  /* [naturals + 1] */
    const vrk_irt_link *link;
    const double *log_slope_mean, *log_slope_sd; /* [cells] lognormal prior of a; sd 0 = none */
    const double *intercept_sd;                  /* [cells] normal prior of each d; 0 = none */
    int64_t patterns;
    const double *weight;    /* [patterns] how many persons */
    const int64_t *ans_from; /* [patterns + 1] */
    const int32_t *ans_cell; /* by pattern */
    const int8_t *ans;       /* category */
    /* ---- */
    int64_t naturals;            /* sum of categories */
    int64_t rows;                /* the same number: one row an answer (cell, category) */
    int64_t *first;              /* [cells + 1] first natural, and first row, of a cell */
    double *log_p;               /* [points x rows] */
    double *count;               /* [points x rows] expected persons giving this answer there */
    double *psi, *g_psi, *c_psi; /* [naturals], and information [categories^2] a cell */
    int64_t *c_from;             /* [cells + 1] */
    double *post;                /* [points x block] weighted posterior of a block */
    double *table, *answers, *back;
    int64_t *ans_col; /* by answer: column in its block, -1 = implied */
    int64_t n_blocks;
    vrk_irt_block *block;
    double *base; /* [points] */
} vrk_irt_engine;

enum { VRK_IRT_BLOCK = 256, VRK_IRT_MOST = 32 }; /* patterns at a time; categories of a cell */

/* Reserves the working arrays from ctx->scratch, which the caller rewinds. */
VRK_MUST vrk_status vrk_irt_engine_set(vrk_ctx *ctx, vrk_irt_engine *e);

/* log P of each category [categories] of a cell at z, and d log P / d (a, d_1 ... d_m)
 * [categories x categories]: row k, column parameter; u may be NULL. P is 0 where d does not fall.
 */
void vrk_irt_answer(vrk_irt_family family, int32_t categories, const double *psi, double z,
                    double *log_p, double *u);

/* -d2 log P(k) / d psi d psi' [categories x categories] at z. */
void vrk_irt_curvature(vrk_irt_family family, int32_t categories, const double *psi, double z,
                       int32_t k, double *out);

/* Where the points of a cell's trait are [points]. */
const double *vrk_irt_points(const vrk_irt_engine *e, int64_t cell);

/* Fills psi and log_p at xi. False: some answer is impossible there. */
VRK_MUST bool vrk_irt_table(vrk_irt_engine *e, const double *xi);

/* From the table: posterior weights e->post [points x patterns of the block], each pattern's adding
 * up to its weight. Returns the block's log-likelihood. */
double vrk_irt_weigh(vrk_irt_engine *e, const vrk_irt_block *b);

/* out += A' x for natural s; out += A_s' x A_t, out [params x params]. */
void vrk_irt_link_score(const vrk_irt_engine *e, int64_t s, double x, double *out);
void vrk_irt_link_square(const vrk_irt_engine *e, int64_t s, int64_t t, double x, double *out);

/* Natural parameters at xi. */
void vrk_irt_naturals(const vrk_irt_engine *e, const double *xi, double *psi);

/* Marginal log-likelihood plus log prior at xi: -HUGE_VAL where there is none. gradient [params]
 * and complete [params x params] (information as if z were known) may be NULL. */
VRK_MUST vrk_status vrk_irt_at(vrk_ctx *ctx, vrk_irt_engine *e, const double *xi, double *objective,
                               double *ll, double *gradient, double *complete);

/* Cross products of the patterns' scores at xi [params x params]: information in expectation. */
VRK_MUST vrk_status vrk_irt_cross(vrk_ctx *ctx, vrk_irt_engine *e, const double *xi, double *out);

/* Observed information at xi [params x params], exact: the derivative of the expected complete
 * score, through the answers and through the posterior (Oakes). O(patterns x points x params^2). */
VRK_MUST vrk_status vrk_irt_observed(vrk_ctx *ctx, vrk_irt_engine *e, const double *xi,
                                     double *out);

typedef struct {
    double objective, ll, gradient; /* gradient: largest, in standard errors */
    int64_t evaluations;
    int iterations;
    vrk_stop stop;
} vrk_irt_top;

/* Distinct patterns of answers, in an order that does not depend on that of the persons;
 * from ctx->scratch, which the caller rewinds. */
typedef struct {
    int64_t patterns, persons, silent; /* rows with an answer; without */
    double persons_weight;
    double *weight;
    int64_t *from, *row; /* [patterns + 1]; [patterns] a row with that pattern */
    int32_t *cell;
    int8_t *ans;
} vrk_irt_patterns;

VRK_MUST vrk_status vrk_irt_merge(vrk_ctx *ctx, const vrk_answers *d, vrk_irt_patterns *out);

/* Checks answers; sets categories [items] where d->categories is NULL. `known` [items] marks items
 * whose categories need not all occur; NULL = none. */
VRK_MUST vrk_status vrk_irt_check(vrk_ctx *ctx, const vrk_answers *d, const bool *known,
                                  int32_t *categories);

/* Climbs from xi: EM-gradient steps, then quasi-Newton from the cross products. */
VRK_MUST vrk_status vrk_irt_climb(vrk_ctx *ctx, vrk_irt_engine *e, double *xi, int max_iter,
                                  double tol, vrk_irt_top *top);

#endif
