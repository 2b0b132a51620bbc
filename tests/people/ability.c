/* What a sitting says of simulated persons: intervals hold what they promise, and the adaptive
 * choice is worth something. Persons by tests/people/persons.h. */
#include "people/ability.h"
#include "stat/cat.h"
#include "tests/people/persons.h"
#include "tests/t.h"

#include <stdlib.h>

/* A sitting in memory for one competency of all. */
static void sit_down(vrk_ctx *ctx, const vrk_instruments *all, int64_t which, vrk_sitting *s)
{
    const vrk_instrument *one = &all->instrument[which];
    *s = (vrk_sitting){.stop_se = 0.55, .most = 12, .parts = 1};
    s->part = VRK_NEW(&s->mem, 1, vrk_sitting_part);
    T_OK(vrk_bank_make(ctx, one, &s->part->bank) == VRK_OK);
    s->part->x = VRK_NEW(&s->mem, one->items, int8_t);
    s->part->choice = VRK_NEW(&s->mem, one->items, char);
    s->part->took = VRK_NEW(&s->mem, one->items, int64_t);
    s->part->place = VRK_NEW(&s->mem, one->items, int64_t);
    vrk_sitting_blank(s);
}

static void take(vrk_ctx *ctx, vrk_sitting *s, double z, uint64_t person)
{
    vrk_rng r = vrk_rng_of(77, person, 5);
    s->seed = person;
    vrk_sitting_blank(s);
    for (;;) {
        vrk_question q;
        T_OK(vrk_sitting_choose(ctx, s, &q) == VRK_OK);
        if (q.done)
            break;
        T_OK(vrk_sitting_enter(s, q.item->id, t_choose(q.item, z, &r)));
    }
}

static void nine_in_ten_intervals_hold(void)
{
    enum { PERSONS = 150 };
    vrk_ctx ctx = {0};
    vrk_instruments all;
    int64_t n = 0, held = 0, simple = 0, complex = 0;
    T_OK(vrk_instruments_read(&ctx, &all) == VRK_OK);
    for (int64_t i = 0; i < all.n; i++) {
        vrk_sitting s;
        sit_down(&ctx, &all, i, &s);
        for (uint64_t person = 0; person < PERSONS; person++) {
            vrk_rng r = vrk_rng_of(78, person, (uint32_t)i);
            double z = vrk_rng_normal(&r), share = t_share(s.part->bank.instrument, z);
            vrk_ability a;
            take(&ctx, &s, z, person);
            T_OK(vrk_ability_make(&ctx, &s, &a) == VRK_OK);
            held += a.part->all.lo <= share && share <= a.part->all.hi;
            simple += a.part->kind_told[VRK_KIND_SIMPLE];
            complex += a.part->kind_told[VRK_KIND_COMPLEX];
            n++;
            vrk_ability_free(&a);
        }
        vrk_sitting_free(&s);
    }
    double coverage = (double)held / (double)n;
    printf("# coverage %.4f of %lld\n", coverage, (long long)n);
    T_OK(coverage >= 0.86 && coverage <= 0.94);
    T_OK(simple == n && complex == n); /* the balance gives each kind its answers */
    vrk_instruments_free(&all);
    vrk_arena_free(&ctx.scratch);
}

/* A bank as one that many answers have calibrated: 96 situations, some sharper than others. */
enum { LARGE = 96, FIXED = 20, TAKERS = 150 };
static vrk_item large_item[LARGE];
static char large_id[LARGE][8];
static vrk_instrument large = {.competency = "large", .items = LARGE, .item = large_item};

