/* stat/frailty.h - Cox regression in which the spells of a group (a seller, an account) share a
 * factor of the hazard that was not measured. Gamma: Nielsen, Gill, Andersen & Sorensen (1992),
 * Scand J Stat 19:25-43, profiled as in Therneau, Grambsch & Pankratz (2003), J Comput Graph Stat
 * 12:156-175. Log-normal by Laplace: Ripatti & Palmgren (2000), Biometrics 56:1016-1022.
 * doc/frailty.md. */
#ifndef VRK_STAT_FRAILTY_H
#define VRK_STAT_FRAILTY_H

#include "stat/cox.h"

typedef enum {
    VRK_FRAILTY_GAMMA,     /* mean 1, variance theta; the likelihood in closed form */
    VRK_FRAILTY_LOGNORMAL, /* log of it normal with mean 0, variance theta; Laplace */
} vrk_frailty_kind;

/* All zero is the default. */
typedef struct {
    vrk_frailty_kind kind;
    vrk_ties ties;
    double theta; /* > 0: taken as known; 0 = estimated */
} vrk_frailty_opt;

typedef struct {
    int64_t p, rank;
    double *beta;  /* [p] log hazard ratios within a group; 0 where dropped */
    double *se;    /* [p] given theta, the groups' factors unknown; NaN where dropped */
    double *vcov;  /* [p x p] column-major */
    bool *dropped; /* [p] as in vrk_cox */
    int32_t groups;
    double *effect;      /* [groups] log of the factor: gamma, log of its mean; log-normal, mode */
    double *effect_se;   /* [groups] of it, given betas and baseline */
    double theta;        /* variance of the factor, or of its log; 0 = no sign that groups differ */
    double log_theta_se; /* standard error of log theta, by the curvature; NaN when known or 0 */
    double ll;       /* log-likelihood with the groups integrated out, on the scale of ll_none */
    double ll_none;  /* log partial likelihood without groups (theta = 0) */
    double gradient; /* largest derivative left, over the root of its curvature */
    int evaluations; /* values of theta tried */
    vrk_stop stop;   /* BOUNDARY: theta = 0 */
    vrk_arena mem;
} vrk_frailty;

/* `data` as for vrk_cox_fit; its clusters are the groups, and must be given. For each theta tried
 * Newton's method, its steps by conjugate gradients: some hundred passes of O(rows) in all;
 * log-normal moreover O(groups rows + groups^3), for at most 4,000 groups. On failure *out is
 * empty. VRK_EINPUT: as vrk_cox_fit; no clusters; too many. VRK_ENUMERIC: without groups some beta
 * is infinite already (its column is named). `opt` may be NULL. */
VRK_MUST vrk_status vrk_frailty_fit(vrk_ctx *ctx, const vrk_cox_data *data,
                                    const vrk_frailty_opt *opt, vrk_frailty *out);
void vrk_frailty_free(vrk_frailty *fit); /* safe on an empty fit */

#endif
