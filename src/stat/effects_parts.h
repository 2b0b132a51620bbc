/* stat/effects_parts.h - private to effects*.c. */
#ifndef VRK_STAT_EFFECTS_PARTS_H
#define VRK_STAT_EFFECTS_PARTS_H

#include "stat/effects.h"

enum { VRK_EFFECTS_TEAM_POINTS = 41 };

static inline double vrk_effects_at(const vrk_grid *g, int64_t i)
{
    return g->from + (double)i * g->step;
}

/* All differences of a seller's effect and the team's that can be. */
static inline vrk_grid vrk_effects_own(const vrk_grid *total)
{
    return (vrk_grid){total->from - (VRK_EFFECTS_TEAM_POINTS / 2) * total->step, total->step,
                      total->n + VRK_EFFECTS_TEAM_POINTS - 1};
}

/* The prior on a grid, adding up to 1; the far part's own share of each point into far (or NULL).
 */
void vrk_effects_spread(const vrk_grid *g, const vrk_two_part *p, double *out, double *far);

#endif
