/* diag/flow.h - one flow (diag/process.h) from counts per day. */
#ifndef VRK_DIAG_FLOW_H
#define VRK_DIAG_FLOW_H

#include "diag/process.h"
#include "stat/transitions.h"

/* The states that exits lead to; IN is state 0, where all begin. */
enum { VRK_FLOW_IN, VRK_FLOW_FORWARD, VRK_FLOW_BACK, VRK_FLOW_WON, VRK_FLOW_LOST, VRK_FLOW_STATES };
enum { VRK_FLOW_KINDS = VRK_FLOW_STATES - 1 };
_Static_assert((int)VRK_FLOW_STATES == (int)VRK_COURSE_STATES, "a course has the states of a flow");

/* Counts by day, days ascending. */
typedef struct {
    int64_t m;
    const double *day;   /* [m] */
    const double *risk;  /* [m] at risk on that day */
    const double *moved; /* [m x VRK_FLOW_KINDS] forward, back, won, lost */
} vrk_flow_counts;

/* Shares, times and restricted means at `horizon` [day], median and 90th percentile of the days,
 * into *flow, which has `entered` set: it bounds shares that are 0 or 1, where the estimator's own
 * error is 0 (exact binomial limits). Without counts (m = 0) all are NaN. VRK_EINPUT, VRK_EMEMORY.
 */
VRK_MUST vrk_status vrk_flow_fit(vrk_ctx *ctx, const vrk_flow_counts *counts, double horizon,
                                 vrk_flow *flow);

/* Median and 90th percentile only, of lengths with counts: entry, exit [n] as in vrk_spells, ended
 * [n] 0 = censored. NaN where n = 0. */
VRK_MUST vrk_status vrk_flow_lengths(vrk_ctx *ctx, int64_t n, const double *entry,
                                     const double *exit, const int32_t *ended, const double *count,
                                     vrk_interval *median, vrk_interval *p90);

/* The smallest round length (7, 14, 30, 60, 90, 120, 180, 270, 365, 545, 730 days) within which at
 * least 95 % of `n` counted events on `day` fall; 0 where there are none. Days ascending. */
double vrk_flow_horizon(int64_t m, const double *day, const double *n);

#endif
