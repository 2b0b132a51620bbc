/* Ratings by simulated raters whose strictness and halo are known. The generator shares nothing
 * with the model: what a rater sees is a length in levels with normal noise, rounded to the scale.
 */
#include "people/rater.h"
#include "base/rng.h"
#include "base/str.h"
#include "num/special.h"
#include "people/rating.h"
#include "people/sitting_parts.h"
#include "tests/store/space.h"
#include "tests/t.h"

#include <stdlib.h>
#include <string.h>

enum { PERSONS = 200, RATERS = 12, ITEMS = 9, MOST = PERSONS * 3 * ITEMS };

typedef struct {
    int64_t persons, raters, halo; /* the first `halo` raters see one thing only */
    double strict[RATERS];         /* [level] */
    double profile, impression;    /* SD of strong and weak sides; of what is the rater's alone */
    double can[PERSONS], side[PERSONS][ITEMS];
    int32_t person[MOST], rater[MOST], competency[MOST];
    int8_t level[MOST];
    int64_t n;
} world;

static const double noise = 0.6, hard[ITEMS] = {0.3, -0.2, 0.1, 0.5, 0, -0.4, -0.1, 0.2, -0.3};

static int8_t rounded(double y)
{
    return (int8_t)(y < 1.5 ? 1 : y > 4.5 ? 5 : (int)(y + 0.5));
}

/* Each person is rated by three raters who turn. */
static vrk_rated make(world *w, uint64_t seed)
{
    w->n = 0;
    for (int32_t p = 0; p < w->persons; p++) {
        vrk_rng g = vrk_rng_of(seed, (uint64_t)p, 7);
        w->can[p] = 3.1 + 0.7 * vrk_rng_normal(&g);
        for (int i = 0; i < ITEMS; i++)
            w->side[p][i] = w->profile * vrk_rng_normal(&g);
        for (int32_t k = 0; k < 3; k++) {
            int32_t rater = (int32_t)((p + k * (1 + p / w->raters % 3)) % w->raters);
            double seen = w->can[p] - w->strict[rater] + w->impression * vrk_rng_normal(&g);
            for (int32_t i = 0; i < ITEMS; i++) {
                double y =
                    seen + (rater < w->halo ? 0.1 * vrk_rng_normal(&g)
                                            : hard[i] + w->side[p][i] + noise * vrk_rng_normal(&g));
                w->person[w->n] = p;
                w->rater[w->n] = rater;
                w->competency[w->n] = i;
                w->level[w->n++] = rounded(y);
            }
        }
    }
    return (vrk_rated){.n = w->n,
                       .persons = w->persons,
                       .raters = w->raters,
                       .competences = ITEMS,
                       .person = w->person,
                       .rater = w->rater,
                       .competency = w->competency,
                       .level = w->level};
}

/* What somebody who would be seen as `mean` is given in the long run. */
static double given(double mean, double sd)
{
    double level = 1;
    for (int k = 1; k < 5; k++)
        level += vrk_normal_below((mean - k - 0.5) / sd);
    return level;
}

/* So much lower than the mean rater, over persons as they are spread. */
static double truly_strict(const world *w, int64_t rater)
{
    double mean = 0, own = 0;
    for (int64_t r = 0; r < w->raters; r++) {
        double sum = 0;
        for (int i = 0; i < ITEMS; i++)
            sum += given(3.1 - w->strict[r] + hard[i],
                         sqrt(0.49 + w->profile * w->profile + w->impression * w->impression +
                              noise * noise)) /
                   ITEMS;
        mean += sum / (double)w->raters;
        own = r == rater ? sum : own;
    }
    return mean - own;
}

static double truly_at(const world *w, int64_t p)
{
    double sum = 0, sd = sqrt(w->impression * w->impression + noise * noise);
    for (int64_t r = 0; r < w->raters; r++) {
        for (int i = 0; i < ITEMS; i++)
            sum += given(w->can[p] - w->strict[r] + hard[i] + w->side[p][i], sd);
    }
    return sum / ITEMS / (double)w->raters;
}

