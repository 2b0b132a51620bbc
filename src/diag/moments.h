/* diag/moments.h - the models of moments: for every seller and moment whether it is done, at normal
 * load and under pressure, and how it goes once done, as posteriors (DESIGN 5.2 and 5.4).
 * doc/moments.md. */
#ifndef VRK_DIAG_MOMENTS_H
#define VRK_DIAG_MOMENTS_H

#include "diag/measured.h"

/* One moment. Effects are against the organisation's median seller. */
typedef struct {
    vrk_half doing, going;
    bool has_doing, has_going;                    /* the cells carry a model */
    double e_reference, p_reference, q_reference; /* medians, taken off */
    double undone;                                /* P(success) where it is not done */
} vrk_moment_model;

typedef struct {
    vrk_moment_cells cells;
    vrk_logging logging;
    vrk_measured measured;
    double load_mean, load_sd; /* [min] internal work of a week: the scale of load */
    bool assessed;             /* scores tell of competence */
    vrk_moment_model moment[VRK_AT_MOMENTS + 1]; /* by number; [0] empty */
    vrk_arena mem;
} vrk_moments;

/* Joint draws of one seller at one moment, each [draws]; against the reference [log odds]. */
typedef struct {
    int64_t draws;
    double *e, *p, *e_team;  /* doing it at normal load, per SD of load, the team's part of e */
    double *q, *qx, *q_team; /* success in simple deals, added in complex ones, the team's part */
    double market;           /* what segments and periods add to q */
} vrk_moment_draws;

/* Fits all moments to facts whose ledger is built; load_mean and load_sd [min] are its scale.
 * About 0.5 s for 60 sellers. On failure *out is empty. VRK_EDB, VRK_EMEMORY, VRK_ECANCEL. */
VRK_MUST vrk_status vrk_moments_fit(vrk_ctx *ctx, vrk_facts *facts, double load_mean,
                                    double load_sd, vrk_moments *out);
void vrk_moments_free(vrk_moments *m);

/* Draws into arrays of d->draws; parts without a model are left as they are. VRK_EMEMORY. */
VRK_MUST vrk_status vrk_moments_draw(vrk_ctx *ctx, const vrk_moments *m, int64_t moment,
                                     int64_t seller, vrk_moment_draws *d);

#endif
