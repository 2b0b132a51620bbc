/* What own follow-ups say that an action does: pooled as published, and weighed with what is
 * assumed. */
#include "diag/own_effects.h"
#include "base/rng.h"
#include "tests/t.h"

#include <math.h>

enum { TRIALS = 13 };

/* Thirteen trials of BCG vaccination (Colditz et al. 1994, as R's metafor has them in dat.bcg):
 * with and without tuberculosis among the vaccinated, and among the others. Log relative risk by
 * DerSimonian and Laird: -0.7141, se 0.1787, tau^2 0.3088. */
static const double trial[TRIALS][4] = {
    {4, 119, 11, 128},       {6, 300, 29, 274},        {3, 228, 11, 209},
    {62, 13536, 248, 12619}, {33, 5036, 47, 5761},     {180, 1361, 372, 1079},
    {8, 2537, 10, 619},      {505, 87886, 499, 87892}, {29, 7470, 45, 7232},
    {17, 1699, 65, 1600},    {186, 50448, 141, 27197}, {5, 2493, 3, 2338},
    {27, 16886, 29, 17825}};

/* A follow-up whose change is y in log odds: at shares of one half the slope is a quarter. */
static vrk_follow row_of(const char *kind, bool doing, int64_t no, double y, double v)
{
    return (vrk_follow){.intervention = no,
                        .kind = kind,
                        .moment = 3,
                        .doing = doing,
                        .code = VRK_FOLLOWED,
                        .before = 0.5,
                        .after = 0.5,
                        .effect = y / 4,
                        .se = sqrt(v) / 4};
}

static void pools_as_published(void)
{
    vrk_follow row[TRIALS + 4];
    vrk_own_effects own;
    int n = 0;
    for (; n < TRIALS; n++) {
        const double *t = trial[n], treated = t[0] + t[1], others = t[2] + t[3];
        row[n] = row_of("training", false, n, log(t[0] / treated / (t[2] / others)),
                        1 / t[0] - 1 / treated + 1 / t[2] - 1 / others);
    }
    row[n++] = row_of("training", false, -1, 9, 0.01); /* all of a kind: not counted twice */
    row[n] = row_of("training", false, 20, 9, 0.01);
    row[n++].code = VRK_FOLLOW_TOO_EARLY;
    row[n++] = row_of("activity_target", false, 21, 9, 0.01);
    row[n++] = row_of("coaching", false, 22, 0.3, 0.04);
    vrk_own_effects_of(&(vrk_follow_ups){.n = n, .row = row}, &own);
    T_OK(own.going[VRK_DO_TRAIN].n == TRIALS && own.doing[VRK_DO_TRAIN].n == 0);
    T_NEAR(own.going[VRK_DO_TRAIN].effect, -0.7141, 1e-4);
    T_NEAR(own.going[VRK_DO_TRAIN].se, 0.1787, 1e-4);
    T_NEAR(own.going[VRK_DO_TRAIN].between * own.going[VRK_DO_TRAIN].between, 0.3088, 1e-4);
    T_OK(own.going[VRK_DO_COACH].n == 1);
    T_NEAR(own.going[VRK_DO_COACH].effect, 0.3, 1e-12);
    T_NEAR(own.going[VRK_DO_COACH].se, 0.2, 1e-12);
    T_OK(own.going[VRK_DO_PROCESS].n == 0);
}

static void takes_away_what_comes_by_itself(void)
{
    vrk_own_effects own;
    vrk_follow row = row_of("training", true, 0, 0.6, 0.04);
    row.by_itself = 0.05; /* 0.2 in log odds */
    vrk_own_effects_of(&(vrk_follow_ups){.n = 1, .row = &row}, &own);
    T_NEAR(own.doing[VRK_DO_TRAIN].effect, 0.4, 1e-12);
}

