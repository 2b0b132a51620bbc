/* stat/glmm_parts.h - what the files of stat/glmm share. Not for others.
 *
 * A cell's row of the design is a sum of sparse rows, one for each `part`: a factor whose levels
 * many cells share. What one factor decides (a seller's team) is folded into it, and equal rows of
 * fixed effects are one level. Sums over cells that the model needs (of residuals, of weights, of
 * weights for pairs of levels) are then table look-ups, and the design is met only once per level.
 * Columns 0 ... m-1 are random effects, m ... m+p-1 fixed. */
#ifndef VRK_STAT_GLMM_PARTS_H
#define VRK_STAT_GLMM_PARTS_H

#include "num/sparse.h"
#include "stat/glmm.h"

typedef struct {
    int64_t levels;
    int32_t *of;         /* [n] */
    int64_t *start;      /* [levels+1] */
    int32_t *col;        /* [start[levels]] */
    double *x;           /* same */
    int64_t *place;      /* of each pair of random columns in `uu`, in the order of the loops */
    double *lin, *r, *w; /* [levels] predictor, sums of residuals and weights */
    double *lev;         /* [levels] */
} glmm_part;

typedef struct {
    int a, b; /* parts */
    int64_t pairs;
    int32_t *of;           /* [n] */
    int32_t *left, *right; /* [pairs] levels */
    int64_t *place;
    double *w, *lev; /* [pairs] */
} glmm_cross;

enum { GLMM_CHUNK = 512, GLMM_FIXED = 4096 /* most columns of fixed effects */ };
#define GLMM_FLOOR 1e-6 /* least sd, in its unit: sd = floor + exp(theta) */

typedef struct {
    vrk_glmm_opt opt;
    const vrk_glmm_data *data;
    int64_t n, m, p, h; /* rows that count; random, fixed columns (not dropped); hyperparameters */
    double *y, *size, *offset; /* [n] weight taken in; size of a Gaussian row is its weight */
    double constant;           /* of the log-likelihood */
    double *prior;             /* [p] precision of each fixed effect */
    double *unit;              /* [h] natural size of each diagonal, for start and prior */
    int64_t *keep;             /* [p] column of data->x */
    int64_t *first;            /* [terms+1] first random column */
    int64_t *row;              /* [n] row of the data */
    int parts, crosses;
    glmm_part *part;
    glmm_cross *cross;
    int64_t nnz, *start, *at; /* lower triangle of random x random */
    int64_t *block;           /* place of each level's q x q lower triangle, in order */
    vrk_arena mem;
} glmm_model;

typedef struct glmm_agq glmm_agq;

/* Where the fit stands, and the system there. */
typedef struct {
    glmm_model *model;
    bool profile; /* fixed effects are latent, found with the random ones */
    bool full;    /* ... and integrated */
    vrk_sparse *factor;
    double *theta;             /* [h] */
    double *scale, *precision; /* per term q x q: Cholesky factor, inverse covariance */
    double residual;           /* Gaussian sd */
    double *b, *step;          /* [m+p] effects; */
    double *g;                 /* [m+p] gradient of the penalised ll */
    double *uu, *inverse;      /* [nnz] */
    double *uf;                /* [p x m] random column j at uf + j*p */
    double *ff;                /* [p x p] */
    double *solved;            /* [m x p] uu^-1 uf' */
    double *schur;             /* [p x p] */
    double *gs;                /* [p x m] solved times schur^-1 */
    double *schur_inverse;     /* [p x p] */
    double *third;             /* [n] dW/d eta */
    double *c, *v;             /* [m+p] */
    double *last, *work;       /* [m+p], [p x m]; to work in */
    double ll, energy, log_q, log_det, condition;
    double effective; /* sum of leverage times weight */
    glmm_agq *agq;    /* NULL = Laplace */
    int polish; /* Newton steps more than the search needs: each squares the mode's distance */
    int newton;
    bool valid;
} glmm_state;

/* glmm_model.c */
VRK_MUST vrk_status vrk_glmm_model_new(vrk_ctx *ctx, const vrk_glmm_data *data,
                                       const vrk_glmm_opt *opt, vrk_glmm *out, glmm_model *model);

/* glmm_pattern.c: which pairs of random columns meet, and where each part finds them */
VRK_MUST vrk_status vrk_glmm_pattern(vrk_ctx *ctx, glmm_model *model);

/* glmm_cells.c: one pass over the cells at the parts' predictors; fills the tables r and w and
 * third; returns the log-likelihood without its constant. */
double vrk_glmm_cells(glmm_model *model, double residual, double *third);
/* The log-likelihood (not Gaussian) of cells from ... from+count-1 at eta [count], and its slope,
 * minus curvature and that one's slope, all [count]. */
double vrk_glmm_at(const glmm_model *model, int64_t from, int64_t count, const double *eta,
                   double *r, double *w, double *third);
/* one pass: sums leverage x third into the parts' r; returns the sum of leverage x weight */
double vrk_glmm_leverage(glmm_model *model, const double *third);

/* glmm_system.c */
VRK_MUST vrk_status vrk_glmm_state_new(vrk_ctx *ctx, glmm_model *model, glmm_state *s);
void vrk_glmm_state_free(glmm_state *s);
/* Finds the mode for theta as it stands (and fixed effects as they stand, unless profile), from
 * where b is; the system, its factor and log_det are those there. valid is false where there is
 * none. */
VRK_MUST vrk_status vrk_glmm_mode_find(vrk_ctx *ctx, glmm_state *s);
VRK_MUST vrk_status vrk_glmm_invert(vrk_ctx *ctx, glmm_state *s);
/* Leverages, c and v, from the inverse. */
void vrk_glmm_levels(glmm_state *s);
/* Adds the fixed effects to the factor as it stands: solved, schur and its inverse. */
VRK_MUST vrk_status vrk_glmm_border(vrk_ctx *ctx, glmm_state *s);

/* glmm_outer.c: minus the marginal log-likelihood (posterior) *f and its gradient g, at x = theta,
 * or fixed effects and theta unless arg->profile; arg is a glmm_state. *f is infinite where there
 * is no mode, g then not set. */
VRK_MUST vrk_status vrk_glmm_objective(vrk_ctx *ctx, const double *x, double *f, double *g,
                                       void *arg);
/* Fills unit; theta [h] to start from, curvature [h] a first guess of its inverse curvature. */
void vrk_glmm_start(glmm_model *m, double *theta, double *curvature);

/* glmm_agq.c: quadrature for one scalar term, opt.agq points. The log-likelihood at the state's
 * fixed effects and theta, around its modes, and the gradient g [p+1] in both. O(n p agq). */
enum { GLMM_AGQ_MOST = 100 };
VRK_MUST vrk_status vrk_glmm_agq_new(vrk_ctx *ctx, glmm_model *m, glmm_agq **out);
double vrk_glmm_agq(glmm_agq *q, const glmm_state *s, double *g);

/* glmm_prior.c: what the random terms' distribution adds. Theta to scale and precision. */
void vrk_glmm_theta(glmm_state *s, const double *theta);
/* minus the log density of the effects at b, less its part log_q that does not depend on them */
double vrk_glmm_energy(const glmm_state *s, double *log_q);
/* adds slope and curvature to g, uu and ff; `exact` curvature may be negative in heavy tails */
void vrk_glmm_pull(glmm_state *s, bool exact);
/* d ll / d theta, from inverse and v */
void vrk_glmm_theta_gradient(const glmm_state *s, double *g);
/* adds to c the change of the curvature with b */
void vrk_glmm_third(glmm_state *s);

#endif
