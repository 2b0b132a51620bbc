#include "num/expm.h"

#include <math.h>
#include <string.h>

enum { MOST_TERMS = 40, MOST_SQUARINGS = 60 };

/* c = a b, with k small: calling BLAS costs more than the work. */
static void times(const double *a, const double *b, int64_t k, double *c)
{
    for (int64_t j = 0; j < k; j++) {
        double *to = c + j * k;
        memset(to, 0, (size_t)k * sizeof(double));
        for (int64_t m = 0; m < k; m++) {
            double f = b[m + j * k];
            for (int64_t i = 0; i < k; i++)
                to[i] += a[i + m * k] * f;
        }
    }
}

static double largest(const double *a, int64_t n)
{
    double most = 0;
    for (int64_t i = 0; i < n; i++)
        most = isnan(a[i]) ? a[i] : fmax(most, fabs(a[i]));
    return most;
}

/* b = h (q + shift I), not negative and with sums of rows at most 1, where h = t / 2^squarings;
 * turned: of q'. Returns exp(-h shift). */
static double prepare(const double *q, int64_t k, double t, bool turned, double *b, int *squarings)
{
    double shift = 0, most = 0;
    for (int64_t i = 0; i < k; i++)
        shift = fmax(shift, -q[i + i * k]);
    for (int64_t i = 0; i < k; i++) {
        double sum = shift;
        for (int64_t j = 0; j < k; j++)
            sum += q[i + j * k];
        most = fmax(most, sum);
    }
    *squarings = 0;
    while (ldexp(t, -*squarings) * most > 1 && *squarings < MOST_SQUARINGS)
        ++*squarings;
    double h = ldexp(t, -*squarings);
    for (int64_t j = 0; j < k; j++) {
        for (int64_t i = 0; i < k; i++)
            b[i + j * k] = h * ((turned ? q[j + i * k] : q[i + j * k]) + (i == j ? shift : 0));
    }
    return exp(-h * shift);
}

void vrk_expm_rates(const double *q, int64_t k, double t, double *work, double *p)
{
    int squarings;
    int64_t m = k * k;
    double *b = work, *term = b + m, *next = term + m;
    double scale = prepare(q, k, t, false, b, &squarings);
    memset(p, 0, (size_t)m * sizeof(double));
    for (int64_t i = 0; i < k; i++)
        p[i + i * k] = 1;
    memcpy(term, p, (size_t)m * sizeof(double));
    for (int n = 1; n < MOST_TERMS; n++) {
        times(term, b, k, next);
        for (int64_t i = 0; i < m; i++) {
            term[i] = next[i] / n;
            p[i] += term[i];
        }
        if (n > k && largest(term, m) < 1e-18) /* k terms, so that every way is in */
            break;
    }
    for (int64_t i = 0; i < m; i++)
        p[i] *= scale;
    for (int s = 0; s < squarings; s++) {
        times(p, p, k, next);
        memcpy(p, next, (size_t)m * sizeof(double));
    }
}

/* (x, y) times (u, v) = (x u, x v + y u): the product of [x y; 0 x] and [u v; 0 u]. */
static void times_pair(const double *x, const double *u, int64_t k, double *to, double *work)
{
    int64_t m = k * k;
    times(x, u, k, to);
    times(x, u + m, k, to + m);
    times(x + m, u, k, work);
    for (int64_t i = 0; i < m; i++)
        to[m + i] += work[i];
}

/* exp of [a' w; 0 a'] has the answer in its corner (Higham 2008, Functions of Matrices, 10.6). */
void vrk_expm_pull(const double *q, int64_t k, double t, const double *w, double *work, double *out)
{
    int squarings;
    int64_t m = k * k;
    double *b = work, *term = b + 2 * m, *sum = term + 2 * m, *next = sum + 2 * m;
    double scale = prepare(q, k, t, true, b, &squarings);
    double unit = largest(w, m), h = ldexp(t, -squarings);
    memset(out, 0, (size_t)m * sizeof(double));
    if (!(unit > 0) || !(h > 0))
        return;
    for (int64_t i = 0; i < m; i++)
        b[m + i] = w[i] / unit;
    memset(sum, 0, (size_t)(2 * m) * sizeof(double));
    for (int64_t i = 0; i < k; i++)
        sum[i + i * k] = 1;
    memcpy(term, sum, (size_t)(2 * m) * sizeof(double));
    for (int n = 1; n < MOST_TERMS; n++) {
        times_pair(term, b, k, next, out);
        for (int64_t i = 0; i < 2 * m; i++) {
            term[i] = next[i] / n;
            sum[i] += term[i];
        }
        if (n > k && largest(term, 2 * m) < 1e-18)
            break;
    }
    for (int64_t i = 0; i < 2 * m; i++)
        sum[i] *= scale;
    for (int s = 0; s < squarings; s++) {
        times_pair(sum, sum, k, next, out);
        memcpy(sum, next, (size_t)(2 * m) * sizeof(double));
    }
    for (int64_t i = 0; i < m; i++)
        out[i] = sum[m + i] * unit * h;
}
