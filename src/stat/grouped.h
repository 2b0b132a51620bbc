/* stat/grouped.h - rates of several ends from intervals: at risk at its beginning, and how many
 * went which way within it. For deals known by week or month only. Prentice & Gloeckler (1978),
 * Biometrics 34:57-67; Allison (1982), Sociol Methodol 13:61-98. doc/grouped.md. */
#ifndef VRK_STAT_GROUPED_H
#define VRK_STAT_GROUPED_H

#include "base/base.h"
#include "num/stop.h"

typedef enum {
    VRK_GROUPED_HAZARD, /* P(stay) = exp(-L), P(c) = exp(eta_c)/L (1 - exp(-L)), L = sum exp(eta):
                         * exact for rates constant within the interval; with one end the
                         * complementary log-log. exp(eta) is a rate per interval */
    VRK_GROUPED_ODDS,   /* P(c) = exp(eta_c) / (1 + sum exp(eta)): multinomial logit, or logit */
} vrk_grouped_link;

/* Cells, or rows of one at risk each. A view: owns nothing. Cells with the same covariates may be
 * added up, or not. */
typedef struct {
    int64_t n, p;
    int32_t ends;         /* >= 1 */
    const double *x;      /* [n x p] column-major; give an intercept as a column of ones */
    const double *risk;   /* [n] >= 0 at risk at the beginning of the interval */
    const double *events; /* [n x ends] column-major, >= 0, together not over risk */
} vrk_grouped_data;

/* All zero is the default. */
typedef struct {
    vrk_grouped_link link;
    int max_iter; /* 0 = 50 */
    double tol;   /* stop when a step promises less than this in ll; 0 = 1e-14 */
} vrk_grouped_opt;

typedef struct {
    int64_t p, rank; /* rank of x */
    int32_t ends;
    double *beta;    /* [p x ends] log hazard ratios, or log odds ratios; 0 where dropped */
    double *se;      /* [p x ends] from the expected information; NaN where dropped */
    double *vcov;    /* [p ends x p ends] column-major, beta[j + c*p]; 0 where dropped */
    bool *dropped;   /* [p] columns that the ones before them explain */
    double ll;       /* without multinomial coefficients: as of rows of one at risk each */
    double gradient; /* largest |d ll / d beta| over the root of its information */
    int iterations;
    vrk_stop stop; /* BOUNDARY: some level has no events of an end (or all have it), and its beta is
                    * on its way to infinity */
    vrk_arena mem;
} vrk_grouped;

/* Newton's method with halving of steps; each iteration O(n p^2 ends^2). On failure *out is empty.
 * VRK_EINPUT: a cell that cannot be (named by its number, from 0, and the column), or an end that
 * nobody met. `opt` may be NULL. */
VRK_MUST vrk_status vrk_grouped_fit(vrk_ctx *ctx, const vrk_grouped_data *data,
                                    const vrk_grouped_opt *opt, vrk_grouped *out);
void vrk_grouped_free(vrk_grouped *fit); /* safe on an empty fit */

#endif