static void knows_kinds_by_their_words(void)
{
    static const struct {
        const char *kind;
        vrk_action action;
    } kinds[] = {
        {"Training", VRK_DO_TRAIN},
        {"Säljutbildning", VRK_DO_TRAIN},
        {"Utbildning i frågor", VRK_DO_TRAIN},
        {"sales_course", VRK_DO_TRAIN},
        {"Coaching", VRK_DO_COACH},
        {"peer coaching", VRK_DO_COACH},
        {"Handledning", VRK_DO_COACH},
        {"new process", VRK_DO_PROCESS},
        {"Nytt arbetssätt", VRK_DO_PROCESS},
        {"constraint", VRK_DO_NOTHING},
        {"konkurs", VRK_DO_NOTHING},
        {"", VRK_DO_NOTHING},
    };
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        vrk_own_effects own;
        vrk_follow row = row_of(kinds[i].kind, true, 0, 0.5, 0.1);
        vrk_own_effects_of(&(vrk_follow_ups){.n = 1, .row = &row}, &own);
        for (vrk_action a = VRK_DO_TRAIN; a <= VRK_DO_PROCESS; a++)
            T_OK(own.doing[a].n == (a == kinds[i].action));
    }
}

/* A leak of 300 of what those short win, 1,000; all of it competence, one unit of log odds. */
static const vrk_leak leak = {.money = 1000,
                              .gap_going = 1,
                              .gap_doing = 0.5,
                              .value = {.mean = 300},
                              .share = {[VRK_IS_COMPETENCE] = 1}};
static const vrk_action_terms terms = {.effect = 0.03, .effect_sd = 0.06};

static void weighs_with_what_is_assumed(void)
{
    vrk_own_effects own = {.going[VRK_DO_TRAIN] = {4, 0.5, 0.3, 0.4}};
    vrk_action_terms unsure = {.effect = 0.03, .effect_sd = 0.15};
    vrk_expected e = vrk_expected_of(&own, VRK_DO_TRAIN, &unsure, &leak);
    /* half of the leak is closed: 0.15 of what they win; the next one by an SD of 0.5 log odds, so
     * 0.15, as unsure as what is assumed */
    T_OK(e.n == 4);
    T_NEAR(e.mean, (0.03 + 0.15) / 2, 1e-12);
    T_NEAR(e.sd, 0.15 / sqrt(2), 1e-12);
    /* that they agree does not tell that the next one will */
    own.going[VRK_DO_TRAIN] = (vrk_own_effect){3, 0.5, 0.01, 0};
    T_OK(vrk_expected_of(&own, VRK_DO_TRAIN, &unsure, &leak).sd > 0.06);
    /* no more is closed than there is */
    own.going[VRK_DO_TRAIN].effect = 50;
    double one = vrk_expected_of(&own, VRK_DO_TRAIN, &unsure, &leak).mean;
    own.going[VRK_DO_TRAIN].effect = 1;
    T_NEAR(one, vrk_expected_of(&own, VRK_DO_TRAIN, &unsure, &leak).mean, 1e-12);
    own.going[VRK_DO_TRAIN] = (vrk_own_effect){4, 0.2, 0.15, 0.2};
    /* a moment where they are hardly short is not divided by next to nothing */
    vrk_leak near = leak;
    near.gap_going = 0.01;
    double v = 0.09 * (0.15 * 0.15 + 0.25 * 0.25) / (0.25 * 0.25);
    T_NEAR(vrk_expected_of(&own, VRK_DO_TRAIN, &terms, &near).mean,
           (0.03 / 0.0036 + 0.3 * 0.8 / v) / (1 / 0.0036 + 1 / v), 1e-12);
}

static void stays_with_it_where_nothing_is_known(void)
{
    vrk_own_effects none = {0}, doing = {.doing[VRK_DO_TRAIN] = {4, 0.5, 0.2, 0}};
    vrk_own_effects two = {.going[VRK_DO_TRAIN] = {2, 0.5, 0.2, 0}};
    const struct {
        const vrk_own_effects *own;
        const vrk_leak *leak;
    } cases[] = {{NULL, &leak},   {&none, &leak}, {&none, NULL},
                 {&doing, &leak}, {&doing, NULL}, {&two, &leak}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        vrk_expected e = vrk_expected_of(cases[i].own, VRK_DO_TRAIN, &terms, cases[i].leak);
        T_OK(e.n == 0);
        T_NEAR(e.mean, 0.03, 0);
        T_NEAR(e.sd, 0.06, 0);
    }
}

