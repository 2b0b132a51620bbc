/* stat/irt.h - item response models by marginal maximum likelihood: Rasch, 1PL, 2PL, graded
 * response, partial credit (plain, generalised, rating scale). Bock & Aitkin (1981), Psychometrika
 * 46:443-459; Samejima (1969); Masters (1982); Muraki (1992); Andrich (1978). doc/irt.md. */
#ifndef VRK_STAT_IRT_H
#define VRK_STAT_IRT_H

#include "base/base.h"
#include "num/stop.h"

/* With two categories both are the logistic model. z is the trait, standard normal. */
typedef enum {
    VRK_IRT_ADJACENT = 0, /* log P(k) / P(k-1) = a z + d_k - d_(k-1): partial credit */
    VRK_IRT_GRADED,       /* logit P(X >= k) = a z + d_k */
} vrk_irt_family;

typedef enum {
    VRK_SLOPE_FREE = 0, /* one an item: 2PL, graded, generalised partial credit */
    VRK_SLOPE_COMMON,   /* one for all: 1PL; the same as slope 1 and a free spread of the trait */
    VRK_SLOPE_ONE,      /* all 1 and the trait's variance 1 */
} vrk_irt_slope;

/* Answers. A view: owns nothing. Rows with the same answers may be added up, or not: the fit is the
 * same. */
typedef struct {
    int64_t persons, items;
    const int8_t *x;      /* [persons x items] column-major; 0 ... categories-1, -1 = missing */
    const double *weight; /* [persons] > 0, how many gave these answers; NULL = all 1 */
    const int32_t *categories; /* [items] >= 2; NULL = highest answer + 1 */
    const char *const *name;   /* [items] for messages; NULL = "item 1" ... */
} vrk_answers;

/* Items whose parameters are known. */
typedef struct {
    const bool *known;       /* [items] */
    const double *slope;     /* [items] */
    const double *intercept; /* [items x steps] row by row: d_1 ... d_m of each item */
    int64_t steps;           /* columns of intercept */
} vrk_irt_known;

/* All zero is the default: 2PL, or generalised partial credit. */
typedef struct {
    vrk_irt_family family;
    vrk_irt_slope slope;
    bool shared_steps;          /* rating scale: steps are the same for all items up to a shift */
    const vrk_irt_known *known; /* NULL = none; persons under min_persons need all known */
    bool priors;                /* a ~ LogN(0, .35), d ~ N(0, 2): posterior mode instead of ML */
    int64_t min_persons; /* fewer cannot calibrate; 0 = 50. A caller who knows what they do */
    int64_t points;      /* 0 = 61 */
    bool hermite;        /* Gauss-Hermite points instead of equal steps */
    double limit;        /* equal steps on [-limit, limit]; 0 = 6 */
    int max_iter;        /* 0 = 500 */
    double tol;          /* stop when a step promises less than this in ll; 0 = 1e-9 */
    bool no_errors;      /* leave out se and vcov */
} vrk_irt_opt;

typedef enum {
    VRK_ITEM_USED = 0,
    VRK_ITEM_REVERSED, /* discriminates the wrong way: check its key */
} vrk_item_flag;

/* Where the standard errors come from. */
typedef enum {
    VRK_ERRORS_NONE = 0,
    VRK_ERRORS_OBSERVED, /* the exact observed information, by Oakes's identity */
    VRK_ERRORS_CROSS, /* cross products of scores: the observed one is not definite, or too dear */
} vrk_irt_errors;

typedef struct {
    vrk_irt_family family;
    int64_t items, steps, points, params;
    int64_t persons, patterns; /* persons with an answer; distinct patterns among them */
    int64_t silent;            /* rows without any answer: they say nothing, and do not count */
    int32_t *categories;       /* [items] */
    double *slope, *slope_se;  /* [items] se 0 where fixed */
    double *intercept, *intercept_se; /* [items x steps] row by row, NaN beyond an item's own */
    double *step, *step_se; /* same shape: where on the trait; b = -d_k / a graded, -(d_k - d_(k-1))
                               / a adjacent */
    int64_t *first;         /* [items + 1] where an item's a, d_1 ... d_m stand in vcov */
    double *vcov;           /* [first[items] squared], 0 where fixed; NULL with no_errors */
    vrk_irt_errors errors;
    vrk_item_flag *flag; /* [items] */
    double *z, *weight;  /* [points] quadrature used */
    double ll;           /* of all persons' answers */
    double penalty;      /* log prior density at the estimates, 0 without priors */
    double aic, bic;
    double gradient; /* largest |d objective / d xi|, in standard errors */
    int iterations;
    int64_t evaluations; /* passes over the data */
    vrk_stop stop;
    vrk_arena mem;
} vrk_irt;

/* Each pass is O(patterns x answers x points). On failure *out is empty.
 * VRK_EINPUT: an answer out of range (person and item named), an item all gave the same answer, a
 * category never used, fewer than min_persons. Persons without answers are counted, not refused.
 * A slope or step that runs to infinity is stop = BOUNDARY. `opt` may be NULL. */
VRK_MUST vrk_status vrk_irt_fit(vrk_ctx *ctx, const vrk_answers *answers, const vrk_irt_opt *opt,
                                vrk_irt *out);
void vrk_irt_free(vrk_irt *fit); /* safe on an empty fit */

/* P of each answer [categories] of item j at z. */
void vrk_irt_probability(const vrk_irt *fit, int64_t j, double z, double *p);

/* Fisher information of item j about z at z. */
double vrk_irt_information(const vrk_irt *fit, int64_t j, double z);

#endif
