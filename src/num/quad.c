#include "num/quad.h"

#include <assert.h>
#include <math.h>

/* How many nodes are below x: the signs in the LDL' factor of Jacobi's matrix less x, whose
 * off-diagonal is sqrt(1), sqrt(2) ... */
static int64_t nodes_below(int64_t n, double x)
{
    double d = -x;
    int64_t below = d < 0;
    for (int64_t k = 1; k < n; k++) {
        d = -x - (double)k / (fabs(d) < 1e-300 ? copysign(1e-300, d) : d);
        below += d < 0;
    }
    return below;
}

/* The orthonormal Hermite polynomial of degree n and the one below, both times exp(-*log_scale),
 * which keeps them in range. */
static double hermite(int64_t n, double x, double *before, double *log_scale)
{
    double last = 0, p = 1;
    *log_scale = 0;
    for (int64_t k = 1; k <= n; k++) {
        double next = (x * p - sqrt((double)(k - 1)) * last) / sqrt((double)k);
        last = p;
        p = next;
        if (fabs(p) > 1e100) {
            p *= 1e-100;
            last *= 1e-100;
            *log_scale += 100 * log(10);
        }
    }
    *before = last;
    return p;
}

static double find_node(int64_t n, int64_t i)
{
    double lo = 0, hi = 2 * sqrt((double)n), before, log_scale; /* all nodes are within */
    while (hi - lo > 1e-6 * hi) {
        double mid = (lo + hi) / 2;
        if (nodes_below(n, mid) <= i)
            lo = mid;
        else
            hi = mid;
    }
    double x = (lo + hi) / 2;
    for (int k = 0; k < 3; k++) { /* Newton; the derivative is sqrt(n) times the one before */
        double p = hermite(n, x, &before, &log_scale);
        x -= p / (sqrt((double)n) * before);
    }
    return x;
}

void vrk_quad_hermite(int64_t n, double *node, double *weight)
{
    assert(n >= 1);
    for (int64_t i = n / 2; i < n; i++) {
        double before, log_scale, x = 2 * i + 1 == n ? 0 : find_node(n, i);
        hermite(n, x, &before, &log_scale);
        node[i] = x;
        weight[i] = exp(-2 * log_scale) / ((double)n * before * before);
        node[n - 1 - i] = 2 * i + 1 == n ? 0 : -x;
        weight[n - 1 - i] = weight[i];
    }
}

void vrk_quad_grid(int64_t n, double limit, double *node, double *weight)
{
    double sum = 0;
    assert(n >= 2 && limit > 0);
    for (int64_t i = 0; i < n; i++) {
        node[i] = limit * (double)(2 * i - n + 1) / (double)(n - 1);
        weight[i] = exp(-node[i] * node[i] / 2);
        sum += weight[i];
    }
    for (int64_t i = 0; i < n; i++)
        weight[i] /= sum;
}
