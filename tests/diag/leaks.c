/* Leaks of a small organisation made by hand: what each moment costs sums to what all of it costs,
 * and of those told few are expected to be none. And where a leak lies: by segment, held against
 * counts whose answer is known. */
#include "diag/leak_places.h"

#include "base/rng.h"
#include "diag/twin.h"
#include "tests/t.h"

#include <math.h>
#include <string.h>

enum { SELLERS = 12, TEAMS = 2, DRAWS = 40, TRAITS = VRK_AT_MOMENTS + 1 };

static vrk_twin_seller seller[SELLERS];
static int64_t key[SELLERS], team[SELLERS];
static const char *team_id[TEAMS] = {"A", "B"};
static double load_80[SELLERS], market[SELLERS], present[DRAWS * SELLERS];
static vrk_twin_trait trait[DRAWS * SELLERS * TRAITS], reference[DRAWS * TRAITS], upper[DRAWS];
static vrk_twin_effects effects[DRAWS];
static vrk_twin_scenario scenario[1];
static vrk_moments m;
static vrk_seller_moment row[SELLERS * VRK_AT_MOMENTS];

/* A process of three places, its exits told. */
static void make_base(vrk_twin_base *b)
{
    *b = (vrk_twin_base){.usable = true,
                         .states = 3,
                         .sellers = SELLERS,
                         .seller = seller,
                         .complex_share = 0.4,
                         .amount = {1000, 3000},
                         .currency = "SEK",
                         .objections = 0.05,
                         .own = 1,
                         .own_missed = 0.1,
                         .stopped_undone = 0.1,
                         .dated = 0.3,
                         .kept = 0.3};
    b->decision[2] = true;
    for (int x = 0; x < VRK_TWIN_KINDS; x++) {
        b->place[0][x] = (vrk_twin_place){.forward = 0.25, .lost = 0.08};
        b->place[1][x] = (vrk_twin_place){.forward = 0.2 - 0.05 * x, .lost = 0.06};
        b->place[2][x] = (vrk_twin_place){.won = 0.12 - 0.02 * x, .lost = 0.06, .back = 0.01};
    }
    for (int k = 1; k <= VRK_AT_MOMENTS; k++)
        b->undone[k] = k == VRK_AT_OBJECTION ? 0.5 : 0.07;
}

/* The first seller falls short at steering and next step, the second at steering; all others are
 * about the middle. */
static void make_sellers(void)
{
    for (int64_t s = 0; s < SELLERS; s++) {
        seller[s] = (vrk_twin_seller){.there = true, .working = 0.9, .open = 20, .free_h = 30};
        seller[s].inbound = 2;
        key[s] = 10 + s;
        team[s] = s % TEAMS;
        for (int k = 0; k < VRK_AT_MOMENTS; k++) {
            vrk_seller_moment *r = &row[s * VRK_AT_MOMENTS + k];
            *r = (vrk_seller_moment){.seller_key = key[s], .number = k + 1, .judged = true};
            r->verdict.all.probability[VRK_IS_COMPETENCE] = 0.8;
            r->verdict.all.probability[VRK_IS_EXECUTION] = 0.2;
        }
    }
    for (int64_t b = 0; b < DRAWS; b++) {
        for (int64_t s = 0; s < SELLERS; s++) {
            vrk_twin_trait *x = &trait[(b * SELLERS + s) * TRAITS];
            vrk_rng r = vrk_rng_of(7, (uint64_t)b, (uint32_t)s);
            memset(x, 0, TRAITS * sizeof(*x));
            for (int k = 1; k <= VRK_AT_MOMENTS; k++)
                x[k] =
                    (vrk_twin_trait){.q = 0.1 * vrk_rng_normal(&r), .e = 0.1 * vrk_rng_normal(&r)};
            x[VRK_AT_STEERING].q -= s < 2 ? 1.8 : 0;
            x[VRK_AT_NEXT_STEP].e -= s == 0 ? 2 : 0;
        }
    }
}

static void run_present(vrk_twin *t)
{
    for (int64_t b = 0; b < DRAWS; b++) {
        for (int64_t s = 0; s < SELLERS; s++) {
            vrk_twin_pipeline p;
            const vrk_twin_course c = {.base = &t->base,
                                       .m = &m,
                                       .scenario = scenario,
                                       .effects = &effects[b],
                                       .seller = &seller[s],
                                       .trait = &trait[(b * SELLERS + s) * TRAITS],
                                       .shift = {.touches = 1}};
            vrk_twin_start(&c, &p);
            vrk_twin_run(&c, VRK_TWIN_WEEKS, false, &p);
            present[b * SELLERS + s] = p.won;
        }
    }
}

