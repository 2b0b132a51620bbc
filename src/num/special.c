#include "num/special.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sf_psi.h>
#include <math.h>

static const double LOG_ROOT_2PI = 0.91893853320467274178, TWO_PI = 6.28318530717958647693;

/* GSL's handler is one for the process and ends it. Turned off before anything runs, so that no two
 * threads meet over it; a program that wants its own sets it in main as before. */
__attribute__((constructor)) static void quiet(void)
{
    gsl_set_error_handler_off();
}

double vrk_normal_density(double z)
{
    return exp(-z * z / 2 - LOG_ROOT_2PI);
}

double vrk_normal_below(double z)
{
    return erfc(-z * M_SQRT1_2) / 2;
}

/* Phi(z) z / -phi(z) = 1 - 1/z^2 + 3/z^4 - 15/z^6 ... ; for z < -30 eight terms are exact. */
static double far_below(double z)
{
    double inverse = 1 / (z * z), sum = 0;
    for (int k = 8; k > 0; k--)
        sum = -(2 * k - 1) * inverse * (1 + sum);
    return 1 + sum;
}

void vrk_normal_tail(double z, double *log_below, double *mills)
{
    if (z < -30) {
        double series = far_below(z);
        *log_below = -z * z / 2 - LOG_ROOT_2PI - log(-z) + log(series);
        *mills = -z / series;
    } else {
        double tail = erfc(fabs(z) * M_SQRT1_2) / 2;
        *log_below = z > 0 ? log1p(-tail) : log(tail);
        *mills = vrk_normal_density(z) / (z > 0 ? 1 - tail : tail);
    }
    if (z == -HUGE_VAL) {
        *log_below = -HUGE_VAL;
        *mills = HUGE_VAL;
    }
}

double vrk_normal_log_below(double z)
{
    double log_below, mills;
    vrk_normal_tail(z, &log_below, &mills);
    return log_below;
}

double vrk_normal_mills(double z)
{
    double log_below, mills;
    vrk_normal_tail(z, &log_below, &mills);
    return mills;
}

double vrk_normal_quantile(double p)
{
    if (!(p >= 0 && p <= 1))
        return nan("");
    if (p <= 0 || p >= 1)
        return p <= 0 ? -HUGE_VAL : HUGE_VAL;
    double z = gsl_cdf_ugaussian_Pinv(p);
    double off = p < .5 ? vrk_normal_below(z) - p : (1 - p) - vrk_normal_below(-z);
    return z - off / vrk_normal_density(z); /* one step of Newton: to the last digit */
}

/* Gauss-Legendre with 20 points: positive halves of nodes and weights. */
static const double NODE[10] = {
    0.99312859918509492478, 0.96397192727791379126, 0.91223442825132590586, 0.83911697182221882339,
    0.74633190646015079261, 0.63605368072651502545, 0.51086700195082709800, 0.37370608871541956067,
    0.22778585114164507808, 0.07652652113349733375};
static const double WEIGHT[10] = {
    0.01761400713915211831, 0.04060142980038694133, 0.06267204833410906356, 0.08327674157670474872,
    0.10193011981724043503, 0.11819453196151841731, 0.13168863844917662689, 0.14209610931838205132,
    0.14917298647260374678, 0.15275338713072585069};

/* |r| < .925: the integral over the angle, from independence (angle 0) to asin r. */
static double by_angle(double h, double k, double r)
{
    double half = (h * h + k * k) / 2, hk = h * k, angle = asin(r), sum = 0;
    for (int i = 0; i < 20; i++) {
        double node = i < 10 ? -NODE[i] : NODE[i - 10];
        double s = sin(angle * (1 + node) / 2);
        sum += WEIGHT[i % 10] * exp((s * hk - half) / (1 - s * s));
    }
    return sum * angle / (2 * TWO_PI) + vrk_normal_below(-h) * vrk_normal_below(-k);
}