static void make_large(vrk_ctx *ctx, vrk_sitting *s)
{
    static double slope[LARGE], intercept[LARGE * VRK_ITEM_POINTS];
    static int32_t four[LARGE];
    vrk_rng r = vrk_rng_of(9, 1, 1);
    for (int j = 0; j < LARGE; j++) {
        double b = 1.5 * vrk_rng_normal(&r), a = exp(0.1 + 0.35 * vrk_rng_normal(&r));
        snprintf(large_id[j], sizeof(large_id[j]), "L%d", j);
        large_item[j] = (vrk_item){.id = large_id[j], .complex = j % 2, .committee = j / 2 % 2};
        slope[j] = a;
        four[j] = VRK_ITEM_POINTS + 1;
        for (int k = 1; k <= VRK_ITEM_POINTS; k++) {
            large_item[j].option[k].points = k;
            intercept[j * VRK_ITEM_POINTS + k - 1] = -a * (k * b + 0.4 * (k - 1) * k / 2);
        }
    }
    vrk_irt_known known = {.slope = slope, .intercept = intercept, .steps = VRK_ITEM_POINTS};
    *s = (vrk_sitting){.most = LARGE, .parts = 1};
    s->part = VRK_NEW(&s->mem, 1, vrk_sitting_part);
    s->part->bank = (vrk_bank){.instrument = &large, .target = {.25, .25, .25, .25}};
    T_OK(vrk_irt_of(ctx, VRK_IRT_ADJACENT, LARGE, four, &known, 0, &s->part->bank.irt) == VRK_OK);
    s->part->bank.known = vrk_cat_known(&s->part->bank.irt, &s->part->bank.irt.mem);
    s->part->bank.area = VRK_NEW(&s->mem, LARGE, int32_t);
    for (int j = 0; j < LARGE; j++)
        s->part->bank.area[j] = large_item[j].complex + 2 * large_item[j].committee;
    s->part->x = VRK_NEW(&s->mem, LARGE, int8_t);
    s->part->choice = VRK_NEW(&s->mem, LARGE, char);
    s->part->took = VRK_NEW(&s->mem, LARGE, int64_t);
    s->part->place = VRK_NEW(&s->mem, LARGE, int64_t);
}

static void give(vrk_sitting *s, int64_t j, double z, vrk_rng *r)
{
    double p[VRK_ITEM_POINTS + 1], u = vrk_rng_uniform(r);
    int k = 0;
    vrk_irt_probability(&s->part->bank.irt, j, z, p);
    while (k < VRK_ITEM_POINTS && (u -= p[k]) > 0)
        k++;
    T_OK(vrk_sitting_enter(s, large_id[j], (char)('a' + k)));
}

/* Of a calibrated bank: as exact as FIXED situations for all, with at most 60 % of them. */
static void adaptive_choice_saves_two_in_five_of_a_calibrated_bank(void)
{
    vrk_ctx ctx = {0};
    vrk_sitting s;
    double se = 0, length = 0;
    make_large(&ctx, &s);
    for (uint64_t person = 0; person < TAKERS; person++) {
        vrk_rng r = vrk_rng_of(10, person, 1);
        double z = vrk_rng_normal(&r);
        vrk_gauge g;
        vrk_sitting_blank(&s);
        for (int64_t j = 0; j < FIXED; j++)
            give(&s, j, z, &r);
        T_OK(vrk_bank_gauge(&ctx, &s.part->bank, s.part->x, NULL, &g) == VRK_OK);
        se += g.psd / TAKERS;
    }
    s.stop_se = se;
    for (uint64_t person = 0; person < TAKERS; person++) {
        vrk_rng r = vrk_rng_of(10, person, 2);
        double z = vrk_rng_normal(&r);
        vrk_question q;
        vrk_sitting_blank(&s);
        for (;;) {
            T_OK(vrk_sitting_choose(&ctx, &s, &q) == VRK_OK);
            if (q.done)
                break;
            give(&s, q.number, z, &r);
        }
        length += (double)s.answered / TAKERS;
    }
    printf("# se %.3f: fixed %d, adaptive %.2f\n", se, FIXED, length);
    T_OK(length <= 0.6 * FIXED);
    vrk_sitting_free(&s);
    vrk_arena_free(&ctx.scratch);
}

/* By hand: two normal estimates with the prior taken out. With psd .6 the answers alone have
 * variance 1 / (1/.36 - 1) = .5625 and stand at eap / .36 * .5625; from -.5 to .7 that is a change
 * of 1.2 / .36 * .5625 = 1.875 with SE sqrt(1.125): z = 1.7678, P = .96145. */
