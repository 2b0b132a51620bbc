/* stat/nca.h - is x needed for y: necessary-condition analysis, a descriptive plot with a number
 * (Dul 2016, Organ Res Methods 19:10-52). One outlier makes a corner; never more than a hint.
 * doc/nca.md. */
#ifndef VRK_STAT_NCA_H
#define VRK_STAT_NCA_H

#include "base/base.h"

typedef struct {
    double d_ce,
        d_cr; /* empty upper left corner over scope: step ceiling (CE-FDH), line (CR-FDH) */
    double intercept, slope; /* of the line through the corners */
    int64_t peers;           /* corners */
    double p_ce, p_cr; /* (1 + as large) / (1 + permutations) with y dealt out anew; NaN: none */
} vrk_nca;

/* x, y [n]; permutations 0: none. O(n log n + permutations n log n). VRK_EINPUT: fewer than 3 rows,
 * a value that is not finite, or x or y constant. */
VRK_MUST vrk_status vrk_nca_fit(vrk_ctx *ctx, int64_t n, const double *x, const double *y,
                                int64_t permutations, vrk_nca *out);

#endif
