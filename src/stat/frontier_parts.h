/* stat/frontier_parts.h - private to frontier*.c: the likelihood and the way up it. */
#ifndef VRK_STAT_FRONTIER_PARTS_H
#define VRK_STAT_FRONTIER_PARTS_H

#include "stat/frontier.h"

/* Parameters in the order they stand: beta [p], delta [q], log sv, log su, mu, eta. */
typedef struct {
    const vrk_frontier_data *d;
    int64_t k, at_sv, at_su, at_mu, at_eta; /* -1: not estimated */
    int64_t firms;
    double last;                           /* last period of all */
    double *eps, *dl, *decay;              /* [n] residual; d l / d eps; exp(-eta (t - last)) */
    double *w, *ca, *cb;                   /* [n] second derivatives by eps: eps, log sv, log su */
    double *s1, *s2, *a, *t, *ds1, *da;    /* [firms] sums over a firm's rows; see doc */
    double *zd;                            /* [n] z'delta */
    double *work;                          /* [VRK_MAT_BLOCK x p] */
    double *theta, *gradient, *hessian;    /* [k], [k], [k x k] */
    double *try_theta, *step, *chol, *two; /* [k], [k], [k x k], [2k] */
    bool *dropped;                         /* [k] */
    bool exponential;
    bool newton; /* rows independent and half-normal: second derivatives in closed form */
} frontier_work;

/* Log-likelihood at theta; fills w->eps. gradient [k] NULL: not wanted. */
double vrk_frontier_ll(frontier_work *w, const double *theta, double *gradient);
/* Both derivatives at w->theta, into w->gradient and w->hessian; returns ll. */
double vrk_frontier_curvature(frontier_work *w);
VRK_MUST vrk_status vrk_frontier_climb(vrk_ctx *ctx, frontier_work *w, const vrk_frontier_opt *o,
                                       vrk_frontier *out);

#endif
