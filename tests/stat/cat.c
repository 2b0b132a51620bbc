#include "stat/cat.h"
#include "base/rng.h"
#include "tests/t.h"

#include <string.h>

/* A bank of 200 items that only the test knows: slopes about 1.2, difficulties all over. */
enum { BANK = 200, PERSONS = 300 };
static double slope[BANK], intercept[BANK];
static int32_t two[BANK], area[BANK];

static void make_bank(vrk_ctx *ctx, vrk_irt *bank)
{
    vrk_rng r = vrk_rng_of(3, 0, 0);
    for (int j = 0; j < BANK; j++) {
        slope[j] = exp(.2 + .3 * vrk_rng_normal(&r));
        intercept[j] = -slope[j] * 1.3 * vrk_rng_normal(&r);
        two[j] = 2;
        area[j] = j % 4;
    }
    vrk_irt_known known = {.slope = slope, .intercept = intercept, .steps = 1};
    T_OK(vrk_irt_of(ctx, VRK_IRT_ADJACENT, BANK, two, &known, 0, bank) == VRK_OK);
}

/* The first item of a test that takes the best alone is the one with most information at the mean;
 * information of the logistic model by hand: a^2 P (1 - P). */
static void begins_with_the_most_informative(void)
{
    vrk_ctx ctx = {0};
    vrk_irt bank;
    vrk_cat_step s;
    int8_t x[BANK];
    int64_t best = 0;
    double most = 0;
    make_bank(&ctx, &bank);
    memset(x, -1, sizeof(x));
    for (int j = 0; j < BANK; j++) {
        double p = 1 / (1 + exp(-intercept[j])), i = slope[j] * slope[j] * p * (1 - p);
        T_NEAR(vrk_irt_information(&bank, j, 0), i, 1e-12);
        best = i > most ? j : best;
        most = fmax(most, i);
    }
    T_OK(vrk_cat_next(&ctx, &bank, x, 0, &(vrk_cat_opt){.among = 1}, &s) == VRK_OK);
    T_OK(s.state == VRK_CAT_ASK && s.item == best);
    T_NEAR(s.eap, 0., 1e-9);
    T_NEAR(s.psd, 1., 1e-6);
    vrk_irt_free(&bank);
    vrk_arena_free(&ctx.scratch);
}

/* P(right) of the logistic model and a grid of the normal distribution, both by hand: the first
 * item is the one after whose answer least is expected to be unknown. With the table of chances the
 * same. */
static void begins_with_what_is_expected_to_narrow_most(void)
{
    vrk_ctx ctx = {0};
    vrk_arena mem = {0};
    vrk_irt bank;
    vrk_cat_step s;
    int8_t x[BANK];
    int64_t best = 0;
    double least = 2;
    make_bank(&ctx, &bank);
    for (int j = 0; j < BANK; j++) {
        double m[2][3] = {{0}}, all = 0, v = 0;
        for (int q = -800; q <= 800; q++) {
            double z = q / 100., w = exp(-z * z / 2),
                   p = 1 / (1 + exp(-intercept[j] - slope[j] * z));
            all += w;
            for (int k = 0; k < 2; k++) {
                double of = w * (k ? p : 1 - p);
                m[k][0] += of;
                m[k][1] += of * z;
                m[k][2] += of * z * z;
            }
        }
        for (int k = 0; k < 2; k++)
            v += (m[k][2] - m[k][1] * m[k][1] / m[k][0]) / all;
        best = v < least ? j : best;
        least = fmin(least, v);
    }
    memset(x, -1, sizeof(x));
    vrk_cat_opt o = {.among = 1, .expected = true};
    T_OK(vrk_cat_next(&ctx, &bank, x, 0, &o, &s) == VRK_OK);
    T_OK(s.state == VRK_CAT_ASK && s.item == best);
    T_NEAR(s.psd, 1., 1e-6);
    for (int n = 0; n < 12; n++) { /* and so on, as vrk_irt_eap says of the same answers */
        vrk_cat_step t;
        double eap, psd;
        o.known = NULL;
        T_OK(vrk_cat_next(&ctx, &bank, x, 0, &o, &s) == VRK_OK);
        o.known = vrk_cat_known(&bank, &mem);
        T_OK(o.known && vrk_cat_next(&ctx, &bank, x, 0, &o, &t) == VRK_OK);
        T_OK(s.item == t.item && s.eap == t.eap && s.psd == t.psd);
        vrk_irt_eap(&bank, x, &eap, &psd);
        T_NEAR(s.eap, eap, 1e-9);
        T_NEAR(s.psd, psd, 1e-9);
        x[s.item] = (int8_t)(n % 2);
    }
    vrk_irt_free(&bank);
    vrk_arena_free(&mem);
    vrk_arena_free(&ctx.scratch);
}

