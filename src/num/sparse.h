/* num/sparse.h - the Cholesky factor of a sparse symmetric matrix, its solutions, its inverse where
 * the factor has entries, and draws. By CHOLMOD (Chen, Davis, Hager & Rajamanickam 2008, ACM TOMS
 * 35(3)); this is the only file that calls it. The pattern is analysed once, the values may change.
 */
#ifndef VRK_NUM_SPARSE_H
#define VRK_NUM_SPARSE_H

#include "base/base.h"

typedef struct vrk_sparse vrk_sparse;

/* Lower triangle of an [n x n] matrix by columns: rows row[start[j]] ... row[start[j+1]-1] of
 * column j, ascending, the diagonal first and always there. Copied. Chooses the order of
 * elimination (AMD). *out is NULL on failure. VRK_EMEMORY. */
VRK_MUST vrk_status vrk_sparse_new(vrk_ctx *ctx, int64_t n, const int64_t *start,
                                   const int64_t *row, vrk_sparse **out);

/* Factors the matrix with these values, in the order of `row`. *positive is false where it is not
 * positive definite (nothing else may then be asked). */
VRK_MUST vrk_status vrk_sparse_factor(vrk_ctx *ctx, vrk_sparse *s, const double *value,
                                      bool *positive);

/* log of the determinant, and the smallest over the largest pivot (a rough inverse condition). */
double vrk_sparse_log_det(const vrk_sparse *s, double *pivots);

/* b [n x k] becomes A^-1 b. O(k nnz(L)). */
void vrk_sparse_solve(const vrk_sparse *s, double *b, int64_t k);

/* z [n] of independent standard normals becomes a draw from N(0, A^-1). */
void vrk_sparse_draw(const vrk_sparse *s, double *z);

/* inverse[k] = (A^-1) at row[k] of its column: all entries of the pattern, by the recursion of
 * Takahashi, Fagan & Chen (1973). O(sum of squared column lengths of L) and more where L is dense.
 */
VRK_MUST vrk_status vrk_sparse_inverse(vrk_ctx *ctx, vrk_sparse *s, double *inverse);

int64_t vrk_sparse_fill(const vrk_sparse *s); /* entries of L */
void vrk_sparse_free(vrk_sparse *s);

#endif
