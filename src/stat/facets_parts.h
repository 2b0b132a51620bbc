/* stat/facets_parts.h - what facets.c and facets_design.c share. */
#ifndef VRK_STAT_FACETS_PARTS_H
#define VRK_STAT_FACETS_PARTS_H

#include "stat/facets.h"

const char *vrk_facet_name(const vrk_ratings *d, int64_t f, char *space, size_t size);

/* Sets part and parts of each facet; refuses levels without ratings and, unless accepted, a design
 * in parts. */
VRK_MUST vrk_status vrk_design_check(vrk_ctx *ctx, const vrk_ratings *d, bool accept,
                                     vrk_facet *facet);

/* Refuses facets that cannot be told apart. order [n]: rows by person. O(n levels + persons
 * levels^2). */
VRK_MUST vrk_status vrk_design_rank(vrk_ctx *ctx, const vrk_ratings *d, const int64_t *order);

#endif
