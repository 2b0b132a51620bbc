/* stat/aj_path.h - what stat/aj.c and stat/aj_ij.c share: the options as they hold, and the state
 * probabilities just before each transition. Not for others. */
#ifndef VRK_STAT_AJ_PATH_H
#define VRK_STAT_AJ_PATH_H

#include "stat/aj.h"

typedef struct {
    int64_t first;  /* transitions from this time on count (index into counts->time) */
    double origin;  /* where the means begin [day] */
    double last;    /* last time of observation [day] */
    double tau;     /* [day] */
    double *before; /* [m x k] probabilities just before time[j], j >= first; in ctx->scratch */
} vrk_aj_path;

/* Checks counts and options and walks the path; *path lives in ctx->scratch. */
VRK_MUST vrk_status vrk_aj_path_of(vrk_ctx *ctx, const vrk_transitions *counts,
                                   const vrk_aj_opt *opt, vrk_aj_path *path);

/* after [k] = before [k] moved by the transitions at time j. */
void vrk_aj_move(const vrk_transitions *counts, int64_t j, const double *before, double *after);

/* One step back: b [k x k] with rows for states, from just after time j to just before it, that is
 * (I + dA(t_j)) b. `work` [k x k]. */
void vrk_aj_back(const vrk_transitions *counts, int64_t j, double *b, double *work);

#endif
