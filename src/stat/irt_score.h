/* stat/irt_score.h - what answers say about each person, with known items: EAP, MAP, WLE, plausible
 * values, reliability, fit of persons and items. Bock & Mislevy (1982), Appl Psychol Meas
 * 6:431-444; Warm (1989), Psychometrika 54:427-450; Wright & Masters (1982). doc/irt.md. */
#ifndef VRK_STAT_IRT_SCORE_H
#define VRK_STAT_IRT_SCORE_H

#include "stat/irt.h"

/* All zero is the default. */
typedef struct {
    int64_t plausible; /* draws from each person's posterior; 0 = none */
    double limit;      /* where MAP and WLE stop: |z| <= limit; 0 = 8 */
} vrk_irt_score_opt;

/* In units of the trait's standard deviation. NaN where a person answered nothing (answered = 0).
 */
typedef struct {
    int64_t persons, items, plausible;
    int64_t *answered;    /* [persons] items answered */
    double *eap, *psd;    /* [persons] posterior mean and standard deviation */
    double *map, *map_se; /* [persons] posterior mode; 1 / root of information + 1 */
    double *wle, *wle_se; /* [persons] Warm's; finite for extreme scores too */
    bool *extreme;        /* [persons] lowest or highest answer everywhere: ML would be infinite */
    double *infit, *outfit;           /* [persons] at the WLE; 1 expected, over 1.5 erratic */
    double *item_infit, *item_outfit; /* [items], at the persons' WLE; extreme persons left out */
    double *draw;                     /* [persons x plausible] column-major */
    double eap_reliability;           /* var(EAP) / (var(EAP) + mean PSD^2) */
    double wle_reliability;           /* 1 - mean SE^2 / var(WLE), not under 0 */
    vrk_arena mem;
} vrk_irt_scores;

/* O(persons x items x points). Draws depend on ctx->seed and the person's number only. `opt` may be
 * NULL. VRK_EINPUT: other items than the fit's, an answer out of range (person and item named). A
 * slope inside another model must use the draws, or correct for reliability: EAP as a covariate is
 * attenuated by it. */
VRK_MUST vrk_status vrk_irt_score(vrk_ctx *ctx, const vrk_irt *fit, const vrk_answers *answers,
                                  const vrk_irt_score_opt *opt, vrk_irt_scores *out);
void vrk_irt_scores_free(vrk_irt_scores *scores); /* safe on empty scores */

/* Posterior mean and standard deviation of one person: x [items] of answers, -1 = not asked. Trusts
 * its input; for adaptive tests. O(items x points). */
void vrk_irt_eap(const vrk_irt *fit, const int8_t *x, double *eap, double *psd);

/* Items with known parameters and nothing else, as a fit to score with: P as in vrk_irt_known. */
VRK_MUST vrk_status vrk_irt_of(vrk_ctx *ctx, vrk_irt_family family, int64_t items,
                               const int32_t *categories, const vrk_irt_known *known,
                               int64_t points, vrk_irt *out);

#endif
