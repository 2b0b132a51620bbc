#include "num/mat.h"

#include <assert.h>
#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

/* BLAS counts in int; rows are taken in blocks, so only columns could be too many. */
static int count(int64_t n)
{
    assert(n >= 0 && n <= INT32_MAX);
    openblas_set_num_threads(
        1); /* its own threads would change the order of sums with their number */
    return (int)n;
}

static int64_t block(int64_t n, int64_t i)
{
    return n - i < VRK_MAT_BLOCK ? n - i : VRK_MAT_BLOCK;
}

void vrk_mat_times(const double *x, int64_t n, int64_t p, const double *b, double *y)
{
    memset(y, 0, (size_t)n * sizeof(double));
    for (int64_t i = 0; i < n && p > 0; i += VRK_MAT_BLOCK) {
        for (int64_t j = 0; j < p; j++)
            cblas_daxpy(count(block(n, i)), b[j], x + i + j * n, 1, y + i, 1);
    }
}

void vrk_mat_cross(const double *x, int64_t n, int64_t p, const double *y, double *out)
{
    memset(out, 0, (size_t)p * sizeof(double));
    for (int64_t i = 0; i < n; i += VRK_MAT_BLOCK) {
        for (int64_t j = 0; j < p; j++)
            out[j] += cblas_ddot(count(block(n, i)), x + i + j * n, 1, y + i, 1);
    }
}

void vrk_mat_gram(const double *x, int64_t n, int64_t p, const double *w, double *work, double *out)
{
    memset(out, 0, (size_t)(p * p) * sizeof(double));
    for (int64_t i = 0; i < n && p > 0; i += VRK_MAT_BLOCK) {
        int64_t m = block(n, i);
        for (int64_t j = 0; j < p; j++) {
            for (int64_t a = 0; a < m; a++)
                work[a + j * m] = sqrt(w[i + a]) * x[i + a + j * n];
        }
        cblas_dsyrk(CblasColMajor, CblasLower, CblasTrans, count(p), count(m), 1, work, count(m), 1,
                    out, count(p));
    }
    for (int64_t j = 0; j < p; j++) {
        for (int64_t i = 0; i < j; i++)
            out[i + j * p] = out[j + i * p];
    }
}

void vrk_mat_product(const double *a, const double *b, int64_t n, int64_t k, int64_t m, bool turned,
                     double *out)
{
    if (k == 0)
        memset(out, 0, (size_t)(n * m) * sizeof(double));
    if (n == 0 || m == 0 || k == 0)
        return;
    cblas_dgemm(CblasColMajor, CblasNoTrans, turned ? CblasTrans : CblasNoTrans, count(n), count(m),
                count(k), 1, a, count(n), b, count(turned ? m : k), 0, out, count(n));
}

bool vrk_spd_factor(double *a, int64_t p)
{
    return p == 0 || LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'L', count(p), a, count(p)) == 0;
}

void vrk_spd_solve(const double *l, int64_t p, double *b)
{
    if (p == 0)
        return;
    cblas_dtrsv(CblasColMajor, CblasLower, CblasNoTrans, CblasNonUnit, count(p), l, count(p), b, 1);
    cblas_dtrsv(CblasColMajor, CblasLower, CblasTrans, CblasNonUnit, count(p), l, count(p), b, 1);
}

void vrk_spd_inverse(double *a, int64_t p)
{
    if (p > 0)
        (void)LAPACKE_dpotri_work(LAPACK_COL_MAJOR, 'L', count(p), a, count(p));
    for (int64_t j = 0; j < p; j++) {
        for (int64_t i = 0; i < j; i++)
            a[i + j * p] = a[j + i * p];
    }
}

int64_t vrk_chol(double *a, int64_t p, double tol, bool *dropped)
{
    int64_t rank = 0;
    for (int64_t j = 0; j < p; j++) {
        double whole = a[j + j * p], left = whole;
        for (int64_t k = 0; k < j; k++)
            left -= a[j + k * p] * a[j + k * p];
        dropped[j] = dropped[j] || !(left > tol * whole);
        double root = dropped[j] ? 0 : sqrt(left);
        a[j + j * p] = root;
        for (int64_t i = j + 1; i < p; i++) {
            double sum = a[i + j * p];
            for (int64_t k = 0; k < j; k++)
                sum -= a[i + k * p] * a[j + k * p];
            a[i + j * p] = dropped[j] ? 0 : sum / root;
        }
        rank += !dropped[j];
    }
    return rank;
}

void vrk_chol_solve(const double *l, int64_t p, const bool *dropped, double *b)
{
    for (int64_t i = 0; i < p; i++) {
        for (int64_t k = 0; k < i; k++)
            b[i] -= l[i + k * p] * b[k];
        b[i] = dropped[i] ? 0 : b[i] / l[i + i * p];
    }
    for (int64_t i = p - 1; i >= 0; i--) {
        for (int64_t k = i + 1; k < p; k++)
            b[i] -= l[k + i * p] * b[k];
        b[i] = dropped[i] ? 0 : b[i] / l[i + i * p];
    }
}

void vrk_chol_inverse(const double *l, int64_t p, const bool *dropped, double *out)
{
    memset(out, 0, (size_t)(p * p) * sizeof(double));
    for (int64_t j = 0; j < p; j++) {
        out[j + j * p] = dropped[j] ? 0 : 1;
        vrk_chol_solve(l, p, dropped, out + j * p);
    }
}

const char *vrk_mat_kernel(void)
{
    return openblas_get_corename();
}
