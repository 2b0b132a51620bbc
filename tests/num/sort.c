/* Any numbers come out in order and are the same numbers. */
#include "num/sort.h"
#include "tests/t.h"

#include "base/rng.h"

#include <math.h>
#include <string.h>

enum { MOST = 3000 };

static double sum_of(const double *x, int64_t n)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += x[i];
    return sum;
}

static bool in_order(const double *x, int64_t n)
{
    for (int64_t i = 1; i < n; i++) {
        if (!(x[i - 1] <= x[i]))
            return false;
    }
    return true;
}

/* How value i of n is made, by kind of list. */
static double value(int kind, int64_t i, int64_t n, vrk_rng *rng)
{
    switch (kind) {
    case 0:
        return vrk_rng_uniform(rng);
    case 1:
        return (double)i;
    case 2:
        return (double)(n - i);
    case 3:
        return 7;
    case 4:
        return (double)vrk_rng_below(rng, 3);
    case 5: /* up and down again: what a plain quicksort goes deep on */
        return (double)(i < n / 2 ? i : n - i);
    default:
        return i % 5 ? (double)(i % 11) : i % 2 ? HUGE_VAL : -HUGE_VAL;
    }
}

static void puts_in_order(void)
{
    static double x[MOST];
    vrk_rng rng = vrk_rng_of(1, 1, 0);
    for (int kind = 0; kind < 7; kind++) {
        for (int64_t n = 0; n <= MOST; n += n < 70 ? 1 : 293) {
            for (int64_t i = 0; i < n; i++)
                x[i] = value(kind, i, n, &rng);
            double before = kind < 6 ? sum_of(x, n) : 0;
            vrk_sort(x, n);
            T_OK(in_order(x, n));
            if (kind < 6)
                T_NEAR(sum_of(x, n), before, 1e-9 * (1 + fabs(before)));
        }
    }
}

/* Against median-of-three killers (Musser 1997): in order all the same, by heap. */
static void goes_deep_without_harm(void)
{
    static double x[MOST];
    int64_t half = MOST / 2;
    for (int64_t i = 0; i < half; i++) {
        x[i] = (double)(i % 2 ? half + i : i + 1);
        x[half + i] = (double)(2 * (i + 1));
    }
    double before = sum_of(x, MOST);
    vrk_sort(x, MOST);
    T_OK(in_order(x, MOST));
    T_NEAR(sum_of(x, MOST), before, 0.);
}

/* None is lost, whatever the order is. */
static void keeps_what_is_no_number(void)
{
    double x[40];
    int nans = 0;
    double sum = 0;
    for (int i = 0; i < 40; i++)
        x[i] = i % 4 ? (double)i : nan("");
    vrk_sort(x, 40);
    for (int i = 0; i < 40; i++) {
        if (isnan(x[i]))
            nans++;
        else
            sum += x[i];
    }
    T_OK(nans == 10);
    T_NEAR(sum, 600., 0.);
}

T_MAIN(T_CASE(puts_in_order), T_CASE(goes_deep_without_harm), T_CASE(keeps_what_is_no_number))
