#include "sim/verdict.h"

#include "base/date.h"
#include "sim/team.h"
#include "tests/t.h"

#include <math.h>

enum { SELLERS = 32, WEEKS = 104 };

static vrk_world world_of(vrk_sim_kind kind)
{
    vrk_world w;
    vrk_ctx ctx = {0};
    T_OK(vrk_world_make(&ctx, &(vrk_sim_opt){.kind = kind, .sellers = SELLERS, .seed = 11}, &w) ==
         VRK_OK);
    vrk_arena_free(&ctx.scratch);
    return w;
}

static vrk_level level_of(vrk_world *w, int64_t s, vrk_moment m)
{
    vrk_ctx ctx = {0};
    static vrk_level level[SELLERS * VRK_MOMENTS];
    T_OK(vrk_levels(&ctx, w, level) == VRK_OK);
    T_OK(ctx.scratch.used == 0);
    vrk_arena_free(&ctx.scratch);
    return level[s * VRK_MOMENTS + m];
}

/* Everybody but seller 3 is the same, so the reference is known: 0. */
static void names_each_cause_of_a_shortfall(void)
{
    vrk_world w = world_of(VRK_SIM_NULL);
    vrk_trait *t = &w.person[3].at[VRK_STEERING];
    T_OK(level_of(&w, 3, VRK_STEERING).verdict == VRK_FINE);
    t->e = -0.49;
    T_OK(level_of(&w, 3, VRK_STEERING).verdict == VRK_FINE);
    t->e = -0.5;
    T_OK(level_of(&w, 3, VRK_STEERING).verdict == VRK_EXECUTION);
    t->e = 0;
    t->q = -0.5;
    T_OK(level_of(&w, 3, VRK_STEERING).verdict == VRK_COMPETENCE);
    T_OK(level_of(&w, 3, VRK_QUALIFICATION).verdict == VRK_FINE);
    T_OK(level_of(&w, 4, VRK_STEERING).verdict == VRK_FINE);
    t->q = 0;
    t->p = -1.5;
    vrk_level v = level_of(&w, 3, VRK_STEERING);
    T_OK(v.load_80 > 0.4 && v.load_80 < 1.5 && v.verdict == VRK_PRESSURE);
    t->p = -0.49 / v.load_80;
    T_OK(level_of(&w, 3, VRK_STEERING).verdict == VRK_FINE);
    vrk_world_free(&w);
}

static void tells_situations_apart(void)
{
    vrk_world w = world_of(VRK_SIM_NULL);
    w.person[3].at[VRK_OBJECTION].q_complex = -1.75;
    w.person[3].at[VRK_OBJECTION].q = 0.2;
    vrk_level v = level_of(&w, 3, VRK_OBJECTION);
    T_NEAR(v.q, 0.2 - 0.4 * 1.75, 1e-12);
    T_OK(v.verdict == VRK_COMPETENCE && v.simple == VRK_FINE && v.complex == VRK_COMPETENCE);
    vrk_world_free(&w);
}

static void blames_team_and_market_where_they_explain_half(void)
{
    vrk_world w = world_of(VRK_SIM_NULL);
    w.team[1].q[VRK_NEXT_STEP] = -0.6;
    int64_t s = w.team[1].first;
    T_OK(level_of(&w, s, VRK_NEXT_STEP).verdict == VRK_PROCESS);
    w.person[s].at[VRK_NEXT_STEP].q = -0.7; /* now most of it is the seller's own */
    T_OK(level_of(&w, s, VRK_NEXT_STEP).verdict == VRK_COMPETENCE);
    w.team[1].e[VRK_OBJECTION] = -0.6;
    T_OK(level_of(&w, s, VRK_OBJECTION).verdict == VRK_PROCESS);
    w.plan.break_segment = 1;
    w.plan.break_week = 0;
    w.plan.break_effect = -2;
    w.person[s].share[0] = w.person[s].share[2] = 0;
    w.person[s].share[1] = 1; /* the others sell a third there: 2/3 of it is their reference */
    vrk_level v = level_of(&w, s, VRK_STEERING);
    T_NEAR(v.market_q, -4. / 3 + 2. / 3 * (w.segment_q[1] - (w.segment_q[0] + w.segment_q[2]) / 2),
           1e-9);
    T_OK(v.verdict == VRK_MARKET);
    vrk_world_free(&w);
}

