/* stat/within_logit.h - what changes the odds within a seller: logistic regression on cells with
 * one free intercept a group, so that only differences within a group tell about the coefficients
 * (Mundlak 1978, Econometrica 46:69-85: the within estimator); normal priors on both. The
 * intercepts are eliminated group by group, so the cost does not grow with their number.
 * doc/effects.md. */
#ifndef VRK_STAT_WITHIN_LOGIT_H
#define VRK_STAT_WITHIN_LOGIT_H

#include "num/stop.h"

#include "base/base.h"

/* A view: owns nothing. */
typedef struct {
    int64_t n, p, groups;
    const double *x;          /* [n x p] column-major */
    const double *y, *trials; /* [n] 0 <= y <= trials */
    const int64_t *group;     /* [n] 0 ... groups - 1 */
    const double *precision;  /* [p] of the normal priors, >= 0 */
    const double *prior;      /* [p] their means; NULL = 0 */
    double group_precision;   /* of the intercepts about `centre`, > 0 */
    double centre;            /* [log odds] */
} vrk_within_logit_data;

typedef struct {
    int64_t p, groups;
    double *beta;      /* [p] posterior mode [log odds] */
    double *variance;  /* [p] diagonal of the inverse negative Hessian; with the groups free */
    double *intercept; /* [groups] */
    double ll;         /* log likelihood and priors at the mode, without constants */
    double gradient;   /* largest element at the end */
    int iterations;
    vrk_stop stop;
    vrk_arena mem;
} vrk_within_logit;

/* Newton's method with halving of steps; each iteration O(n p^2). On failure *out is empty.
 * VRK_EINPUT: a cell that cannot be, named by its row. VRK_ENUMERIC: the curvature is singular (a
 * column with precision 0 that does not vary within any group). */
VRK_MUST vrk_status vrk_within_logit_fit(vrk_ctx *ctx, const vrk_within_logit_data *data,
                                         vrk_within_logit *out);
void vrk_within_logit_free(vrk_within_logit *fit); /* safe on an empty fit */

#endif