static vrk_twin make_twin(void)
{
    vrk_twin t = {.m = &m,
                  .draws = DRAWS,
                  .scenarios = 1,
                  .scenario = scenario,
                  .effects = effects,
                  .trait = trait,
                  .reference = reference,
                  .upper = upper,
                  .present = present};
    make_sellers();
    make_base(&t.base);
    m = (vrk_moments){.cells = {.sellers = SELLERS,
                                .teams = TEAMS,
                                .seller_key = key,
                                .team = team,
                                .team_id = team_id,
                                .load_80 = load_80}};
    for (int k = 1; k <= VRK_AT_MOMENTS; k++) {
        m.moment[k].has_doing = m.moment[k].has_going = t.can[k] = true;
        m.moment[k].going.market = market;
    }
    m.moment[VRK_AT_STEERING].doing.base = -0.4;
    m.moment[VRK_AT_STEERING].going.base = -0.5;
    scenario[0] = (vrk_twin_scenario){.fit = 0.5, .shift = 1.5, .slow = 0.5, .leak = 2};
    vrk_twin_fit(&t.base, &m, trait, scenario);
    for (int64_t b = 0; b < DRAWS; b++)
        effects[b] = vrk_twin_effects_of(&m, &t.base);
    run_present(&t);
    return t;
}

static void shares_sum_to_the_whole_and_do_not_overlap(void)
{
    vrk_ctx ctx = {0};
    vrk_leaks l;
    vrk_twin t = make_twin();
    vrk_seller_moments judged = {.n = SELLERS * VRK_AT_MOMENTS, .row = row};
    static uint8_t all[DRAWS * SELLERS], alone[DRAWS * SELLERS];
    static double whole[DRAWS * SELLERS], single[DRAWS * SELLERS];
    T_OK(vrk_leaks_find(&ctx, &t, &judged, &l) == VRK_OK && l.tried == TEAMS * VRK_AT_MOMENTS);
    for (int64_t i = 0; i < DRAWS * SELLERS; i++) {
        for (int k = 1; k <= VRK_AT_MOMENTS; k++)
            all[i] |= (uint8_t)(fabs(l.part[k][i]) > 0 ? 1 << k : 0);
        alone[i] = all[i] & (uint8_t)(1 << VRK_AT_STEERING);
    }
    T_OK(vrk_twin_lifted(&ctx, &t, all, whole) == VRK_OK);
    T_OK(vrk_twin_lifted(&ctx, &t, alone, single) == VRK_OK);
    double sum = 0, leaks = 0, overlap = 0;
    for (int64_t i = 0; i < DRAWS * SELLERS; i++) {
        double parts = 0;
        for (int k = 1; k <= VRK_AT_MOMENTS; k++)
            parts += l.part[k][i];
        T_OK(fabs(parts - whole[i]) < 1e-6 * present[i]);
        sum += whole[i] / DRAWS;
        overlap += (single[i] - l.part[VRK_AT_STEERING][i]) / DRAWS;
    }
    for (int64_t i = 0; i < l.tried; i++)
        leaks += l.leak[i].value.mean;
    T_OK(sum > 0);
    T_NEAR(leaks / sum, 1., 1e-9);
    /* seller 0 falls short twice: each alone would count what only both give */
    T_OK(fabs(overlap) > 1e-3 * sum / SELLERS);
    vrk_leaks_free(&l);
    vrk_arena_free(&ctx.scratch);
}

