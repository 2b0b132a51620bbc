#include "stat/facets.h"
#include "base/rng.h"
#include "tests/t.h"

#include <string.h>

/* 200 persons, 4 items, 5 raters; each person is rated by two raters whose number turns, so that
 * all are linked. The truth adds up to zero but for items. */
enum { PERSONS = 200, ITEMS = 4, RATERS = 5, N = PERSONS * ITEMS * 2 };
static const double item[] = {-.5, 0, .3, .8}, severity[] = {-.8, -.2, 0, .3, .7};
static const double step[] = {-.9, .1, .8};
static int32_t person[N], level[2 * N], group[PERSONS];
static int8_t score[N];
static const int32_t levels[] = {ITEMS, RATERS};

/* bias: so much harder rater 2 makes it for group 1. */
static vrk_ratings simulate(uint64_t seed, double bias)
{
    int64_t r = 0;
    for (int32_t i = 0; i < PERSONS; i++) {
        vrk_rng g = vrk_rng_of(seed, (uint64_t)i, 0);
        double theta = 1.2 * vrk_rng_normal(&g);
        group[i] = i % 2;
        for (int32_t j = 0; j < ITEMS; j++) {
            for (int32_t k = 0; k < 2; k++, r++) {
                int32_t rater = (i / 2 + k * (1 + i / 2 % 4)) % RATERS;
                double p[4] = {1}, sum = 1, eta = 0;
                for (int c = 1; c < 4; c++) {
                    eta += theta - item[j] - severity[rater] - step[c - 1] -
                           (rater == 2 && group[i] ? bias : 0);
                    p[c] = exp(eta);
                    sum += p[c];
                }
                double u = vrk_rng_uniform(&g) * sum;
                person[r] = i;
                level[r] = j;
                level[r + N] = rater;
                for (score[r] = 0; score[r] < 3 && (u -= p[score[r]]) > 0;)
                    score[r]++;
            }
        }
    }
    return (vrk_ratings){.n = N,
                         .persons = PERSONS,
                         .facets = 2,
                         .person = person,
                         .level = level,
                         .levels = levels,
                         .score = score};
}

static vrk_facets fit_of(const vrk_ratings *d, vrk_facets_opt o)
{
    vrk_ctx ctx = {0};
    vrk_facets f;
    vrk_status st = vrk_facets_fit(&ctx, d, &o, &f);
    T_OK(st == VRK_OK);
    if (st != VRK_OK)
        printf("# %s\n", ctx.message);
    T_OK(ctx.scratch.used == 0);
    vrk_arena_free(&ctx.scratch);
    return f;
}

/* 30 worlds: 95 % intervals of items, raters and steps hold the truth in 95 % of 360 cases. */
static void finds_the_planted_severity(void)
{
    int inside = 0, all = 0;
    for (uint64_t world = 0; world < 30; world++) {
        vrk_ratings d = simulate(40 + world, 0);
        vrk_facets f = fit_of(&d, (vrk_facets_opt){0});
        T_OK(f.stop == VRK_STOP_GRAD && f.errors == VRK_ERRORS_OBSERVED && f.used == N);
        for (int j = 0; j < ITEMS; j++, all++)
            inside += fabs(f.facet[0].measure[j] - item[j]) < 1.96 * f.facet[0].se[j];
        for (int j = 0; j < RATERS; j++, all++)
            inside += fabs(f.facet[1].measure[j] - severity[j]) < 1.96 * f.facet[1].se[j];
        for (int j = 0; j < 3; j++, all++)
            inside += fabs(f.step[j] - step[j]) < 1.96 * f.step_se[j];
        double sum = 0;
        for (int j = 0; j < RATERS; j++) {
            sum += f.facet[1].measure[j];
            T_OK(f.facet[1].infit[j] > .7 && f.facet[1].infit[j] < 1.2);
        }
        T_NEAR(sum, 0., 1e-10);
        vrk_facets_free(&f);
    }
    printf("# %d of %d\n", inside, all);
    T_OK(inside > .92 * all && inside < .985 * all);
}

