/* stat/frontier.h - stochastic frontiers: how far a result lies under what the best would have got
 * from the same means, when luck goes both ways and shortfall only down. y = x'b + v - u. Aigner,
 * Lovell & Schmidt (1977), J Econometrics 6:21-37; Battese & Coelli (1992), J Prod Anal 3:153-169
 * and (1995), Empirical Econ 20:325-332. doc/frontier.md; a screen, never a diagnosis. */
#ifndef VRK_STAT_FRONTIER_H
#define VRK_STAT_FRONTIER_H

#include "num/stop.h"

#include "base/base.h"

/* A view: owns nothing. */
typedef struct {
    int64_t n, p;
    const double *y; /* [n] log of the result (of the cost, if `cost`) */
    const double *x; /* [n x p] column-major logs of the means; an intercept is a column of ones,
                        and one of the columns must be */
    const int64_t *firm; /* [n] 0 ... firms-1, who is one unit over time; NULL = each row is one */
    const double *time;  /* [n] period; needed for eta only */
    int64_t q;
    const double *z; /* [n x q] what the mean of u depends on (Battese & Coelli 1995), intercept
                        included if wanted; NULL, q = 0: none. Then rows are independent. */
    bool cost;       /* y = x'b + v + u: shortfall makes y larger */
} vrk_frontier_data;

/* All zero is the default: half-normal u, constant over time within a firm. */
typedef struct {
    bool exponential; /* u exponential with mean su, independent rows; Meeusen & van den Broeck
                         (1977), Int Econ Rev 18:435-444. Nothing else of these but the last two */
    bool truncated;   /* u ~ N(mu, su^2) over 0, mu estimated; not with z */
    bool eta;         /* u_it = u_i exp(-eta (t - last period of all)) */
    int max_iter;     /* 0 = 200 */
    double tol;       /* stop when a step promises less than this in ll; 0 = 1e-12 */
} vrk_frontier_opt;

typedef struct {
    int64_t n, p, q, firms;
    int64_t k;    /* coefficients: p of x, then q of z, sigma2, gamma, mu and eta if estimated */
    double *coef; /* [k] sigma2 = sv^2 + su^2; gamma = su^2 / sigma2 in [0,1) */
    double *se;   /* [k] from the observed information; NaN where gamma ran to 0 */
    double *vcov; /* [k x k] column-major; NaN likewise */
    double sd_v, sd_u;      /* of v; scale of u */
    double mu, eta;         /* 0 where not estimated */
    double *efficiency;     /* [n] E(exp(-u) | residual), Battese & Coelli (1988) (cost: exp(u)'s
                               inverse likewise); in (0,1] */
    double *shortfall;      /* [n] E(u | residual), Jondrow et al. (1982) */
    double mean_efficiency; /* over rows */
    double ll, ll_ols;
    double lr, p_value; /* of no shortfall at all: lr of `restrictions`, p by the mixture of chi2
                           with one less and as many degrees (1/2 chi2_0 + 1/2 chi2_1 for one) */
    int restrictions;
    double skewness; /* third moment of least-squares residuals over SD^3, sign turned for cost */
    bool wrong_skew; /* skewness >= 0: the sample says nothing of a shortfall (Waldman 1982) */
    double gradient; /* largest |d ll / d parameter| over the root of its information */
    int iterations;
    vrk_stop stop; /* BOUNDARY: gamma ran to 0; estimates are those of least squares */
    vrk_arena mem;
} vrk_frontier;

/* Maximum likelihood by Newton's method from corrected least squares and a grid over gamma; each
 * iteration O(n p^2) where rows are independent and half-normal, else O(n p k). On failure *out is
 * empty. VRK_EINPUT: a value that is not finite (row, column), no column of ones, columns that
 * explain each other, fewer rows than coefficients, options that do not go together. */
VRK_MUST vrk_status vrk_frontier_fit(vrk_ctx *ctx, const vrk_frontier_data *data,
                                     const vrk_frontier_opt *opt, vrk_frontier *out);
void vrk_frontier_free(vrk_frontier *fit); /* safe on an empty fit */

#endif