/* A loose balance lets an area lag by a few items, and takes no more items than a strict one. */
static void a_loose_balance_holds_the_areas_nearly_even(void)
{
    vrk_ctx ctx = {.seed = 7};
    vrk_irt bank;
    double given[2] = {0};
    int64_t apart = 0;
    make_bank(&ctx, &bank);
    for (int64_t i = 0; i < PERSONS; i++) {
        for (int loose = 0; loose < 2; loose++) {
            vrk_rng r = vrk_rng_of(12, (uint64_t)i, 0);
            int8_t x[BANK];
            vrk_cat_step s;
            vrk_cat_opt o = {.most = BANK,
                             .among = 1,
                             .area = area,
                             .areas = 4,
                             .expected = true,
                             .balance = loose ? .3 : 0};
            T_OK(vrk_cat_play(&ctx, &bank, vrk_rng_normal(&r), i, &o, x, &s) == VRK_OK);
            given[loose] += (double)s.given / PERSONS;
            int64_t in_area[4] = {0};
            for (int64_t j = 0; j < BANK; j++)
                in_area[j % 4] += x[j] >= 0;
            for (int a = 1; a < 4 && loose; a++) {
                int64_t off = in_area[a] - in_area[0];
                apart = off > apart ? off : -off > apart ? -off : apart;
            }
        }
    }
    printf("# strict %.2f, loose %.2f items; areas at most %lld apart\n", given[0], given[1],
           (long long)apart);
    T_OK(given[1] <= given[0] && apart <= 6);
    vrk_irt_free(&bank);
    vrk_arena_free(&ctx.scratch);
}

/* A fixed test of the bank's items in their order, as long as it takes to the same precision. */
static int64_t fixed_length(const vrk_irt *bank, double z, vrk_rng *r, double se)
{
    int8_t x[BANK];
    memset(x, -1, sizeof(x));
    for (int64_t j = 0; j < BANK; j++) {
        double p[2], eap, psd;
        vrk_irt_probability(bank, j, z, p);
        x[j] = vrk_rng_chance(r, p[1]);
        if (j % 5 != 4)
            continue;
        vrk_irt_eap(bank, x, &eap, &psd);
        if (psd <= se)
            return j + 1;
    }
    return BANK;
}

/* What adaptive choice is for: at most 60 % of the items for the same standard error, though it
 * chooses among five and keeps the areas in balance. */
