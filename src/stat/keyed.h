/* stat/keyed.h - situations whose key and difficulty an expert stated, measured on answers: how
 * hard and how sharp each is, by empirical Bayes, and whether it treats two groups alike. An option
 * with share s of the best one's points has odds in proportion to exp(s (c + a (z - b - e))), b the
 * difficulty, a > 0 the slope, c such that half of those at z = b + e find the best one, e 0 in the
 * reference group, z normal: standard in it, of its own mean and spread in the focal group. With
 * two options it is the 2PL. Not answered = not asked (chosen by earlier answers at the most:
 * ignorable). Bock & Aitkin (1981); Rao's score test, Glas (1998), Statistica Sinica 8:647-667.
 * doc/irt.md. */
#ifndef VRK_STAT_KEYED_H
#define VRK_STAT_KEYED_H

#include "base/base.h"
#include "num/stop.h"
#include "stat/dif.h"

/* Answers. A view: owns nothing. */
typedef struct {
    int64_t persons, items, steps; /* points are 0 ... steps */
    const int8_t *x;               /* [persons x items] column-major; -1 = not asked */
    const double *many; /* [items x (steps + 1)] row by row: options with so many points; 0 = none,
                           one with all */
    const double *stated; /* [items] difficulty as stated */
    const int8_t *focal;  /* [persons] 1 = focal group, 0 = reference; NULL = all one group */
} vrk_keyed_data;

/* All zero is the default. */
typedef struct {
    int64_t min_persons; /* fewer are refused; 0 = 50 */
    int64_t min_group;   /* of each group where there are two; 0 = 100 */
    double level;        /* of the test of alike; 0 = .05 */
    bool no_prior;       /* maximum likelihood; an item all answered alike has none */
} vrk_keyed_opt;

typedef struct {
    int64_t persons, items;
    int64_t *answered;                   /* [items] */
    double *slope, *slope_lo, *slope_hi; /* [items] 90 % */
    double *difficulty, *difficulty_se;  /* [items] */
    double shift;                        /* own difficulties less the stated, on average */
    double slope_mean, slope_spread;     /* of the items: median, standard deviation of the log */
    double difficulty_spread;            /* of own difficulties around the shifted stated ones */
    double ll;
    double gradient; /* largest |d objective|, in standard errors */
    int iterations;
    vrk_stop stop;
    /* Two groups only, else NULL. */
    int64_t group[2];       /* persons */
    double apart, apart_se; /* mean of the focal group, in standard deviations of the reference */
    double *harder;         /* [items] e: so much harder for the focal group at the same ability */
    double *harder_se, *p;  /* [items] */
    bool *flag;             /* [items] p below the level */
    double *delta;        /* [items] -2.35 log odds ratio of the best option; the Service's scale */
    vrk_dif_class *class; /* [items] negligible, moderate, large, as in dif.h */
    double *power;        /* [items] chance that a large one (|delta| 1.5) would be flagged */
    int rounds;           /* until those flagged are those set free */
    bool settled;
    vrk_arena mem;
} vrk_keyed;

/* Each pass O(answers x points); the information takes 4 items + 4 of them. VRK_EINPUT: too few,
 * points or groups that cannot be. On failure *out is empty. `opt` may be NULL. */
VRK_MUST vrk_status vrk_keyed_fit(vrk_ctx *ctx, const vrk_keyed_data *data,
                                  const vrk_keyed_opt *opt, vrk_keyed *out);
void vrk_keyed_free(vrk_keyed *k); /* safe on an empty one */

/* c above: the others' odds at the item's difficulty add up to the best one's. many [steps + 1]. */
double vrk_keyed_half(const double *many, int64_t steps);

#endif