static void draw_strict(world *w, uint64_t seed)
{
    vrk_rng g = vrk_rng_of(seed, 99, 99);
    for (int r = 0; r < RATERS; r++)
        w->strict[r] = 0.45 * vrk_rng_normal(&g);
}

typedef struct {
    double raters, raters_held, persons, persons_held, xy, xx, yy, alarms, halo, plain_off, off;
} score;

static void judge(const world *w, uint64_t seed, score *s)
{
    vrk_ctx ctx = {.seed = seed};
    vrk_rated_model m;
    world *v = malloc(sizeof(*v));
    *v = *w;
    draw_strict(v, seed);
    vrk_rated d = make(v, seed);
    T_OK(vrk_raters_fit(&ctx, &d, &m) == VRK_OK && m.state == VRK_RATINGS_TOLD);
    for (int64_t r = 0; r < m.raters && m.state == VRK_RATINGS_TOLD; r++) {
        double truth = truly_strict(v, r), x = m.rater[r].strict;
        s->raters++;
        s->raters_held += m.rater[r].lo <= truth && truth <= m.rater[r].hi;
        s->xy += x * truth;
        s->xx += x * x;
        s->yy += truth * truth;
        if (r < v->halo)
            s->halo += m.rater[r].halo;
        else
            s->alarms += m.rater[r].halo;
    }
    for (int64_t p = 0; p < d.persons && m.state == VRK_RATINGS_TOLD; p++) {
        double truth = truly_at(v, p);
        s->persons++;
        s->persons_held += m.person[p].lo <= truth && truth <= m.person[p].hi;
        s->off += pow(m.person[p].level - truth, 2);
        s->plain_off += pow(m.person[p].plain - truth, 2);
    }
    T_OK(ctx.scratch.used == 0);
    vrk_raters_free(&m);
    vrk_arena_free(&ctx.scratch);
    free(v);
}

/* Seeds from 1000 are for judging; the model was made on others. */
static score run(world w, uint64_t from, int worlds)
{
    score s = {0};
    for (int i = 0; i < worlds; i++)
        judge(&w, from + (uint64_t)i, &s);
    printf(
        "# raters held %.3f of %.0f, with truth %.3f; persons held %.3f; error %.3f, plain %.3f; "
        "halo found %.0f, false %.0f\n",
        s.raters_held / s.raters, s.raters, s.xy / sqrt(s.xx * s.yy), s.persons_held / s.persons,
        sqrt(s.off / s.persons), sqrt(s.plain_off / s.persons), s.halo, s.alarms);
    return s;
}

static void strictness_comes_back_with_intervals_that_hold(void)
{
    score s =
        run((world){.persons = 60, .raters = RATERS, .profile = 0.4, .impression = 0.3}, 1000, 16);
    T_OK(s.raters_held / s.raters > 0.86 && s.raters_held / s.raters < 0.94);
    T_OK(s.persons_held / s.persons > 0.86 && s.persons_held / s.persons < 0.94);
    T_OK(s.xy / sqrt(s.xx * s.yy) > 0.9);
    T_OK(s.off < 0.6 * s.plain_off); /* what is taken off is worth taking off */
    T_OK(s.alarms / s.raters < 0.02);
}

static void few_persons_are_enough_for_a_common_scale(void)
{
    score s = run((world){.persons = 24, .raters = 7, .profile = 0.3, .impression = 0.4}, 2000, 48);
    T_OK(s.raters_held / s.raters > 0.86 && s.raters_held / s.raters < 0.94);
    T_OK(s.persons_held / s.persons > 0.86 && s.persons_held / s.persons < 0.94);
}

static void one_impression_on_everything_is_found(void)
{
    score s =
        run((world){.persons = 60, .raters = RATERS, .halo = 3, .profile = 0.4, .impression = 0.3},
            3000, 5);
    T_OK(s.halo >= 0.9 * 15);
    T_OK(s.alarms / (s.raters - 15) < 0.02);
}

