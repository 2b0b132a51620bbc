/* stat/km.h - the Kaplan-Meier curve: how long until it happens, when for many
 * subjects it has not happened yet. Kaplan & Meier (1958), JASA 53:457-481. */
#ifndef VRK_STAT_KM_H
#define VRK_STAT_KM_H

#include "stat/curve.h"

/* Right-censored, optionally left-truncated times. A view: owns nothing. */
typedef struct {
    int64_t n;            /* subjects */
    const double *entry;  /* [n] time first observed [day]; NULL = 0 for all */
    const double *exit;   /* [n] time of event or censoring [day], > entry */
    const uint8_t *event; /* [n] 1 = event at exit, 0 = censored */
} vrk_surv;

/* All zero is the default. */
typedef struct {
    double until;     /* stop after this time [day]; 0 = the last event */
    int64_t min_risk; /* stop when fewer are at risk; 0 = 1 */
} vrk_km_opt;

/* The curve steps down at time[j] and is constant until time[j+1]. */
typedef struct {
    int64_t m;      /* distinct event times, <= n */
    double *time;   /* [m] ascending [day] */
    double *risk;   /* [m] subjects at risk just before time[j] */
    double *surv;   /* [m] P(T > time[j]), in [0,1] */
    double *se_log; /* [m] Greenwood standard error of log surv[j]; inf once surv is 0 */
    double *var;    /* [m] Greenwood variance of surv[j]; 0 once surv is 0 */
    double last;    /* last time anyone was under observation [day] */
    vrk_arena mem;  /* holds all of the above; release with vrk_km_free */
} vrk_km;

/* Estimates the curve in O(n log n). `opt` may be NULL. On failure *out is empty.
 * VRK_EINPUT: no subjects, or a time that is not finite or not after its entry. */
VRK_MUST vrk_status vrk_km_fit(vrk_ctx *ctx, const vrk_surv *data, const vrk_km_opt *opt,
                               vrk_km *out);

/* The mean time until it happens, counted to tau at most: the area under the curve, with
 * Greenwood's standard error (Klein & Moeschberger 2003, 4.5). Past km->last the curve is taken as
 * level, which the data do not support: compare tau with it. The curve must reach tau (no opt.until
 * before). */
vrk_estimate vrk_km_mean(const vrk_km *km, double tau);

/* For vrk_curve_quantile: the time by which a share q have had it. */
vrk_curve vrk_km_curve(const vrk_km *km);

void vrk_km_free(vrk_km *km); /* safe on an empty or zeroed curve */

#endif