/* The way of working is told as a share of the process part, and both outcomes bear on it. */
static void process_is_a_share_of_its_part(void)
{
    vrk_own_effects own = {.doing[VRK_DO_PROCESS] = {3, 0.25, 0.1, 0},
                           .going[VRK_DO_PROCESS] = {3, 0.3, 0.2, 0}};
    vrk_leak half = leak;
    half.share[VRK_IS_COMPETENCE] = half.share[VRK_IS_PROCESS] = 0.5;
    vrk_action_terms process = {.effect = 0.4, .effect_sd = 0.25};
    vrk_expected e = vrk_expected_of(&own, VRK_DO_PROCESS, &process, &half);
    double near = 0.1 * 0.1 + 0.25 * 0.25, far = 0.2 * 0.2 + 0.25 * 0.25;
    double y = 0.5 * 0.25 / 0.5 + 0.5 * 0.3, v = near + far / 4;
    double a = 1 / (0.25 * 0.25), b = 1 / v;
    T_NEAR(e.mean, (a * 0.4 + b * y) / (a + b), 1e-12);
    T_NEAR(e.sd, sqrt(1 / (a + b)), 1e-12);
}

/* Told as a change of the moment and followed up just so, an action is found to give what was told.
 */
static void a_prediction_is_the_other_way_round(void)
{
    const vrk_leak both = {.money = 1000,
                           .gap_going = 0.4,
                           .gap_doing = 0.8,
                           .value = {.mean = 100},
                           .share = {[VRK_IS_COMPETENCE] = 0.3, [VRK_IS_EXECUTION] = 0.5}};
    const vrk_action_terms none = {.effect = 0, .effect_sd = 1e6};
    const vrk_expected told = {0.02, 0.01, 0};
    vrk_shift s = vrk_shift_of(VRK_DO_COACH, &told, &both);
    /* of the 100 of 1,000 that are lost it reaches 80: a quarter of them is 0.02 */
    T_OK(s.told && s.doing.told && s.going.told);
    T_NEAR(s.closes, 0.25, 1e-9);
    T_NEAR(s.closes_hi, 0.25 + 1.6448536269514722 * 0.125, 1e-12);
    T_NEAR(s.doing.mean, 0.2, 1e-9);
    T_NEAR(s.going.mean, 0.1, 1e-9);
    T_NEAR(s.going.lo, 0.4 * s.closes_lo, 1e-12);
    const vrk_own_effects seen = {.doing[VRK_DO_COACH] = {3, s.doing.mean, 0.1, 0},
                                  .going[VRK_DO_COACH] = {3, s.going.mean, 0.1, 0}};
    T_NEAR(vrk_expected_of(&seen, VRK_DO_COACH, &none, &both).mean, told.mean, 1e-9);
    /* training does not reach what is not done, the way of working only its own part */
    s = vrk_shift_of(VRK_DO_TRAIN, &(vrk_expected){0.015, 0, 0}, &both);
    T_OK(s.told && !s.doing.told && s.going.told);
    T_NEAR(s.closes, 0.5, 1e-12);
    s = vrk_shift_of(VRK_DO_PROCESS, &(vrk_expected){0.4, 0.1, 0}, &both);
    T_OK(s.told && !s.doing.told && !s.going.told);
    T_OK(!vrk_shift_of(VRK_DO_FREE, &told, &both).told);
}

/* No more is closed than there is: the mean of many draws, each held to that. */
static void a_prediction_keeps_to_what_there_is(void)
{
    const vrk_expected wide = {0.24, 0.3, 0};
    double sum = 0;
    enum { DRAWS = 200000 };
    vrk_rng r = vrk_rng_of(5, 1, 0);
    for (int i = 0; i < DRAWS; i++)
        sum += fmax(fmin((wide.mean + wide.sd * vrk_rng_normal(&r)) / 0.3, 1), -1) / DRAWS;
    vrk_shift s = vrk_shift_of(VRK_DO_TRAIN, &wide, &leak);
    T_NEAR(s.closes, sum, 0.006); /* four standard errors */
    T_OK(s.closes_hi == 1 && s.closes_lo > -1 && s.closes_lo < s.closes);
}

T_MAIN(T_CASE(pools_as_published), T_CASE(takes_away_what_comes_by_itself),
       T_CASE(knows_kinds_by_their_words), T_CASE(weighs_with_what_is_assumed),
       T_CASE(stays_with_it_where_nothing_is_known), T_CASE(process_is_a_share_of_its_part),
       T_CASE(a_prediction_is_the_other_way_round), T_CASE(a_prediction_keeps_to_what_there_is))
