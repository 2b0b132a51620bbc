#include "sim/record.h"
#include "sim/team.h"

#include "base/date.h"

#include <math.h>

const char *const vrk_clean_up = "Städning";

enum {
    U_EXIT,
    U_DONE,
    U_STOP,
    U_STEP_DONE,
    U_STEP_KEPT,
    U_OBJECTION,
    U_OBJECTION_DONE,
    U_OBJECTION_MET,
    U_EARLY,
    U_LATE,
    U_MEETING,
    U_DELAY,
    U_REOPEN,
    DRAWS
};

/* What a deal's week is about. Every draw is taken at its start, in one order, so that two worlds
 * that differ in one thing share all the others. */
typedef struct {
    vrk_squad *q;
    vrk_deal *d;
    const vrk_person *who;
    const vrk_week *k;
    int64_t week, early, late; /* a time in the week's first part, and one after it */
    double u[DRAWS];
} life;

static double done_odds(const life *l, vrk_moment m)
{
    return vrk_world_done(l->q->world, l->who, m, l->week, l->k->load) -
           l->q->world->plan.crowding * l->k->crowd;
}

static double success_odds(const life *l, vrk_moment m)
{
    return vrk_world_success(l->q->world, l->who, m, l->week, l->d->complex, l->d->segment);
}

/* What earlier moments left behind, and the deal itself [log odds]. */
static double momentum(const life *l)
{
    const vrk_plan *p = &l->q->world->plan;
    const vrk_deal *d = l->d;
    double x = d->frailty - (p->crowding > 0 ? 0.5 * l->k->crowd : 0);
    x += d->step == VRK_STEP_MISSING ? p->step_missing
         : d->step == VRK_STEP_KEPT  ? p->step_kept
                                     : 0;
    return x + (d->qualified ? p->qualified : 0) + (d->committee ? p->committee : 0);
}

/* Loses a deal, now and then not for good. */
static void lose(life *l, int64_t at, const char *reason)
{
    vrk_deal *d = l->d;
    d->outcome = VRK_LOST;
    d->closed = d->last = at;
    d->reason = reason;
    d->lost_at = 0;
    if (d->stage > 0 && l->u[U_REOPEN] < 0.025)
        d->wakes = l->week + 2 + (int64_t)(l->u[U_REOPEN] / 0.025 * 5);
    if (l->q->record)
        vrk_record_stage(l->q->record, l->q, d, "lost", "Förlorad", at);
}

static void win(life *l, int64_t at)
{
    vrk_deal *d = l->d;
    d->outcome = VRK_WON;
    d->closed = d->last = at;
    l->q->won += d->amount;
    l->q->wins++;
    if (l->q->record)
        vrk_record_stage(l->q->record, l->q, d, "won", "Vunnen", at);
}

static void move_to(life *l, int stage, const char *kind, int64_t at)
{
    l->d->stage = (int8_t)stage;
    l->d->last = at;
    if (l->q->record)
        vrk_record_stage(l->q->record, l->q, l->d, kind, vrk_stage_name[stage], at);
}

/* A meeting was held: is a dated next step agreed, and is it kept? */
static void agree_next_step(life *l, int64_t at)
{
    bool done = l->u[U_STEP_DONE] < vrk_logistic(done_odds(l, VRK_NEXT_STEP));
    bool kept = done && l->u[U_STEP_KEPT] < vrk_logistic(success_odds(l, VRK_NEXT_STEP));
    l->d->step = kept ? VRK_STEP_KEPT : done ? VRK_STEP_LATE : VRK_STEP_MISSING;
    if (l->q->record)
        vrk_record_step(l->q->record, l->q, l->d, at);
}

static void qualify(life *l)
{
    const vrk_plan *p = &l->q->world->plan;
    vrk_deal *d = l->d;
    double pace = p->crowding > 0 ? 0.3 * l->k->crowd : 0;

    if (l->u[U_EXIT] > 1 - exp(-0.5 * exp(-pace - 0.2 * d->complex)))
        return;
    bool done = l->u[U_DONE] < vrk_logistic(done_odds(l, VRK_QUALIFICATION));
    double odds = success_odds(l, VRK_QUALIFICATION);
    double stop = done ? vrk_logistic(d->fit ? -2.8 - 0.5 * odds : odds)
                       : p->undone[VRK_QUALIFICATION] * (d->fit ? 0.4 : 1);
    bool stopped = l->u[U_STOP] < stop;
    d->qualified = done;
    bool meeting = l->u[U_MEETING] < 0.6; /* or a call */
    if (l->q->record)
        vrk_record_qualification(l->q->record, l->q, d, l->early, done, meeting);
    if (done && meeting && (!stopped || l->late - l->early > 2 * 1440))
        agree_next_step(l, l->early);
    if (stopped)
        lose(l, l->late, "Ej kvalificerad");
    else if (!d->complex && l->u[U_DELAY] < 0.06)
        move_to(l, 2, "stage", l->late);
    else
        move_to(l, 1, "stage", l->late);
}

/* An objection comes up in the week: is it met within seven days, and does the deal survive? */
static void object(life *l)
{
    vrk_deal *d = l->d;
    double rate = (0.08 + 0.04 * d->complex) * (d->fit ? 1 : 1.6);
    if (l->u[U_OBJECTION] > rate)
        return;
    double odds = done_odds(l, VRK_OBJECTION);
    bool done = l->u[U_OBJECTION_DONE] < vrk_logistic(odds);
    double survive =
        done ? vrk_logistic(success_odds(l, VRK_OBJECTION) - (d->fit ? 0 : 1) + 0.5 * d->frailty)
             : l->q->world->plan.undone[VRK_OBJECTION] * (d->fit ? 1 : 0.7);
    bool survived = l->u[U_OBJECTION_MET] < survive;
    int64_t day = l->late / 1440 + 6 + (int64_t)(7 * l->u[U_DELAY]);
    while (vrk_weekday(day) > 5 || vrk_holiday_se(day))
        day--;
    if (survived)
        d->safe = l->week + 3;
    else
        d->lost_at = day * 1440 + 9 * 60 + (int64_t)(480 * l->u[U_DELAY]);
    if (l->q->record)
        vrk_record_objection(l->q->record, l->q, d, l->late, done, survived);
}

