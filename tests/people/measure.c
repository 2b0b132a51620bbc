/* Situations of one's own instruments, measured on answers: what is kept, what is chosen and scored
 * by it, how much shorter the adaptive test gets, and a biased situation. Persons by a generator of
 * its own. */
#include "people/measure.h"
#include "people/ability.h"
#include "tests/people/persons.h"
#include "tests/store/space.h"

#include <stdlib.h>

/* The truth about an instrument's items: the stated difficulties are off, and some tell more. */
typedef struct {
    double hard[VRK_ITEMS_MOST], sharp[VRK_ITEMS_MOST];
} truth;

enum { WORLDS = 2, TAKERS = 80 }; /* other truths, other persons; who takes the test in each */

static truth truth_of(const vrk_instrument *one, uint64_t seed)
{
    truth t = {0};
    vrk_rng r = vrk_rng_of(seed, 3, 1);
    for (int64_t j = 0; j < one->items; j++) {
        t.hard[j] = one->item[j].difficulty + 0.3 + 0.5 * vrk_rng_normal(&r);
        t.sharp[j] = exp(0.35 * vrk_rng_normal(&r));
    }
    return t;
}

/* The item as if stated so hard and as if the person stood there: only sharp (z - hard) matters. */
static char choose(const vrk_instrument *one, int64_t j, const truth *t, double z, vrk_rng *r)
{
    vrk_item item = one->item[j];
    item.difficulty = 0;
    return t_choose(&item, t->sharp[j] * (z - t->hard[j]), r);
}

static void sit_down(const vrk_instrument *one, vrk_sitting *s)
{
    *s = (vrk_sitting){.stop_se = 0.01, .most = 12, .parts = 1};
    s->part = VRK_NEW(&s->mem, 1, vrk_sitting_part);
    s->part->x = VRK_NEW(&s->mem, one->items, int8_t);
    s->part->choice = VRK_NEW(&s->mem, one->items, char);
    s->part->took = VRK_NEW(&s->mem, one->items, int64_t);
    s->part->place = VRK_NEW(&s->mem, one->items, int64_t);
}

static void take(vrk_ctx *ctx, vrk_sitting *s, const truth *t, double z, uint64_t person,
                 vrk_rng *r)
{
    const vrk_instrument *one = s->part->bank.instrument;
    s->seed = person;
    vrk_sitting_blank(s);
    for (;;) {
        vrk_question q;
        T_OK(vrk_sitting_choose(ctx, s, &q) == VRK_OK);
        if (q.done)
            break;
        T_OK(vrk_sitting_enter(s, q.item->id, choose(one, q.number, t, z, r)));
    }
}

typedef struct {
    double items, se, error; /* of a person: asked, as told, off the truth (mean square) */
} tested;

/* By the bank that the sitting has: the usual order of the first `fixed`, or as it chooses. */
static tested test_all(vrk_ctx *ctx, vrk_sitting *s, const truth *t, uint64_t world, int64_t fixed)
{
    tested out = {0};
    const vrk_instrument *one = s->part->bank.instrument;
    for (uint64_t person = 0; person < TAKERS; person++) {
        vrk_rng r = vrk_rng_of(31 + 1000 * world, person, fixed > 0);
        double z = vrk_rng_normal(&r);
        vrk_gauge g;
        vrk_sitting_blank(s);
        for (int64_t j = 0; j < fixed; j++)
            T_OK(vrk_sitting_enter(s, one->item[j].id, choose(one, j, t, z, &r)));
        if (!fixed)
            take(ctx, s, t, z, person, &r);
        T_OK(vrk_bank_gauge(ctx, &s->part->bank, s->part->x, NULL, &g) == VRK_OK);
        out.items += (double)g.answers / TAKERS;
        out.se += g.psd / TAKERS;
        out.error += (g.eap - z) * (g.eap - z) / TAKERS;
    }
    return out;
}

/* 300 persons answer `most` of the situations, chosen by the start values. */
static void measure(vrk_ctx *ctx, const vrk_instrument *one, vrk_sitting *s, const truth *t,
                    uint64_t world, int64_t most, vrk_keyed *k)
{
    enum { PERSONS = 300 };
    vrk_answered_by by = {.instrument = one, .persons = PERSONS};
    by.x = VRK_NEW(&by.mem, PERSONS * one->items, int8_t);
    by.many = VRK_NEW(&by.mem, one->items * (VRK_ITEM_POINTS + 1), double);
    by.stated = VRK_NEW(&by.mem, one->items, double);
    T_OK(vrk_bank_make(ctx, one, &s->part->bank) == VRK_OK);
    s->stop_se = 0.01;
    s->most = most;
    for (uint64_t person = 0; person < PERSONS; person++) {
        vrk_rng r = vrk_rng_of(30 + 1000 * world, person, (uint32_t)one->items);
        take(ctx, s, t, vrk_rng_normal(&r), person, &r);
        for (int64_t j = 0; j < one->items; j++)
            by.x[(int64_t)person + j * PERSONS] = s->part->x[j];
    }
    for (int64_t j = 0; j < one->items; j++) {
        vrk_item_many(&one->item[j], by.many + j * (VRK_ITEM_POINTS + 1));
        by.stated[j] = one->item[j].difficulty;
    }
    T_OK(vrk_measure_fit(ctx, &by, k) == VRK_OK && k->stop == VRK_STOP_GRAD);
    vrk_bank_free(&s->part->bank);
    T_OK(vrk_bank_measured(ctx, one, k->difficulty, k->slope, &s->part->bank) == VRK_OK);
    vrk_arena_free(&by.mem);
}