static void tells_who_falls_short_and_few_that_are_none(void)
{
    vrk_ctx ctx = {0};
    vrk_leaks l;
    vrk_twin t = make_twin();
    vrk_seller_moments judged = {.n = SELLERS * VRK_AT_MOMENTS, .row = row};
    double none = 0;
    T_OK(vrk_leaks_find(&ctx, &t, &judged, &l) == VRK_OK && l.kept >= 2);
    for (int64_t i = 0; i < l.kept; i++) {
        const vrk_leak *x = &l.leak[i];
        none += 1 - x->probability;
        T_OK(x->moment == VRK_AT_STEERING || (x->moment == VRK_AT_NEXT_STEP && x->team == 0));
        T_OK(x->short_of == 1 && x->persons == SELLERS / TEAMS && x->cause == VRK_IS_COMPETENCE);
        T_NEAR(x->share[VRK_IS_COMPETENCE], 0.8, 1e-9);
        for (int64_t k = 0; k < x->parts; k++)
            T_OK(x->other[k].value.mean <= x->value.mean + 1e-9);
        T_OK(i == 0 || x->value.mean <= l.leak[i - 1].value.mean);
    }
    T_OK(none <= 0.1 * (double)l.kept);
    for (int64_t i = l.kept; i < l.tried; i++) /* one more would be too many */
        T_OK(l.leak[i].probability < 0.9);
    vrk_leaks_free(&l);
    vrk_arena_free(&ctx.scratch);
}

/* Deals of two occasions each, that go the same way half of the time more than by chance. */
static vrk_place_sum deals_of(vrk_rng *r, int64_t deals, double good, double same)
{
    vrk_place_sum s = {0};
    for (int64_t d = 0; d < deals; d++) {
        bool first = vrk_rng_chance(r, good);
        bool second = vrk_rng_chance(r, same) ? first : vrk_rng_chance(r, good);
        double y = first + second;
        s.n += 2;
        s.nn += 4;
        s.y += y;
        s.yy += y * y;
        s.ny += 2 * y;
    }
    return s;
}

/* Sellers of different levels who sell in different mixes: pooled, that would look like segments.
 */
static void a_segment_is_told_by_chance_as_seldom_as_said(void)
{
    enum { TRIALS = 3000, WHO = 12 };
    static const bool own[WHO] = {true, true, true};
    int n = 0, found = 0;
    double squares = 0;
    for (uint32_t i = 0; i < TRIALS; i++) {
        vrk_rng r = vrk_rng_of(21, 0, i);
        vrk_place_sum sum[WHO * 2];
        for (int s = 0; s < WHO; s++) {
            double level = s < 3 ? 0.2 + 0.15 * s : 0.5, odds = level / (1 - level) * exp(-0.4);
            sum[2 * s] = deals_of(&r, s < 3 ? 40 + 40 * s : 80, odds / (1 + odds), 0.5);
            sum[2 * s + 1] = deals_of(&r, s < 3 ? 120 - 40 * s : 80, level, 0.5);
        }
        vrk_place_gap g = vrk_place_gap_of(sum, own, WHO, 2, 0);
        n += g.p < 0.05;
        squares += g.worse * g.worse / (g.se * g.se) / TRIALS;
        for (int s = 0; s < 3; s++) /* about one log odds more than elsewhere */
            sum[2 * s] = deals_of(&r, 60, 0.06 + 0.08 * s, 0.5);
        found += vrk_place_gap_of(sum, own, WHO, 2, 0).p < 0.05;
    }
    T_OK(n > 0.03 * TRIALS && n < 0.08 * TRIALS);
    T_OK(fabs(squares - 1) < 0.2);
    T_OK(found > 0.7 * TRIALS);
    vrk_place_sum few[2] = {{10, 2, 20, 4, 4}, {10, 2, 20, 4, 4}};
    T_OK(isnan(vrk_place_gap_of(few, own, 1, 2, 0).worse));
}

/* Benjamini and Hochberg's own example (1995, section 4.1): fifteen p-values, four are told at
 * 0.05.
 */
static void tells_as_many_as_published(void)
{
    double p[] = {0.0459, 0.0001, 1,      0.0095, 0.0201, 0.3240, 0.0004, 0.0298,
                  0.0344, 0.0278, 0.0019, 0.4262, 0.5719, 0.6528, 0.7590};
    T_NEAR(vrk_false_discoveries(p, 15, 0.05), 0.0095, 1e-12);
    T_NEAR(vrk_false_discoveries((double[]){0.9, 0.8}, 2, 0.1), -1., 1e-12);
    T_NEAR(vrk_false_discoveries(p, 0, 0.05), -1., 1e-12);
}

T_MAIN(T_CASE(shares_sum_to_the_whole_and_do_not_overlap),
       T_CASE(tells_who_falls_short_and_few_that_are_none),
       T_CASE(a_segment_is_told_by_chance_as_seldom_as_said), T_CASE(tells_as_many_as_published))
