/* stat/cox.h - what hazards depend on, whatever their course in time: proportional hazards with the
 * partial likelihood. Cox (1972), JRSS B 34:187-220; ties by Efron (1977), JASA 72:557-565, or
 * Breslow; errors by cluster of Lin & Wei (1989), JASA 84:1074-1078. doc/cox.md. */
#ifndef VRK_STAT_COX_H
#define VRK_STAT_COX_H

#include "base/base.h"
#include "num/stop.h"

/* Spells with one kind of event (for competing causes a fit each). A view: owns nothing. At time t
 * those with entry < t <= exit are at risk. Times are tied when they are exactly equal. */
typedef struct {
    int64_t n, p;
    const double *x;        /* [n x p] column-major, without intercept */
    const double *entry;    /* [n] under observation after this time [day]; NULL = always */
    const double *exit;     /* [n] finite, > entry [day] */
    const uint8_t *event;   /* [n] 1 = event at exit, 0 = none */
    const double *weight;   /* [n] >= 0, case weights; NULL = all 1; rows with 0 do not count */
    const double *offset;   /* [n] added to x'beta; NULL = all 0 */
    const int32_t *stratum; /* [n] in [0,strata), each with a hazard of its own; NULL = one */
    int32_t strata;
    const int32_t *cluster; /* [n] in [0,clusters): rows of one deal or seller; NULL = each alone */
    int32_t clusters;
} vrk_cox_data;

typedef enum { VRK_EFRON, VRK_BRESLOW } vrk_ties;

/* All zero is the default. */
typedef struct {
    vrk_ties ties;
    bool robust;  /* the sandwich too, each row for itself; always when there are clusters */
    int max_iter; /* 0 = 50 */
    double tol;   /* stop when a step promises less than this in ll; 0 = 1e-12 */
} vrk_cox_opt;

typedef struct {
    int64_t p, rank;
    double *beta;        /* [p] log hazard ratios; 0 where dropped */
    double *se;          /* [p] from the inverse information; NaN where dropped */
    double *vcov;        /* [p x p] column-major; 0 where dropped */
    double *robust_se;   /* [p] by cluster; NULL if not asked for */
    double *robust_vcov; /* [p x p] */
    bool *dropped;       /* [p] columns that are constant among those at risk at every event (within
                          * strata), or explained by the ones before them */
    bool *infinite;      /* [p] with BOUNDARY: its beta runs to plus or minus infinity */
    double ll, ll0;      /* log partial likelihood at beta, and at 0 */
    double score;        /* score test of beta = 0, chi-square with `rank` degrees of freedom */
    double gradient;     /* largest |d ll / d beta| over the root of its information */
    double events;       /* their number (rows, not weights) */
    int64_t rows;        /* different rows after adding up those alike */
    int iterations;
    vrk_stop stop; /* BOUNDARY: see infinite; the other betas and ll are right */

    /* The baseline: of stratum g the rows first[g] ... first[g+1]-1, one for each time with events.
     * For covariates at `center`. */
    double *center; /* [p] */
    int32_t strata;
    int64_t *first;   /* [strata+1] */
    double *time;     /* ascending within a stratum [day] */
    double *hazard;   /* cumulative */
    double *variance; /* of it, beta taken as known */
    double *drift;    /* [p x rows] drift[j + p*row]: integral of the mean covariates, less center,
                       * by the hazard; for vrk_cox_survival's error */
    vrk_arena mem;
} vrk_cox;

/* Rows alike are added up first; then Newton's method with halving of steps, O(rows p^2) each: with
 * weekly times a million deals are some thousand rows. Else O(n log n + n p^2).
 * On failure *out is empty. VRK_EINPUT: a row that cannot be (named by its number, from 0, and its
 * column), no events at all. `opt` may be NULL. */
VRK_MUST vrk_status vrk_cox_fit(vrk_ctx *ctx, const vrk_cox_data *data, const vrk_cox_opt *opt,
                                vrk_cox *out);
void vrk_cox_free(vrk_cox *fit); /* safe on an empty fit */

/* Cumulative hazard at time t for covariates x [p] in stratum g, and its standard error, both the
 * events and beta uncertain (Tsiatis 1981; Klein & Moeschberger 2003, 8.8). Survival is
 * exp(-hazard), with error survival times se. O(p^2 + log rows). */
void vrk_cox_hazard(const vrk_cox *fit, int32_t g, const double *x, double t, double *hazard,
                    double *se);

#endif
