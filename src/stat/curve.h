/* stat/curve.h - reading a probability that grows or falls in steps: limits, and when it passes a
 * level. For Kaplan-Meier and Aalen-Johansen curves alike. */
#ifndef VRK_STAT_CURVE_H
#define VRK_STAT_CURVE_H

#include "num/special.h"

#include "base/base.h"

typedef enum {
    VRK_LOGLOG, /* symmetric for log(-log p): never outside [0,1]; Kalbfleisch & Prentice (2002) */
    VRK_PLAIN,  /* p +- z se, cut off at 0 and 1 */
} vrk_limits;

typedef struct {
    double mean, lo, hi;
} vrk_interval;

typedef struct {
    double mean, se;
} vrk_estimate;

/* a less b, which are independent: two groups' times won or lost, or chances. */
vrk_estimate vrk_estimate_less(vrk_estimate a, vrk_estimate b);

/* Limits of a probability p with standard error se, at `level` (0.9 = 90 %), in [0,1]. With se = 0,
 * or p 0 or 1, they equal p: nothing was seen that could tell how sure that is. */
vrk_interval vrk_interval_of(double p, double se, double level, vrk_limits kind);

/* Values of one curve. A view; in a table of rows, the next value is `stride` further on. */
typedef struct {
    int64_t m;
    const double *time;               /* [m] ascending [day] */
    const double *value;              /* P(still in) at time[j], falling in steps */
    const double *var;                /* its variance */
    int64_t value_stride, var_stride; /* 0 = 1 */
} vrk_curve;

/* The time at which a share q of all have left: the first time with 1 - value >= q (within 1e-9),
 * and the times at which the limits of the curve pass it (Brookmeyer & Crowley 1982, Biometrics
 * 38:29-41, on log-log limits). HUGE_VAL = not reached in what was observed, which is an answer.
 * O(m). */
vrk_interval vrk_curve_quantile(const vrk_curve *curve, double q, double level);

#endif