/* Decision steering: e0 = -0.5, q0 = -0.3, 0.07 where not done. Lifting q from -2 gains more than
 * lifting e from -0.6, and the other way round. */
static void gives_a_double_shortfall_to_the_dearer_cause(void)
{
    vrk_world w = world_of(VRK_SIM_NULL);
    vrk_trait *t = &w.person[0].at[VRK_STEERING];
    t->e = -0.6;
    t->q = -2;
    T_OK(level_of(&w, 0, VRK_STEERING).verdict == VRK_COMPETENCE);
    t->e = -3;
    t->q = -0.6;
    T_OK(level_of(&w, 0, VRK_STEERING).verdict == VRK_EXECUTION);
    vrk_world_free(&w);
}

static void plants_every_kind_of_fault_with_its_size(void)
{
    vrk_world w = world_of(VRK_SIM_MIXED);
    int64_t n[VRK_FAULTS] = {0};
    double squares = 0, others = 0;
    for (int64_t i = 0; i < SELLERS * VRK_MOMENTS; i++) {
        const vrk_trait *t = &w.person[i / VRK_MOMENTS].at[i % VRK_MOMENTS];
        double size = t->fault == VRK_FAULT_COMPETENCE    ? -t->q
                      : t->fault == VRK_FAULT_EXECUTION   ? -t->e
                      : t->fault == VRK_FAULT_PRESSURE    ? -t->p
                      : t->fault == VRK_FAULT_SITUATIONAL ? -t->q_complex
                                                          : 1.75;
        T_OK(size >= 1.5 && size <= 2);
        T_OK(t->fault == VRK_FAULT_SITUATIONAL || t->q_complex == 0);
        T_OK(t->logging > 0.5 && t->logging < 1);
        n[t->fault]++;
        if (t->fault == VRK_FAULT_NONE) {
            squares += t->e * t->e + t->q * t->q;
            others += 2;
        }
    }
    for (int f = 1; f < VRK_FAULTS; f++)
        T_OK(n[f] >= 4);
    T_OK(n[0] > SELLERS * VRK_MOMENTS * 4 / 5);
    T_OK(fabs(sqrt(squares / others) - 0.3) < 0.05);
    vrk_world_free(&w);
}

/* Load is standardised over the weeks that are occasions, and nobody works on a holiday. */
static void standardises_load_and_keeps_holidays(void)
{
    vrk_world w = world_of(VRK_SIM_MIXED);
    double n = 0, sum = 0, squares = 0;
    for (int64_t s = 0; s < w.sellers; s++) {
        for (int64_t week = 0; week < w.weeks; week++) {
            int days = w.days[s * w.all_weeks + week];
            for (int d = 0; d < 5; d++)
                T_OK(!(days >> d & 1) || !vrk_holiday_se(w.first_day + 7 * week + d));
            if (__builtin_popcount((unsigned)days) < 3)
                continue;
            double z = vrk_world_load(&w, s, week);
            n++;
            sum += z;
            squares += z * z;
        }
    }
    T_OK(n > 80 * SELLERS * 0.8 && fabs(sum / n) < 1e-9 && fabs(squares / (n - 1) - 1) < 1e-9);
    vrk_world_free(&w);
}

static void finds_times_within_the_days_worked(void)
{
    vrk_world w = world_of(VRK_SIM_NULL);
    int64_t monday = w.first_day * 1440;
    T_OK(vrk_time_in(&w, 0, 0x1f, 0) == monday + 8 * 60);
    T_OK(vrk_time_in(&w, 0, 0x1f, 0.9999) == monday + 4 * 1440 + 17 * 60 - 1);
    T_OK(vrk_time_in(&w, 0, 0x14, 0.49) / 1440 == w.first_day + 2); /* Wednesday and Friday */
    T_OK(vrk_time_in(&w, 1, 0x14, 0.51) / 1440 == w.first_day + 7 + 4);
    vrk_world_free(&w);
}

T_MAIN(T_CASE(names_each_cause_of_a_shortfall), T_CASE(tells_situations_apart),
       T_CASE(blames_team_and_market_where_they_explain_half),
       T_CASE(gives_a_double_shortfall_to_the_dearer_cause),
       T_CASE(plants_every_kind_of_fault_with_its_size),
       T_CASE(standardises_load_and_keeps_holidays), T_CASE(finds_times_within_the_days_worked))
