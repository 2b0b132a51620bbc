/* people/ability.h - what a sitting says of a person: the share of the points on all situations of
 * a competency, with 90 % intervals, for each kind of deal where the answers carry it; and whether
 * the answers look as if they were given in earnest. doc/assess.md. */
#ifndef VRK_PEOPLE_ABILITY_H
#define VRK_PEOPLE_ABILITY_H

#include "people/sitting.h"

enum { VRK_ANSWERS_LEAST = 4, VRK_CONTRASTS = 3 };
#define VRK_CHANCE_APART 0.10 /* competencies differ where chance gives less than this */

typedef struct {
    const vrk_instrument *instrument;
    vrk_gauge all;
    bool told;                    /* answers enough to say anything */
    vrk_gauge kind[VRK_KINDS];    /* answers to such situations only */
    bool kind_told[VRK_KINDS];    /* answers enough */
    double harder[VRK_CONTRASTS]; /* P(weaker in complex, committee, long than in the other kind),
                                     how hard the situations are set off; NaN = too few */
    int64_t persons; /* on whose answers the situations are measured; 0 = start values */
    double chance;   /* share of the points that picking at random gives */
} vrk_ability_part;

/* How the answers were given. Shown, never held against anybody. */
typedef struct {
    int64_t answers, timed, fast; /* with a known time; faster than the text can be read */
    int64_t run;                  /* longest run of the same place on the screen */
    int64_t place[VRK_ITEM_OPTIONS];
    bool too_fast, one_line, by_place; /* seldom so by chance (one in a thousand) */
} vrk_pattern;

typedef struct {
    int64_t parts;
    vrk_ability_part *part;
    vrk_pattern pattern;
    double apart_p; /* P(competencies differ so much by chance alone); NaN with fewer than two */
    bool apart;     /* they differ by more: below .10 */
    vrk_arena mem;
} vrk_ability;

VRK_MUST vrk_status vrk_ability_make(vrk_ctx *ctx, const vrk_sitting *s, vrk_ability *out);
void vrk_ability_free(vrk_ability *p); /* safe on an empty one */

/* Cochran's test that all told competencies are the same; NaN with fewer than two. */
double vrk_parts_same_p(const vrk_ability_part *part, int64_t parts);

/* From the text's length, at a pace that nobody reads at. */
int64_t vrk_item_fastest(const vrk_item *item, vrk_lang lang); /* [us] */

VRK_MUST vrk_status vrk_pattern_of(vrk_ctx *ctx, const vrk_sitting *s, vrk_pattern *out);

/* Did the person change between two sittings? Of the trait in standard deviations, without what the
 * prior draws to the middle. */
typedef struct {
    double change, se;
    double p_up, p_down; /* P(really better), P(really worse) */
    bool reliable;       /* one of them .95 or more */
} vrk_change_of;
vrk_change_of vrk_reliable_change(const vrk_gauge *before, const vrk_gauge *after);

#endif
