/* people/bank.h - an instrument's situations as items of known parameters, and what answers to them
 * say. Which answer is best is the experts'; how hard and how sharp an item is are their start
 * values, or what answers of one's own measured (people/measure.h). Option o of an item with
 * difficulty b: P(o) in proportion to exp(s (A (z - b) + c)), s its share of the best option's
 * points, c such that half of those at z = b find the best one; z is standard normal. So the points
 * are partial credit (Masters 1982). doc/assess.md. */
#ifndef VRK_PEOPLE_BANK_H
#define VRK_PEOPLE_BANK_H

#include "people/instrument.h"
#include "stat/irt_score.h"

enum { VRK_KINDS = 6, VRK_AREAS = 4 };

/* Kinds of situation. An item is of three. */
typedef enum {
    VRK_KIND_SIMPLE = 0,
    VRK_KIND_COMPLEX,
    VRK_KIND_SINGLE,
    VRK_KIND_COMMITTEE,
    VRK_KIND_SHORT,
    VRK_KIND_LONG,
} vrk_kind;

typedef struct {
    const vrk_instrument *instrument; /* borrowed */
    vrk_irt irt;                      /* category = points */
    double *known; /* [items x irt.points x (VRK_ITEM_POINTS + 1)] P(points); vrk_cat_known */
    int32_t *area; /* [items] complex + 2 committee */
    double target[VRK_AREAS]; /* share of the items; adds up to 1 */
} vrk_bank;

/* By the start values: slopes 1. VRK_EMEMORY. On failure *out is empty. */
VRK_MUST vrk_status vrk_bank_make(vrk_ctx *ctx, const vrk_instrument *instrument, vrk_bank *out);
/* By other ones, both [items]. */
VRK_MUST vrk_status vrk_bank_measured(vrk_ctx *ctx, const vrk_instrument *instrument,
                                      const double *difficulty, const double *slope, vrk_bank *out);
void vrk_bank_free(vrk_bank *b); /* safe on an empty one */

/* How many options have 0, 1 ... points: many [VRK_ITEM_POINTS + 1]. */
void vrk_item_many(const vrk_item *item, double *many);

bool vrk_item_is(const vrk_item *item, vrk_kind kind);

/* What answers say: of the trait, and of the share of all points that the person would have on the
 * items counted, all of them asked. 90 % intervals. */
typedef struct {
    int64_t answers;
    double eap, psd;     /* of the trait */
    double mean, lo, hi; /* of the share, in [0,1] */
    double reliability;  /* 1 - psd^2 */
} vrk_gauge;

/* x [items]: points, -1 = not answered. Only items with counts [items] set count, as answers and in
 * the share; NULL = all. O(items x points). VRK_EMEMORY. */
VRK_MUST vrk_status vrk_bank_gauge(vrk_ctx *ctx, const vrk_bank *b, const int8_t *x,
                                   const bool *counts, vrk_gauge *out);

/* P(the trait that answers to `first` show is above that of `second`), how hard they are set off.
 */
VRK_MUST vrk_status vrk_bank_above(vrk_ctx *ctx, const vrk_bank *b, const int8_t *x,
                                   const bool *first, const bool *second, double *p);

#endif
