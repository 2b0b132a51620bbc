/* stat/gap.h - where a difference comes from: a result that is a product or any function of
 * factors, two groups' rates and mixes, two groups' means. Identities are exact; none of the parts
 * is a cause. doc/gap.md. */
#ifndef VRK_STAT_GAP_H
#define VRK_STAT_GAP_H

#include "base/base.h"

enum { VRK_GAP_MOST = 12 }; /* factors in an enumeration of all subsets */

/* (a - b) / (log a - log b), a where they are equal; a, b >= 0, 0 if one is 0. */
double vrk_log_mean(double a, double b);

/* LMDI: the product of to[k] less the product of from[k], given to the K factors; parts [k] add up
 * to the difference. Ang (2005), Energy Policy 33:867-871. VRK_EINPUT: a factor that is not
 * positive (number and value): use shrunken rates, raw zeros have no logarithm. O(k). */
VRK_MUST vrk_status vrk_gap_lmdi(vrk_ctx *ctx, int64_t k, const double *from, const double *to,
                                 double *part);

/* What the function is worth when the factors with bit j set in `on` are `to`, the others `from`.
 */
typedef double (*vrk_gap_fn)(void *arg, uint32_t on);

/* Shapley's share of each of k <= 12 factors: its step, averaged over all k! orders, by 2^k values;
 * least and most [k] are the smallest and largest step over orders (NULL: not wanted). For a
 * product this is Das Gupta (1993). part adds up to fn(all) - fn(0). */
VRK_MUST vrk_status vrk_gap_shapley(vrk_ctx *ctx, int64_t k, vrk_gap_fn fn, void *arg, double *part,
                                    double *least, double *most);
VRK_MUST vrk_status vrk_gap_product(vrk_ctx *ctx, int64_t k, const double *from, const double *to,
                                    double *part);

/* Kitagawa (1955): the difference of two means of rates over n cells, sum(share rate). */
typedef struct {
    double mix, rate; /* add up to the difference */
} vrk_kitagawa;
vrk_kitagawa vrk_gap_kitagawa(int64_t n, const double *share1, const double *rate1,
                              const double *share2, const double *rate2);

/* Rows of one group. A view. */
typedef struct {
    int64_t n;
    const double *y; /* [n] */
    const double *x; /* [n x p] column-major, a column of ones first */
} vrk_oaxaca_group;

typedef struct {
    int64_t p;
    double mean1, mean2, difference;
    double part[3], se[3]; /* threefold: endowments (X1-X2)'b2, coefficients X2'(b1-b2), interaction
                              (X1-X2)'(b1-b2) */
    double explained, unexplained; /* twofold, by coefficients pooled with an indicator of group */
    double se_explained, se_unexplained; /* pooled coefficients taken as independent of the means */
    double *b1, *b2, *pooled;            /* [p] */
    double *x1, *x2;                     /* [p] means */
    vrk_arena mem;
} vrk_oaxaca;

/* Oaxaca (1973), Blinder (1973); errors by the delta method with stochastic regressors (Jann 2008,
 * Stata J 8:453-479). O(n p^2). VRK_EINPUT: too few rows, a value that is not finite (group, row,
 * column), columns that explain each other. */
VRK_MUST vrk_status vrk_gap_oaxaca(vrk_ctx *ctx, int64_t p, const vrk_oaxaca_group *one,
                                   const vrk_oaxaca_group *two, vrk_oaxaca *out);
void vrk_oaxaca_free(vrk_oaxaca *o);

#endif
