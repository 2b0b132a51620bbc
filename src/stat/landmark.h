/* stat/landmark.h - from a landmark on: the spells of those only who are in a state at a time.
 * Aalen-Johansen from them needs no Markov property: where it differs from that of all, the process
 * remembers its past. Putter & Spitoni (2018), Stat Methods Med Res 27:2081-2092.
 * doc/aalen_johansen.md. */
#ifndef VRK_STAT_LANDMARK_H
#define VRK_STAT_LANDMARK_H

#include "stat/transitions.h"

/* Spells after `s` [day] of the clusters (deals) with a spell in `state` that began at s or before
 * and ended after it; entry becomes s where it was before. For vrk_transitions_count, and then
 * vrk_aj_fit with start = s and p0 = 1 in `state`. O(n). VRK_EINPUT: spells as
 * vrk_transitions_count refuses; nobody in that state then. On failure *out is empty. */
VRK_MUST vrk_status vrk_landmark(vrk_ctx *ctx, const vrk_spells *spells, double s, int32_t state,
                                 vrk_spell_set *out);

#endif
