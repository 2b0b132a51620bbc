/* Oracle: expl() in extended precision. */
#include "num/wide.h"
#include "base/base.h"
#include "tests/t.h"

enum { N = 1 << 16 };

VRK_WIDE static void all_of(const double *restrict x, double *restrict y)
{
    for (int64_t i = 0; i < N; i++)
        y[i] = vrk_wide_exp(x[i]);
}

static double worst_between(double from, double to)
{
    static double x[N], y[N];
    double worst = 0;
    for (int64_t i = 0; i < N; i++)
        x[i] = from + (to - from) * (double)i / (N - 1);
    all_of(x, y);
    for (int64_t i = 0; i < N; i++)
        worst = fmax(worst, fabs((double)(((long double)y[i] - expl((long double)x[i])) /
                                          expl((long double)x[i]))));
    return worst;
}

static void the_exponential_is_right_to_the_last_bit_but_one(void)
{
    T_OK(worst_between(-1, 1) < 2e-16);
    T_OK(worst_between(-40, 40) < 2e-16);
    T_OK(worst_between(-708, 709) < 2e-16);
    T_OK(vrk_wide_exp(0) == 1 && vrk_wide_exp(-0.) == 1);
}

/* A vector of them and one alone must not differ: the same numbers on every machine. */
static void it_is_the_same_alone_and_among_others(void)
{
    static double x[N], y[N];
    for (int64_t i = 0; i < N; i++)
        x[i] = -20 + 40 * (double)i / N;
    all_of(x, y);
    for (int64_t i = 0; i < N; i += 37) {
        volatile double alone = x[i];
        T_OK(vrk_wide_exp(alone) == y[i]);
    }
}

T_MAIN(T_CASE(the_exponential_is_right_to_the_last_bit_but_one),
       T_CASE(it_is_the_same_alone_and_among_others))