/* What the step to perfect correlation misses, r close to 1: the singular part of the integrand in
 * closed form, the rest by quadrature. Genz (2004), section 2.3; h, k with r > 0. */
static double by_distance(double h, double k, double r)
{
    double hk = h * k, as = (1 - r) * (1 + r), a = sqrt(as), b = fabs(h - k), bs = b * b;
    double c = (4 - hk) / 8, d = (12 - hk) / 16, root = -(bs / as + hk) / 2, sum = 0;
    if (root > -100)
        sum = a * exp(root) * (1 - c * (bs - as) * (1 - d * bs / 5) / 3 + c * d * as * as / 5);
    if (-hk < 100)
        sum -= exp(-hk / 2) * sqrt(TWO_PI) * vrk_normal_below(-b / a) * b *
               (1 - c * bs * (1 - d * bs / 5) / 3);
    for (int i = 0; i < 20; i++) {
        double node = i < 10 ? -NODE[i] : NODE[i - 10];
        double x = a * (1 + node) / 2, xs = x * x, rs = sqrt(1 - xs);
        double power = -(bs / xs + hk) / 2;
        if (power > -100)
            sum += a / 2 * WEIGHT[i % 10] * exp(power) *
                   (exp(-hk * xs / (2 * (1 + rs) * (1 + rs))) / rs - (1 + c * xs * (1 + d * xs)));
    }
    return -sum / TWO_PI;
}

/* P(Z1 > h, Z2 > k), both finite. */
static double both_above(double h, double k, double r)
{
    if (fabs(r) < .925)
        return by_angle(h, k, r);
    double sign = r < 0 ? -1 : 1, off = 0;
    k *= sign;
    if (fabs(r) < 1)
        off = by_distance(h, k, fabs(r));
    if (r > 0)
        return off + vrk_normal_below(-fmax(h, k));
    /* between h and k, measured in the tail where both probabilities are small */
    double between = 0;
    if (h < k)
        between = h < 0 ? vrk_normal_below(k) - vrk_normal_below(h)
                        : vrk_normal_below(-h) - vrk_normal_below(-k);
    return between - off;
}

double vrk_normal2_below(double h, double k, double r)
{
    if (isnan(h) || isnan(k) || !(r >= -1 && r <= 1))
        return nan("");
    if (isinf(h) || isinf(k)) {
        if (h == -HUGE_VAL || k == -HUGE_VAL)
            return 0;
        return vrk_normal_below(fmin(h, k)); /* the other one is no condition */
    }
    return fmin(1, fmax(0, both_above(-h, -k, r)));
}

double vrk_lgamma(double x)
{
    int sign; /* not lgamma(): that writes the global signgam */
    return lgamma_r(x, &sign);
}

double vrk_digamma(double x)
{
    return x <= 0 && x == floor(x) ? nan("") : gsl_sf_psi(x);
}

double vrk_trigamma(double x)
{
    return x > 0 ? gsl_sf_psi_1(x) : nan("");
}

double vrk_log_beta(double a, double b)
{
    return a > 0 && b > 0 ? gsl_sf_lnbeta(a, b) : nan("");
}

double vrk_log_choose(double n, double k)
{
    if (!(k >= 0 && k <= n))
        return nan("");
    return k <= 0 || k >= n ? 0 : -log1p(n) - vrk_log_beta(n - k + 1, k + 1);
}

double vrk_gamma_below(double x, double shape)
{
    return isnan(x) || !(shape > 0) ? nan("") : x <= 0 ? 0 : gsl_cdf_gamma_P(x, shape, 1);
}

double vrk_gamma_above(double x, double shape)
{
    return isnan(x) || !(shape > 0) ? nan("") : x <= 0 ? 1 : gsl_cdf_gamma_Q(x, shape, 1);
}

/* What a quantile is looked for in: a distribution with two parameters on (0, infinity) or (0, 1).
 */
