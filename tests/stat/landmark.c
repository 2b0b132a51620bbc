#include "stat/landmark.h"
#include "base/rng.h"
#include "stat/aj.h"
#include "tests/t.h"

#include <string.h>

/* Four deals; at day 10: deal 0 in state 1 (came at 4), deal 1 in state 0, deal 2 in state 1 but
 * only seen from day 12 on, deal 3 gone on day 10 itself. */
static const double entry[] = {0, 4, 0, 12, 0}, leave[] = {4, 30, 25, 40, 10};
static const int32_t from[] = {0, 1, 0, 1, 1}, to[] = {1, 2, 2, 2, 2}, deal[] = {0, 0, 1, 2, 3};
static const double weight[] = {1, 2, 3, 4, 5};
static const vrk_spells five = {.n = 5,
                                .states = 3,
                                .entry = entry,
                                .exit = leave,
                                .from = from,
                                .to = to,
                                .weight = weight,
                                .cluster = deal,
                                .clusters = 4};

static void keeps_those_who_are_there_by_hand(void)
{
    vrk_ctx ctx = {0};
    vrk_spell_set set;
    T_OK(vrk_landmark(&ctx, &five, 10, 1, &set) == VRK_OK);
    T_OK(set.all.n == 1 && set.strata == 1 && set.first[1] == 1);
    T_NEAR(set.all.entry[0], 10., 0.);
    T_NEAR(set.all.exit[0], 30., 0.);
    T_NEAR(set.all.weight[0], 2., 0.);
    T_OK(set.all.from[0] == 1 && set.all.to[0] == 2 && set.all.cluster[0] == 0 && !set.all.count);
    vrk_spell_set_free(&set);
    T_OK(vrk_landmark(&ctx, &five, 2, 0, &set) == VRK_OK && set.all.n == 3); /* all that follows */
    vrk_spell_set_free(&set);
    T_OK(vrk_landmark(&ctx, &five, 50, 0, &set) == VRK_EINPUT && !set.first);
    T_OK(strstr(ctx.message, "nobody is in state 0 at 50") != NULL);
    T_OK(vrk_landmark(&ctx, &five, nan(""), 0, &set) == VRK_EINPUT);
    T_OK(vrk_landmark(&ctx, &five, 1, 3, &set) == VRK_EINPUT);
    vrk_spells bad = five;
    bad.clusters = 3;
    T_OK(vrk_landmark(&ctx, &bad, 10, 1, &set) == VRK_EINPUT);
    T_OK(strstr(ctx.message, "spell 4: cluster 3 of 3") != NULL);
    vrk_arena_free(&ctx.scratch);
}

enum { DEALS = 4000 };

/* A process that remembers: those who came late to state 1 leave it fast. From day 10 in state 1
 * Aalen-Johansen of all says the wrong chance, that of those at the landmark the right one: the
 * share itself, as nobody is censored. */
static void is_right_where_the_process_remembers(void)
{
    static double in[2 * DEALS], out[2 * DEALS];
    static int32_t at[2 * DEALS], next[2 * DEALS], who[2 * DEALS];
    vrk_rng r = vrk_rng_of(8, 0, 0);
    vrk_ctx ctx = {0};
    vrk_spell_set set;
    vrk_transitions c;
    vrk_aj f;
    double there = 0, left = 0, p[9], p0[] = {0, 1, 0}, t = 30;
    for (int i = 0; i < DEALS; i++) {
        double first = 20 * vrk_rng_uniform(&r),
               second = first + vrk_rng_exponential(&r) * (first < 10 ? 60 : 3);
        for (int k = 0; k < 2; k++) {
            in[2 * i + k] = k ? first : 0;
            out[2 * i + k] = k ? second : first;
            at[2 * i + k] = k;
            next[2 * i + k] = k + 1;
            who[2 * i + k] = i;
        }
        there += first <= 10 && second > 10;
        left += first <= 10 && second > 10 && second <= t;
    }
    vrk_spells all = {.n = 2 * DEALS,
                      .states = 3,
                      .entry = in,
                      .exit = out,
                      .from = at,
                      .to = next,
                      .cluster = who,
                      .clusters = DEALS};
    T_OK(vrk_landmark(&ctx, &all, 10, 1, &set) == VRK_OK);
    T_OK(vrk_transitions_count(&ctx, &set.all, &c) == VRK_OK);
    T_OK(vrk_aj_fit(&ctx, &c, &(vrk_aj_opt){.start = 10, .p0 = p0, .at = &t, .n_at = 1}, &f) ==
         VRK_OK);
    T_NEAR(f.p[2], left / there, 1e-12);
    vrk_aj_free(&f);
    vrk_transitions_free(&c);
    vrk_spell_set_free(&set);
    T_OK(vrk_transitions_count(&ctx, &all, &c) == VRK_OK);
    T_OK(vrk_aj_matrix(&ctx, &c, 10, t, VRK_GREENWOOD, p, NULL) == VRK_OK);
    T_OK(p[1 + 3 * 2] - left / there > .3);
    vrk_transitions_free(&c);
    vrk_arena_free(&ctx.scratch);
}

static void fails_cleanly_at_every_allocation(void)
{
    vrk_status st;
    size_t limit = 0;
    do {
        vrk_ctx ctx = {.scratch.limit = limit += 64};
        vrk_spell_set set;
        st = vrk_landmark(&ctx, &five, 10, 1, &set);
        T_OK(st == VRK_OK || (st == VRK_EMEMORY && !set.first && ctx.scratch.used == 0));
        vrk_spell_set_free(&set);
        vrk_arena_free(&ctx.scratch);
    } while (st == VRK_EMEMORY);
    T_OK(st == VRK_OK && limit > 64);
}

T_MAIN(T_CASE(keeps_those_who_are_there_by_hand), T_CASE(is_right_where_the_process_remembers),
       T_CASE(fails_cleanly_at_every_allocation))
