/* stat/poisson.h - rates: Poisson regression on cells of events and exposure, which is the exact
 * likelihood of a hazard that is constant within each cell. Holford (1980), Biometrics 36:299-305;
 * Laird & Olivier (1981), JASA 76:231-240. doc/poisson_cells.md. */
#ifndef VRK_STAT_POISSON_H
#define VRK_STAT_POISSON_H

#include "num/stop.h"
#include "stat/curve.h"

/* Cells. A view: owns nothing. Cells with the same covariates may be added up, or not: the
 * estimates, their errors and ll are the same. */
typedef struct {
    int64_t n, p;
    const double *x;      /* [n x p] column-major; give an intercept as a column of ones */
    const double *events; /* [n] >= 0 */
    const double
        *exposure; /* [n] >= 0 [day]; a cell with 0 must have no events, and does not count */
    const double *weight; /* [n] >= 0; NULL = all 1 */
} vrk_cells;

/* All zero is the default. */
typedef struct {
    int max_iter; /* 0 = 50 */
    double tol;   /* stop when a step promises less than this in ll; 0 = 1e-14 */
} vrk_poisson_opt;

typedef struct {
    int64_t p, rank;
    double *beta;    /* [p] log rate ratios [log 1/day for the intercept]; 0 where dropped */
    double *se;      /* [p] from the inverse information; NaN where dropped */
    double *vcov;    /* [p x p] column-major; 0 where dropped */
    bool *dropped;   /* [p] columns that the ones before them explain */
    double ll;       /* sum of w (D eta - E exp eta), without what does not depend on beta */
    double deviance; /* of these cells: changes when cells are added up */
    double
        gradient; /* largest |d ll / d beta| over the root of its information: in standard errors */
    int iterations;
    vrk_stop
        stop; /* BOUNDARY: some level has no events, and its beta is on its way to minus infinity */
    vrk_arena mem;
} vrk_poisson;

/* Newton's method with halving of steps; each iteration O(n p^2). On failure *out is empty.
 * VRK_EINPUT: a cell that cannot be (named by its row), or no events at all. `opt` may be NULL. */
VRK_MUST vrk_status vrk_poisson_fit(vrk_ctx *ctx, const vrk_cells *cells,
                                    const vrk_poisson_opt *opt, vrk_poisson *out);
void vrk_poisson_free(vrk_poisson *fit); /* safe on an empty fit */

#endif
