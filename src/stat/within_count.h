/* stat/within_count.h - what changes a count within a seller: Poisson regression with one free
 * level a group, conditional on each group's total, so that only differences within a group tell.
 * Hausman, Hall & Griliches (1984), Econometrica 52:909-938; errors that may hang together within a
 * group and need no Poisson variance: Wooldridge (1999), J. Econometrics 90:77-97. doc/within.md.
 */
#ifndef VRK_STAT_WITHIN_COUNT_H
#define VRK_STAT_WITHIN_COUNT_H

#include "num/stop.h"

#include "base/base.h"

/* A view: owns nothing. */
typedef struct {
    int64_t n, p, groups;
    const double *x;      /* [n x p] column-major */
    const double *y;      /* [n] >= 0 */
    const int64_t *group; /* [n] 0 ... groups - 1 */
} vrk_within_count_data;

typedef struct {
    int64_t p, groups; /* groups: those with any events, which alone tell something */
    double *beta, *se; /* [p] log rate ratios, errors clustered by group; 0 and NaN where dropped */
    bool *dropped;     /* [p] columns that do not vary within groups or are explained by others */
    double ll;         /* conditional log-likelihood without constants */
    double gradient;   /* largest element at the end */
    int iterations;
    vrk_stop stop;
    vrk_arena mem;
} vrk_within_count;

/* Newton's method with halving of steps; each iteration O(n p^2). On failure *out is empty.
 * VRK_EINPUT: a value that cannot be, named by its row; no events at all. */
VRK_MUST vrk_status vrk_within_count_fit(vrk_ctx *ctx, const vrk_within_count_data *data,
                                         vrk_within_count *out);
void vrk_within_count_free(vrk_within_count *fit); /* safe on an empty fit */

#endif
