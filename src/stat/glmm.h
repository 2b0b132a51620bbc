/* stat/glmm.h - mixed models on weighted cells: fixed effects and any number of random terms,
 * crossed or nested, by Laplace's approximation with exact gradients. Breslow & Clayton (1993),
 * JASA 88:9-25; Skaug & Fournier (2006), CSDA 51:699-709; Rue, Martino & Chopin (2009), JRSS B
 * 71:319-392. doc/glmm.md. */
#ifndef VRK_STAT_GLMM_H
#define VRK_STAT_GLMM_H

#include "num/stop.h"
#include "stat/curve.h"

typedef enum {
    VRK_GLMM_GAUSSIAN, /* y ~ N(eta, residual_sd^2 / weight) */
    VRK_GLMM_LOGIT,    /* y of `size` trials, P = 1/(1+exp(-eta)) */
    VRK_GLMM_CLOGLOG,  /* y of `size` trials, P = 1-exp(-exp(eta)) */
    VRK_GLMM_POISSON,  /* y events in exposure `size`, rate exp(eta) */
} vrk_glmm_family;

typedef enum {
    VRK_GLMM_BAYES, /* fixed effects integrated under N(0, 2.5^2) on the standardised scale (10 for
                     * a constant column), P(sd > 1) = 0.05 a priori (opt.rate) */
    VRK_GLMM_ML, /* maximum likelihood: what glmer (nAGQ = 1), glmmTMB and lmer(REML = FALSE) do */
    VRK_GLMM_REML, /* fixed effects integrated under a flat prior; lmer's default */
} vrk_glmm_mode;

typedef enum {
    VRK_GLMM_NORMAL,
    VRK_GLMM_T,        /* sd times Student's t with `df` degrees of freedom */
    VRK_GLMM_TWO_PART, /* a share of the levels has `wide` times the sd of the others */
} vrk_glmm_tail;

/* u[level] (a vector of q) is added to the predictor as z'u. Levels that no row has are allowed. */
typedef struct {
    int64_t levels;
    const int32_t *level; /* [n] in [0,levels); -1 = the term does not touch this row */
    int64_t q;            /* 0 = 1; correlated with each other when more than one */
    const double *z;      /* [n x q] column-major; NULL = all 1 */
    vrk_glmm_tail tail;   /* other than NORMAL only with q = 1 */
    double df;            /* T: > 2; 0 = 4 */
    double share, wide;   /* TWO_PART: 0 = 0.1 and 3 */
} vrk_glmm_term;

/* Cells. A view: owns nothing. Cells with the same covariates may be added up, or not. */
typedef struct {
    int64_t n, p;
    const double *x;      /* [n x p] column-major; give an intercept as a column of ones */
    const double *y;      /* [n] */
    const double *size;   /* [n] trials or exposure >= 0; NULL = 1; Gaussian: not used */
    const double *offset; /* [n] added to the predictor; NULL = 0 */
    const double *weight; /* [n] >= 0; NULL = 1; with 0 the row does not count */
    int64_t terms;
    const vrk_glmm_term *term;
} vrk_glmm_data;

/* All zero is the default. */
typedef struct {
    vrk_glmm_family family;
    vrk_glmm_mode mode;
    double rate;     /* BAYES: of the exponential prior on a sd, in units of the response's sd where
                      * Gaussian; 0 = 3.0 */
    double prior_sd; /* BAYES: of a standardised fixed effect; 0 = 2.5 */
    int max_iter;    /* 0 = 200 */
    double tol;      /* stop when a step promises less than this in ll; 0 = 1e-7 */
    int agq; /* ML of one normal term with q = 1, not Gaussian: points of adaptive Gauss-Hermite
              * quadrature, at most 100; 0, 1 = Laplace. For few binary trials a level */
    bool integrate; /* BAYES: effects are integrated over their hyperparameters (at most 8), not
                     * taken where these are likeliest: 25 more fits of effects for one, 81 for two,
                     * 25 for four */
    bool quick; /* no second derivatives in the hyperparameters: theta_cov is empty, intervals are
                 * conditional on the variances, vcov as from glmer without derivatives */
} vrk_glmm_opt;

typedef struct {
    int64_t levels, q;
    double *cov;  /* [q x q] covariance of a level's u (T: scale; TWO_PART: of the narrow part) */
    double *sd;   /* [q] roots of its diagonal; 0 = at the boundary */
    double *mode; /* [levels x q]: mode[l*q + k] */
    double *var;  /* [levels x q x q]: conditional covariance of each level's u given the variances,
                   * fixed effects integrated unless ML */
} vrk_glmm_effect;

typedef struct {
    int64_t p, rank;
    double *beta;  /* [p]; 0 where dropped */
    double *se;    /* [p]; NaN where dropped */
    double *vcov;  /* [p x p]; 0 where dropped */
    bool *dropped; /* [p] columns that the ones before them explain */
    int64_t terms;
    vrk_glmm_effect *term; /* [terms] */
    double residual_sd;    /* Gaussian; else 0 */
    int64_t h;         /* hyperparameters: per term the Cholesky factor of cov by columns, log of
                        * its diagonal; last, Gaussian, log residual_sd */
    double *theta;     /* [h] */
    double *theta_cov; /* [h x h] inverse curvature; 0 where at the boundary, or quick */
    double ll;         /* Laplace (or quadrature) log-likelihood with all constants (binomial
                        * coefficients too); REML: restricted; BAYES: log posterior density of
                        * theta, up to what does not depend on it */
    double gradient;   /* largest |d ll / d parameter| */
    double condition;  /* largest over smallest pivot of the last system */
    double effective;  /* parameters that the data paid for: trace of the hat matrix */
    int64_t rows;      /* rows that counted */
    int iterations, evaluations, newton;
    int points;    /* integrate: of the hyperparameters; beta, se, vcov, and the terms' mode and var
                    * are then means and covariances over them; theta, cov and sd are the likeliest */
    vrk_stop stop; /* BOUNDARY: a sd is 0 (or a correlation 1), or a fixed effect has no finite
                    * value (separation) */
    struct vrk_glmm_joint *joint; /* what draws need */
    vrk_arena mem;
} vrk_glmm;

/* Fits. Each evaluation of likelihood and gradient is a few passes over the cells, O(n terms), and
 * a sparse factorisation. On failure *out is empty. `opt` may be NULL. VRK_EINPUT names row and
 * column: a value that is not finite, more successes than trials, a level out of range, no rows.
 * VRK_ENUMERIC: no finite likelihood anywhere near the start. */
VRK_MUST vrk_status vrk_glmm_fit(vrk_ctx *ctx, const vrk_glmm_data *data, const vrk_glmm_opt *opt,
                                 vrk_glmm *out);
void vrk_glmm_free(vrk_glmm *fit); /* safe on an empty fit */

/* Columns of a joint draw: the p fixed effects, then each term's levels x q, in the order of mode.
 */
int64_t vrk_glmm_columns(const vrk_glmm *fit);

/* draws [count x columns] by rows: draws first ... first+count-1 of (beta, u) given the data; the
 * variances drawn too unless quick. Draw d depends on seed and d alone. O(nnz(L)) a draw. */
VRK_MUST vrk_status vrk_glmm_draw(vrk_ctx *ctx, const vrk_glmm *fit, uint64_t seed, int64_t first,
                                  int64_t count, double *draws);

#endif
