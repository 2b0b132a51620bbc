/* tests/people/persons.h - simulated persons who take tests, by a generator of their own: an option
 * is chosen with odds that grow with its points and with what the person can. */
#ifndef TESTS_PEOPLE_PERSONS_H
#define TESTS_PEOPLE_PERSONS_H

#include "base/rng.h"
#include "people/sitting_parts.h"

#include <math.h>
#include <string.h>

/* Odds of each option [4] at z, so that the best is found by half of those at z = difficulty. */
static inline void t_option_odds(const vrk_item *item, double z, double *odds)
{
    double c = 1;
    for (int i = 0; i < 40; i++) { /* c = log of what all the others have at c; this contracts */
        double others = 0;
        for (int o = 0; o < VRK_ITEM_OPTIONS; o++) {
            if (item->option[o].points < VRK_ITEM_POINTS)
                others += exp(c * (double)item->option[o].points / VRK_ITEM_POINTS);
        }
        c = log(others);
    }
    for (int o = 0; o < VRK_ITEM_OPTIONS; o++)
        odds[o] = exp((double)item->option[o].points / 3 * (z - item->difficulty + c));
}

static inline char t_choose(const vrk_item *item, double z, vrk_rng *r)
{
    double odds[VRK_ITEM_OPTIONS], all = 0;
    t_option_odds(item, z, odds);
    for (int o = 0; o < VRK_ITEM_OPTIONS; o++)
        all += odds[o];
    double u = all * vrk_rng_uniform(r);
    int o = 0;
    while (o < VRK_ITEM_OPTIONS - 1 && (u -= odds[o]) > 0)
        o++;
    return (char)('a' + o);
}

/* The share of the points that the person has on all situations in the long run. */
static inline double t_share(const vrk_instrument *one, double z)
{
    double share = 0;
    for (int64_t j = 0; j < one->items; j++) {
        double odds[VRK_ITEM_OPTIONS], all = 0, points = 0;
        t_option_odds(&one->item[j], z, odds);
        for (int o = 0; o < VRK_ITEM_OPTIONS; o++) {
            all += odds[o];
            points += odds[o] * (double)one->item[j].option[o].points;
        }
        share += points / all / VRK_ITEM_POINTS / (double)one->items;
    }
    return share;
}

#endif
