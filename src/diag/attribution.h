/* diag/attribution.h - of the differences between sellers' won money, what activity, market, mix,
 * team, seller and chance account for (question 1). doc/attribution.md. */
#ifndef VRK_DIAG_ATTRIBUTION_H
#define VRK_DIAG_ATTRIBUTION_H

#include "diag/coverage.h"
#include "diag/results.h"

typedef struct {
    double mean, lo, hi; /* share of the variance; 90 % interval over draws */
    double first, last;  /* the share when it is taken first, and last: how far they move
                          * together */
} vrk_part_share;

typedef struct {
    bool made; /* false: too little to say anything */
    int64_t sellers;
    vrk_part_share part[VRK_PARTS]; /* add up to 1 */
    double reliability;             /* share that would come again: 1 - chance */
    bool separable;                 /* no share moves by more than 0.15 with the order */
} vrk_attribution;

/* Shapley shares of the variance of money a week between sellers, over the draws: the part of each
 * in a seller's expected money is its Shapley value, and its share the covariance of that part with
 * the money, over the variance. O(sellers draws kinds places). VRK_EMEMORY. */
VRK_MUST vrk_status vrk_attribution_make(vrk_ctx *ctx, const vrk_seller_results *r,
                                         vrk_attribution *out);

/* Question 1 where the data carry it: refused without amounts or with too few sellers, weak where
 * causes move together. */
void vrk_attribution_answer(const vrk_attribution *a, bool priced, vrk_answer *answer);

#endif
