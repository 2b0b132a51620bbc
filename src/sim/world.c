#include "sim/world.h"

#include "base/date.h"
#include "sim/plan.h"

#include <math.h>

const char *const vrk_moment_name[VRK_MOMENTS] = {
    "prospecting", "qualification", "decision_steering", "objection_handling", "next_step"};
const char *const vrk_segment_name[VRK_SEGMENTS] = {"Industri", "Handel", "Offentlig"};
const char *const vrk_stage_name[VRK_STAGES] = {"Kvalificering", "Behovsanalys", "Offert",
                                                "Förhandling"};
const char *const vrk_fault_name[VRK_FAULTS] = {"none", "competence", "execution", "pressure",
                                                "situational"};

enum { TEAM_SIZE = 8 };

vrk_rng vrk_draw_of(uint64_t seed, vrk_draw what, uint64_t thing, int64_t week)
{
    return vrk_rng_of(seed, (uint64_t)what << 56 | thing, (uint32_t)week);
}

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

static void make_teams(vrk_world *w)
{
    for (int64_t g = 0; g < w->teams; g++) {
        vrk_rng r = vrk_draw_of(w->opt.seed, VRK_DRAW_ORGANISATION, 1, g);
        vrk_team *team = &w->team[g];
        team->first = g * w->sellers / w->teams;
        team->n = (g + 1) * w->sellers / w->teams - team->first;
        for (int m = 0; m < VRK_MOMENTS; m++) {
            team->e[m] = w->plan.team_sd * vrk_rng_normal(&r);
            team->q[m] = w->plan.team_sd * vrk_rng_normal(&r);
        }
        team->tempo = w->opt.kind != VRK_SIM_NULL && g % 4 == 2 ? w->weeks * 5 / 8 : -1;
        /* Every sixth team, the second first: one moment fails there as a way of working, half of
         * them by not being done, half by being done badly. */
        if (w->opt.kind == VRK_SIM_PROCESS && g % 6 == (w->teams > 1 ? 1 : 0)) {
            int m = (int)((g / 6 * 2 + VRK_STEERING) % VRK_MOMENTS);
            double size = 1.5 + 0.5 * vrk_rng_uniform(&r);
            team->faulty[m] = true;
            *(g / 6 % 2 ? &team->q[m] : &team->e[m]) = -size;
        }
    }
}

static void make_person(vrk_world *w, int64_t s)
{
    vrk_rng r = vrk_draw_of(w->opt.seed, VRK_DRAW_SELLER, (uint64_t)s, 0);
    vrk_person *who = &w->person[s];
    const vrk_plan *p = &w->plan;
    double sum = 0, join = vrk_rng_uniform(&r), leave = vrk_rng_uniform(&r);
    bool alike = w->opt.kind == VRK_SIM_NULL;

    who->hired = !alike && join < 0.15 ? (int64_t)(join / 0.15 * 0.6 * (double)w->weeks) : 0;
    who->left = w->all_weeks;
    if (!alike && join >= 0.15 && leave < 0.08)
        who->left = (int64_t)((0.5 + 0.5 * leave / 0.08) * (double)w->weeks);
    for (int k = 0; k < VRK_SEGMENTS; k++)
        sum += who->share[k] = alike ? 1 : 0.05 + vrk_rng_gamma(&r, 0.8);
    for (int k = 0; k < VRK_SEGMENTS; k++)
        who->share[k] /= sum;
    who->volume = p->volume_sd * vrk_rng_normal(&r);
    double diligence = p->log_mean + p->log_sd * vrk_rng_normal(&r);
    for (int m = 0; m < VRK_MOMENTS; m++) {
        vrk_trait *t = &who->at[m];
        t->e = p->spread * vrk_rng_normal(&r) + 0.; /* + 0: no -0 in the truth */
        t->q = p->spread * vrk_rng_normal(&r) + 0.;
        t->p = p->spread_p * vrk_rng_normal(&r) + 0.;
        t->logging = logistic(diligence + p->log_sd / 2 * vrk_rng_normal(&r));
        t->from = -1;
    }
}

static void plant(vrk_trait *t, vrk_fault fault, double size)
{
    t->fault = fault;
    if (fault == VRK_FAULT_COMPETENCE)
        t->q = -size;
    else if (fault == VRK_FAULT_EXECUTION)
        t->e = -size;
    else if (fault == VRK_FAULT_PRESSURE) {
        t->p = -size;
        t->e = 0;
    } else
        t->q_complex = -size;
}

