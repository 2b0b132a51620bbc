/* stat/effects.h - who differs, and by how much: the posterior of every seller's effect within
 * teams, exact on a grid. Most sellers are near the middle and a few far off, so effects have
 * two-part normal priors whose shares and spreads are estimated from all sellers (empirical Bayes
 * by EM; Efron & Morris 1973, JASA 68:117-130; Dempster, Laird & Rubin 1977). A normal prior would
 * pull the few far-off ones back too hard. How far slopes and teams spread, the data tell least of:
 * the posterior is integrated over both, for plugging in one value made intervals too narrow (Rue,
 * Martino & Chopin 2009, JRSS B 71:319-392; seen by tests/stat/sbc.h). doc/effects.md.
 *
 * A seller has a total effect x = own + team's, and a slope z (on load, on complexity). The
 * likelihood comes as a table; nothing is assumed of its shape. */
#ifndef VRK_STAT_EFFECTS_H
#define VRK_STAT_EFFECTS_H

#include "base/base.h"

/* Equally spaced points from + i * step. */
typedef struct {
    double from, step;
    int64_t n;
} vrk_grid;

/* Normal about `centre`: SD near_sd for all but far_share, far_sd for these. */
typedef struct {
    double centre, near_sd, far_share, far_sd;
} vrk_two_part;

/* A view: owns nothing, and must stay as long as the fit is drawn from. */
typedef struct {
    int64_t n, teams;
    const int64_t *team; /* [n] 0 ... teams - 1 */
    vrk_grid total;      /* of x [log odds] */
    vrk_grid slope;      /* of z [log odds per unit]; n = 1: no slope */
    const double *ll;    /* [n x slope.n x total.n] log likelihood, total fastest; any constant */
} vrk_effects_data;

/* Where the estimation of the priors starts; what is 0 takes the default behind it. */
typedef struct {
    double far_sd;       /* of own effects and slopes, not estimated; 0 = 1.6 [log odds] */
    double team_far_sd;  /* 0 = 1.5 [log odds] */
    double near_sd_most; /* the near part's SD is kept below this; 0 = 0.8 */
    int max_iter;        /* 0 = 40 */
} vrk_effects_opt;

typedef struct {
    const vrk_effects_data *data;  /* borrowed */
    vrk_two_part own, slope, team; /* the best fitting */
    vrk_grid team_grid;
    int64_t slope_sds, team_sds; /* how many near SDs of each the posterior is integrated over */
    double *slope_sd_at;         /* [slope_sds] */
    double *team_sd_at;          /* [team_sds] */
    double *sd_p;                /* [slope_sds x team_sds] their posterior, adding up to 1 */
    double *total_ll;  /* [slope_sds x n x total.n] log likelihood of x, slope integrated out */
    double *top;       /* [n] the largest of each seller's ll */
    double *team_p;    /* [slope_sds x team_sds x teams x team_grid.n] of the team's effect */
    double *mean, *sd; /* [n] of x */
    double *slope_mean, *slope_sd; /* [n] of z */
    double ll;                     /* log marginal likelihood at the estimated priors */
    int iterations;
    bool converged;
    vrk_arena mem;
} vrk_effects;

/* Estimates the priors and the posteriors. O((iterations + slope_sds) n (slope.n + team_grid.n)
 * total.n). On failure *out is empty. VRK_EINPUT: empty grids, a team out of range, or a row of ll
 * without a finite value. */
VRK_MUST vrk_status vrk_effects_fit(vrk_ctx *ctx, const vrk_effects_data *data,
                                    const vrk_effects_opt *opt, vrk_effects *out);
void vrk_effects_free(vrk_effects *fit); /* safe on an empty fit */

/* One seller's joint draws; those of a team's sellers share its draws, so differences within the
 * team are right too. total, slope, team [draws], each may be NULL; spread evenly within a grid's
 * cell. The same for any order of calls: streams are named by ctx->seed, stream, seller and draw.
 * O(draws + slope_sds team_grid.n total.n). VRK_EMEMORY. */
VRK_MUST vrk_status vrk_effects_draw(vrk_ctx *ctx, const vrk_effects *fit, uint64_t stream,
                                     int64_t seller, int64_t draws, double *total, double *slope,
                                     double *team);

#endif
