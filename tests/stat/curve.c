#include "stat/curve.h"
#include "num/special.h"
#include "tests/t.h"

/* R 4.2.2: qnorm(c(.975, .95, .5, 1e-10, 1e-20, .9999999)). */
static void knows_the_normal_quantiles(void)
{
    T_NEAR(vrk_normal_quantile(.975), 1.959963984540054, 1e-15);
    T_NEAR(vrk_normal_quantile(.95), 1.644853626951473, 1e-15);
    T_NEAR(vrk_normal_quantile(.5), 0., 0.);
    T_NEAR(vrk_normal_quantile(1e-10), -6.361340902404056, 1e-15);
    T_NEAR(vrk_normal_quantile(1e-20), -9.262340089798408, 1e-15);
    T_NEAR(vrk_normal_quantile(.9999999), 5.199337582290662, 1e-14);
}

static void limits_stay_between_0_and_1(void)
{
    for (double p = .001; p < 1; p += .001) {
        vrk_interval log = vrk_interval_of(p, .2, .95, VRK_LOGLOG);
        vrk_interval plain = vrk_interval_of(p, .2, .95, VRK_PLAIN);
        T_OK(log.lo >= 0 && log.lo < p && log.hi > p && log.hi <= 1);
        T_OK(plain.lo >= 0 && plain.lo < p && plain.hi > p && plain.hi <= 1);
    }
    /* survival's formula at p = .6, se = .1: exp(-exp(log(-log p) +- 1.959964 * .1 / (p log p))) */
    vrk_interval i = vrk_interval_of(.6, .1, .95, VRK_LOGLOG);
    double z = 1.959963984540054 * .1 / (.6 * log(.6));
    T_NEAR(i.lo, exp(-exp(log(-log(.6)) - z)), 1e-14);
    T_NEAR(i.hi, exp(-exp(log(-log(.6)) + z)), 1e-14);
    i = vrk_interval_of(0, 0, .95, VRK_LOGLOG);
    T_OK(i.lo >= 0 && i.hi <= 0);
}

static void finds_when_a_share_has_left(void)
{
    const double time[] = {1, 2, 5, 9}, left[] = {.8, .7, .5, .3},
                 var[] = {.0016, .0021, .0025, .0021};
    vrk_curve c = {.m = 4, .time = time, .value = left, .var = var};
    vrk_interval q = vrk_curve_quantile(&c, .5, .9);
    T_NEAR(q.mean, 5., 0.); /* just touched */
    T_NEAR(q.lo, 5., 0.);
    T_NEAR(q.hi, 9., 0.);
    q = vrk_curve_quantile(&c, .9, .9); /* not reached: an answer */
    T_OK(q.mean >= HUGE_VAL && q.lo >= HUGE_VAL && q.hi >= HUGE_VAL);
}

/* In a table of rows, as in a fit of Aalen and Johansen's. */
static void reads_a_column_of_a_table(void)
{
    const double time[] = {0, 3, 4}, p[] = {1, 0, .75, .25, .4, .6},
                 cov[] = {0, 0, 0, 0, .01, -.01, -.01, .01, .01, -.01, -.01, .01};
    vrk_curve c = {
        .m = 3, .time = time, .value = p, .var = cov, .value_stride = 2, .var_stride = 4};
    T_NEAR(vrk_curve_quantile(&c, .25, .9).mean, 3., 0.);
    T_NEAR(vrk_curve_quantile(&c, .6, .9).mean, 4., 0.);
}

/* Independent: means subtract, variances add; the other way round only the sign turns. */
static void differences_of_means(void)
{
    vrk_estimate a = {12, 3}, b = {7, 4}, c = vrk_estimate_less(a, b), d = vrk_estimate_less(b, a);
    T_NEAR(c.mean, 5., 0.);
    T_NEAR(c.se, 5., 1e-15);
    T_NEAR(d.mean, -5., 0.);
    T_NEAR(d.se, c.se, 0.);
    T_OK(isnan(vrk_estimate_less(a, (vrk_estimate){nan(""), 1}).mean));
}

T_MAIN(T_CASE(knows_the_normal_quantiles), T_CASE(limits_stay_between_0_and_1),
       T_CASE(finds_when_a_share_has_left), T_CASE(reads_a_column_of_a_table),
       T_CASE(differences_of_means))