/* Draws seller x moment cells without putting back and plants the kinds in turn. */
static vrk_status plant_faults(vrk_ctx *ctx, vrk_world *w)
{
    int64_t cells = w->sellers * VRK_MOMENTS;
    int64_t n = (int64_t)lround(w->plan.fault_share * (double)cells);
    vrk_rng r = vrk_draw_of(w->opt.seed, VRK_DRAW_ORGANISATION, 2, 0);
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t *cell = VRK_NEW(&ctx->scratch, cells, int64_t);
    if (!cell)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %lld sellers", (long long)w->sellers);
    for (int64_t i = 0; i < cells; i++)
        cell[i] = i;
    for (int64_t i = 0; i < n; i++) {
        int64_t j = i + vrk_rng_below(&r, cells - i), c = cell[j];
        cell[j] = cell[i];
        vrk_moment m = (vrk_moment)(c % VRK_MOMENTS);
        vrk_fault fault = (vrk_fault)(1 + i % (VRK_FAULTS - 1));
        if (fault == VRK_FAULT_SITUATIONAL && m == VRK_PROSPECTING)
            fault = VRK_FAULT_COMPETENCE; /* a week of prospecting has no deal's situation */
        plant(&w->person[c / VRK_MOMENTS].at[m], fault, 1.5 + 0.5 * vrk_rng_uniform(&r));
    }
    vrk_rewind(&ctx->scratch, mark);
    return VRK_OK;
}

/* Four weeks of holiday in a row in summer, a week in the dark half, now and then some sick days.
 */
static uint8_t away_in(const vrk_world *w, int64_t s, int64_t week)
{
    int64_t monday = w->first_day + 7 * week;
    vrk_date d = vrk_date_of(monday + 3); /* the Thursday names the ISO year */
    int64_t number = (monday + 3 - vrk_day_of((vrk_date){d.year, 1, 1})) / 7 + 1;
    vrk_rng year = vrk_draw_of(w->opt.seed, VRK_DRAW_AWAY, (uint64_t)s, 100000 + d.year);
    vrk_rng now = vrk_draw_of(w->opt.seed, VRK_DRAW_AWAY, (uint64_t)s, week);
    int64_t summer = 26 + vrk_rng_below(&year, 5), winter = 1 + vrk_rng_below(&year, 12);
    if ((number >= summer && number < summer + 4) || number == winter)
        return 0x1f;
    if (!vrk_rng_chance(&now, 0.06))
        return 0;
    int64_t from = vrk_rng_below(&now, 5), n = 1 + vrk_rng_below(&now, 4);
    return (uint8_t)(((1u << n) - 1) << from & 0x1f);
}

/* Half hours of internal and administrative time: skewed, more at the quarter's end, less in short
 * weeks. */
static int64_t load_in(const vrk_world *w, int64_t s, int64_t week, int days)
{
    vrk_rng r = vrk_draw_of(w->opt.seed, VRK_DRAW_LOAD, (uint64_t)s, week);
    vrk_rng own = vrk_draw_of(w->opt.seed, VRK_DRAW_LOAD, (uint64_t)s, 100000);
    double bias = w->opt.kind == VRK_SIM_NULL ? 0 : 1.2 * vrk_rng_normal(&own);
    double hours = 5 + bias + vrk_rng_gamma(&r, 1.8) * 2.6 + (week % 13 == 12 ? 2 : 0);
    int64_t half = lround(2 * hours * days / 5);
    return half < days ? days : half > 12 * days ? 12 * days : half;
}

static void make_calendar(vrk_world *w, int64_t s)
{
    for (int64_t week = 0; week < w->all_weeks; week++) {
        int64_t i = s * w->all_weeks + week;
        int n = 0;
        w->away[i] = away_in(w, s, week);
        for (int d = 0; d < 5; d++) {
            if (w->away[i] >> d & 1 || vrk_holiday_se(w->first_day + 7 * week + d))
                continue;
            w->days[i] |= (uint8_t)(1u << d);
            n++;
        }
        if (week < w->person[s].hired || week >= w->person[s].left)
            w->days[i] = w->away[i] = 0;
        else if (n > 0)
            w->half_hours[i] = (uint8_t)load_in(w, s, week, n);
    }
}

/* Mean and SD over the weeks that are occasions: at least three days worked. */
static void measure_load(vrk_world *w)
{
    double n = 0, sum = 0, squares = 0;
    for (int64_t s = 0; s < w->sellers; s++) {
        for (int64_t week = 0; week < w->weeks; week++) {
            int64_t i = s * w->all_weeks + week;
            double h = w->half_hours[i] / 2.;
            if (__builtin_popcount(w->days[i]) < 3)
                continue;
            n++;
            sum += h;
            squares += h * h;
        }
    }
    w->load_mean = n > 0 ? sum / n : 0;
    double variance = n > 1 ? (squares - sum * sum / n) / (n - 1) : 0;
    w->load_sd = variance > 0 ? sqrt(variance) : 1;
}

static void make_market(vrk_world *w)
{
    vrk_rng r = vrk_draw_of(w->opt.seed, VRK_DRAW_ORGANISATION, 3, 0);
    for (int k = 0; k < VRK_SEGMENTS; k++)
        w->segment_q[k] = w->plan.segment_sd * vrk_rng_normal(&r);
    for (int64_t q = 0; q <= w->all_weeks / 13; q++)
        w->quarter_q[q] = w->plan.quarter_sd * vrk_rng_normal(&r);
}

