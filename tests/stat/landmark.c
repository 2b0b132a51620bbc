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

/* The definition, spell by spell: it ends after s, and its deal has one that is in the state at s.
 */
static bool kept(const vrk_spells *a, int64_t i, double s, int32_t state)
{
    bool there = false;
    for (int64_t k = 0; k < a->n; k++) {
        bool same = a->cluster ? a->cluster[k] == a->cluster[i] : k == i;
        there = there || (same && (a->from ? a->from[k] : 0) == state &&
                          (!a->entry || a->entry[k] <= s) && a->exit[k] > s);
    }
    return there && a->exit[i] > s;
}

static void keeps_what_the_definition_keeps(void)
{
    enum { ROWS = 40 };
    double in[ROWS], out[ROWS], w[ROWS];
    int32_t at[ROWS], next[ROWS], who[ROWS];
    vrk_ctx ctx = {0};
    for (uint32_t world = 0; world < 64; world++) {
        vrk_rng r = vrk_rng_of(31, world, 0);
        vrk_spells a = {.n = ROWS, .states = 3, .exit = out, .to = next, .clusters = 15};
        vrk_spell_set set;
        int64_t n = 0;
        for (int i = 0; i < ROWS; i++) {
            in[i] = (double)vrk_rng_below(&r, 10);
            out[i] = in[i] + 1 + (double)vrk_rng_below(&r, 6);
            at[i] = (int32_t)vrk_rng_below(&r, 2);
            next[i] = at[i] + 1;
            who[i] = (int32_t)vrk_rng_below(&r, 15);
            w[i] = 1 + i;
        }
        a.entry = world & 1 ? in : NULL; /* each column given and not */
        a.from = world & 2 ? at : NULL;
        a.cluster = world & 4 ? who : NULL;
        a.weight = world & 8 ? w : NULL;
        a.count = world & 16 ? w : NULL;
        T_OK(vrk_landmark(&ctx, &a, 5, 0, &set) == VRK_OK);
        for (int64_t i = 0; i < ROWS; i++) {
            if (!kept(&a, i, 5, 0))
                continue;
            T_OK(n < set.all.n && set.all.exit[n] <= out[i] && set.all.exit[n] >= out[i]);
            T_NEAR(set.all.entry[n], a.entry ? fmax(in[i], 5) : 5., 0.);
            T_OK(set.all.to[n] == next[i] && set.all.from[n] == (a.from ? at[i] : 0));
            T_OK(!a.cluster || set.all.cluster[n] == who[i]);
            T_OK(!a.weight || set.all.weight[n] == w[i]);
            T_OK(!a.count || set.all.count[n] == w[i]);
            n++;
        }
        T_OK(n == set.all.n && !set.all.weight == !a.weight && !set.all.count == !a.count);
        vrk_spell_set_free(&set);
    }
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(keeps_those_who_are_there_by_hand), T_CASE(is_right_where_the_process_remembers),
       T_CASE(fails_cleanly_at_every_allocation), T_CASE(keeps_what_the_definition_keeps))
