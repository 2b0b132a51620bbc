#include "base/rng.h"
#include "stat/transitions.h"
#include "tests/t.h"

#include <string.h>

enum { N = 2000 };
static int32_t entry[N], leave[N], stratum[N], cluster[N], to_int[N], from_int[N];
static int8_t from[N], to[N];
static double entry_day[N], leave_day[N], weight[N];

static void make(int days)
{
    vrk_rng r = vrk_rng_of(11, 1, 0);
    for (int i = 0; i < N; i++) {
        entry[i] = (int32_t)vrk_rng_below(&r, days) - 1;
        leave[i] = entry[i] + 1 + (int32_t)vrk_rng_below(&r, days);
        from[i] = (int8_t)vrk_rng_below(&r, 2);
        to[i] = (int8_t)(vrk_rng_chance(&r, .3) ? VRK_CENSORED : 2 + vrk_rng_below(&r, 2));
        stratum[i] = (int32_t)vrk_rng_below(&r, 3);
        cluster[i] = i / 4;
        entry_day[i] = entry[i];
        leave_day[i] = leave[i];
        from_int[i] = from[i];
        to_int[i] = to[i];
        weight[i] = i % 5;
    }
}

static const vrk_spell_days days = {.n = N,
                                    .states = 4,
                                    .entry = entry,
                                    .exit = leave,
                                    .from = from,
                                    .to = to,
                                    .stratum = stratum,
                                    .strata = 3};
static const vrk_spells rows = {.n = N,
                                .states = 4,
                                .entry = entry_day,
                                .exit = leave_day,
                                .from = from_int,
                                .to = to_int,
                                .weight = weight,
                                .cluster = cluster,
                                .clusters = N / 4};

static bool equal(const vrk_transitions *a, const vrk_transitions *b)
{
    if (a->m != b->m || a->kinds != b->kinds || memcmp(&a->last, &b->last, sizeof(double)) != 0)
        return false;
    size_t m = (size_t)a->m, k = (size_t)a->states, q = (size_t)a->kinds;
    return !memcmp(a->time, b->time, m * sizeof(double)) &&
           !memcmp(a->risk, b->risk, m * k * sizeof(double)) &&
           !memcmp(a->moved, b->moved, m * q * sizeof(double)) &&
           !memcmp(a->from, b->from, q * sizeof(int32_t)) &&
           !memcmp(a->to, b->to, q * sizeof(int32_t));
}

/* Merged whole days and split rows must give the very same counts, stratum by stratum; 60 days are
 * merged by table, 40 000 by sorting. */
static void merging_and_splitting_give_the_same_counts(void)
{
    for (int span = 60; span <= 40000; span += 39940) {
        vrk_ctx ctx = {0};
        vrk_spell_set merged, split;
        vrk_spells plain = rows;
        int64_t total = 0;
        make(span);
        plain.weight = NULL;
        T_OK(vrk_spells_merge(&ctx, &days, &merged) == VRK_OK);
        T_OK(vrk_spells_split(&ctx, &plain, stratum, 3, &split) == VRK_OK);
        for (int32_t g = 0; g < 3; g++) {
            vrk_spells a = vrk_spells_of(&merged, g), b = vrk_spells_of(&split, g);
            vrk_transitions x, y;
            T_OK(vrk_transitions_count(&ctx, &a, &x) == VRK_OK);
            T_OK(vrk_transitions_count(&ctx, &b, &y) == VRK_OK);
            T_OK(equal(&x, &y) && x.m > 10);
            for (int64_t i = 0; i < a.n; i++)
                total += (int64_t)a.count[i];
            vrk_transitions_free(&x);
            vrk_transitions_free(&y);
        }
        T_OK(total == N && ctx.scratch.used == 0);
        vrk_spell_set_free(&merged);
        vrk_spell_set_free(&split);
        vrk_arena_free(&ctx.scratch);
    }
}

static void splitting_takes_weights_and_clusters_along(void)
{
    vrk_ctx ctx = {0};
    vrk_spell_set split;
    make(60);
    T_OK(vrk_spells_split(&ctx, &rows, stratum, 3, &split) == VRK_OK);
    int64_t at[3] = {split.first[0], split.first[1], split.first[2]};
    for (int i = 0; i < N; i++) { /* within a stratum the order of rows stays */
        int64_t j = at[stratum[i]]++;
        T_OK(split.all.cluster[j] == cluster[i] && split.all.weight[j] >= weight[i] &&
             split.all.weight[j] <= weight[i] && split.all.to[j] == to_int[i]);
    }
    vrk_spell_set_free(&split);
    vrk_arena_free(&ctx.scratch);
}

/* By hand: 4 at risk on day 0 of which one leaves at once; the one who enters on day 2 is not at
 * risk on day 2; the one censored on day 3 still is on day 3. */
static void counts_ties_as_the_header_says(void)
{
    const int32_t in[] = {-1, -1, -1, -1, 2}, out[] = {0, 2, 3, 3, 5};
    const int8_t end[] = {1, 1, VRK_CENSORED, 1, 1};
    const double time[] = {0, 2, 3, 5}, risk[] = {4, 3, 3, 1};
    vrk_spell_days five = {.n = 5, .states = 2, .entry = in, .exit = out, .to = end};
    vrk_ctx ctx = {0};
    vrk_spell_set set;
    vrk_transitions c;
    T_OK(vrk_spells_merge(&ctx, &five, &set) == VRK_OK && set.strata == 1 && set.all.n == 5);
    T_OK(vrk_transitions_count(&ctx, &set.all, &c) == VRK_OK && c.m == 4 && c.kinds == 1);
    for (int64_t j = 0; j < c.m; j++) {
        T_NEAR(c.time[j], time[j], 0.);
        T_NEAR(c.risk[j * 2], risk[j], 0.);
        T_NEAR(c.moved[j], 1., 0.);
    }
    vrk_transitions_free(&c);
    vrk_spell_set_free(&set);
    vrk_arena_free(&ctx.scratch);
}

