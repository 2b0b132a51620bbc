/* stat/within.h - activity within and between sellers: does the same seller get more in weeks of
 * more activity, or do active sellers differ? Mundlak (1978), Econometrica 46:69-85; Swamy & Arora
 * (1972), Econometrica 40:261-275; Hausman (1978), Econometrica 46:1251-1271. doc/within.md. */
#ifndef VRK_STAT_WITHIN_H
#define VRK_STAT_WITHIN_H

#include "base/base.h"

/* Rows of units over time, in any order. A view: owns nothing. */
typedef struct {
    int64_t n, p;
    const double *y;     /* [n] */
    const double *x;     /* [n x p] column-major, no column of ones; each must vary within units */
    const int64_t *unit; /* [n] 0 ... n-1 */
} vrk_panel;

typedef struct {
    int64_t n, p, units;
    double *within, *se_within, *vcov_within; /* [p], [p], [p x p] */
    double *between, *se_between;             /* [p] of means of units, each unit once */
    double *random, *se_random, *vcov_random; /* [p + 1] intercept first, [p+1 x p+1] */
    double *contextual;                       /* [p] between - within: not an effect of x */
    double between_intercept;
    double var_idios, var_unit; /* var_unit 0: none could be seen */
    double theta;               /* share of the mean taken off, of the unit with most rows */
    double hausman, p_hausman;  /* chi2 with p degrees; NaN: the difference of covariances is not
                                   positive, no test */
    vrk_arena mem;
} vrk_within;

/* O(n p^2). Units of unequal length: var_unit by the harmonic mean of lengths. On failure *out is
 * empty. VRK_EINPUT: a value that is not finite (row, column), too few units or rows, a column that
 * does not vary within units or is explained by others. */
VRK_MUST vrk_status vrk_within_fit(vrk_ctx *ctx, const vrk_panel *data, vrk_within *out);
void vrk_within_free(vrk_within *fit); /* safe on an empty fit */

#endif
