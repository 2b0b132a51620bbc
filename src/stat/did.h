/* stat/did.h - did it work: effects on those treated, by group of first treatment and period, when
 * treatment begins at different times. Callaway & Sant'Anna (2021), J Econometrics 225:200-230;
 * doubly robust by Sant'Anna & Zhao (2020), J Econometrics 219:101-122. doc/did.md. */
#ifndef VRK_STAT_DID_H
#define VRK_STAT_DID_H

#include "base/base.h"

/* A balanced panel. A view: owns nothing. */
typedef struct {
    int64_t n, periods;
    const double *y;      /* [n x periods] column-major outcome */
    const int64_t *first; /* [n] first treated period, 0 ... periods-1; < 0: never. Units treated in
                             period 0 have nothing to compare with and are left out, counted */
    int64_t p;
    const double *x;        /* [n x p] what does not change; NULL, p = 0: none. No column of ones */
    const int64_t *cluster; /* [n] units that go together (a team), 0 ... n-1; NULL: each alone */
} vrk_did_data;

/* All zero is the default: controls are never treated. */
typedef struct {
    bool not_yet;  /* controls are also those not yet treated; taken too where nobody is never
                      treated (not_yet_used says so) */
    int64_t draws; /* multiplier bootstrap for simultaneous bands; 0 = 1000 */
    int64_t permutations; /* of who is treated when, for p_permuted; 0 = none */
    double level;         /* of the bands; 0 = .95 */
} vrk_did_opt;

typedef struct {
    int64_t group, period; /* for aggregates: what the list says, else -1 */
    double effect, se;
    int64_t treated, controls;
} vrk_did_effect;

typedef struct {
    int64_t n, periods;
    int64_t cells;        /* (group, period) that could be compared */
    vrk_did_effect *cell; /* [cells] by group, then period; before treatment against the period
                             before, from treatment on against the last period untreated */
    int64_t groups;
    vrk_did_effect *group; /* [groups] mean over a group's treated periods; .group says which */
    int64_t events;
    vrk_did_effect *event; /* [events] .period = periods since treatment, may be negative */
    vrk_did_effect simple, by_group, dynamic; /* over all treated cells by size of group; over
                                                 groups; mean over events >= 0 */
    double crit_cell, crit_event;             /* band: effect +- crit se holds for all at once */
    double p_permuted; /* of simple, two-sided, (1 + as far) / (1 + permutations); NaN: not asked */
    int64_t always, not_compared; /* units treated in period 0; (group, period) without controls */
    bool not_yet_used;
    double *influence; /* [n x cells] of each unit on each cell's effect */
    vrk_arena mem;
} vrk_did;

/* O(n cells p^2 + draws n cells). On failure *out is empty. VRK_EINPUT: a value that is not finite
 * (unit, period or column), nobody treated within the periods, no controls at all, covariates that
 * explain each other or tell treated from controls completely (group and period named). */
VRK_MUST vrk_status vrk_did_fit(vrk_ctx *ctx, const vrk_did_data *data, const vrk_did_opt *opt,
                                vrk_did *out);
void vrk_did_free(vrk_did *fit); /* safe on an empty fit */

/* What comes by itself for those chosen for a value below the mean: (1 - reliability)(mean - x). */
double vrk_regression_to_mean(double x, double mean, double reliability);

#endif
