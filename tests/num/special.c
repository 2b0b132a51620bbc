/* Oracles: R 4.2.2 (pnorm, qbeta, ... and mvtnorm's TVPACK), printed with 17 digits; closed forms;
 * quadrature done slowly. */
#include "num/special.h"
#include "tests/t.h"

/* Relative, however small the number. */
#define T_DIGITS(got, want, rtol) T_OK(fabs((got) / (want)-1) <= (rtol))

static void the_normal_is_right_in_both_tails(void)
{
    T_DIGITS(vrk_normal_log_below(-40), -804.6084420137538, 1e-15);
    T_DIGITS(vrk_normal_log_below(-10), -53.23128515051247, 1e-15);
    T_DIGITS(vrk_normal_log_below(-1), -1.8410216450092636, 1e-15);
    T_DIGITS(vrk_normal_log_below(.5), -0.36894641528865652, 1e-15);
    T_DIGITS(vrk_normal_log_below(8), -6.2209605742717868e-16, 1e-14);
    T_DIGITS(vrk_normal_below(1.96), .97500210485177963, 1e-15);
    T_OK(vrk_normal_log_below(HUGE_VAL) == 0 && vrk_normal_log_below(-HUGE_VAL) == -HUGE_VAL);
    T_OK(isnan(vrk_normal_log_below(nan(""))) && vrk_normal_mills(HUGE_VAL) == 0);
    /* the two formulas meet at -30, and the derivative is the Mills ratio */
    T_DIGITS(vrk_normal_log_below(nextafter(-30, -31)) / vrk_normal_log_below(-30), 1., 1e-14);
    for (double z = -60; z < 9; z += .37) {
        double h = 1e-5, slope = vrk_normal_log_below(z + h) - vrk_normal_log_below(z - h);
        T_OK(fabs(slope / (2 * h) - vrk_normal_mills(z)) < 1e-6);
    }
    const double p[] = {1e-300, 1e-10, .025, .3, .975};
    const double z[] = {-37.047096299361201, -6.3613409024040557, -1.9599639845400538,
                        -0.52440051270804067, 1.9599639845400536};
    for (int i = 0; i < 5; i++)
        T_DIGITS(vrk_normal_quantile(p[i]), z[i], 1e-14);
    T_OK(vrk_normal_quantile(0) == -HUGE_VAL && vrk_normal_quantile(1) == HUGE_VAL);
    T_OK(isnan(vrk_normal_quantile(1.1)) && vrk_normal_quantile(.5) == 0);
}

/* Simpson over x of phi(x) Phi((k - r x) / sqrt(1 - r^2)), in steps that are small beside
 * sqrt(1 - r^2). */
static double slowly(double h, double k, double r)
{
    double lo = -12, sum = 0, root = sqrt((1 - r) * (1 + r));
    int64_t n = 40000;
    double step = (h - lo) / (double)n;
    for (int64_t i = 0; i <= n; i++) {
        double x = lo + step * (double)i;
        double f = vrk_normal_density(x) * vrk_normal_below((k - r * x) / root);
        sum += (i == 0 || i == n ? 1 : i % 2 ? 4 : 2) * f;
    }
    return sum * step / 3;
}

static void two_normals_are_right_to_14_decimals(void)
{
    const double r[] = {-.99, -.95, -.9249, -.6, -.1, 0, .3, .7, .92, .93, .95, .995};
    const double at[] = {-3.1, -1.2, -.3, 0, .4, 2.2};
    for (int i = 0; i < 12; i++) {
        for (int a = 0; a < 36; a++) {
            double h = at[a / 6], k = at[a % 6], got = vrk_normal2_below(h, k, r[i]);
            T_OK(fabs(got - slowly(h, k, r[i])) < 1e-14);
            T_OK(fabs(got - vrk_normal2_below(k, h, r[i])) < 1e-15);
        }
        T_OK(fabs(vrk_normal2_below(0, 0, r[i]) - .25 - asin(r[i]) / (2 * M_PI)) < 1e-15);
    }
    /* mvtnorm, TVPACK */
    T_OK(fabs(vrk_normal2_below(.5, -.3, .3) - .30394048869071022) < 1e-14);
    T_OK(fabs(vrk_normal2_below(.5, -.3, -.9999) - .073551039085060388) < 1e-14);
    T_OK(fabs(vrk_normal2_below(.5, -.3, .999) - .38208857781104733) < 1e-14);
    T_OK(fabs(vrk_normal2_below(-2.5, -2.7, .95) - .0028068667034326488) < 1e-14);
    T_OK(fabs(vrk_normal2_below(-2.5, -2.7, .3) - .00016507829161093007) < 1e-14);
}

