/* stat/rank.h - order among sellers, and whether there is one: ranks from joint draws (Goldstein &
 * Spiegelhalter 1996, JRSS A 159:385-443), reliability, shares of variance. doc/ranks.md. */
#ifndef VRK_STAT_RANK_H
#define VRK_STAT_RANK_H

#include "base/base.h"

typedef struct {
    double mean, lo, hi;    /* rank 1 = smallest value ... s; interval at `level` */
    double p_first, p_last; /* P(smallest), P(largest) */
    double p_quartile;      /* P(among the s/4 largest, rounded up) */
} vrk_rank;

typedef struct {
    int64_t s;
    vrk_rank *rank; /* [s] */
    double width;   /* mean width of the intervals, in shares of s */
    vrk_arena mem;
} vrk_ranks;

/* draws [b x s] column-major from the JOINT posterior, ranked within each draw (equals share their
 * mean rank; half of a tie counts as first). level 0 = .9. O(b s log s). VRK_EINPUT: fewer than 2
 * draws or a value that is not finite (draw and column). */
VRK_MUST vrk_status vrk_ranks_of(vrk_ctx *ctx, int64_t b, int64_t s, const double *draws,
                                 double level, vrk_ranks *out);
void vrk_ranks_free(vrk_ranks *r);

/* var / (var + se^2): how much of a difference between sellers would come again. */
double vrk_reliability(double var, double se);
/* Decisions per seller for a reliability, at success rate p and SD of sellers in logits. */
double vrk_required_n(double reliability, double p, double sd);
/* Spearman-Brown: reliability of the whole from the correlation of halves. */
double vrk_split_half(double r);
/* A list in order may be printed: median reliability >= .7 and mean width <= 1/3. */
bool vrk_league_table(double median_reliability, double width);

typedef enum {
    VRK_LATENT_GAUSS,
    VRK_LATENT_LOGIT,
    VRK_LATENT_PROBIT,
    VRK_LATENT_CLOGLOG,
    VRK_LATENT_LOG
} vrk_latent;
/* Variance of what is left at the level of one observation (Nakagawa, Johnson & Schielzeth 2017):
 * of a Gaussian the residual variance `extra`; of Poisson-log ln(1 + 1/extra) with the mean
 * `extra`. */
double vrk_latent_variance(vrk_latent kind, double extra);

typedef struct {
    double marginal, conditional; /* R2 of fixed effects; of fixed and random ones */
    double icc;                   /* random / (random + distribution), fixed effects held */
    double icc_unadjusted;        /* random / all */
} vrk_r2;
/* fixed = variance of x'beta over observations, random = sum of variances of random terms (for
 * slopes the mean of z'Sigma z), rest = vrk_latent_variance. */
vrk_r2 vrk_r2_of(double fixed, double random, double rest);

#endif