/* A meeting with somebody else than the decision maker. */
static void meet(life *l, double chance)
{
    if (l->u[U_MEETING] >= chance)
        return;
    if (l->q->record)
        vrk_record_meeting(l->q->record, l->q, l->d, l->early);
    agree_next_step(l, l->early);
}

static void analyse(life *l)
{
    vrk_deal *d = l->d;
    double forward = 0.36 * exp(momentum(l) - 0.25 * d->complex) * (d->fit ? 1 : 0.45);
    double lost = l->week < d->safe ? 0 : d->fit ? 0.02 : 0.07;
    double any = 1 - exp(-forward - lost);
    meet(l, 0.35);
    if (d->lost_at)
        return;
    if (l->u[U_EXIT] >= any)
        object(l);
    else if (l->u[U_EXIT] < any * forward / (forward + lost))
        move_to(l, 2, "stage", l->late);
    else
        lose(l, l->late, d->fit ? "Konkurrent" : "Inget behov");
}

static void steer(life *l)
{
    const vrk_plan *p = &l->q->world->plan;
    vrk_deal *d = l->d;
    bool offer = d->stage == VRK_FIRST_DECISION;
    double slow = offer ? p->slow : 0;
    bool done = l->u[U_DONE] < vrk_logistic(done_odds(l, VRK_STEERING));
    double odds = success_odds(l, VRK_STEERING) + momentum(l) + slow + (d->fit ? 0 : p->unfit);
    double success =
        done ? vrk_logistic(odds)
             : fmin(p->undone[VRK_STEERING] * exp(momentum(l) + slow) * (d->fit ? 1 : 0.25), 0.9);
    bool doomed = d->lost_at != 0; /* the dialogue goes on, in vain */
    bool moves = !doomed && l->u[U_EXIT] < success;
    double left = (l->u[U_EXIT] - success) / (1 - success); /* what else may happen */
    double lost = (l->week < d->safe ? 0 : d->fit ? 0.035 : 0.08) * exp(slow);
    bool wins = moves && (!offer || (!d->complex && l->u[U_STOP] < 0.3));

    if (l->q->record)
        vrk_record_steering(l->q->record, l->q, d, l->early, done, moves);
    if (done && !(wins && l->late - l->early <= 2 * 1440))
        agree_next_step(l, l->early);
    else if (!done)
        meet(l, 0.12);
    if (wins)
        win(l, l->late);
    else if (moves)
        move_to(l, 3, "stage", l->late);
    else if (doomed)
        return;
    else if (left < lost)
        lose(l, l->late, d->fit ? "Pris" : "Inget behov");
    else if (left < lost + 0.015 * exp(slow))
        move_to(l, d->stage - 1, "back", l->late);
    else
        object(l);
}

/* Bad recording has a day of its own: every fourth quarter or so, one who cleans up closes all that
 * stood for long, at one stroke. */
static bool clean_up(life *l)
{
    const vrk_deal *d = l->d;
    const vrk_world *w = l->q->world;
    bool cleaner = (l->q->first + d->owner) % 2 == 0;
    if (!w->plan.noisy || !cleaner || l->week % 26 != 25 || l->week - d->born < 16 ||
        !l->k->present)
        return false;
    lose(l, (w->first_day + 7 * l->week + 4) * 1440 + 16 * 60 + 30, vrk_clean_up);
    return true;
}

static void live(life *l)
{
    if (l->d->stage == 0)
        qualify(l);
    else if (l->d->stage < VRK_FIRST_DECISION)
        analyse(l);
    else
        steer(l);
}

bool vrk_deal_week(vrk_squad *q, vrk_deal *d, int64_t week)
{
    const vrk_world *w = q->world;
    life l = {.q = q, .d = d, .week = week, .k = &q->week[d->owner], .who = &q->person[d->owner]};
    vrk_rng r = vrk_draw_of(q->seed, VRK_DRAW_LIFE, d->key, week);
    int64_t next_monday = (w->first_day + 7 * week + 7) * 1440;

    for (int i = 0; i < DRAWS; i++)
        l.u[i] = vrk_rng_uniform(&r);
    l.early = vrk_time_in(w, week, l.k->days, 0.55 * l.u[U_EARLY]);
    l.late = vrk_time_in(w, week, l.k->days, 0.6 + 0.4 * l.u[U_LATE]);
    if (d->outcome == VRK_LOST) { /* asleep */
        if (week >= d->wakes && l.k->present) {
            d->outcome = VRK_OPEN;
            d->wakes = d->closed = 0;
            move_to(&l, d->stage, "reopened", l.early);
        }
        return true;
    }
    if (l.k->present && !(d->lost_at && d->lost_at <= l.early) && !clean_up(&l)) {
        if (q->record)
            vrk_record_traffic(q->record, q, d, week);
        live(&l);
    }
    if (d->lost_at && d->lost_at < next_monday)
        lose(&l, d->lost_at, "Invändning");
    if (d->outcome != VRK_OPEN && !d->wakes) {
        if (q->record)
            vrk_record_deal(q->record, q, d);
        return false;
    }
    return true;
}