/* How exactly they are told on average after each situation that is chosen. se [items + 1]. */
static void curve(vrk_ctx *ctx, vrk_sitting *s, const truth *t, uint64_t world, double *se)
{
    const vrk_instrument *one = s->part->bank.instrument;
    s->stop_se = 0.01;
    s->most = one->items;
    for (int64_t n = 0; n <= one->items; n++)
        se[n] = n ? 0 : 1; /* nothing asked: the prior */
    for (uint64_t person = 0; person < TAKERS; person++) {
        vrk_rng r = vrk_rng_of(31 + 1000 * world, person, 0);
        double z = vrk_rng_normal(&r);
        s->seed = person;
        vrk_sitting_blank(s);
        for (;;) {
            vrk_question q;
            vrk_gauge g;
            T_OK(vrk_sitting_choose(ctx, s, &q) == VRK_OK);
            if (q.done)
                break;
            T_OK(vrk_sitting_enter(s, q.item->id, choose(one, q.number, t, z, &r)));
            T_OK(vrk_bank_gauge(ctx, &s->part->bank, s->part->x, NULL, &g) == VRK_OK);
            se[g.answers] += g.psd / TAKERS;
        }
    }
}

/* How many it takes on average to be told as exactly on average, between two whole numbers. */
static double as_exact(const double *curve_se, int64_t items, double se)
{
    for (int64_t n = 1; n <= items; n++) {
        double before = curve_se[n - 1], now = curve_se[n];
        if (now <= se)
            return (double)n - 1 + (before - se) / (before - now);
    }
    return (double)items + 1;
}

/* Others take so many as they come, and by choosing as many as it takes to be as exact: on average,
 * and for each of them. Measured on persons who were asked half of the situations, or all. */
static void take_both(vrk_ctx *ctx, const vrk_instrument *one, const truth *t, uint64_t world,
                      bool whole, tested sum[2][2], double same[2])
{
    static const int64_t fixed[] = {8, 12};
    vrk_sitting s;
    vrk_keyed k;
    double se[VRK_ITEMS_MOST + 1];
    sit_down(one, &s);
    measure(ctx, one, &s, t, world, whole ? one->items : one->items / 2, &k);
    curve(ctx, &s, t, world, se);
    for (int f = 0; f < 2; f++) {
        tested each[2] = {test_all(ctx, &s, t, world, fixed[f])};
        same[f] += as_exact(se, one->items, each[0].se);
        s.stop_se = each[0].se;
        s.most = one->items;
        each[1] = test_all(ctx, &s, t, world, 0);
        for (int v = 0; v < 2; v++) {
            sum[f][v].items += each[v].items;
            sum[f][v].se += each[v].se;
            sum[f][v].error += each[v].error;
        }
    }
    vrk_keyed_free(&k);
    vrk_sitting_free(&s);
}

static void tell(const char *what, const tested *a, const tested *b, double mean, double n)
{
    printf(
        "# %s: fixed %.0f: se %.3f, off by %.3f; on average %.2f (%.0f %%); each %.2f (%.0f %%): "
        "se %.3f, off by %.3f\n",
        what, a->items / n, a->se / n, sqrt(a->error / n), mean / n, 100 * mean / a->items,
        b->items / n, 100 * b->items / a->items, b->se / n, sqrt(b->error / n));
}

/* Others take so many as they come, and by choosing as many as it takes to be as exact: on average,
 * and for each of them. Measured on persons who were asked half of the situations, or all. What is
 * asked of it holds on average over worlds; the first is the one that it was always told of. */
