/* num/mat.h - dense linear algebra, column-major: element (i,j) of an [n x p] matrix is at[i +
 * j*n]. The only file that calls BLAS, on one thread, so that the same input gives the same bits.
 */
#ifndef VRK_NUM_MAT_H
#define VRK_NUM_MAT_H

#include "base/base.h"

enum { VRK_MAT_BLOCK = 2048 }; /* rows taken at a time */

/* y [n] = x b, with x [n x p] and b [p]. O(n p). */
void vrk_mat_times(const double *x, int64_t n, int64_t p, const double *b, double *y);

/* out [p] = x' y. O(n p). */
void vrk_mat_cross(const double *x, int64_t n, int64_t p, const double *y, double *out);

/* out [p x p] = x' diag(w) x, both triangles; w [n] >= 0. work [VRK_MAT_BLOCK x p]. O(n p^2). */
void vrk_mat_gram(const double *x, int64_t n, int64_t p, const double *w, double *work,
                  double *out);

/* out [n x m] = a b, with a [n x k] and b [k x m]; or, with `turned`, b [m x k] and out = a b'.
 * O(n k m). */
void vrk_mat_product(const double *a, const double *b, int64_t n, int64_t k, int64_t m, bool turned,
                     double *out);

/* The lower triangle of a [p x p], symmetric, becomes its Cholesky factor; false if it is not
 * positive definite. Then b [p] becomes the solution of L L' x = b; a becomes (L L')^-1, both
 * triangles. By LAPACK: for p in the hundreds. O(p^3), O(p^2), O(p^3). */
VRK_MUST bool vrk_spd_factor(double *a, int64_t p);
void vrk_spd_solve(const double *l, int64_t p, double *b);
void vrk_spd_inverse(double *a, int64_t p);

/* The lower triangle of a [p x p], symmetric and not negative, becomes its Cholesky factor. A
 * column that the ones before it explain (what is left of its diagonal is under `tol` of what it
 * was) is marked in dropped [p] and left out, as are those marked beforehand. Returns the rank.
 * O(p^3). */
int64_t vrk_chol(double *a, int64_t p, double tol, bool *dropped);

/* b [p] becomes the solution of L L' x = b; 0 where dropped. O(p^2). */
void vrk_chol_solve(const double *l, int64_t p, const bool *dropped, double *b);

/* out [p x p] = (L L')^-1, 0 in dropped rows and columns. O(p^3). */
void vrk_chol_inverse(const double *l, int64_t p, const bool *dropped, double *out);

/* The kernel that BLAS chose for this processor ("Haswell"): other kernels round otherwise. */
const char *vrk_mat_kernel(void);

#endif