/* A biased rater is found, and no other; without bias none is. */
static void finds_the_biased_rater(void)
{
    for (int planted = 0; planted < 2; planted++) {
        vrk_ratings d = simulate(9, planted ? 1.2 : 0);
        d.group = group;
        d.groups = 2;
        vrk_facets f = fit_of(&d, (vrk_facets_opt){.bias = 2});
        T_OK(f.stop == VRK_STOP_GRAD && f.bias_levels == RATERS && f.groups == 2);
        int found = 0;
        for (int j = 0; j < RATERS; j++)
            found += fabs(f.bias[j + RATERS]) > 2.58 * f.bias_se[j + RATERS];
        T_OK(planted ? f.bias[2 + RATERS] > 4 * f.bias_se[2 + RATERS] : found == 0);
        T_NEAR(f.group[0] + f.group[1], 0., 1e-12);
        vrk_facets_free(&f);
    }
}

/* A rater who throws dice has a worse fit than all others. */
static void an_erratic_rater_misfits(void)
{
    vrk_ratings d = simulate(3, 0);
    vrk_rng r = vrk_rng_of(5, 0, 0);
    for (int64_t i = 0; i < N; i++) {
        if (level[i + N] == 1)
            score[i] = (int8_t)vrk_rng_below(&r, 4);
    }
    vrk_facets f = fit_of(&d, (vrk_facets_opt){0});
    for (int j = 0; j < RATERS; j++) {
        printf("# rater %d: infit %.2f, outfit %.2f\n", j + 1, f.facet[1].infit[j],
               f.facet[1].outfit[j]);
        T_OK(j == 1 || f.facet[1].infit[1] > 1.4 * f.facet[1].infit[j]);
    }
    vrk_facets_free(&f);
}

/* Rows in another order, raters under other numbers: the same numbers at their new places. */
static void order_and_names_do_not_matter(void)
{
    static int32_t person2[N], level2[2 * N];
    static int8_t score2[N];
    vrk_ratings d = simulate(3, 0);
    vrk_facets a = fit_of(&d, (vrk_facets_opt){0});
    for (int64_t i = 0; i < N; i++) {
        int64_t from = (i * 7 + 5) % N;
        person2[i] = PERSONS - 1 - person[from];
        level2[i] = level[from];
        level2[i + N] = (level[from + N] + 1) % RATERS;
        score2[i] = score[from];
    }
    d.person = person2;
    d.level = level2;
    d.score = score2;
    vrk_facets b = fit_of(&d, (vrk_facets_opt){0});
    T_NEAR(b.ll, a.ll, 1e-10);
    for (int j = 0; j < RATERS; j++) {
        T_NEAR(b.facet[1].measure[(j + 1) % RATERS], a.facet[1].measure[j], 1e-5);
        T_NEAR(b.facet[1].se[(j + 1) % RATERS], a.facet[1].se[j], 1e-5);
    }
    for (int i = 0; i < PERSONS; i++)
        T_NEAR(b.eap[PERSONS - 1 - i], a.eap[i], 1e-5);
    vrk_facets_free(&a);
    vrk_facets_free(&b);
}

static void refuses(const vrk_ratings *d, const vrk_facets_opt *o, const char *says)
{
    vrk_ctx ctx = {0};
    vrk_facets f;
    T_OK(vrk_facets_fit(&ctx, d, o, &f) == VRK_EINPUT && f.facet == NULL);
    T_OK(strstr(ctx.message, says) != NULL);
    if (!strstr(ctx.message, says))
        printf("# %s\n", ctx.message);
    vrk_arena_free(&ctx.scratch);
}

