#include "sim/activity.h"

#include "base/date.h"
#include "sim/row.h"

/* The row up to and with kind and direction ... contact; deal 0 and account -1 = none. */
static void put(vrk_record *r, int64_t team, int64_t seller, int64_t deal, int64_t account,
                const vrk_act *a, int64_t at)
{
    vrk_row row = {.n = 0};
    vrk_row_id(&row, 'A', team, ++r->activities, 6);
    vrk_row_seller(&row, seller);
    if (deal)
        vrk_row_id(&row, 'D', team, deal, 5);
    else
        vrk_row_next(&row);
    if (account >= 0)
        vrk_row_id(&row, 'K', team, account, 4);
    else
        vrk_row_next(&row);
    vrk_row_field(&row, a->kind);
    vrk_row_field(&row, a->inbound ? "inbound" : "outbound");
    vrk_row_time(&row, at);
    vrk_row_int(&row, a->minutes);
    vrk_row_field(&row, a->outcome);
    if (deal && a->contact >= 0)
        vrk_row_id(&row, 'C', team, deal * 10 + a->contact, 6);
    else
        vrk_row_next(&row);
    vrk_row_end(&row, &r->table[VRK_T_ACTIVITIES]);
}

void vrk_record_activity(vrk_record *r, const vrk_squad *q, const vrk_deal *d, const vrk_act *a,
                         int64_t at)
{
    bool loose = q->world->plan.noisy && vrk_rng_chance(&r->rng, q->world->plan.loose);
    bool nowhere =
        loose && vrk_rng_chance(&r->rng, q->world->plan.nowhere); /* not even its account */
    if (at < r->end)
        put(r, q->number, q->first + d->owner, loose ? 0 : d->id,
            loose && !nowhere ? d->account : -1, a, at);
}

void vrk_record_event(vrk_record *r, int64_t team, int64_t seller, int64_t at, int64_t minutes,
                      const char *category, const char *title)
{
    vrk_row row = {.n = 0};
    if (at >= r->end)
        return;
    vrk_row_id(&row, 'E', team, ++r->events, 6);
    vrk_row_seller(&row, seller);
    vrk_row_time(&row, at);
    vrk_row_time(&row, at + minutes);
    vrk_row_field(&row, category);
    vrk_row_field(&row, title);
    vrk_row_end(&row, &r->table[VRK_T_CALENDAR]);
}

void vrk_record_prospecting(vrk_record *r, const vrk_squad *q, int64_t s, int64_t week,
                            int64_t touches)
{
    const vrk_trait *t = &q->person[s].at[VRK_PROSPECTING];
    int64_t accounts = vrk_record_accounts(q->world, q->number);
    for (int64_t i = 0; i < touches; i++) {
        double u = vrk_rng_uniform(&r->rng), v = vrk_rng_uniform(&r->rng);
        double x = vrk_rng_uniform(&r->rng), logged = vrk_rng_uniform(&r->rng);
        vrk_act a = {.kind = u < 0.55 ? "call" : "email",
                     .outcome = u < 0.10   ? "connected"
                                : u < 0.55 ? "no answer"
                                           : "sent",
                     .minutes = u < 0.10   ? 12
                                : u < 0.55 ? 2
                                           : 6};
        if (logged < t->logging)
            put(r, q->number, q->first + s, 0,
                v < 0.5 ? -1 : accounts + (int64_t)((2 * v - 1) * (double)accounts), &a,
                vrk_time_in(q->world, week, q->week[s].days, x));
    }
}

/* Sends one mail or call of a deal's routine at a random time of the week. */
static void routine(vrk_record *r, const vrk_squad *q, const vrk_deal *d, int64_t week, vrk_act a)
{
    double x = vrk_rng_uniform(&r->rng), u = vrk_rng_uniform(&r->rng);
    int64_t at = vrk_time_in(q->world, week, q->week[d->owner].days, x);
    bool own = !strcmp(a.kind, "call"); /* mail is captured by itself */
    if (at <= d->last || (own && u > q->person[d->owner].at[VRK_NEXT_STEP].logging))
        return;
    vrk_record_activity(r, q, d, &a, at);
}

static void push_close_date(vrk_record *r, const vrk_squad *q, vrk_deal *d, int64_t week)
{
    vrk_row row = {.n = 0};
    int64_t at = vrk_time_in(q->world, week, q->week[d->owner].days, 0.1);
    if (d->expected >= at / 1440 || at >= r->end)
        return;
    int64_t old = d->expected;
    d->expected = at / 1440 + 20 + vrk_rng_below(&r->rng, 40);
    vrk_row_id(&row, 'D', q->number, d->id, 5);
    vrk_row_time(&row, at);
    vrk_row_day(&row, old);
    vrk_row_day(&row, d->expected);
    vrk_row_end(&row, &r->table[VRK_T_CLOSE_DATES]);
}