static void needs_at_most_six_tenths_of_a_fixed_test(void)
{
    vrk_ctx ctx = {.seed = 5};
    vrk_irt bank;
    double fixed = 0, adaptive = 0, rest = 0;
    make_bank(&ctx, &bank);
    for (int64_t i = 0; i < PERSONS; i++) {
        vrk_rng r = vrk_rng_of(11, (uint64_t)i, 0);
        double z = vrk_rng_normal(&r);
        int8_t x[BANK];
        vrk_cat_step s;
        vrk_cat_opt o = {.most = BANK, .area = area, .areas = 4};
        T_OK(vrk_cat_play(&ctx, &bank, z, i, &o, x, &s) == VRK_OK && s.state == VRK_CAT_PRECISE);
        adaptive += (double)s.given;
        rest += (s.eap - z) * (s.eap - z);
        fixed += (double)fixed_length(&bank, z, &r, .30);
        int64_t in_area[4] = {0};
        for (int j = 0; j < BANK; j++)
            in_area[j % 4] += x[j] >= 0;
        for (int a = 1; a < 4; a++)
            T_OK(in_area[a] - in_area[0] <= 1 && in_area[0] - in_area[a] <= 1);
    }
    printf("# %.1f items, fixed %.1f (%.0f %%), error %.3f\n", adaptive / PERSONS, fixed / PERSONS,
           100 * adaptive / fixed, sqrt(rest / PERSONS));
    T_OK(adaptive <= .6 * fixed);
    T_OK(sqrt(rest / PERSONS) < .36); /* promised .30 */
    vrk_irt_free(&bank);
    vrk_arena_free(&ctx.scratch);
}

static void the_same_seed_plays_the_same_test(void)
{
    vrk_ctx ctx = {.seed = 5};
    vrk_irt bank;
    int8_t x[BANK], y[BANK], none[BANK];
    vrk_cat_step a, b, again;
    make_bank(&ctx, &bank);
    T_OK(vrk_cat_play(&ctx, &bank, .4, 8, NULL, x, &a) == VRK_OK);
    T_OK(vrk_cat_play(&ctx, &bank, .4, 8, NULL, y, &b) == VRK_OK);
    T_OK(!memcmp(x, y, sizeof(x)) && a.given == b.given);
    memset(none, -1, sizeof(none));
    T_OK(vrk_cat_next(&ctx, &bank, none, 8, NULL, &again) == VRK_OK && x[again.item] >= 0);
    ctx.seed = 6;
    T_OK(vrk_cat_play(&ctx, &bank, .4, 8, NULL, y, &b) == VRK_OK && memcmp(x, y, sizeof(x)) != 0);
    vrk_irt_free(&bank);
    vrk_arena_free(&ctx.scratch);
}

static void stops_at_the_limit_and_where_the_bank_is_empty(void)
{
    vrk_ctx ctx = {0};
    vrk_irt bank;
    int8_t x[BANK];
    vrk_cat_step s;
    bool retired[BANK];
    make_bank(&ctx, &bank);
    T_OK(vrk_cat_play(&ctx, &bank, 0, 0, &(vrk_cat_opt){.most = 4}, x, &s) == VRK_OK);
    T_OK(s.state == VRK_CAT_LONG && s.given == 4 && s.item == -1);
    for (int j = 0; j < BANK; j++)
        retired[j] = j > 2;
    T_OK(vrk_cat_play(&ctx, &bank, 0, 0, &(vrk_cat_opt){.retired = retired}, x, &s) == VRK_OK);
    T_OK(s.state == VRK_CAT_EMPTY && s.given == 3);
    x[7] = 2;
    T_OK(vrk_cat_next(&ctx, &bank, x, 0, NULL, &s) == VRK_EINPUT && strstr(ctx.message, "item 8"));
    vrk_irt_free(&bank);
    vrk_arena_free(&ctx.scratch);
}

/* Without control the best items go to nearly everyone; with it none to more than a quarter. */
static void exposure_is_held(void)
{
    vrk_ctx ctx = {.seed = 2};
    vrk_irt bank;
    double allow[BANK], largest, free_share;
    vrk_cat_opt o = {.among = 1, .most = 15};
    make_bank(&ctx, &bank);
    T_OK(vrk_cat_exposure(&ctx, &bank, &o, 1, 200, 1, allow, &free_share) == VRK_OK);
    T_OK(vrk_cat_exposure(&ctx, &bank, &o, .25, 200, 12, allow, &largest) == VRK_OK);
    printf("# largest share %.2f, free %.2f\n", largest, free_share);
    T_OK(free_share > .9 && largest < .32);
    vrk_irt_free(&bank);
    vrk_arena_free(&ctx.scratch);
}