/* Some measures were taken along the way: small ones, every second without effect. */
static void make_interventions(vrk_world *w)
{
    for (int64_t s = 0; s < w->sellers; s += 6) {
        vrk_rng r = vrk_draw_of(w->opt.seed, VRK_DRAW_ORGANISATION, 4, s);
        vrk_trait *t = &w->person[s].at[vrk_rng_below(&r, VRK_MOMENTS)];
        t->from = (int64_t)((0.35 + 0.4 * vrk_rng_uniform(&r)) * (double)w->weeks);
        if (w->plan.spread > 0 && s / 6 % 2 == 0)
            *(vrk_rng_chance(&r, 0.5) ? &t->step_e : &t->step_q) = 0.4;
    }
}

vrk_status vrk_world_make(vrk_ctx *ctx, const vrk_sim_opt *opt, vrk_world *w)
{
    vrk_status st = VRK_OK;
    *w = (vrk_world){.opt = *opt};
    w->sellers = opt->sellers ? opt->sellers : 24;
    w->weeks = opt->weeks ? opt->weeks : 104;
    if (w->sellers < 1 || w->sellers > VRK_SIM_SELLERS)
        FAIL(VRK_EINPUT, "sellers: %lld is not in 1 to %d", (long long)w->sellers, VRK_SIM_SELLERS);
    if (w->weeks < 8 || w->weeks > VRK_SIM_WEEKS)
        FAIL(VRK_EINPUT, "weeks: %lld is not in 8 to %d", (long long)w->weeks, VRK_SIM_WEEKS);
    w->teams = w->sellers < 2 * TEAM_SIZE ? 1 + (w->sellers > 1) : 1 + (w->sellers - 1) / TEAM_SIZE;
    if (w->sellers >= 16 && w->sellers < 48)
        w->teams = w->sellers / 6; /* enough teams to tell one from another */
    w->all_weeks = w->weeks + VRK_FUTURE;
    w->end_day = vrk_day_of((vrk_date){2026, 11, 23});
    w->first_day = w->end_day - 7 * w->weeks;
    w->plan = vrk_plan_of(opt->kind, w->weeks);
    w->person = VRK_NEW(&w->mem, w->sellers, vrk_person);
    w->team = VRK_NEW(&w->mem, w->teams, vrk_team);
    w->quarter_q = VRK_NEW(&w->mem, w->all_weeks / 13 + 1, double);
    w->days = VRK_NEW(&w->mem, w->sellers * w->all_weeks, uint8_t);
    w->away = VRK_NEW(&w->mem, w->sellers * w->all_weeks, uint8_t);
    w->half_hours = VRK_NEW(&w->mem, w->sellers * w->all_weeks, uint8_t);
    if (w->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for %lld sellers", (long long)w->sellers);
    make_teams(w);
    make_market(w);
    for (int64_t g = 0; g < w->teams; g++) {
        for (int64_t s = w->team[g].first; s < w->team[g].first + w->team[g].n; s++) {
            make_person(w, s);
            w->person[s].team = g;
            make_calendar(w, s);
        }
        TRY(vrk_tick(ctx, "laying out the organisation", g, w->teams));
    }
    measure_load(w);
    TRY(plant_faults(ctx, w));
    make_interventions(w);
done:
    if (st != VRK_OK)
        vrk_world_free(w);
    return st;
}

void vrk_world_free(vrk_world *w)
{
    vrk_arena_free(&w->mem);
    *w = (vrk_world){0};
}

double vrk_world_load(const vrk_world *w, int64_t seller, int64_t week)
{
    double hours = w->half_hours[seller * w->all_weeks + week] / 2.;
    return (hours - w->load_mean) / w->load_sd;
}

double vrk_world_done(const vrk_world *w, const vrk_person *who, vrk_moment m, int64_t week,
                      double load)
{
    const vrk_trait *t = &who->at[m];
    double step = t->from >= 0 && week >= t->from ? t->step_e : 0;
    return w->plan.e0[m] + t->e + step + w->team[who->team].e[m] + (w->plan.p0 + t->p) * load;
}

double vrk_world_market(const vrk_world *w, vrk_moment m, int64_t week, int segment)
{
    double x = w->quarter_q[week / 13] + w->segment_q[segment];
    bool broken =
        w->plan.break_segment == segment && week >= w->plan.break_week && w->plan.break_week >= 0;
    bool felt = m == VRK_PROSPECTING || m == VRK_STEERING || m == VRK_OBJECTION;
    return x + (broken && felt ? w->plan.break_effect : 0);
}

double vrk_world_success(const vrk_world *w, const vrk_person *who, vrk_moment m, int64_t week,
                         int complex, int segment)
{
    const vrk_trait *t = &who->at[m];
    double c = complex < 0 ? VRK_COMPLEX_SHARE : complex;
    double x = w->plan.q0[m] + t->q + c * (w->plan.q0_complex[m] + t->q_complex);
    x += w->team[who->team].q[m] + (t->from >= 0 && week >= t->from ? t->step_q : 0);
    if (segment >= 0)
        return x + vrk_world_market(w, m, week, segment);
    for (int k = 0; k < VRK_SEGMENTS; k++)
        x += who->share[k] * vrk_world_market(w, m, week, k);
    return x;
}
