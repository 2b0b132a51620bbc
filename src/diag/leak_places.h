/* diag/leak_places.h - in which stages a leak lies, and whether it lies in one segment.
 * doc/leaks.md.
 */
#ifndef VRK_DIAG_LEAK_PLACES_H
#define VRK_DIAG_LEAK_PLACES_H

#include "diag/leaks.h"

/* Occasions n and those that went well y, with sums over deals of their products. */
typedef struct {
    double n, y, nn, ny, yy;
} vrk_place_sum;

/* How much worse it goes in one place than elsewhere for the same seller, for own sellers against
 * the others [log odds], one standard error of it, allowing for several occasions of one deal; and
 * the probability of as much or more by chance. Sellers with under 20 occasions here or elsewhere
 * do not count; NaN and 1 where nobody is left on a side. */
typedef struct {
    double worse, se, p;
} vrk_place_gap;
vrk_place_gap vrk_place_gap_of(const vrk_place_sum *sum, /* [sellers x places] */
                               const bool *own,          /* [sellers] */
                               int64_t sellers, int64_t places, int64_t place);

/* The largest p [n] that may be told so that of those told at most `share` are false (Benjamini and
 * Hochberg 1995); -1 = none. p is put in order. */
double vrk_false_discoveries(double *p, int64_t n, double share);

/* Divides each leak that is told by stage, and names a segment where those who fall short do so by
 * 0.5 log odds more than elsewhere, and surely by half of that. Names are borrowed from m's cells
 * and l. VRK_EDB, VRK_EMEMORY. */
VRK_MUST vrk_status vrk_leak_places(vrk_ctx *ctx, vrk_facts *facts, const vrk_twin *t,
                                    vrk_leaks *l);

#endif
