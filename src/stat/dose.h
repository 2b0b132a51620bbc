/* stat/dose.h - what one more unit of activity gives, with saturation: y = c_s + f(a) + e, with a
 * level c_s of each seller, f(a) = b log(1 + a/a0) or Hill's b a^h / (K^h + a^h). doc/dose.md. */
#ifndef VRK_STAT_DOSE_H
#define VRK_STAT_DOSE_H

#include "base/base.h"

typedef struct {
    int64_t n;
    const double *a;     /* [n] activity per period, >= 0 */
    const double *y;     /* [n] */
    const int64_t *unit; /* [n] 0 ... n-1; NULL: one level for all */
} vrk_dose_data;

typedef struct {
    bool hill;
    double b, scale, power; /* scale: a0 or K; power: h, else 1 */
    double vcov[9];         /* of b, log scale, log power (0 unless hill), Gauss-Newton */
    double var;             /* of what is left */
    double low, high;       /* 5 and 95 % of the activity seen: the curve is known between these */
    bool straight;          /* the scale ran to the end of its range: no saturation can be seen */
} vrk_dose;

/* Least squares, by a grid over the shape refined; O(400 n). VRK_EINPUT: a value that is not finite
 * or negative activity (row), fewer than 5 rows, activity that does not vary within units. */
VRK_MUST vrk_status vrk_dose_fit(vrk_ctx *ctx, const vrk_dose_data *d, bool hill, vrk_dose *out);

double vrk_dose_at(const vrk_dose *f, double a);       /* f(a) */
double vrk_dose_marginal(const vrk_dose *f, double a); /* f'(a) */

typedef struct {
    double at, lo, hi; /* where one more unit gives what it costs; interval at 90 % */
} vrk_saturation;
/* VRK_EINPUT: cost that is not positive. VRK_ENUMERIC: the point lies outside low ... high, or no
 * saturation was seen: refused, with where it would be. */
VRK_MUST vrk_status vrk_dose_saturation(vrk_ctx *ctx, const vrk_dose *f, double cost,
                                        vrk_saturation *out);

#endif