static void designs_that_cannot_tell_are_refused(void)
{
    const char *const name[] = {"item", "rater"};
    vrk_ratings d = simulate(3, 0);
    d.facet_name = name;
    int64_t part[RATERS], parts;
    vrk_ctx ctx = {0};
    T_OK(vrk_design_parts(&ctx, &d, 1, part, &parts) == VRK_OK && parts == 1);
    /* persons 1 to 100 by raters 1 and 2 alone, the others by 3 to 5 */
    for (int64_t i = 0; i < N; i++)
        level[i + N] = person[i] < 100 ? (int32_t)(i % 2) : 2 + (person[i] + (int32_t)(i % 2)) % 3;
    T_OK(vrk_design_parts(&ctx, &d, 1, part, &parts) == VRK_OK && parts == 2);
    T_OK(part[0] == 0 && part[1] == 0 && part[2] == 1 && part[4] == 1);
    refuses(&d, NULL,
            "rater: the design falls into 2 parts that share no person (levels 1 2 | 3 4 5)");
    vrk_facets f = fit_of(&d, (vrk_facets_opt){.accept_apart = true});
    T_OK(f.facet[1].parts == 2 && f.facet[1].part[3] == 1);
    vrk_facets_free(&f);
    /* each rater rates one item only, whoever is rated: severity is difficulty */
    for (int64_t i = 0; i < N; i++)
        level[i + N] = level[i];
    for (int64_t i = 0; i < N; i += 2)
        score[i + 1] = -1;
    refuses(&d, NULL, "rater: level 5 has no ratings");
    d.levels = (const int32_t[]){4, 4};
    refuses(&d, NULL, "cannot be told from the other facets");
    vrk_arena_free(&ctx.scratch);
}

static void bad_ratings_are_named(void)
{
    vrk_ratings d = simulate(3, 0);
    score[7] = 40;
    refuses(&d, NULL, "rating 8: score 40");
    d = simulate(3, 0);
    level[9 + N] = 5;
    refuses(&d, NULL, "rating 10: facet 2 has no level 6");
    d = simulate(3, 0);
    person[3] = 200;
    refuses(&d, NULL, "rating 4: person 201 of 200");
    d = simulate(3, 0);
    level[1 + N] = level[N];
    refuses(&d, NULL, "ratings 1 and 2: person 1 rated twice");
    d = simulate(3, 0);
    for (int64_t i = 0; i < N; i++)
        score[i] = score[i] == 2 ? 3 : score[i];
    refuses(&d, NULL, "no score is 2 of 0 to 3");
    memset(score, 0, sizeof(score));
    refuses(&d, NULL, "every score is 0");
    d = simulate(3, 0);
    for (int64_t i = 0; i < N; i++)
        score[i] = person[i] < 30 ? score[i] : -1;
    refuses(&d, NULL, "30 rated persons cannot calibrate");
}

static void fails_cleanly_at_every_allocation(void)
{
    vrk_ratings d = simulate(3, 0);
    bool whole = false;
    for (size_t limit = 64; !whole && limit < 1 << 26; limit += limit / 6 + 64) {
        vrk_ctx ctx = {.scratch.limit = limit};
        vrk_facets f;
        vrk_status st = vrk_facets_fit(&ctx, &d, NULL, &f);
        T_OK(st == VRK_OK || (st == VRK_EMEMORY && f.facet == NULL));
        T_OK(ctx.scratch.used == 0);
        whole = st == VRK_OK;
        vrk_facets_free(&f);
        vrk_arena_free(&ctx.scratch);
    }
    T_OK(whole);
}

static int stop_at(void *left, const char *what, double done)
{
    (void)what;
    (void)done;
    return --*(int *)left < 0;
}

static void can_be_cancelled(void)
{
    vrk_ratings d = simulate(3, 0);
    for (int n = 0; n < 30; n += 3) {
        int left = n;
        vrk_ctx ctx = {.tick = stop_at, .arg = &left};
        vrk_facets f;
        T_OK(vrk_facets_fit(&ctx, &d, NULL, &f) == VRK_ECANCEL && f.facet == NULL);
        T_OK(ctx.scratch.used == 0);
        vrk_arena_free(&ctx.scratch);
    }
}

T_MAIN(T_CASE(finds_the_planted_severity), T_CASE(finds_the_biased_rater),
       T_CASE(an_erratic_rater_misfits), T_CASE(order_and_names_do_not_matter),
       T_CASE(designs_that_cannot_tell_are_refused), T_CASE(bad_ratings_are_named),
       T_CASE(fails_cleanly_at_every_allocation), T_CASE(can_be_cancelled))