static void two_normals_at_their_limits(void)
{
    T_DIGITS(vrk_normal2_below(.4, 1.1, 1), vrk_normal_below(.4), 1e-15);
    T_DIGITS(vrk_normal2_below(.4, 1.1, -1), vrk_normal_below(.4) - vrk_normal_below(-1.1), 1e-14);
    T_OK(vrk_normal2_below(-.4, .1, -1) == 0);
    T_DIGITS(vrk_normal2_below(HUGE_VAL, 1.1, .3), vrk_normal_below(1.1), 1e-15);
    T_OK(vrk_normal2_below(HUGE_VAL, HUGE_VAL, .3) == 1);
    T_OK(vrk_normal2_below(-HUGE_VAL, HUGE_VAL, .3) == 0);
    T_OK(isnan(vrk_normal2_below(0, 0, 1.01)) && isnan(vrk_normal2_below(nan(""), 0, 0)));
    for (double h = -40; h < 40; h += 7.7) {
        for (double r = -1; r <= 1; r += .125) {
            double p = vrk_normal2_below(h, -.3 * h, r);
            T_OK(p >= 0 && p <= 1);
        }
    }
}

static void gamma_and_its_kin(void)
{
    const double x[] = {.1, 1, 12.5},
                 one[] = {-10.423754940411076, -.57721566490153231, 2.4851956512749123},
                 two[] = {101.43329915079275, M_PI * M_PI / 6, .083285224601578348};
    for (int i = 0; i < 3; i++) {
        T_DIGITS(vrk_digamma(x[i]), one[i], 1e-14);
        T_DIGITS(vrk_trigamma(x[i]), two[i], 1e-13);
    }
    T_DIGITS(vrk_digamma(-.5), .036489973978577089, 1e-13);
    T_DIGITS(vrk_lgamma(.1), 2.252712651734206, 1e-14);
    T_DIGITS(vrk_log_beta(2.5, 1e-3), 6.9064754836036881, 1e-14);
    T_DIGITS(vrk_log_choose(50, 7), 18.419524075268985, 1e-14);
    T_OK(vrk_log_choose(50, 0) == 0 && isnan(vrk_log_choose(3, 4)));
    T_OK(isnan(vrk_digamma(-2)) && isnan(vrk_trigamma(0)) && isnan(vrk_log_beta(0, 1)));
}

static void distributions_give_what_r_gives(void)
{
    T_DIGITS(vrk_f_above(3.5, 3, 20), .034493103885124429, 1e-13);
    T_DIGITS(vrk_f_above(.01, 5, 7.5), .99995569527966077, 1e-14);
    T_DIGITS(vrk_f_below(3.5, 3, 20), 1 - .034493103885124429, 1e-14);
    T_DIGITS(vrk_t_below(-30, 4), 3.6764280488306617e-06, 1e-13);
    T_DIGITS(vrk_t_below(2.5, 9.5), .98370747110519785, 1e-14);
    T_DIGITS(vrk_t_below(1.3, HUGE_VAL), vrk_normal_below(1.3), 1e-15);
    T_DIGITS(vrk_chi2_above(3.841458820694124, 1), .05, 1e-14);
    T_DIGITS(vrk_binomial_below(3, 20, .3), .10708680450373097, 1e-13);
    T_DIGITS(vrk_binomial_above(3, 20, .3), .89291319549626902, 1e-13);
    T_DIGITS(vrk_binomial_at(3, 20, .3), .071603672205262314, 1e-13);
    T_DIGITS(vrk_poisson_below(3, 5.5), .20169919870252861, 1e-13);
    T_DIGITS(vrk_poisson_at(3, 5.5), .11332276634574319, 1e-13);
    T_DIGITS(vrk_poisson_above(30, 5.5), 5.3574005045190835e-14, 1e-12);
    T_DIGITS(vrk_hypergeometric_at(5, 20, 30, 12), .25999286582793146, 1e-13);
    T_DIGITS(vrk_hypergeometric_below(5, 20, 30, 12), .6846659537063533, 1e-13);
}