typedef struct {
    double (*below)(double x, double a, double b), (*above)(double x, double a, double b);
    double a, b;
} distribution;

/* The x with P(X <= x) = p and P(X > x) = q, by halving its logarithm and, close to 1, that of what
 * is left to 1: right to the last digits wherever the probability is, which GSL's own inverses are
 * not. */
static double find_between(const distribution *d, double p, double q, double hi)
{
    double lo = 0;
    for (int i = 0; i < 2200; i++) {
        double x = lo > 0 && hi > 4 * lo ? sqrt(lo) * sqrt(hi)
                   : lo > 0              ? lo + (hi - lo) / 2
                                         : hi * 0x1p-64;
        if (x <= lo || x >= hi)
            break;
        bool low = p < .5 ? d->below(x, d->a, d->b) < p : d->above(x, d->a, d->b) > q;
        if (low)
            lo = x;
        else
            hi = x;
    }
    return hi;
}

static double gamma_below2(double x, double shape, double scale)
{
    return vrk_gamma_below(x / scale, shape);
}

static double gamma_above2(double x, double shape, double scale)
{
    return vrk_gamma_above(x / scale, shape);
}

double vrk_gamma_quantile(double p, double shape)
{
    distribution d = {gamma_below2, gamma_above2, shape, 1};
    if (!(p >= 0 && p <= 1 && shape > 0 && isfinite(shape)))
        return nan("");
    if (p <= 0 || p >= 1)
        return p <= 0 ? 0 : HUGE_VAL;
    return find_between(&d, p, 1 - p, 1000 + 2 * shape + 60 * sqrt(shape));
}

double vrk_chi2_below(double x, double df)
{
    return vrk_gamma_below(x / 2, df / 2);
}

double vrk_chi2_above(double x, double df)
{
    return vrk_gamma_above(x / 2, df / 2);
}

double vrk_chi2_quantile(double p, double df)
{
    return 2 * vrk_gamma_quantile(p, df / 2);
}

double vrk_t_below(double x, double df)
{
    if (isnan(x) || !(df > 0))
        return nan("");
    return isinf(df) ? vrk_normal_below(x) : gsl_cdf_tdist_P(x, df);
}

/* p + q = 1, whichever is small given exactly. */
static double beta_between(double p, double q, double a, double b)
{
    distribution d = {vrk_beta_below, vrk_beta_above, a, b};
    return p <= 0 ? 0 : q <= 0 ? 1 : find_between(&d, p, q, 1);
}

double vrk_t_quantile(double p, double df)
{
    if (!(p >= 0 && p <= 1 && df > 0))
        return nan("");
    if (p <= 0 || p >= 1)
        return p <= 0 ? -HUGE_VAL : HUGE_VAL;
    if (isinf(df))
        return vrk_normal_quantile(p);
    double tail =
        p < .5 ? p : 1 - p; /* t^2 is F(1, df), and the smaller of df/(df + t^2) is beta */
    if (tail >= .5)
        return 0;
    double share = beta_between(2 * tail, 1 - 2 * tail, df / 2, .5), t;
    if (share < .5)
        t = sqrt(df * (1 - share) / share);
    else {
        double rest = beta_between(1 - 2 * tail, 2 * tail, .5, df / 2);
        t = sqrt(df * rest / (1 - rest));
    }
    return p < .5 ? -t : t;
}

double vrk_f_below(double x, double df1, double df2)
{
    return vrk_f_above(1 / x, df2, df1);
}

double vrk_f_above(double x, double df1, double df2)
{
    if (isnan(x) || !(df1 > 0 && df2 > 0))
        return nan("");
    if (x <= 0)
        return 1;
    double ratio = df1 * x / df2; /* X/(1 + X) is beta; the smaller of it and its rest is exact */
    return isinf(ratio) ? 0
           : ratio < 1  ? vrk_beta_above(ratio / (1 + ratio), df1 / 2, df2 / 2)
                        : vrk_beta_below(1 / (1 + ratio), df2 / 2, df1 / 2);
}

