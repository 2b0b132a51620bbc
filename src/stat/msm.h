/* stat/msm.h - rates of moving between states from snapshots: when it is seen now and then in which
 * state a deal is, but not when it moved. Continuous-time Markov chain. Kalbfleisch & Lawless
 * (1985), JASA 80:863-871; Jackson (2011), J Stat Softw 38(8). doc/msm.md. */
#ifndef VRK_STAT_MSM_H
#define VRK_STAT_MSM_H

#include "base/base.h"
#include "num/stop.h"

typedef enum {
    VRK_SEEN,    /* in this state at this time; what was between is unknown: a snapshot */
    VRK_ENTERED, /* came into this state at this very time, from a state that was not seen: won and
                  * lost have their dates */
    VRK_MOVED,   /* stayed until this time in the state of the row before, then went to this one (or
                  * is still in it): the history in between is complete */
} vrk_sighting;

/* Rows are what was seen, ordered by subject and time. A view: owns nothing. */
typedef struct {
    int64_t n;
    int32_t states;         /* k in [2,64] */
    const int32_t *subject; /* [n] in [0,subjects), the rows of one together */
    int32_t subjects;
    const double *time;   /* [n] ascending within a subject [day] */
    const int32_t *state; /* [n] 0 ... k-1; or k + c: one of the states of sets[c] */
    const uint8_t *kind;  /* [n] vrk_sighting; the first of a subject does not count; NULL = SEEN */
    int32_t sets;
    const bool *set;            /* [sets x k] set[c*k + s] */
    int64_t p;                  /* covariates, without intercept; may be 0 */
    const double *x;            /* [n x p] column-major; hold from their row until the next */
    int32_t transitions;        /* that are possible */
    const int32_t *from, *into; /* [transitions] */
} vrk_msm_data;

/* All zero is the default. */
typedef struct {
    int max_iter; /* 0 = 500 */
    double tol;   /* stop when a step promises less than this in ll; 0 = 1e-13 */
} vrk_msm_opt;

typedef struct {
    int32_t states, transitions; /* k, q */
    int64_t p, rank;             /* rank: parameters estimated, of q (1 + p) */
    int32_t *from, *into;        /* [q] */
    double *beta;                /* [(1+p) x q] beta[j + t*(1+p)]: log rate of transition t with all
                                  * covariates 0 [log 1/day] for j = 0, then log rate ratios */
    double *se;   /* [(1+p) x q] from the observed information; NaN where dropped, zero or untold */
    double *vcov; /* [(1+p) q x (1+p) q] column-major; 0 where dropped or zero */
    bool *dropped; /* [p] covariates that are constant or explained by the ones before them */
    bool *zero;    /* [q] the data hold no sign of this transition: its rate is zero, its betas mean
                    * nothing */
    bool
        *untold; /* [q] the likelihood is level in some of its betas: infinite (its rate is zero for
                  * some covariates), or not to be told from what was seen. Chances are right */
    double ll;
    double gradient; /* largest |d ll / d beta|, covariates standardised */
    int64_t steps;   /* pairs of rows that counted */
    int64_t skipped; /* rows not used: before a subject's first known state */
    int64_t single;  /* subjects with one row, who tell nothing */
    int iterations, evaluations;
    vrk_stop stop; /* BOUNDARY: some transition is zero or untold */
    vrk_arena mem;
} vrk_msm;

/* Maximum likelihood by quasi-Newton on exact gradients. Each evaluation: one matrix exponential
 * and its derivative for each different (interval, covariates), O(k^3), and O(k^2) for each step
 * into a set. Errors from central differences of the gradient: 2 q (1+p) evaluations more.
 * On failure *out is empty. VRK_EINPUT names the row, from 0: a state, time or covariate that
 * cannot be, a move that no way of transitions makes possible; or no row with a row after it.
 * `opt` may be NULL. */
VRK_MUST vrk_status vrk_msm_fit(vrk_ctx *ctx, const vrk_msm_data *data, const vrk_msm_opt *opt,
                                vrk_msm *out);
void vrk_msm_free(vrk_msm *fit); /* safe on an empty fit */

/* Rates for covariates x [p] (NULL = all 0) into q [k x k], q[r + k*c]; diagonal minus the sums. */
void vrk_msm_rates(const vrk_msm *fit, const double *x, double *q);

/* Chances P(in c after t | in r now) into prob [k x k], and their standard errors by the delta
 * method into se [k x k] (NULL = not wanted). O(k^5 + k^2 q^2 (1+p)^2). */
VRK_MUST vrk_status vrk_msm_chances(vrk_ctx *ctx, const vrk_msm *fit, const double *x, double t,
                                    double *prob, double *se);

#endif