/* Strong and weak sides are told where raters agree on them, and refused where there are none. */
static void a_profile_is_told_only_where_raters_agree(void)
{
    vrk_ctx ctx = {.seed = 5};
    vrk_rated_model m;
    world *w = calloc(1, sizeof(*w));
    int told = 0, wrong = 0;
    for (uint64_t seed = 4000; seed < 4010; seed++) {
        *w = (world){.persons = 40, .raters = 8, .profile = 0.5, .impression = 0.3};
        vrk_rated d = make(w, seed);
        T_OK(vrk_raters_fit(&ctx, &d, &m) == VRK_OK);
        told += m.profile;
        vrk_raters_free(&m);
        *w = (world){.persons = 40, .raters = 8, .profile = 0, .impression = 0.3};
        d = make(w, seed);
        T_OK(vrk_raters_fit(&ctx, &d, &m) == VRK_OK);
        wrong += m.profile;
        vrk_raters_free(&m);
    }
    T_OK(told == 10 && wrong <= 3); /* one in ten by chance; over 3 of 10 is .013 */
    vrk_arena_free(&ctx.scratch);
    free(w);
}

static void what_cannot_be_linked_is_refused(void)
{
    vrk_ctx ctx = {0};
    vrk_rated_model m;
    world *w = calloc(1, sizeof(*w));
    *w = (world){.persons = 40, .raters = 8, .impression = 0.3};
    vrk_rated d = make(w, 1);
    for (int64_t i = 0; i < d.n; i++) /* the even rate the first half, the odd the other */
        w->rater[i] = (int32_t)(2 * (w->rater[i] / 2) + (w->person[i] >= 20));
    T_OK(vrk_raters_fit(&ctx, &d, &m) == VRK_OK && m.state == VRK_RATINGS_APART && m.parts == 2);
    T_OK(m.rater[0].part != m.rater[1].part && m.rater[0].part == m.rater[2].part);
    T_OK(!m.rater[0].told && isnan(m.rater[0].strict) && isnan(m.person[0].level));
    vrk_raters_free(&m);
    d = make(w, 1);
    d.n = 19 * 27; /* persons */
    T_OK(vrk_raters_fit(&ctx, &d, &m) == VRK_OK && m.state == VRK_RATINGS_FEW);
    vrk_raters_free(&m);
    d = make(w, 1);
    for (int64_t i = 0; i < d.n; i++)
        w->rater[i] = w->person[i] % 8; /* one each */
    T_OK(vrk_raters_fit(&ctx, &d, &m) == VRK_OK && m.state != VRK_RATINGS_TOLD);
    vrk_raters_free(&m);
    d = make(w, 1);
    for (int64_t i = 0; i < d.n; i++)
        w->level[i] = 3;
    T_OK(vrk_raters_fit(&ctx, &d, &m) == VRK_OK && m.state == VRK_RATINGS_ALIKE);
    vrk_raters_free(&m);
    d.n = 0;
    T_OK(vrk_raters_fit(&ctx, &d, &m) == VRK_OK && m.state == VRK_RATINGS_FEW);
    vrk_raters_free(&m);
    d = make(w, 1);
    w->level[7] = 6;
    T_OK(vrk_raters_fit(&ctx, &d, &m) == VRK_EINPUT && !m.rater);
    w->level[7] = 3;
    w->rater[7] = 8;
    T_OK(vrk_raters_fit(&ctx, &d, &m) == VRK_EINPUT && !m.rater);
    vrk_arena_free(&ctx.scratch);
    free(w);
}