static void measuring_makes_the_adaptive_test_shorter(void)
{
    vrk_ctx ctx = {0};
    vrk_instruments all;
    tested sum[2][2][2] = {{{{0}}}};
    double same[2][2] = {{0}};
    T_OK(vrk_instruments_read(&ctx, &all) == VRK_OK);
    double n = WORLDS * (double)all.n;
    for (int whole = 0; whole < 2; whole++) {
        const char *what = whole ? "all" : "half";
        tested(*to)[2] = sum[whole];
        for (uint64_t world = 0; world < WORLDS; world++) {
            for (int64_t i = 0; i < all.n; i++) {
                const vrk_instrument *one = &all.instrument[i];
                truth t = truth_of(one, 1000 * world + (uint64_t)i);
                take_both(&ctx, one, &t, world, whole, to, same[whole]);
            }
            for (int f = 0; f < 2 && world == 0; f++)
                tell("first world", &to[f][0], &to[f][1], same[whole][f], (double)all.n);
        }
        for (int f = 0; f < 2; f++) {
            const tested *a = &to[f][0], *b = &to[f][1];
            tell(what, a, b, same[whole][f], n);
            T_OK(same[whole][f] <= 0.6 * a->items && b->items <= 0.7 * a->items && b->se <= a->se);
            T_OK(fabs(sqrt(b->error / n) / (b->se / n) - 1) < 0.1); /* as exact as it says */
        }
    }
    vrk_instruments_free(&all);
    vrk_arena_free(&ctx.scratch);
}

/* ---- over the records */
enum { MANY = 240 };

typedef struct {
    t_space space;
    vrk_ctx ctx;
    vrk_records *records;
    vrk_instruments all;
    const vrk_instrument *one;
} room;

static void run(room *b, const char *sql)
{
    T_OK(vrk_records_run(&b->ctx, b->records, sql, NULL, 0, NULL) == VRK_OK);
}

/* One person's invitation and log: three quarters of the situations in their order. */
static void answer(room *b, int64_t i, const truth *t, double bias)
{
    static const char *const which[] = {"qualification"};
    char id[16], token[VRK_TOKEN_CHARS + 1];
    int64_t invitation;
    vrk_rng r = vrk_rng_of(50, (uint64_t)i, 1);
    double z = vrk_rng_normal(&r);
    truth own = *t;
    snprintf(id, sizeof(id), "P%lld", (long long)i);
    vrk_invite v = {.person = id,
                    .candidate = true,
                    .competency = which,
                    .competencies = 1,
                    .lang = i % 2 ? VRK_SV : VRK_EN};
    T_OK(vrk_invite_add(&b->ctx, b->records, &b->all, &v, token, &invitation) == VRK_OK);
    own.hard[2] += i % 2 ? bias : 0;
    int64_t many = 3 * b->one->items / 4;
    for (int64_t n = 0; n < many; n++) {
        int64_t j = (n + i) % b->one->items;
        run(b,
            vrk_text_f(&b->ctx.scratch,
                       "INSERT INTO sitting_event (invitation, n, kind, item, choice, at, trait) "
                       "VALUES (%lld, %lld, 'answered', '%s', '%c', 1, NULL)",
                       (long long)invitation, (long long)n + 1, b->one->item[j].id,
                       choose(b->one, j, &own, z, &r)));
    }
    run(b, vrk_text_f(&b->ctx.scratch,
                      "INSERT INTO sitting_event (invitation, n, kind, item, choice, at, trait) "
                      "VALUES (%lld, %lld, 'finished', '', NULL, 2, '')",
                      (long long)invitation, (long long)many + 1));
}

static void begin(room *b, double bias)
{
    *b = (room){.space = t_space_new()};
    T_OK(vrk_records_open(&b->ctx, vrk_text_f(&b->ctx.scratch, "%s/records.db", b->space.top),
                          &b->records) == VRK_OK);
    T_OK(vrk_instruments_read(&b->ctx, &b->all) == VRK_OK);
    b->one = vrk_instrument_find(&b->all, "qualification");
    truth t = truth_of(b->one, 5);
    t.sharp[2] = 1;
    run(b, "BEGIN");
    for (int64_t i = 0; i < MANY; i++)
        answer(b, i, &t, bias);
    run(b, "COMMIT");
}

static void end(room *b)
{
    vrk_instruments_free(&b->all);
    vrk_records_close(b->records);
    vrk_arena_free(&b->ctx.scratch);
    t_space_free(&b->space);
}

