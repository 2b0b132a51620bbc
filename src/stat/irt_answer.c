#include "stat/irt_engine.h"

#include <math.h>
#include <string.h>

static double log_sigmoid(double x)
{
    return x < 0 ? x - log1p(exp(x)) : -log1p(exp(-x));
}

static double sigmoid(double x)
{
    return x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x));
}

/* log of P(X >= k) - P(X >= k+1) = s(x) s(-y) (1 - e^(y-x)), which loses no digits in the tails.
 * With f = s (1 - s): d log P / dx = f(x) / P = s(-x) / (s(-y) (1 - e^(y-x))), and so for y. */
static void graded(int32_t m, const double *psi, double z, double *log_p, double *u)
{
    int32_t n = m + 1;
    for (int32_t k = 0; k < n; k++) {
        double x = k > 0 ? psi[0] * z + psi[k] : HUGE_VAL;
        double y = k < m ? psi[0] * z + psi[k + 1] : -HUGE_VAL;
        double gap = k > 0 && k < m ? -expm1(y - x) : 1;
        if (!(gap > 0)) { /* thresholds out of order */
            log_p[k] = -HUGE_VAL;
            continue;
        }
        log_p[k] = (k > 0 ? log_sigmoid(x) : 0) + (k < m ? log_sigmoid(-y) : 0) + log(gap);
        if (!u)
            continue;
        double up = k > 0 ? sigmoid(-x) / ((k < m ? sigmoid(-y) : 1) * gap) : 0;
        double down = k < m ? sigmoid(y) / ((k > 0 ? sigmoid(x) : 1) * gap) : 0;
        u[k * n] = z * (up - down);
        if (k > 0)
            u[k * n + k] = up;
        if (k < m)
            u[k * n + k + 1] = -down;
    }
}

static void adjacent(int32_t m, const double *psi, double z, double *log_p, double *u)
{
    int32_t n = m + 1;
    double most = 0, sum = 0, mean = 0;
    log_p[0] = 0;
    for (int32_t k = 1; k < n; k++) {
        log_p[k] = k * psi[0] * z + psi[k];
        most = fmax(most, log_p[k]);
    }
    for (int32_t k = 0; k < n; k++)
        sum += exp(log_p[k] - most);
    most += log(sum);
    for (int32_t k = 0; k < n; k++)
        log_p[k] -= most;
    if (!u)
        return;
    for (int32_t k = 1; k < n; k++) {
        double p = exp(log_p[k]);
        mean += k * p;
        for (int32_t row = 0; row < n; row++)
            u[row * n + k] = (row == k) - p;
    }
    for (int32_t row = 0; row < n; row++)
        u[row * n] = z * (row - mean);
}

void vrk_irt_answer(vrk_irt_family family, int32_t categories, const double *psi, double z,
                    double *log_p, double *u)
{
    if (u)
        memset(u, 0, (size_t)(categories * categories) * sizeof(double));
    if (family == VRK_IRT_GRADED && categories > 2)
        graded(categories - 1, psi, z, log_p, u);
    else
        adjacent(categories - 1, psi, z, log_p, u);
}

void vrk_irt_curvature(vrk_irt_family family, int32_t categories, const double *psi, double z,
                       int32_t k, double *out)
{
    int32_t n = categories;
    double u[VRK_IRT_MOST * VRK_IRT_MOST], lp[VRK_IRT_MOST];
    bool ordered = family == VRK_IRT_GRADED && n > 2;
    vrk_irt_answer(family, n, psi, z, lp, u);
    for (int32_t s = 0; s < n; s++) {
        for (int32_t t = 0; t < n; t++) {
            out[s * n + t] = ordered ? u[k * n + s] * u[k * n + t] : 0;
            for (int32_t r = 0; r < n && !ordered; r++)
                out[s * n + t] += exp(lp[r]) * u[r * n + s] * u[r * n + t];
        }
    }
    /* f' = f (1 - 2 F): the rest of the second derivative along each threshold's own direction */
    for (int32_t j = k; j <= k + 1 && ordered; j++) {
        if (j < 1 || j >= n)
            continue;
        double x = psi[0] * z + psi[j], by = u[k * n + j] * (1 - 2 * sigmoid(x));
        out[0] -= by * z * z;
        out[j] -= by * z;
        out[j * n] -= by * z;
        out[j * n + j] -= by;
    }
}

void vrk_irt_naturals(const vrk_irt_engine *e, const double *xi, double *psi)
{
    for (int64_t t = 0; t < e->naturals; t++) {
        psi[t] = e->offset[t];
        for (int64_t l = e->link_from[t]; l < e->link_from[t + 1]; l++)
            psi[t] += e->link[l].by * xi[e->link[l].param];
    }
}