/* Who is called what does not matter: raters in turned order give turned numbers. */
static void names_do_not_matter(void)
{
    vrk_ctx ctx = {0};
    vrk_rated_model a, b;
    world *w = calloc(1, sizeof(*w));
    *w = (world){.persons = 40, .raters = 8, .impression = 0.3, .profile = 0.3};
    draw_strict(w, 6);
    vrk_rated d = make(w, 6);
    T_OK(vrk_raters_fit(&ctx, &d, &a) == VRK_OK);
    for (int64_t i = 0; i < d.n; i++)
        w->rater[i] = 7 - w->rater[i];
    T_OK(vrk_raters_fit(&ctx, &d, &b) == VRK_OK);
    for (int64_t r = 0; r < 8; r++) {
        T_NEAR(a.rater[r].strict, b.rater[7 - r].strict, 1e-5);
        T_NEAR(a.rater[r].hi, b.rater[7 - r].hi, 1e-4);
    }
    vrk_raters_free(&a);
    vrk_raters_free(&b);
    vrk_arena_free(&ctx.scratch);
    free(w);
}

static void the_newest_rating_counts_and_ones_own_does_not(void)
{
    vrk_ctx ctx = {0};
    t_space space = t_space_new();
    vrk_records *records;
    vrk_instruments all;
    vrk_ratings_kept k;
    T_OK(vrk_records_open(&ctx, vrk_text_f(&ctx.scratch, "%s/records.db", space.top), &records) ==
         VRK_OK);
    T_OK(vrk_records_run(&ctx, records,
                         "INSERT INTO identity (key, space, source_id) VALUES (1, 'person', 'A'), "
                         "(2, 'person', 'B')",
                         NULL, 0, NULL) == VRK_OK);
    T_OK(vrk_instruments_read(&ctx, &all) == VRK_OK);
    vrk_rating r = {.person = "A",
                    .rater = "B",
                    .role = "manager",
                    .competency = "qualification",
                    .level = 2,
                    .evidence = "asked nothing about budget"};
    T_OK(vrk_rating_add(&ctx, records, &all, &r) == VRK_OK);
    r.level = 4;
    T_OK(vrk_rating_add(&ctx, records, &all, &r) == VRK_OK);
    r.competency = "presentation";
    r.level = 0;
    T_OK(vrk_rating_add(&ctx, records, &all, &r) == VRK_OK);
    r = (vrk_rating){.person = "B",
                     .rater = "B",
                     .role = "self",
                     .competency = "presentation",
                     .level = 5,
                     .evidence = "they liked what I showed"};
    T_OK(vrk_rating_add(&ctx, records, &all, &r) == VRK_OK);
    T_OK(vrk_ratings_read(&ctx, records, &k) == VRK_OK && k.data.n == 1 && k.data.level[0] == 4);
    T_OK(!strcmp(k.person[0], "A") && !strcmp(k.rater[0], "B"));
    vrk_ratings_kept_free(&k);
    vrk_instruments_free(&all);
    vrk_records_close(records);
    vrk_arena_free(&ctx.scratch);
    t_space_free(&space);
}

static void out_of_memory_is_said_and_nothing_is_left(void)
{
    vrk_rated_model m;
    world *w = calloc(1, sizeof(*w));
    *w = (world){.persons = 24, .raters = 7, .impression = 0.3};
    vrk_rated d = make(w, 3);
    vrk_status st = VRK_EMEMORY;
    for (size_t limit = 1 << 10; st == VRK_EMEMORY && limit < 1 << 26; limit *= 2) {
        vrk_ctx ctx = {.scratch = {.limit = limit}};
        st = vrk_raters_fit(&ctx, &d, &m);
        T_OK(st == VRK_OK || (st == VRK_EMEMORY && !m.rater && ctx.scratch.used == 0));
        vrk_raters_free(&m);
        vrk_arena_free(&ctx.scratch);
    }
    T_OK(st == VRK_OK);
    free(w);
}

T_MAIN(T_CASE(strictness_comes_back_with_intervals_that_hold),
       T_CASE(few_persons_are_enough_for_a_common_scale),
       T_CASE(one_impression_on_everything_is_found),
       T_CASE(a_profile_is_told_only_where_raters_agree), T_CASE(what_cannot_be_linked_is_refused),
       T_CASE(names_do_not_matter), T_CASE(the_newest_rating_counts_and_ones_own_does_not),
       T_CASE(out_of_memory_is_said_and_nothing_is_left))
