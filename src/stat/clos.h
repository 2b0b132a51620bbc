/* stat/clos.h - change in length of stay: how many days longer those are under way who have been
 * through an intermediate state (infected in hospital; a deal that stepped back) than those who had
 * not by then. Schulgen & Schumacher (1996), Biometrika 83; Beyersmann, Wolkewitz & Schumacher
 * (2008), Stat Med 27:1665-1683. */
#ifndef VRK_STAT_CLOS_H
#define VRK_STAT_CLOS_H

#include "stat/transitions.h"

typedef struct {
    int32_t from; /* the state all begin in */
    int32_t via;  /* the intermediate state; 0 = state 1 */
    double tau;   /* horizon [day]; 0 = the time of the last transition */
} vrk_clos_opt;

/* At each day t the expected days left in any state that is not an end, for one in `via` at t less
 * one in `from` at t, averaged over the days on which state `from` is left (weights: how probable).
 * Days on which one of the two is empty afterwards count as 0. Not a causal effect: those who get
 * to `via` may have been slower from the start; standard errors by resampling whole deals. O(m q
 * k). VRK_EINPUT as vrk_aj_fit, or a state that does not exist. */
VRK_MUST vrk_status vrk_clos_fit(vrk_ctx *ctx, const vrk_transitions *counts,
                                 const vrk_clos_opt *opt, double *change);

#endif