static void a_version_is_kept_chosen_by_and_scored_by(void)
{
    static const char *const which[] = {"qualification"};
    room b;
    vrk_answered_by by;
    vrk_keyed k;
    vrk_measure m;
    vrk_sitting s;
    vrk_replay replay;
    int64_t id, old, new;
    char token[VRK_TOKEN_CHARS + 1];
    begin(&b, 0);
    vrk_invite v = {.person = "P1", .candidate = true, .competency = which, .competencies = 1};
    T_OK(vrk_invite_make(&b.ctx, b.records, &b.all, &v, token, &old) == VRK_OK);
    T_OK(vrk_answered_read(&b.ctx, b.records, &b.all, b.one, &by) == VRK_OK);
    T_OK(by.persons == MANY && by.changed == 0 && !strcmp(by.person[3], "P3"));
    T_OK(vrk_measure_fit(&b.ctx, &by, &k) == VRK_OK);
    T_OK(vrk_measure_read(&b.ctx, b.records, b.one, 0, &m) == VRK_OK && m.id == 0);
    T_OK(vrk_measure_keep(&b.ctx, b.records, b.one, &k, &id) == VRK_OK);
    T_OK(vrk_measure_read(&b.ctx, b.records, b.one, 0, &m) == VRK_OK && m.id == id);
    T_OK(m.persons == MANY && m.answered[0] == k.answered[0]);
    for (int64_t j = 0; j < b.one->items; j++) /* bit for bit */
        T_OK(m.slope[j] == k.slope[j] && m.difficulty[j] == k.difficulty[j]);

    /* a link that was out already goes on by what it began with, and is scored by the new */
    T_OK(vrk_sitting_read(&b.ctx, b.records, &b.all, old, &s) == VRK_OK);
    T_OK(s.part->persons == MANY && s.part->newest.instrument);
    T_OK(s.part->bank.irt.slope[0] == 1. / 3 && s.part->newest.irt.slope[0] == k.slope[0] / 3);
    vrk_sitting_free(&s);
    T_OK(vrk_invite_make(&b.ctx, b.records, &b.all, &v, token, &new) == VRK_OK);
    T_OK(vrk_measure_keep(&b.ctx, b.records, b.one, &k, &id) == VRK_OK); /* another one since */
    for (int n = 0; n < 5; n++) {
        vrk_question q;
        vrk_answered out;
        vrk_link link;
        T_OK(vrk_sitting_open(&b.ctx, b.records, &b.all, token, &s) == VRK_OK);
        T_OK(s.part->bank.irt.slope[0] == k.slope[0] / 3);
        T_OK(vrk_sitting_ask(&b.ctx, b.records, &s, &q) == VRK_OK && !q.done);
        T_OK(vrk_sitting_answer(&b.ctx, b.records, &b.all, token, q.item->id, 'a', &out, &link) ==
                 VRK_OK &&
             out == VRK_ANSWER_SAVED);
        vrk_sitting_free(&s);
    }
    T_OK(vrk_sitting_read(&b.ctx, b.records, &b.all, new, &s) == VRK_OK);
    T_OK(vrk_sitting_replay(&b.ctx, &s, &replay) == VRK_OK && !replay.differs);
    vrk_sitting_free(&s);

    run(&b, "UPDATE measure_item SET slope = '-0x1p+0' WHERE item = (SELECT min(item) FROM "
            "measure_item)");
    T_OK(vrk_measure_read(&b.ctx, b.records, b.one, 0, &m) == VRK_EDB && !m.id);
    vrk_keyed_free(&k);
    vrk_answered_free(&by);
    end(&b);
}

/* Situation 3 is 2.5 harder in Swedish; half answered in Swedish. */
static void a_situation_that_one_language_makes_harder_is_found(void)
{
    room b;
    vrk_answered_by by;
    vrk_keyed k;
    int8_t group[MANY];
    begin(&b, 2.5);
    T_OK(vrk_answered_read(&b.ctx, b.records, &b.all, b.one, &by) == VRK_OK);
    for (int64_t i = 0; i < MANY; i++)
        group[i] = !strcmp(by.lang[i], "sv");
    T_OK(vrk_measure_alike(&b.ctx, &by, group, &k) == VRK_OK);
    T_OK(k.group[0] == 120 && k.group[1] == 120);
    int64_t others = 0, worst = 0;
    for (int64_t j = 0; j < k.items; j++)
        worst += j != 2 && k.class[j] == VRK_DIF_C;
    for (int64_t j = 0; j < k.items; j++)
        others += j != 2 && k.class[j] != VRK_DIF_A;
    printf("# harder by %.2f (%.2f), class %d; %lld others, %lld of them much\n", k.harder[2],
           k.harder_se[2], (int)k.class[2], (long long)others, (long long)worst);
    T_OK(k.class[2] == VRK_DIF_C && others <= k.items / 10 && worst == 0);
    vrk_keyed_free(&k);
    for (int64_t i = 0; i < MANY; i++)
        group[i] = (int8_t)(i < 99 ? 1 : 0);
    T_OK(vrk_measure_alike(&b.ctx, &by, group, &k) == VRK_EINPUT);
    T_OK(strstr(b.ctx.message, "141 and 99"));
    vrk_answered_free(&by);
    end(&b);
}

T_MAIN(T_CASE(measuring_makes_the_adaptive_test_shorter),
       T_CASE(a_version_is_kept_chosen_by_and_scored_by),
       T_CASE(a_situation_that_one_language_makes_harder_is_found))