static void refuse_days(vrk_spell_days d, const char *words)
{
    vrk_ctx ctx = {0};
    vrk_spell_set set;
    T_OK(vrk_spells_merge(&ctx, &d, &set) == VRK_EINPUT && !set.first && set.all.n == 0);
    T_OK(strstr(ctx.message, words) != NULL);
    vrk_arena_free(&ctx.scratch);
}

static void refuse_rows(vrk_spells d, const char *words)
{
    vrk_ctx ctx = {0};
    vrk_transitions c;
    T_OK(vrk_transitions_count(&ctx, &d, &c) == VRK_EINPUT && !c.time && c.m == 0);
    T_OK(strstr(ctx.message, words) != NULL);
    vrk_arena_free(&ctx.scratch);
}

static void names_the_bad_row(void)
{
    const int32_t one[] = {1, 3}, five[] = {5, 5}, minus[] = {-2, 0}, last[] = {0, INT32_MAX - 1};
    const int8_t self[] = {1, 0}, high[] = {1, 2}, good[] = {1, 1};
    refuse_days((vrk_spell_days){.n = 2, .states = 2, .entry = five, .exit = one, .to = good},
                "spell 0: exit day 1 is not after entry day 5");
    refuse_days((vrk_spell_days){.n = 2, .states = 2, .entry = minus, .exit = one, .to = good},
                "spell 0: entry day -2");
    refuse_days((vrk_spell_days){.n = 2, .states = 2, .exit = one, .to = self},
                "spell 1: no transition from 0 to 0");
    refuse_days((vrk_spell_days){.n = 2, .states = 2, .exit = one, .to = high},
                "spell 1: no transition from 0 to 2");
    refuse_days((vrk_spell_days){.n = 2, .states = 2, .exit = one, .to = good, .stratum = minus},
                "spell 0: stratum -2");
    refuse_days(
        (vrk_spell_days){.n = 2, .states = 127, .strata = INT32_MAX, .exit = last, .to = good},
        "too many to merge");
    refuse_days((vrk_spell_days){.n = 2, .states = 128, .exit = one, .to = good}, "128 states");
    refuse_days((vrk_spell_days){.states = 2}, "no spells");

    const double exit[] = {1, nan("")}, two[] = {1, 2}, bad[] = {1, -1}, late[] = {0, 2};
    const int32_t to2[] = {1, 1}, way[] = {1, 0}, far[] = {0, 3};
    vrk_spells d = {.n = 2, .states = 2, .exit = two, .to = to2};
    refuse_rows((vrk_spells){.states = 2}, "no spells");
    refuse_rows((vrk_spells){.n = 2, .states = 1, .exit = two, .to = to2}, "1 states");
    refuse_rows((vrk_spells){.n = 2, .states = 2, .exit = exit, .to = to2},
                "spell 1: exit time nan");
    refuse_rows((vrk_spells){.n = 2, .states = 2, .exit = bad, .to = to2}, "spell 1: exit time -1");
    refuse_rows((vrk_spells){.n = 2, .states = 2, .exit = two, .entry = late, .to = to2},
                "spell 1: exit time 2 is not after entry time 2");
    refuse_rows((vrk_spells){.n = 2, .states = 2, .exit = two, .to = way},
                "spell 1: no transition");
    d.weight = bad;
    refuse_rows(d, "spell 1: weight");
    d.weight = NULL;
    d.cluster = far;
    d.clusters = 3;
    refuse_rows(d, "spell 1: cluster 3 is not in [0,3)");
}

static vrk_status everything(vrk_ctx *ctx)
{
    vrk_spell_set merged = {0}, split = {0};
    vrk_status st = vrk_spells_merge(ctx, &days, &merged);
    T_OK(st == VRK_OK || !merged.first);
    if (st == VRK_OK)
        st = vrk_spells_split(ctx, &rows, stratum, 3, &split);
    T_OK(st == VRK_OK || !split.first);
    T_OK(ctx->scratch.used == 0);
    vrk_spell_set_free(&merged);
    vrk_spell_set_free(&split);
    vrk_arena_free(&ctx->scratch);
    return st;
}

static void fails_cleanly_at_every_allocation(void)
{
    for (int span = 10; span <= 40000; span += 39990) {
        vrk_status st;
        size_t limit = 0;
        make(span);
        do {
            vrk_ctx ctx = {.scratch.limit = limit += 512};
            st = everything(&ctx);
            T_OK(st == VRK_OK || st == VRK_EMEMORY);
        } while (st == VRK_EMEMORY);
        T_OK(st == VRK_OK && limit > 512);
    }
}

static int stop_at(void *arg, const char *what, double done)
{
    (void)what, (void)done;
    return --*(int *)arg == 0;
}

static void stops_at_every_tick(void)
{
    vrk_status st = VRK_ECANCEL;
    int ticks = 0;
    make(60);
    while (st == VRK_ECANCEL) {
        int left = ++ticks;
        vrk_ctx ctx = {.tick = stop_at, .arg = &left};
        st = everything(&ctx);
    }
    T_OK(st == VRK_OK && ticks == 4);
}

T_MAIN(T_CASE(merging_and_splitting_give_the_same_counts),
       T_CASE(splitting_takes_weights_and_clusters_along), T_CASE(counts_ties_as_the_header_says),
       T_CASE(names_the_bad_row), T_CASE(fails_cleanly_at_every_allocation),
       T_CASE(stops_at_every_tick))
