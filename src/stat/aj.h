/* stat/aj.h - the Aalen-Johansen estimator: the probability of being in each state as time goes,
 * for any states and transitions, steps back included; cumulative incidence is the case of one
 * state with several exits. Aalen & Johansen (1978), Scand J Stat 5:141-150; Andersen, Borgan, Gill
 * & Keiding (1993), Statistical Models Based on Counting Processes, IV.4. doc/aalen_johansen.md. */
#ifndef VRK_STAT_AJ_H
#define VRK_STAT_AJ_H

#include "stat/curve.h"
#include "stat/transitions.h"

typedef enum {
    VRK_GREENWOOD, /* transitions at one time are multinomial: right for whole days with many ties
                    */
    VRK_AALEN,     /* Poisson, dN/Y^2, as mstate's default: close when few of those at risk leave at
                      once */
} vrk_aj_variance;

/* All zero is the default: everyone begins in state 0, every transition counts. */
typedef struct {
    double start; /* landmark s: only transitions after it count, and the means begin there [day];
                   * 0 = from the beginning, transitions at day 0 included */
    const double *p0; /* [k] probabilities at the start, taken as known, sum 1; NULL = state 0 */
    const double *at; /* [n_at] ascending times to report [day]; NULL = every time */
    int64_t n_at;
    double tau; /* horizon of the restricted means [day], > start; 0 = the last time */
    vrk_aj_variance variance;
} vrk_aj_opt;

/* The curve: p holds from time[j] until time[j+1]. */
typedef struct {
    int32_t states; /* k */
    int64_t m;      /* rows */
    double *time;   /* [m] ascending [day]. Row 0 is the start, before any transition (also when the
                     * first is on day 0), unless opt.at chose the rows */
    double *p;      /* [m x k] p[j*k+s] = P(in state s at time[j]), in [0,1], sum 1 */
    double *cov;    /* [m x k x k] covariance of p[j*k ...], from the counts alone */
    double tau;     /* [day] */
    double *mean; /* [k] expected time in each state from start to tau [day]; the sum is tau - start
                   * (RMST for the first state, RMTL for an end) */
    double *mean_cov; /* [k x k] its covariance [day^2] */
    bool beyond; /* tau, or the last of opt.at, is after the last observation while not all have
                  * ended: the curve is continued level, which the data do not support */
    vrk_arena mem;
} vrk_aj;

/* Estimates from counts. O(m q k^2) at most, for m times and q kinds of transition. `opt` may be
 * NULL. On failure *out is empty. VRK_EINPUT: counts that cannot be (more leave than are at risk
 * ...), bad options. */
VRK_MUST vrk_status vrk_aj_fit(vrk_ctx *ctx, const vrk_transitions *counts, const vrk_aj_opt *opt,
                               vrk_aj *out);
void vrk_aj_free(vrk_aj *aj); /* safe on an empty fit */

int64_t vrk_aj_row(const vrk_aj *aj, double t); /* row that holds at t; -1 before the first */
double vrk_aj_se(const vrk_aj *aj, int64_t j, int32_t s); /* standard error of p[j*k+s] */
double vrk_aj_mean_se(const vrk_aj *aj, int32_t s);       /* standard error of mean[s] [day] */

/* The share in state s as it falls, for vrk_curve_quantile: when a share of all have left the first
 * state of a one-way course (time in stage). */
vrk_curve vrk_aj_curve(const vrk_aj *aj, int32_t s);

/* The matrix P(s,t) into p [k x k], p[r + k*c] = P(in c at t | in r at s), and its standard errors
 * into se [k x k] (NULL = not wanted). s as opt.start. O(k) fits. */
VRK_MUST vrk_status vrk_aj_matrix(vrk_ctx *ctx, const vrk_transitions *counts, double s, double t,
                                  vrk_aj_variance variance, double *p, double *se);

/* Standard errors by the infinitesimal jackknife, as R's survfit: the squared influence of each
 * cluster (or spell) on the estimate, summed. Right also with weights, with clusters, and where the
 * process remembers its past. */
typedef struct {
    int64_t m;       /* rows, those of the fit */
    double *se;      /* [m x k] of fit.p */
    double *mean_se; /* [k] of fit.mean [day] */
    vrk_arena mem;
} vrk_aj_errors;

/* `spells` are those that gave `counts`, and `opt` what gave `fit`. Each row of the fit costs
 * O(m q k + n k), so merge spells or choose rows by opt.at when there are many.
 * VRK_EINPUT: spells with both a count and a cluster, or that did not give these counts. */
VRK_MUST vrk_status vrk_aj_ij(vrk_ctx *ctx, const vrk_spells *spells, const vrk_transitions *counts,
                              const vrk_aj_opt *opt, const vrk_aj *fit, vrk_aj_errors *out);
void vrk_aj_errors_free(vrk_aj_errors *e);

#endif
