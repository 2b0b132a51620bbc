#include "diag/what_if.h"

#include "tests/t.h"

#include <math.h>
#include <string.h>

static void reads_changes_in_any_spelling(void)
{
    vrk_ctx ctx = {0};
    vrk_change c;
    T_OK(vrk_change_parse(&ctx, "Activity +20 %, fix decision_steering, free 4 h/week", &c) ==
         VRK_OK);
    T_NEAR(c.activity, 1.2, 1e-12);
    T_NEAR(c.free_h, 4.0, 1e-12);
    T_OK(c.fix[VRK_AT_STEERING] && !c.fix[VRK_AT_OBJECTION] && !c.stop_bad);
    T_OK(vrk_change_parse(&ctx, "fix:next_step,stop bad deals,free2.5h", &c) == VRK_OK);
    T_OK(c.fix[VRK_AT_NEXT_STEP] && c.stop_bad);
    T_NEAR(c.free_h, 2.5, 1e-12);
    T_NEAR(c.activity, 1.0, 1e-12);
}

static void refuses_what_is_no_change(void)
{
    static const char *const wrong[] = {"",           "activity 20%",     "activity +900%",
                                        "fix",        "fix pipeline",     "free -4 h/week",
                                        "free 99 h",  "activity +20%,",   "stop",
                                        "activity +", "activity +20% now"};
    vrk_ctx ctx = {0};
    vrk_change c;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        T_OK(vrk_change_parse(&ctx, wrong[i], &c) == VRK_EINPUT);
        T_OK(strstr(ctx.message, "is no change") != NULL);
    }
}

/* A process of three places, its exits told; one seller, no differences. */
static void process_of_three(vrk_twin_base *b, vrk_twin_seller *seller, vrk_moments *m)
{
    *seller = (vrk_twin_seller){.there = true, .working = 0.9, .open = 20, .free_h = 30};
    seller->inbound = 2;
    *b = (vrk_twin_base){.usable = true,
                         .states = 3,
                         .sellers = 1,
                         .seller = seller,
                         .complex_share = 0.4,
                         .amount = {100, 300},
                         .objections = 0.05,
                         .own = 1,
                         .own_missed = 0.1,
                         .stopped_undone = 0.1};
    b->decision[2] = true;
    for (int x = 0; x < VRK_TWIN_KINDS; x++) {
        b->place[0][x] = (vrk_twin_place){.forward = 0.25, .lost = 0.08};
        b->place[1][x] = (vrk_twin_place){.forward = 0.2 - 0.05 * x, .lost = 0.06};
        b->place[2][x] = (vrk_twin_place){.won = 0.12 - 0.02 * x, .lost = 0.06, .back = 0.01};
    }
    for (int k = 1; k <= VRK_AT_MOMENTS; k++) {
        b->undone[k] = k == VRK_AT_OBJECTION ? 0.5 : 0.07;
        m->moment[k].has_doing = m->moment[k].has_going = true;
    }
    m->moment[VRK_AT_STEERING].doing.base = -0.4;
    m->moment[VRK_AT_STEERING].going.base = -0.5;
}

static const vrk_twin_scenario assumed = {.fit = 0.5, .shift = 1.5, .slow = 0.5, .leak = 2};

typedef struct {
    vrk_moments m;
    vrk_twin_base base;
    vrk_twin_seller seller;
    vrk_twin_effects effects;
    vrk_twin_trait trait[VRK_AT_MOMENTS + 1];
    vrk_twin_scenario scenario;
    vrk_twin_course course;
} small;

static small *set_up(void)
{
    static small s;
    s = (small){.scenario = assumed};
    process_of_three(&s.base, &s.seller, &s.m);
    s.effects = vrk_twin_effects_of(&s.m, &s.base);
    vrk_twin_fit(&s.base, &s.m, s.trait, &s.scenario);
    s.course = (vrk_twin_course){.base = &s.base,
                                 .m = &s.m,
                                 .scenario = &s.scenario,
                                 .effects = &s.effects,
                                 .seller = &s.seller,
                                 .trait = s.trait,
                                 .shift.touches = 1};
    return &s;
}

