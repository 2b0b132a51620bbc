/* num/special.h - special functions and distributions: plain numbers in, plain numbers out. The
 * only file that calls GSL; its handler that ends the program is turned off. An argument outside
 * its range gives NaN, never a message. Relative error about 1e-14 unless stated; O(1) unless
 * stated. */
#ifndef VRK_NUM_SPECIAL_H
#define VRK_NUM_SPECIAL_H

#include "base/base.h"

/* The standard normal, exact in both tails: Phi(-40) is 3.7e-350 and its log is still right. */
double vrk_normal_density(double z);
double vrk_normal_below(double z);     /* Phi(z) = P(Z <= z) */
double vrk_normal_log_below(double z); /* log Phi(z); about -z^2/2 - log(-z) far below zero */
double vrk_normal_mills(double z);     /* phi(z) / Phi(z) = d log Phi / dz; about -z far below */
double vrk_normal_quantile(double p);  /* p in [0,1]; infinite at the ends */

/* log Phi(z) and phi(z) / Phi(z) in one go, for loops over many rows. */
void vrk_normal_tail(double z, double *log_below, double *mills);

/* P(Z1 <= h, Z2 <= k) of two standard normals with correlation r in [-1,1]; absolute error under
 * 1e-14. Drezner & Wesolowsky (1990), J Stat Comput Simul 35:101-107, with the refinements of Genz
 * (2004), Stat Comput 14:251-260. */
double vrk_normal2_below(double h, double k, double r);

double vrk_lgamma(double x);               /* log |Gamma(x)|, x not 0, -1, -2 ... */
double vrk_digamma(double x);              /* d log Gamma / dx */
double vrk_trigamma(double x);             /* second derivative, x > 0 */
double vrk_log_beta(double a, double b);   /* a, b > 0 */
double vrk_log_choose(double n, double k); /* log (n over k), 0 <= k <= n */

/* _below is P(X <= x), _above is P(X > x), each right in its own tail; _quantile inverts _below. */
double vrk_gamma_below(double x, double shape); /* scale 1 */
double vrk_gamma_above(double x, double shape);
double vrk_gamma_quantile(double p, double shape);
double vrk_chi2_below(double x, double df); /* df > 0 */
double vrk_chi2_above(double x, double df);
double vrk_chi2_quantile(double p, double df);
double vrk_t_below(double x, double df); /* symmetric: above is below(-x) */
double vrk_t_quantile(double p, double df);
double vrk_f_below(double x, double df1, double df2);
double vrk_f_above(double x, double df1, double df2);
double vrk_f_quantile(double p, double df1, double df2);
double vrk_beta_below(double x, double a, double b);
double vrk_beta_above(double x, double a, double b);
double vrk_beta_quantile(double p, double a, double b); /* about 60 evaluations of _below */

/* Counts. P(X = k), P(X <= k), P(X > k); any k (outside the range: 0 or 1). */
double vrk_binomial_at(int64_t k, int64_t n, double p);
double vrk_binomial_below(int64_t k, int64_t n, double p);
double vrk_binomial_above(int64_t k, int64_t n, double p);
double vrk_poisson_at(int64_t k, double mean);
double vrk_poisson_below(int64_t k, double mean);
double vrk_poisson_above(int64_t k, double mean);
/* k good ones among `drawn`, taken without replacement from `good` and `bad`. */
double vrk_hypergeometric_at(int64_t k, int64_t good, int64_t bad, int64_t drawn);
double vrk_hypergeometric_below(int64_t k, int64_t good, int64_t bad, int64_t drawn); /* O(drawn) */

#endif