/* Mail and calls that belong to no moment; a connected call or a service mail can look like one. */
void vrk_record_traffic(vrk_record *r, const vrk_squad *q, vrk_deal *d, int64_t week)
{
    vrk_rng *g = &r->rng;
    const vrk_plan *p = &q->world->plan;
    push_close_date(r, q, d, week);
    for (int64_t n = vrk_rng_poisson(g, 0.8); n > 0; n--)
        routine(r, q, d, week,
                (vrk_act){.kind = "email", .outcome = "sent", .minutes = 5, .contact = 1});
    for (int64_t n = vrk_rng_poisson(g, d->fit ? 0.6 : 0.3); n > 0; n--)
        routine(
            r, q, d, week,
            (vrk_act){.kind = "email", .inbound = true, .outcome = "", .minutes = 3, .contact = 1});
    for (int64_t n = vrk_rng_poisson(g, 0.3); n > 0; n--) {
        bool answers = vrk_rng_chance(g, d->stage ? p->mimic_call : p->mimic_call_first);
        routine(r, q, d, week,
                (vrk_act){.kind = "call",
                          .outcome = answers ? "connected" : "no answer",
                          .minutes = answers ? 8 : 1,
                          .contact = 1});
    }
    double u = vrk_rng_uniform(g);
    if (u < 0.05)
        routine(r, q, d, week,
                (vrk_act){.kind = "meeting", .outcome = "no show", .minutes = 30, .contact = 1});
    else if (u < 0.15)
        routine(r, q, d, week,
                (vrk_act){.kind = "other", .outcome = "", .minutes = 10, .contact = -1});
    else if (u < 0.4 && d->stage == VRK_FIRST_DECISION)
        routine(r, q, d, week,
                (vrk_act){.kind = "quote", .outcome = "sent", .minutes = 30, .contact = 0});
}

/* The load of the week as events that sum to it. */
static void put_load(vrk_record *r, const vrk_squad *q, int64_t s, int64_t week)
{
    const vrk_world *w = q->world;
    int64_t left = w->half_hours[(q->first + s) * w->all_weeks + week];
    while (left > 0) {
        double x = vrk_rng_uniform(&r->rng);
        bool internal = vrk_rng_chance(&r->rng, 0.55);
        int64_t half = 1 + vrk_rng_below(&r->rng, 4);
        half = half > left ? left : half;
        int64_t at = vrk_time_in(w, week, q->week[s].days, x) / 30 * 30;
        vrk_record_event(r, q->number, q->first + s, at, 30 * half, internal ? "internal" : "admin",
                         internal ? "Internt möte" : "Administration");
        left -= half;
    }
}

/* Whole days away in a row are one event. */
static void put_absence(vrk_record *r, const vrk_squad *q, int64_t s, int64_t week)
{
    const vrk_world *w = q->world;
    uint8_t away = w->away[(q->first + s) * w->all_weeks + week];
    for (int d = 0; d < 5;) {
        int n = 0;
        while (d + n < 5 && away >> (d + n) & 1)
            n++;
        if (n > 0)
            vrk_record_event(r, q->number, q->first + s, (w->first_day + 7 * week + d) * 1440,
                             n * 1440, "absence", n == 5 ? "Semester" : "Frånvaro");
        d += n + 1;
    }
}

void vrk_record_week(vrk_record *r, const vrk_squad *q, int64_t week)
{
    for (int64_t s = 0; s < q->n; s++) {
        const vrk_week *k = &q->week[s];
        put_absence(r, q, s, week);
        if (!k->present)
            continue;
        put_load(r, q, s, week);
        int64_t morning = vrk_time_in(q->world, week, k->days, vrk_rng_uniform(&r->rng)) / 30 * 30;
        vrk_record_event(r, q->number, q->first + s, morning, 90, "travel", "Resa");
        if (vrk_rng_chance(&r->rng, 0.6))
            vrk_record_event(r, q->number, q->first + s, morning + 120, 60, "focus", "Egen tid");
        if (vrk_rng_chance(&r->rng, 0.4)) { /* service to somebody who buys nothing now */
            vrk_act a = {.kind = "email", .outcome = "sent", .minutes = 5};
            put(r, q->number, q->first + s, 0, -1, &a, morning + 15);
        }
    }
}

void vrk_record_end(vrk_record *r, const vrk_squad *q)
{
    for (int64_t i = 0; i < q->deals; i++) {
        const vrk_deal *d = &q->deal[i];
        vrk_record_deal(r, q, d);
        if (d->outcome != VRK_OPEN || !vrk_rng_chance(&r->rng, 0.1))
            continue;
        int64_t day = r->end / 1440 + vrk_rng_below(&r->rng, 5);
        vrk_act a = {.kind = "meeting", .outcome = "planned", .minutes = 60, .contact = 1};
        put(r, q->number, q->first + d->owner, d->id, -1, &a,
            day * 1440 + 9 * 60 + 30 * vrk_rng_below(&r->rng, 14));
    }
}