/* What was told of the exits comes out, in a course as long as the one they were set by. */
static void gives_the_exits_that_were_seen(void)
{
    small *s = set_up();
    vrk_twin_pipeline p = {0};
    vrk_twin_run(&s->course, 104, true, &p);
    for (int64_t i = 1; i < 3; i++) {
        for (int x = 0; x < VRK_TWIN_KINDS; x++) {
            const vrk_twin_place *at = &s->base.place[i][x];
            double all = at->forward + at->won + at->lost + at->back, weekly = 1 - exp(-all);
            double stood = p.stood[i][2 * x] + p.stood[i][2 * x + 1];
            T_NEAR(p.moved[i][x] / stood, (at->forward + at->won) / all * weekly, 0.002);
            T_NEAR(p.gone[i][x] / stood, at->lost / all * weekly, 0.002);
        }
    }
}

static double won(const small *s)
{
    vrk_twin_pipeline p;
    vrk_twin_start(&s->course, &p);
    vrk_twin_run(&s->course, VRK_TWIN_WEEKS, false, &p);
    return p.won;
}

/* Doing more of it, and doing it better, is worth something at steering; a moment that nothing
 * rests on is worth nothing. Deals that stand already are won too. */
static void prices_follow_from_the_process(void)
{
    small *s = set_up();
    double usual = won(s);
    s->trait[VRK_AT_STEERING].e = 1;
    T_OK(won(s) > 1.05 * usual);
    s->trait[VRK_AT_STEERING].e = 0;
    s->trait[VRK_AT_STEERING].q = 1;
    T_OK(won(s) > 1.05 * usual);
    s->trait[VRK_AT_STEERING].q = 0;
    s->trait[VRK_AT_NEXT_STEP].e = 1; /* dated and kept are 0 here */
    T_NEAR(won(s), usual, 1e-9);
    s->seller.standing[2][0] = 10;
    T_OK(won(s) > usual + 300);
}

/* Complex deals bring more here. Swapped, no deal more or fewer comes in, and no more than there
 * are are swapped; who swaps none wins what the process says. */
static void swapped_deals_are_as_many(void)
{
    small *s = set_up();
    vrk_twin_pipeline p, usual;
    double born = vrk_twin_inflow(&s->course), before = won(s);
    vrk_twin_start(&s->course, &usual);
    vrk_twin_run(&s->course, 1, false, &usual);
    for (int k = -1; k <= 1; k++) {
        s->course.shift.complex = 10 * k * born;
        vrk_twin_start(&s->course, &p);
        vrk_twin_run(&s->course, 1, false, &p);
        double simple = p.n[0][0] + p.n[0][1], complex = p.n[0][2] + p.n[0][3];
        T_NEAR(simple + complex, born, 1e-9);
        T_NEAR(complex, k < 0 ? 0 : k > 0 ? born : 0.4 * born, 1e-9);
        T_OK(k < 0 ? won(s) < before : k > 0 ? won(s) > before : won(s) >= before);
    }
    s->course.shift.complex = 0.1 * born;
    vrk_twin_start(&s->course, &p);
    vrk_twin_run(&s->course, 1, false, &p);
    T_NEAR(p.n[0][2] + p.n[0][3], 0.5 * born, 1e-9);
    /* who is weak in them wins more with simple ones that are as large */
    s->course.shift.complex = 0;
    s->base.amount[1] = s->base.amount[0];
    s->trait[VRK_AT_STEERING].qx = -4;
    before = won(s);
    s->course.shift.complex = -born;
    T_OK(won(s) > before);
}

static void sums_up_draws(void)
{
    double x[100];
    for (int i = 0; i < 100; i++)
        x[i] = (i * 37) % 100 - 9.5;
    vrk_worth w = vrk_worth_of(x, 100);
    T_NEAR(w.mean, 40.0, 1e-12);
    T_NEAR(w.lo, -4.5, 1e-12);
    T_NEAR(w.hi, 85.5, 1e-12);
    T_NEAR(w.p_positive, 0.9, 1e-12);
}

T_MAIN(T_CASE(reads_changes_in_any_spelling), T_CASE(refuses_what_is_no_change),
       T_CASE(gives_the_exits_that_were_seen), T_CASE(prices_follow_from_the_process),
       T_CASE(swapped_deals_are_as_many), T_CASE(sums_up_draws))
