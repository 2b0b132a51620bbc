/* people/rater.h - what ratings owe to who rates: how strict each rater is, how much comes out of
 * one impression (halo), and what is left of the persons when that is taken off. Many-facet Rasch
 * (stat/facets.h) with errors by persons, so that one impression does not count as nine
 * observations. Feedback to raters, never a verdict on them. doc/assess.md. */
#ifndef VRK_PEOPLE_RATER_H
#define VRK_PEOPLE_RATER_H

#include "store/records.h"

enum {
    VRK_RATED_LEAST = 20,        /* persons; fewer cannot calibrate even a common scale */
    VRK_RATER_PERSONS_LEAST = 5, /* whom one rater has rated; fewer say nothing of the rater */
    VRK_RATER_TWICE_LEAST = 10,  /* persons whom two or more have rated */
    VRK_SET_LEAST = 3,           /* competences of one person, before "all alike" means anything */
};

/* Levels that raters gave; one a row. A view: owns nothing. */
typedef struct {
    int64_t n, persons, raters, competences;
    const int32_t *person, *rater, *competency; /* [n] from 0 */
    const int8_t *level;                        /* [n] 1 to 5 */
} vrk_rated;

typedef enum {
    VRK_RATINGS_TOLD = 0,
    VRK_RATINGS_FEW,   /* too few persons, or too few whom two have rated */
    VRK_RATINGS_APART, /* raters share no persons: who is strict and who is weak cannot be told */
    VRK_RATINGS_ALIKE, /* every level is the same */
} vrk_ratings_state;

typedef struct {
    int64_t ratings, persons;
    int64_t part;          /* of the design, from 0; raters in different parts cannot be compared */
    bool told;             /* rated enough persons; the rest is NaN where not */
    double strict;         /* [level] so much lower than the mean rater gives the same person */
    double lo, hi;         /* 90 % interval */
    int64_t sets, alike;   /* persons rated on VRK_SET_LEAST competences; all on the same level */
    double alike_expected; /* of `sets`, as the competences of these persons differ otherwise */
    bool halo;             /* seldom so even by chance: one in a hundred */
} vrk_rater;

typedef struct {
    int64_t ratings, raters;
    double plain;         /* [level] mean of what was given */
    double level, lo, hi; /* [level] as the mean rater gives it, 90 % interval; NaN */
} vrk_rated_person;

typedef struct {
    vrk_ratings_state state;
    int64_t ratings, counted; /* counted: those of raters told */
    int64_t persons, twice;   /* rated by those; by two or more of them */
    int64_t raters, parts;
    vrk_rater *rater;         /* [raters] */
    vrk_rated_person *person; /* [data persons] */
    double impression;        /* share of a rater's view of a person that is the rater's alone */
    double profile_p;         /* P(raters agree so on strong and weak sides by chance); NaN */
    bool profile;             /* they agree: below .10. Else one level a person is all (R7) */
    vrk_arena mem;
} vrk_rated_model;

/* What cannot be told is a state, not an error. VRK_EINPUT: an index or level out of range.
 * One fit, then
 * O(parameters x ratings x points). */
VRK_MUST vrk_status vrk_raters_fit(vrk_ctx *ctx, const vrk_rated *d, vrk_rated_model *out);
void vrk_raters_free(vrk_rated_model *m); /* safe on an empty one */

/* The newest level of each rater on each competency of each person, as kept; self-ratings and what
 * was not observed are left out. Ids in the order of `data`. */
typedef struct {
    vrk_rated data;
    const char **person, **rater, **competency; /* source ids */
    vrk_arena mem;
} vrk_ratings_kept;
VRK_MUST vrk_status vrk_ratings_read(vrk_ctx *ctx, vrk_records *records, vrk_ratings_kept *out);
void vrk_ratings_kept_free(vrk_ratings_kept *k); /* safe on an empty one */

#endif