double vrk_f_quantile(double p, double df1, double df2)
{
    if (!(p >= 0 && p <= 1 && df1 > 0 && df2 > 0))
        return nan("");
    double share = vrk_beta_quantile(p, df1 / 2, df2 / 2);
    if (share < .5)
        return df2 * share / (df1 * (1 - share));
    double rest = beta_between(1 - p, p, df2 / 2, df1 / 2);
    return df2 * (1 - rest) / (df1 * rest);
}

double vrk_beta_below(double x, double a, double b)
{
    if (isnan(x) || !(a > 0 && b > 0))
        return nan("");
    return x <= 0 ? 0 : x >= 1 ? 1 : gsl_cdf_beta_P(x, a, b);
}

double vrk_beta_above(double x, double a, double b)
{
    if (isnan(x) || !(a > 0 && b > 0))
        return nan("");
    return x <= 0 ? 1 : x >= 1 ? 0 : gsl_cdf_beta_Q(x, a, b);
}

double vrk_beta_quantile(double p, double a, double b)
{
    if (!(p >= 0 && p <= 1 && a > 0 && b > 0))
        return nan("");
    return beta_between(p, 1 - p, a, b);
}

static bool counts(int64_t n)
{
    return n >= 0 && n <= UINT32_MAX;
}

double vrk_binomial_at(int64_t k, int64_t n, double p)
{
    if (!counts(n) || !(p >= 0 && p <= 1))
        return nan("");
    return k < 0 || k > n ? 0 : gsl_ran_binomial_pdf((unsigned)k, p, (unsigned)n);
}

double vrk_binomial_below(int64_t k, int64_t n, double p)
{
    if (!counts(n) || !(p >= 0 && p <= 1))
        return nan("");
    return k < 0 ? 0 : k >= n ? 1 : vrk_beta_above(p, (double)(k + 1), (double)(n - k));
}

double vrk_binomial_above(int64_t k, int64_t n, double p)
{
    if (!counts(n) || !(p >= 0 && p <= 1))
        return nan("");
    return k < 0 ? 1 : k >= n ? 0 : vrk_beta_below(p, (double)(k + 1), (double)(n - k));
}

double vrk_poisson_at(int64_t k, double mean)
{
    if (!(mean >= 0))
        return nan("");
    if (k < 0 || mean <= 0)
        return k == 0;
    return exp((double)k * log(mean) - mean - vrk_lgamma((double)k + 1));
}

double vrk_poisson_below(int64_t k, double mean)
{
    return !(mean >= 0) ? nan("") : k < 0 ? 0 : vrk_gamma_above(mean, (double)k + 1);
}

double vrk_poisson_above(int64_t k, double mean)
{
    return !(mean >= 0) ? nan("") : k < 0 ? 1 : vrk_gamma_below(mean, (double)k + 1);
}

double vrk_hypergeometric_at(int64_t k, int64_t good, int64_t bad, int64_t drawn)
{
    if (good < 0 || bad < 0 || drawn < 0 || drawn > good + bad)
        return nan("");
    if (k < 0 || k > good || k > drawn || drawn - k > bad)
        return 0;
    return exp(vrk_log_choose((double)good, (double)k) +
               vrk_log_choose((double)bad, (double)(drawn - k)) -
               vrk_log_choose((double)(good + bad), (double)drawn));
}

double vrk_hypergeometric_below(int64_t k, int64_t good, int64_t bad, int64_t drawn)
{
    double sum = 0;
    if (isnan(vrk_hypergeometric_at(k, good, bad, drawn)))
        return nan("");
    if (k >= drawn || k >= good)
        return 1;
    for (int64_t i = drawn > bad ? drawn - bad : 0; i <= k; i++)
        sum += vrk_hypergeometric_at(i, good, bad, drawn);
    return fmin(1, sum);
}