static void change_is_told_where_it_goes_beyond_chance(void)
{
    vrk_gauge before = {.eap = -0.5, .psd = 0.6}, after = {.eap = 0.7, .psd = 0.6};
    vrk_change_of c = vrk_reliable_change(&before, &after);
    T_NEAR(c.change, 1.875, 1e-12);
    T_NEAR(c.se, sqrt(1.125), 1e-12);
    T_NEAR(c.p_up, 0.96145, 1e-5);
    T_OK(c.reliable);
    after.eap = 0.6;
    T_OK(!vrk_reliable_change(&before, &after).reliable);
    after.psd = 1; /* no answers: nothing to compare */
    T_OK(!isfinite(vrk_reliable_change(&before, &after).change));
}

/* Who reads hits each place about equally often; who always clicks the first does not. */
static void careless_answers_are_seen_and_change_nothing(void)
{
    vrk_ctx ctx = {0};
    vrk_instruments all;
    vrk_sitting s;
    int64_t seen = 0;
    T_OK(vrk_instruments_read(&ctx, &all) == VRK_OK);
    sit_down(&ctx, &all, 0, &s);
    s.most = 16;
    s.stop_se = 0.1;
    for (uint64_t person = 0; person < 200; person++) {
        vrk_pattern p;
        take(&ctx, &s, 0, person);
        T_OK(vrk_pattern_of(&ctx, &s, &p) == VRK_OK);
        seen += p.by_place || p.one_line || p.too_fast;
    }
    T_OK(seen <= 2);
    vrk_sitting_blank(&s);
    for (;;) {
        vrk_question q;
        T_OK(vrk_sitting_choose(&ctx, &s, &q) == VRK_OK);
        if (q.done)
            break;
        s.part->took[q.number] = 900000;
        T_OK(vrk_sitting_enter(&s, q.item->id, (char)('a' + q.order[1])));
    }
    vrk_ability a;
    vrk_gauge g;
    T_OK(vrk_ability_make(&ctx, &s, &a) == VRK_OK);
    T_OK(a.pattern.one_line && a.pattern.too_fast && a.pattern.run == 16 && a.pattern.fast == 16);
    T_OK(vrk_bank_gauge(&ctx, &s.part->bank, s.part->x, NULL, &g) == VRK_OK);
    T_OK(a.part->all.eap == g.eap && a.part->told);
    vrk_ability_free(&a);
    vrk_sitting_free(&s);
    vrk_instruments_free(&all);
    vrk_arena_free(&ctx.scratch);
}

/* At its difficulty half find the best answer, and the engine's probabilities are the generator's.
 */
static void items_are_as_hard_as_stated(void)
{
    vrk_ctx ctx = {0};
    vrk_instruments all;
    T_OK(vrk_instruments_read(&ctx, &all) == VRK_OK);
    for (int64_t i = 0; i < all.n; i++) {
        vrk_bank bank;
        T_OK(vrk_bank_make(&ctx, &all.instrument[i], &bank) == VRK_OK);
        for (int64_t j = 0; j < bank.irt.items; j++) {
            const vrk_item *item = &all.instrument[i].item[j];
            double p[VRK_ITEM_POINTS + 1], odds[VRK_ITEM_OPTIONS], sum = 0, want[4] = {0};
            vrk_irt_probability(&bank.irt, j, item->difficulty, p);
            T_NEAR(p[VRK_ITEM_POINTS], 0.5, 1e-9);
            vrk_irt_probability(&bank.irt, j, 0.7, p);
            t_option_odds(item, 0.7, odds);
            for (int o = 0; o < VRK_ITEM_OPTIONS; o++)
                sum += odds[o];
            for (int o = 0; o < VRK_ITEM_OPTIONS; o++)
                want[item->option[o].points] += odds[o] / sum;
            for (int k = 0; k <= VRK_ITEM_POINTS; k++)
                T_NEAR(p[k], want[k], 1e-9);
        }
        vrk_bank_free(&bank);
    }
    vrk_instruments_free(&all);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(nine_in_ten_intervals_hold), T_CASE(items_are_as_hard_as_stated),
       T_CASE(adaptive_choice_saves_two_in_five_of_a_calibrated_bank),
       T_CASE(change_is_told_where_it_goes_beyond_chance),
       T_CASE(careless_answers_are_seen_and_change_nothing))
