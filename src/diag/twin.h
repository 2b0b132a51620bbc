/* diag/twin.h - the organisation run forward for a year under a change, against the present course:
 * what closing a leak, more activity, less internal work or stopping bad deals is worth in money.
 * Every draw of the posterior runs both ways, so that what is common to them falls out. DESIGN 5.7,
 * METHODS 12; doc/twin.md. */
#ifndef VRK_DIAG_TWIN_H
#define VRK_DIAG_TWIN_H

#include "diag/change.h"
#include "diag/twin_course.h"

enum { VRK_TWIN_WEEKS = 52 };

typedef struct {
    vrk_twin_base base;
    const vrk_moments *m;         /* borrowed */
    double load_sd_h;             /* [h/week] one SD of load; 0 = no calendar */
    bool can[VRK_AT_MOMENTS + 1]; /* the moment has a model, so it can be fixed */
    int64_t draws, scenarios;
    vrk_twin_scenario *scenario; /* [scenarios]; draw b has scenario b % scenarios */
    vrk_twin_effects *effects;   /* [draws] */
    vrk_twin_trait *trait;       /* [draws x sellers x (VRK_AT_MOMENTS + 1)] without the market */
    vrk_twin_trait *reference;   /* [draws x (VRK_AT_MOMENTS + 1)] medians; qx: of q + qx */
    vrk_twin_trait *upper;       /* [draws] upper quartiles at qualification */
    double *present;             /* [draws x sellers] money won over the year to come */
    vrk_arena mem;
} vrk_twin;

typedef struct {
    double load_mean, load_sd;        /* [min] the ledger's scale; 0 = no calendar */
    double elasticity, elasticity_se; /* of own deals by prospecting, within sellers, with what only
                                       * was not logged taken off (activity.h); se 0: not known */
    int64_t draws;                    /* 0 = 400 for up to 60 sellers, fewer for more */
    bool judged[VRK_AT_MOMENTS + 1];  /* somebody is judged at the moment: only these are changed */
} vrk_twin_opt;

/* Makes the twin of facts whose ledger is built and whose moments are fitted. base.usable is false
 * where too few deals with stages and amounts are won, or nobody is judged at any moment. About 0.4
 * s for 60 sellers and 400 draws on one core. On failure *out is empty. VRK_EDB, VRK_EMEMORY,
 * VRK_ECANCEL. */
VRK_MUST vrk_status vrk_twin_make(vrk_ctx *ctx, vrk_facts *facts, const vrk_moments *m,
                                  const vrk_twin_opt *opt, vrk_twin *out);
void vrk_twin_free(vrk_twin *t);

/* What a change adds to the money won over the year, per draw and seller: gain [draws x sellers].
 * Only sellers that it touches are run again. VRK_EINPUT: a moment without a model, or hours where
 * there is no calendar. VRK_EMEMORY, VRK_ECANCEL. */
VRK_MUST vrk_status vrk_twin_gain(vrk_ctx *ctx, const vrk_twin *t, const vrk_change *change,
                                  double *gain);

/* What is added where a seller is lifted to the reference at some moments, by draw: bit m of
 * which [draws x sellers] is moment m. Only sellers with a bit are run. VRK_EMEMORY, VRK_ECANCEL.
 */
VRK_MUST vrk_status vrk_twin_lifted(vrk_ctx *ctx, const vrk_twin *t, const uint8_t *which,
                                    double *gain);

/* New deals a week of each seller on the present course: the mean of the draws, into x [sellers].
 */
void vrk_twin_inflows(const vrk_twin *t, double *x);

/* What is added where sellers swap simple deals for complex ones: so many more new deals a week
 * are complex [sellers], fewer where below 0. VRK_EMEMORY, VRK_ECANCEL. */
VRK_MUST vrk_status vrk_twin_swapped(vrk_ctx *ctx, const vrk_twin *t, const double *more,
                                     double *gain);

/* Money: mean, and 90 % interval; the share of draws above 0. */
typedef struct {
    double mean, lo, hi, p_positive;
} vrk_worth;

/* Sums up draws x [n]; x is put in order. n >= 1. */
vrk_worth vrk_worth_of(double *x, int64_t n);

/* The whole organisation's gain, draw by draw: sum [draws]. VRK_EINPUT as vrk_twin_gain. */
VRK_MUST vrk_status vrk_twin_sums(vrk_ctx *ctx, const vrk_twin *t, const vrk_change *change,
                                  double *sum);

/* The whole organisation's gain. VRK_EINPUT as vrk_twin_gain. */
VRK_MUST vrk_status vrk_twin_value(vrk_ctx *ctx, const vrk_twin *t, const vrk_change *change,
                                   vrk_worth *out);

/* Money won on the present course. VRK_EMEMORY. */
VRK_MUST vrk_status vrk_twin_present(vrk_ctx *ctx, const vrk_twin *t, vrk_worth *out);

#endif
