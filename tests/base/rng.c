#include "base/rng.h"
#include "tests/t.h"

/* Known answers of Philox 4x32-10: Random123's kat_vectors, counter and key all zero. */
static void gives_the_published_numbers(void)
{
    const uint32_t want[] = {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8};
    vrk_rng r = vrk_rng_of(0, 0, 0);
    for (int i = 0; i < 4; i++)
        T_OK(vrk_rng_u32(&r) == want[i]);
}

static void gives_each_stream_numbers_of_its_own(void)
{
    vrk_rng a = vrk_rng_of(1, 2, 3), same = a, b = vrk_rng_of(1, 3, 3), c = vrk_rng_of(1, 2, 4);
    for (int i = 0; i < 100; i++) {
        uint64_t x = vrk_rng_u64(&a);
        T_OK(x == vrk_rng_u64(&same) && x != vrk_rng_u64(&b) && x != vrk_rng_u64(&c));
    }
}

enum { N = 200000 };

/* Mean and variance within five standard errors of the truth. */
static void moments_fit(double mean, double var, double sum, double squares, double kurtosis)
{
    double m = sum / N, v = squares / N - m * m;
    T_NEAR(m, mean, 5 * sqrt(var / N) / fmax(1, fabs(mean)));
    T_NEAR(v, var, 5 * var * sqrt((kurtosis - 1) / N) / fmax(1, var));
}

static void draws_have_the_moments_of_their_law(void)
{
    vrk_rng r = vrk_rng_of(7, 0, 0);
    double s[5] = {0}, q[5] = {0};
    for (int i = 0; i < N; i++) {
        double x[] = {vrk_rng_uniform(&r), vrk_rng_normal(&r), vrk_rng_exponential(&r),
                      (double)vrk_rng_poisson(&r, 3.5), vrk_rng_gamma(&r, 0.7)};
        T_OK(x[0] > 0 && x[0] < 1 && x[2] > 0 && x[4] >= 0);
        for (int k = 0; k < 5; k++) {
            s[k] += x[k];
            q[k] += x[k] * x[k];
        }
    }
    moments_fit(0.5, 1. / 12, s[0], q[0], 1.8);
    moments_fit(0, 1, s[1], q[1], 3);
    moments_fit(1, 1, s[2], q[2], 9);
    moments_fit(3.5, 3.5, s[3], q[3], 3 + 1 / 3.5);
    moments_fit(0.7, 0.7, s[4], q[4], 3 + 6 / 0.7);
}

static void picks_each_of_a_few_equally_often(void)
{
    vrk_rng r = vrk_rng_of(9, 0, 0);
    int64_t count[7] = {0};
    for (int i = 0; i < N; i++)
        count[vrk_rng_below(&r, 7)]++;
    for (int k = 0; k < 7; k++)
        T_NEAR((double)count[k], N / 7., 5 * sqrt(N / 7.) / (N / 7.));
    T_OK(vrk_rng_below(&r, 1) == 0);
}

/* The largest number there is must not round up to 1, nor run the sum of Poisson's law past its
 * end. */
static void stays_inside_at_the_far_end(void)
{
    const vrk_rng last = {.block = {UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX}, .left = 4};
    const double mean[] = {.01, .5, 30, 300, 699};
    vrk_rng r = last;
    double u = vrk_rng_uniform(&r);
    T_OK(u > .999999 && u < 1);
    for (int i = 0; i < 5; i++) {
        r = last;
        T_OK((double)vrk_rng_poisson(&r, mean[i]) < mean[i] + 10 * sqrt(mean[i]) + 15);
    }
}

T_MAIN(T_CASE(gives_the_published_numbers), T_CASE(gives_each_stream_numbers_of_its_own),
       T_CASE(draws_have_the_moments_of_their_law), T_CASE(picks_each_of_a_few_equally_often),
       T_CASE(stays_inside_at_the_far_end))