/* The estimate after answers, against the posterior summed over a grid of 4000 points. */
static void estimates_as_the_definition(void)
{
    vrk_ctx ctx = {.seed = 5};
    vrk_irt bank;
    int8_t x[BANK];
    vrk_cat_step s;
    double sum = 0, first = 0, second = 0;
    make_bank(&ctx, &bank);
    T_OK(vrk_cat_play(&ctx, &bank, .7, 3, &(vrk_cat_opt){.most = 12}, x, &s) == VRK_OK);
    for (int g = -2000; g <= 2000; g++) {
        double z = g * .004, w = exp(-z * z / 2);
        for (int j = 0; j < BANK; j++) {
            double p = 1 / (1 + exp(-slope[j] * z - intercept[j]));
            w *= x[j] < 0 ? 1 : x[j] ? p : 1 - p;
        }
        sum += w;
        first += w * z;
        second += w * z * z;
    }
    T_NEAR(s.eap, first / sum, 1e-6);
    T_NEAR(s.psd, sqrt(second / sum - first / sum * first / sum), 1e-6);
    vrk_irt_free(&bank);
    vrk_arena_free(&ctx.scratch);
}

static void fails_cleanly_at_every_allocation(void)
{
    vrk_ctx of_bank = {0};
    vrk_irt bank;
    vrk_status st[3];
    size_t limit = 0;
    make_bank(&of_bank, &bank);
    do {
        vrk_ctx ctx = {.scratch.limit = limit += 1024};
        double allow[BANK], largest;
        int8_t x[BANK];
        vrk_cat_step s;
        vrk_cat_opt o = {.most = 3, .area = area, .areas = 4};
        st[0] = vrk_cat_play(&ctx, &bank, 0, 0, &o, x, &s);
        memset(x, -1, sizeof(x));
        st[1] = vrk_cat_next(&ctx, &bank, x, 0, &o, &s);
        st[2] = vrk_cat_exposure(&ctx, &bank, &o, .5, 2, 1, allow, &largest);
        for (int i = 0; i < 3; i++)
            T_OK(st[i] == VRK_OK || st[i] == VRK_EMEMORY);
        T_OK(ctx.scratch.used == 0);
        vrk_arena_free(&ctx.scratch);
    } while (st[0] != VRK_OK || st[1] != VRK_OK || st[2] != VRK_OK);
    T_OK(limit > 1024);
    vrk_irt_free(&bank);
    vrk_arena_free(&of_bank.scratch);
}

static int stop_at(void *arg, const char *what, double done)
{
    (void)what, (void)done;
    return --*(int *)arg == 0;
}

static void stops_when_asked(void)
{
    int left = 7;
    vrk_ctx ctx = {.tick = stop_at, .arg = &left};
    vrk_irt bank;
    double allow[BANK], largest;
    make_bank(&ctx, &bank);
    T_OK(vrk_cat_exposure(&ctx, &bank, &(vrk_cat_opt){.most = 3}, .5, 20, 1, allow, &largest) ==
         VRK_ECANCEL);
    T_OK(ctx.scratch.used == 0);
    vrk_irt_free(&bank);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(begins_with_the_most_informative),
       T_CASE(begins_with_what_is_expected_to_narrow_most),
       T_CASE(a_loose_balance_holds_the_areas_nearly_even),
       T_CASE(needs_at_most_six_tenths_of_a_fixed_test), T_CASE(the_same_seed_plays_the_same_test),
       T_CASE(stops_at_the_limit_and_where_the_bank_is_empty), T_CASE(exposure_is_held),
       T_CASE(estimates_as_the_definition), T_CASE(fails_cleanly_at_every_allocation),
       T_CASE(stops_when_asked))
