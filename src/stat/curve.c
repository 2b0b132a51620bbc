#include "stat/curve.h"

#include "num/special.h"

#include <math.h>

vrk_estimate vrk_estimate_less(vrk_estimate a, vrk_estimate b)
{
    return (vrk_estimate){a.mean - b.mean, hypot(a.se, b.se)};
}

vrk_interval vrk_interval_of(double p, double se, double level, vrk_limits kind)
{
    double z = vrk_normal_quantile(0.5 + level / 2);
    if (!(se > 0) || p <= 0 || p >= 1)
        return (vrk_interval){p, p, p};
    if (kind == VRK_PLAIN)
        return (vrk_interval){p, fmax(p - z * se, 0), fmin(p + z * se, 1)};
    /* The standard error of log(-log p) is se / |p log p|. */
    double width = z * se / fabs(p * log(p));
    return (vrk_interval){p, pow(p, exp(width)), pow(p, exp(-width))};
}

vrk_interval vrk_curve_quantile(const vrk_curve *curve, double q, double level)
{
    const double slack = 1e-9; /* a curve that just touches the level has passed it */
    int64_t value_stride = curve->value_stride > 0 ? curve->value_stride : 1;
    int64_t var_stride = curve->var_stride > 0 ? curve->var_stride : 1;
    vrk_interval t = {HUGE_VAL, HUGE_VAL, HUGE_VAL};
    for (int64_t j = 0; j < curve->m; j++) {
        double p = curve->value[j * value_stride], var = curve->var[j * var_stride];
        vrk_interval in = vrk_interval_of(p, sqrt(fmax(var, 0)), level, VRK_LOGLOG);
        if (in.lo <= 1 - q + slack && curve->time[j] < t.lo)
            t.lo = curve->time[j];
        if (in.mean <= 1 - q + slack && curve->time[j] < t.mean)
            t.mean = curve->time[j];
        if (in.hi <= 1 - q + slack && curve->time[j] < t.hi)
            t.hi = curve->time[j];
    }
    return t;
}