static void quantiles_give_what_r_gives(void)
{
    T_DIGITS(vrk_beta_quantile(.025, 2.5, 7), .052422577666034996, 1e-13);
    T_DIGITS(vrk_beta_quantile(1e-8, .5, .5), 2.4674011002723406e-16, 1e-13);
    T_DIGITS(vrk_beta_quantile(.999999, 30, 4), .99774737257818547, 1e-13);
    T_DIGITS(vrk_t_quantile(.975, 5), 2.5705818356363137, 1e-13);
    T_DIGITS(vrk_t_quantile(.6, 1), .32491969623290634, 1e-13);
    T_DIGITS(vrk_t_quantile(1e-10, 3.5), -848.54334563347686, 1e-13);
    T_DIGITS(vrk_t_quantile(.9995, 200), 3.3398354062757107, 1e-12);
    T_DIGITS(vrk_f_quantile(.95, 3, 20), 3.0983912121407795, 1e-13);
    T_DIGITS(vrk_f_quantile(.01, 5, 7.5), .096457385372471616, 1e-13);
    T_DIGITS(vrk_f_quantile(.999, 1, 1), 405284.06790284824, 1e-11); /* 1 - .999 has 13 digits */
    T_DIGITS(vrk_chi2_quantile(.95, 1), 3.841458820694124, 1e-13);
    T_DIGITS(vrk_chi2_quantile(1e-6, 3), .0002418104872012428, 1e-13);
    T_DIGITS(vrk_chi2_quantile(.5, 200), 199.33372983863086, 1e-13);
    T_OK(vrk_beta_quantile(0, 2, 3) == 0 && vrk_beta_quantile(1, 2, 3) == 1);
    T_OK(vrk_t_quantile(.5, 3) == 0 && vrk_chi2_quantile(1, 3) == HUGE_VAL);
}

/* Over shapes from a hundredth to ten thousand and probabilities into both tails. */
static void quantiles_invert_their_distributions(void)
{
    const double shape[] = {.01, .5, 1, 3.3, 40, 1e4}, p[] = {1e-12, 1e-3, .2, .5, .9, .9999};
    for (int a = 0; a < 6; a++) {
        for (int i = 0; i < 6; i++) {
            double x = vrk_gamma_quantile(p[i], shape[a]);
            if (x > 1e-300)
                T_NEAR(vrk_gamma_below(x, shape[a]) / p[i], 1., 1e-10);
            for (int b = 0; b < 6; b++) {
                x = vrk_beta_quantile(p[i], shape[a], shape[b]);
                if (x > 1e-300 && x < 1 - 1e-6)
                    T_NEAR(vrk_beta_below(x, shape[a], shape[b]) / p[i], 1., 1e-9);
                double f = vrk_f_quantile(p[i], 2 * shape[a], 2 * shape[b]);
                if (f > 1e-300 && f < 1e300)
                    T_NEAR(vrk_f_below(f, 2 * shape[a], 2 * shape[b]) / p[i], 1., 1e-9);
            }
        }
    }
}

/* Counts are sums of their own probabilities; outside their range 0 or 1. */
static void counts_add_up(void)
{
    double binomial = 0, drawn = 0;
    for (int64_t k = -1; k <= 31; k++) {
        binomial += vrk_binomial_at(k, 30, .37);
        T_NEAR(vrk_binomial_below(k, 30, .37), binomial, 1e-13);
        T_NEAR(vrk_binomial_above(k, 30, .37), 1 - binomial, 1e-13);
        drawn += vrk_hypergeometric_at(k, 17, 22, 30);
        T_NEAR(vrk_hypergeometric_below(k, 17, 22, 30), drawn, 1e-13);
    }
    T_NEAR(drawn, 1., 1e-13);
    T_OK(vrk_binomial_at(0, 0, .3) == 1 && vrk_binomial_below(0, 5, 0) == 1);
    T_OK(vrk_binomial_below(3, 5, 1) == 0 && vrk_poisson_at(0, 0) == 1);
}

static void what_is_out_of_range_is_not_a_number(void)
{
    T_OK(isnan(vrk_gamma_below(1, 0)) && isnan(vrk_chi2_above(1, -1)) && isnan(vrk_t_below(1, 0)));
    T_OK(isnan(vrk_f_above(nan(""), 1, 1)) && isnan(vrk_beta_quantile(-.1, 1, 1)));
    T_OK(isnan(vrk_binomial_at(1, -1, .5)) && isnan(vrk_binomial_below(1, 2, 1.5)));
    T_OK(isnan(vrk_hypergeometric_below(1, 2, 3, 6)) && isnan(vrk_poisson_at(1, -1)));
    T_OK(isnan(vrk_t_quantile(.5, -1)) && isnan(vrk_gamma_quantile(2, 1)));
}

T_MAIN(T_CASE(the_normal_is_right_in_both_tails), T_CASE(two_normals_are_right_to_14_decimals),
       T_CASE(two_normals_at_their_limits), T_CASE(gamma_and_its_kin),
       T_CASE(distributions_give_what_r_gives), T_CASE(quantiles_give_what_r_gives),
       T_CASE(quantiles_invert_their_distributions), T_CASE(counts_add_up),
       T_CASE(what_is_out_of_range_is_not_a_number))
