/* sim/verdict.h - what is true of each seller at each moment, against the organisation, and which
 * region of DESIGN section 5.4 that is. */
#ifndef VRK_SIM_VERDICT_H
#define VRK_SIM_VERDICT_H

#include "sim/world.h"

typedef enum {
    VRK_FINE,
    VRK_COMPETENCE,
    VRK_EXECUTION,
    VRK_PRESSURE,
    VRK_PROCESS,
    VRK_MARKET,
    VRK_VERDICTS
} vrk_verdict;

extern const char *const vrk_verdict_name[VRK_VERDICTS];

#define VRK_DELTA 0.5 /* the smallest difference that matters [log odds] */

/* Deviations from the organisation's median [log odds]; means over the weeks of employment. */
typedef struct {
    double e, p, q, q_simple, q_complex; /* the seller's own */
    double team_e, team_q, market_q;     /* not the seller's */
    double load_80;                      /* 80th percentile of own load [SD] */
    vrk_verdict verdict, simple, complex;
} vrk_level;

/* Fills level [sellers x VRK_MOMENTS] by seller. O(sellers x weeks). VRK_EMEMORY. */
VRK_MUST vrk_status vrk_levels(vrk_ctx *ctx, const vrk_world *world, vrk_level *level);

/* Median of x [n], n >= 1; x is put in order. */
double vrk_median(double *x, int64_t n);

#endif
