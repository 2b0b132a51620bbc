#include "num/expm.h"
#include "base/rng.h"
#include "tests/t.h"

#include <string.h>

enum { K = 4 };

/* Two states to and fro: P(0 -> 1) = a/(a+b) (1 - exp(-(a+b)t)), by hand; also far ahead and for
 * rates so small that only the first term counts. */
static void reproduces_two_states_done_by_hand(void)
{
    const double a[] = {.3, 3, 1e-9, 2e3}, b[] = {.7, .01, 1e-3, 5e2}, t[] = {.2, 9, 1, 40};
    double work[16], p[4];
    for (int i = 0; i < 4; i++) {
        double q[] = {-a[i], b[i], a[i], -b[i]};
        double want = a[i] / (a[i] + b[i]) * -expm1(-(a[i] + b[i]) * t[i]);
        vrk_expm_rates(q, 2, t[i], work, p);
        T_OK(fabs(p[2] / want - 1) < 1e-15 * (10 + t[i] * (a[i] + b[i])));
        T_NEAR(p[0], 1 - want, 1e-10);
        vrk_expm_rates(q, 2, 0, work, p);
        T_OK(p[0] >= 1 && p[2] <= 0);
    }
}

static void make(double *q, uint64_t seed)
{
    vrk_rng r = vrk_rng_of(seed, 0, 0);
    for (int i = 0; i < K; i++) {
        q[i + i * K] = 0;
        for (int j = 0; j < K; j++) {
            if (i == j || i == K - 1) /* the last state is an end */
                continue;
            q[i + j * K] = vrk_rng_exponential(&r);
        }
        double sum = 0;
        for (int j = 0; j < K; j++)
            sum += i == j || i == K - 1 ? 0 : q[i + j * K];
        q[i + i * K] = -sum;
    }
    for (int j = 0; j < K; j++)
        q[K - 1 + j * K] = 0;
}

/* Mathematics: rows add up to 1; twice the time is the square. */
static void time_adds_up(void)
{
    double q[K * K], work[4 * K * K], p[K * K], half[K * K];
    make(q, 1);
    for (double t = .01; t < 300; t *= 3) {
        vrk_expm_rates(q, K, t, work, p);
        vrk_expm_rates(q, K, t / 2, work, half);
        for (int i = 0; i < K; i++) {
            double sum = 0;
            for (int j = 0; j < K; j++) {
                double square = 0;
                sum += p[i + j * K];
                for (int m = 0; m < K; m++)
                    square += half[i + m * K] * half[m + j * K];
                T_NEAR(p[i + j * K], square, 1e-13);
            }
            T_NEAR(sum, 1., 1e-12);
        }
    }
}

/* A way of three steps in a very short time: q01 q12 q23 t^3 / 6 to all digits. */
static void small_chances_are_right(void)
{
    const double t = 1e-7;
    double q[K * K] = {0}, work[4 * K * K], p[K * K];
    for (int i = 0; i < 3; i++) {
        q[i + (i + 1) * K] = i + 1;
        q[i + i * K] = -(i + 1);
    }
    vrk_expm_rates(q, K, t, work, p);
    T_OK(fabs(p[3 * K] / (6 * t * t * t / 6) - 1) < 1e-6);
    T_OK(p[1] <= 0); /* no way back */
}

/* Against finite differences, each rate by itself. */
static void the_pull_is_the_derivative(void)
{
    double q[K * K], w[K * K], work[8 * K * K], pull[K * K], p[K * K], none[K * K] = {0};
    vrk_rng r = vrk_rng_of(5, 0, 0);
    make(q, 2);
    for (int i = 0; i < K * K; i++)
        w[i] = i % 3 ? vrk_rng_exponential(&r) : 0;
    for (double t = .03; t < 100; t *= 7) {
        vrk_expm_pull(q, K, t, w, work, pull);
        for (int i = 0; i < K * K; i++) {
            double sum = 0, h = 1e-5 / (1 + t), was = q[i];
            for (int side = -1; side <= 1; side += 2) {
                q[i] = was + side * h;
                vrk_expm_rates(q, K, t, work, p);
                for (int j = 0; j < K * K; j++)
                    sum += side * w[j] * p[j];
            }
            q[i] = was;
            T_NEAR(pull[i], sum / (2 * h), 1e-6 * (1 + t));
        }
    }
    vrk_expm_pull(q, K, 1, none, work, pull);
    T_OK(pull[0] <= 0 && pull[1] <= 0);
    q[1] = nan("");
    vrk_expm_rates(q, K, 1, work, p);
    T_OK(!isfinite(p[1]));
}

T_MAIN(T_CASE(reproduces_two_states_done_by_hand), T_CASE(time_adds_up),
       T_CASE(small_chances_are_right), T_CASE(the_pull_is_the_derivative))
