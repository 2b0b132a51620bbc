/* The sparse factor against the dense one on the same matrix (num/mat.h). */
#include "num/sparse.h"
#include "base/rng.h"
#include "num/mat.h"
#include "tests/t.h"

enum { N = 40 };

typedef struct {
    double full[N * N], value[N * N], inverse[N * N];
    int64_t start[N + 1], row[N * N];
} matrix;

/* Symmetric, dominant diagonal, a tenth of the entries filled. */
static void fill(matrix *m, uint64_t seed)
{
    vrk_rng r = vrk_rng_of(7, 0, 0), v = vrk_rng_of(seed, 1, 0);
    int64_t nnz = 0;
    *m = (matrix){0};
    for (int64_t j = 0; j < N; j++) {
        m->start[j] = nnz;
        for (int64_t i = j; i < N; i++) {
            if (i > j && !vrk_rng_chance(&r, 0.1))
                continue;
            double x = i == j ? 12 + vrk_rng_uniform(&v) : vrk_rng_normal(&v);
            m->full[i + j * N] = m->full[j + i * N] = x;
            m->row[nnz] = i;
            m->value[nnz++] = x;
        }
    }
    m->start[N] = nnz;
    bool dropped[N] = {0};
    static double l[N * N];
    for (int k = 0; k < N * N; k++)
        l[k] = m->full[k];
    vrk_chol(l, N, 1e-12, dropped);
    vrk_chol_inverse(l, N, dropped, m->inverse);
}

static void agrees_with_the_dense_factor_when_values_change(void)
{
    static matrix m;
    vrk_ctx ctx = {0};
    vrk_sparse *s = NULL;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        bool positive;
        static double inverse[N * N];
        double b[2 * N], det = 0;
        fill(&m, seed);
        if (!s)
            T_OK(vrk_sparse_new(&ctx, N, m.start, m.row, &s) == VRK_OK);
        T_OK(vrk_sparse_factor(&ctx, s, m.value, &positive) == VRK_OK && positive);
        T_OK(vrk_sparse_inverse(&ctx, s, inverse) == VRK_OK);
        for (int64_t j = 0; j < N; j++) {
            for (int64_t k = m.start[j]; k < m.start[j + 1]; k++)
                T_NEAR(inverse[k], m.inverse[m.row[k] + j * N], 1e-13);
            b[j] = (double)j;
            b[N + j] = 1;
        }
        vrk_sparse_solve(s, b, 2);
        for (int64_t i = 0; i < N; i++) {
            double a = 0, c = 0;
            for (int64_t j = 0; j < N; j++) {
                a += m.full[i + j * N] * b[j];
                c += m.full[i + j * N] * b[N + j];
            }
            T_NEAR(a, (double)i, 1e-12);
            T_NEAR(c, 1.0, 1e-12);
        }
        bool dropped[N] = {0};
        vrk_chol(m.full, N, 1e-12, dropped);
        for (int64_t i = 0; i < N; i++)
            det += 2 * log(m.full[i + i * N]);
        T_NEAR(vrk_sparse_log_det(s, NULL), det, 1e-12);
    }
    vrk_sparse_free(s);
    vrk_arena_free(&ctx.scratch);
}

/* Draws are linear in z, so the covariance is the sum over unit vectors: exact. */
static void draws_have_the_inverse_as_covariance(void)
{
    static matrix m;
    static double cov[N * N];
    vrk_ctx ctx = {0};
    vrk_sparse *s = NULL;
    bool positive;
    fill(&m, 4);
    T_OK(vrk_sparse_new(&ctx, N, m.start, m.row, &s) == VRK_OK);
    T_OK(vrk_sparse_factor(&ctx, s, m.value, &positive) == VRK_OK);
    for (int64_t k = 0; k < N; k++) {
        double z[N] = {0};
        z[k] = 1;
        vrk_sparse_draw(s, z);
        for (int64_t i = 0; i < N * N; i++)
            cov[i] += z[i % N] * z[i / N];
    }
    for (int64_t i = 0; i < N * N; i++)
        T_NEAR(cov[i], m.inverse[i], 1e-13);
    vrk_sparse_free(s);
    vrk_arena_free(&ctx.scratch);
}

static void says_when_it_is_not_positive_definite(void)
{
    vrk_ctx ctx = {0};
    vrk_sparse *s = NULL;
    bool positive;
    T_OK(vrk_sparse_new(&ctx, 2, (int64_t[]){0, 2, 3}, (int64_t[]){0, 1, 1}, &s) == VRK_OK);
    T_OK(vrk_sparse_factor(&ctx, s, (double[]){1, 2, 1}, &positive) == VRK_OK && !positive);
    T_OK(vrk_sparse_factor(&ctx, s, (double[]){1, 0.5, 1}, &positive) == VRK_OK && positive);
    T_NEAR(vrk_sparse_log_det(s, NULL), log(0.75), 1e-14);
    vrk_sparse_free(s);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(agrees_with_the_dense_factor_when_values_change),
       T_CASE(draws_have_the_inverse_as_covariance), T_CASE(says_when_it_is_not_positive_definite))
