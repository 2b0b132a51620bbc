/* num/optimise.h - the least value of a smooth function from its exact gradient: BFGS with a line
 * search that ends on the weak Wolfe conditions (Nocedal & Wright 2006, Numerical Optimization,
 * ch. 6; Lewis & Overton 2013, Math Program 141). For a few to some hundred parameters. */
#ifndef VRK_NUM_OPTIMISE_H
#define VRK_NUM_OPTIMISE_H

#include "base/base.h"
#include "num/stop.h"

/* Value *f and gradient g [n] at x [n]. A point where the function is not defined has *f not
 * finite (g is then not read): the step is shortened. A status other than VRK_OK ends the search.
 */
typedef vrk_status (*vrk_objective)(vrk_ctx *ctx, const double *x, double *f, double *g, void *arg);

/* All zero is the default. */
typedef struct {
    int max_iter;     /* 0 = 200 */
    double tol;       /* stop when a Newton step promises less than this in f; 0 = 1e-9 */
    double max_step;  /* longest change of a parameter in one step; 0 = 4 */
    const double *lo; /* [n] bounds, kept by smooth maps, so never met exactly: x = lo + exp(z), */
    const double *hi; /* [n] hi - exp(z), or logistic between; infinite = none. NULL = none. The
                       * start must be strictly inside. max_step and h are then on the scale of z */
} vrk_minimise_opt;

typedef struct {
    double f;
    double decrease; /* promised by the next step, g'Hg/2: the distance left, in units of f */
    double gradient; /* largest |df/dz| */
    int iterations, evaluations;
    vrk_stop stop; /* GRAD; STEP: no shorter step is lower; ITER */
} vrk_minimum;

/* Minimises from x [n], which becomes the best point found. h [n x n] is the first guess of the
 * inverse Hessian and becomes the last (scales the first step: worth giving); NULL = none. `opt`
 * may be NULL. O(n^2) and one to two evaluations an iteration. VRK_EINPUT: the function is not
 * finite at the start, or the start is not inside its bounds. */
VRK_MUST vrk_status vrk_minimise(vrk_ctx *ctx, int64_t n, vrk_objective fn, void *arg,
                                 const vrk_minimise_opt *opt, double *x, double *h,
                                 vrk_minimum *out);

/* hess [n x n] = symmetric central differences of the gradient at x [n], steps step [n]
 * (NULL = 1e-4 each). 2n evaluations. VRK_ENUMERIC: not finite beside x. */
VRK_MUST vrk_status vrk_hessian(vrk_ctx *ctx, int64_t n, vrk_objective fn, void *arg,
                                const double *x, const double *step, double *hess);

#endif
