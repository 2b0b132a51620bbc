/* stat/cat.h - adaptive tests: which item next, and when to stop. Lord (1980); least expected
 * posterior variance (van der Linden 1998, Psychometrika 63:201-216); Sympson & Hetter (1985) and
 * "randomesque" choice (Kingsbury & Zara 1989) against overuse. Replayable: the same seed, person
 * and answers give the same items. doc/irt.md. */
#ifndef VRK_STAT_CAT_H
#define VRK_STAT_CAT_H

#include "stat/irt_score.h"

/* All zero is the default. */
typedef struct {
    double stop_se; /* posterior SD at which to stop; 0 = .30 */
    int64_t most;   /* items; 0 = 25 */
    int64_t among;  /* choose among so many best; 0 = 5, 1 = the best alone */
    const double
        *allow; /* [items] Sympson-Hetter: share of selections that are given; NULL = all */
    const int32_t *area;  /* [items] content area 0 ... areas-1; NULL = one */
    const double *target; /* [areas] share of the test, adding up to 1; NULL = equal */
    int32_t areas;        /* 0 = 1 */
    const bool *retired;  /* [items] not to be given; NULL = none */
    bool expected; /* by how much an answer narrows what is known, on average over the answers that
                      can come, instead of by information at the mean */
    const double *known; /* [items x points x categories of the most] P(answer) at each point of the
                            bank, where it is worked out already (vrk_cat_known); NULL = not */
    double balance; /* 0 = from the area that lags most; else from all, and each item that its area
                       lags behind counts e^balance times */
} vrk_cat_opt;

typedef enum {
    VRK_CAT_ASK = 0, /* give `item` */
    VRK_CAT_PRECISE, /* stop: the standard error is reached */
    VRK_CAT_LONG,    /* stop: the most items are given */
    VRK_CAT_EMPTY,   /* stop: no item is left */
} vrk_cat_state;

typedef struct {
    vrk_cat_state state;
    int64_t item;       /* -1 when it stops */
    int64_t given;      /* so far */
    double eap, psd;    /* after what was given */
    double information; /* of the item at eap */
} vrk_cat_step;

/* P(answer) for `known` above, in mem; NULL = out of memory. */
double *vrk_cat_known(const vrk_irt *bank, vrk_arena *mem);

/* What next for a person with answers x [items], -1 = not given yet. Draws depend on ctx->seed,
 * `person` and the number given, so that a test can be played again. O(items x points). `opt` may
 * be NULL. VRK_EINPUT: an answer or option out of range. */
VRK_MUST vrk_status vrk_cat_next(vrk_ctx *ctx, const vrk_irt *bank, const int8_t *x, int64_t person,
                                 const vrk_cat_opt *opt, vrk_cat_step *out);

/* Sympson-Hetter: allow [items] such that no item is given to more than `most` of simulated persons
 * from the normal distribution. Rounds of `persons` (0 = 1000) until the largest share is within
 * .02 of `most`, at most `rounds` (0 = 20); `largest` is the share reached. */
VRK_MUST vrk_status vrk_cat_exposure(vrk_ctx *ctx, const vrk_irt *bank, const vrk_cat_opt *opt,
                                     double most, int64_t persons, int rounds, double *allow,
                                     double *largest);

/* Plays a test for a person of trait z, answers drawn; x [items] receives them. */
VRK_MUST vrk_status vrk_cat_play(vrk_ctx *ctx, const vrk_irt *bank, double z, int64_t person,
                                 const vrk_cat_opt *opt, int8_t *x, vrk_cat_step *out);

#endif
