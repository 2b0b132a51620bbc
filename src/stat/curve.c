#include "stat/curve.h"

#include <math.h>

static double ratio(const double *a, const double *b, double r)
{
    double top = 0, bottom = 0;
    for (int i = 7; i >= 0; i--) {
        top = top * r + a[i];
        bottom = bottom * r + b[i];
    }
    return top / bottom;
}

double vrk_normal_quantile(double level)
{
    static const double a[] = {3.3871328727963666080e0, 1.3314166789178437745e2,
                               1.9715909503065514427e3, 1.3731693765509461125e4,
                               4.5921953931549871457e4, 6.7265770927008700853e4,
                               3.3430575583588128105e4, 2.5090809287301226727e3};
    static const double b[] = {1.0,
                               4.2313330701600911252e1,
                               6.8718700749205790830e2,
                               5.3941960214247511077e3,
                               2.1213794301586595867e4,
                               3.9307895800092710610e4,
                               2.8729085735721942674e4,
                               5.2264952788528545610e3};
    static const double c[] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                               5.76949722146069140550e0,  3.64784832476320460504e0,
                               1.27045825245236838258e0,  2.41780725177450611770e-1,
                               2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static const double d[] = {1.0,
                               2.05319162663775882187e0,
                               1.67638483018380384940e0,
                               6.89767334985100004550e-1,
                               1.48103976427480074590e-1,
                               1.51986665636164571966e-2,
                               5.47593808499534494600e-4,
                               1.05075007164441684324e-9};
    static const double e[] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                               1.78482653991729133580e0,  2.96560571828504891230e-1,
                               2.65321895265761230930e-2, 1.24266094738807843860e-3,
                               2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double f[] = {1.0,
                               5.99832206555887937690e-1,
                               1.36929880922735805310e-1,
                               1.48753612908506148525e-2,
                               7.86869131145613259100e-4,
                               1.84631831751005468180e-5,
                               1.42151175831644588870e-7,
                               2.04426310338993978564e-15};
    double q = level - 0.5;
    if (fabs(q) <= 0.425)
        return q * ratio(a, b, 0.180625 - q * q);
    double r = sqrt(-log(q < 0 ? level : 1 - level));
    double z = r <= 5 ? ratio(c, d, r - 1.6) : ratio(e, f, r - 5);
    return q < 0 ? -z : z;
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
