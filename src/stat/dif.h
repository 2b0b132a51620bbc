/* stat/dif.h - does an item treat two groups alike, given what they can? Mantel & Haenszel (1959);
 * Holland & Thayer (1988); Swaminathan & Rogers (1990), J Educ Meas 27:361-370; classes A, B, C of
 * the Educational Testing Service (Zieky 1993). doc/irt.md. */
#ifndef VRK_STAT_DIF_H
#define VRK_STAT_DIF_H

#include "base/base.h"

/* Answers right or wrong. A view: owns nothing. */
typedef struct {
    int64_t persons, items;
    const int8_t *x;         /* [persons x items] column-major: 0, 1; -1 = missing */
    const int8_t *focal;     /* [persons] 1 = focal group, 0 = reference */
    const char *const *name; /* [items] for messages; NULL = "item 1" ... */
} vrk_dif_data;

/* All zero is the default. */
typedef struct {
    bool purify;        /* leave flagged items out of the matching score, until nothing changes */
    bool no_correction; /* leave out Yates's half */
    double level;       /* of the tests; 0 = .05 */
    int64_t min_group;  /* 0 = 100: fewer in a group are refused */
} vrk_dif_opt;

typedef enum { VRK_DIF_A = 0, VRK_DIF_B, VRK_DIF_C } vrk_dif_class;

typedef struct {
    int64_t persons, items, skipped; /* persons used; with a missing answer: not used */
    double *chi2, *p;                /* [items] Mantel-Haenszel, 1 degree of freedom */
    double *alpha, *delta; /* [items] common odds ratio, reference to focal; -2.35 log alpha: under
                              0 is harder for the focal group */
    double *delta_se;      /* [items] Robins, Breslow & Greenland (1986) */
    vrk_dif_class *class;  /* [items] negligible, moderate, large */
    bool *flag;            /* [items] chi2 beyond the level */
    double *uniform, *uniform_p;   /* [items] likelihood ratio of group given score, logistic */
    double *crossing, *crossing_p; /* [items] of group x score given both: DIF that changes sides */
    double *r2;                    /* [items] gain of Nagelkerke's R2 by group and group x score */
    vrk_dif_class *r2_class;       /* [items] under .035, under .070 (Jodoin & Gierl 2001), more */
    int rounds;                    /* of purification */
    bool settled;                  /* purification came to rest */
    vrk_arena mem;
} vrk_dif;

/* O(persons x items) a round. VRK_EINPUT: fewer than min_group in a group, an answer or group that
 * cannot be, an item all answered alike (named). A person with a missing answer has no matching
 * score and is not used, but counted. `opt` may be NULL. On failure *out is empty. */
VRK_MUST vrk_status vrk_dif_test(vrk_ctx *ctx, const vrk_dif_data *data, const vrk_dif_opt *opt,
                                 vrk_dif *out);
void vrk_dif_free(vrk_dif *dif); /* safe on an empty result */

#endif
