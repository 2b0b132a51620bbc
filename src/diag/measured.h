/* diag/measured.h - assessments beside outcomes: ratings and tests are further signs of the
 * competence that outcomes show, each as exact as it turns out to be. Severity of raters is taken
 * off; how much a point means is estimated from the sellers whose outcomes are known, so an
 * instrument that tells nothing counts for nothing. Scores enter as likelihoods, never as
 * error-free numbers (DESIGN 5.3). */
#ifndef VRK_DIAG_MEASURED_H
#define VRK_DIAG_MEASURED_H

#include "diag/half.h"

/* Rating = level[m] + per_logit * theta - severity[rater] + noise; item right with log odds
 * item_level[m] + item_slope * theta; theta = competence at the usual mix [log odds]. */
typedef struct {
    double level[VRK_AT_MOMENTS + 1], item_level[VRK_AT_MOMENTS + 1];
    double per_logit, item_slope; /* [points of 5 per log odds], [log odds per log odds] */
    double noise;                 /* SD of a seller's mean rating [points] */
    int64_t rated, items;         /* seller x moment with a rating; item answers */
    double *rating;               /* [sellers x moments] mean, severity off; NaN = none */
    double *answers, *right;      /* [sellers x moments] */
} vrk_measured;

/* Sums up the scores and takes the raters' severity off. Memory from `mem`. VRK_EMEMORY. */
VRK_MUST vrk_status vrk_measured_make(vrk_ctx *ctx, const vrk_moment_cells *c, vrk_arena *mem,
                                      vrk_measured *out);

/* Adds what the assessments say to the likelihoods of moment m's success. */
void vrk_measured_add(const vrk_measured *a, int64_t m, const vrk_half *part, double *ll);

/* How much a point means, anew from the posteriors of theta: mean and variance
 * [sellers x moments]. VRK_EMEMORY. */
VRK_MUST vrk_status vrk_measured_renew(vrk_ctx *ctx, vrk_measured *a, int64_t sellers,
                                       const double *mean, const double *variance);

#endif
