#include "sim/team.h"

#include "base/date.h"
#include "sim/record.h"

#include <math.h>
#include <string.h>

enum { DAY_START = 8 * 60, DAY_LENGTH = 9 * 60, MOST_OWED = 4 };

/* Hours that a deal asks for in a week, by stage; complex ones half as much again. */
static const double deal_hours[VRK_STAGES] = {0.5, 0.75, 1.0, 1.0};

double vrk_logistic(double x)
{
    return 1 / (1 + exp(-x));
}

int64_t vrk_time_in(const vrk_world *w, int64_t week, uint8_t days, double x)
{
    int n = __builtin_popcount(days);
    double at = x * (n > 0 ? n : 5);
    int nth = (int)at, day = nth;
    for (int d = 0, seen = 0; n > 0 && d < 5; d++) {
        if (days >> d & 1 && seen++ == nth)
            day = d;
    }
    return (w->first_day + 7 * week + day) * 1440 + DAY_START + (int64_t)((at - nth) * DAY_LENGTH);
}

vrk_status vrk_squad_init(vrk_ctx *ctx, const vrk_world *w, int64_t team, vrk_arena *mem,
                          vrk_squad *squad)
{
    *squad = (vrk_squad){.world = w,
                         .number = team,
                         .first = w->team[team].first,
                         .n = w->team[team].n,
                         .seed = w->opt.seed,
                         .volume_factor = 1,
                         .room = 64 * w->team[team].n,
                         .mem = mem};
    squad->person = &w->person[squad->first];
    squad->deal = VRK_NEW(mem, squad->room, vrk_deal);
    squad->week = VRK_NEW(mem, squad->n, vrk_week);
    if (mem->failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for team %lld", (long long)team + 1);
    return VRK_OK;
}

static vrk_status make_room(vrk_ctx *ctx, vrk_squad *q)
{
    if (q->deals < q->room)
        return VRK_OK;
    vrk_deal *more = VRK_NEW(q->mem, q->room * 2, vrk_deal);
    if (!more)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for the deals of a team");
    memcpy(more, q->deal, (size_t)q->deals * sizeof(*more));
    q->deal = more;
    q->room *= 2;
    return VRK_OK;
}

static void look_at_week(vrk_squad *q, int64_t week)
{
    const vrk_world *w = q->world;
    for (int64_t s = 0; s < q->n; s++) {
        vrk_week *k = &q->week[s];
        *k = (vrk_week){.days = w->days[(q->first + s) * w->all_weeks + week]};
        k->n = __builtin_popcount(k->days);
        k->present = k->n > 0;
        k->load = k->present ? vrk_world_load(w, q->first + s, week) : 0;
    }
}

/* Finite hours: what the open deals and prospecting ask for against what load leaves. */
static void crowd(vrk_squad *q, int64_t week)
{
    const vrk_world *w = q->world;
    for (int64_t s = 0; s < q->n; s++)
        q->week[s].crowd = 2; /* hours of prospecting */
    for (int64_t i = 0; i < q->deals; i++) {
        const vrk_deal *d = &q->deal[i];
        if (d->outcome != VRK_OPEN)
            continue;
        q->week[d->owner].open++;
        q->week[d->owner].crowd += deal_hours[d->stage] * (d->complex ? 1.5 : 1);
    }
    for (int64_t s = 0; s < q->n; s++) {
        vrk_week *k = &q->week[s];
        double load = w->half_hours[(q->first + s) * w->all_weeks + week] / 2.;
        double there = fmax(8. * k->n - load - 0.6 * k->n, 2);
        k->crowd = k->n ? fmax(log(k->crowd * k->n / 5 / there), 0) : 0;
    }
}

/* Whose a new deal becomes: a complex one goes from who gives to the one who owes least, a simple
 * one, every other time, back to who waits for it. */
static int32_t swapped(const vrk_squad *q, vrk_rng *r, int64_t s, bool complex)
{
    int64_t to = -1, least = MOST_OWED;
    bool may = vrk_rng_chance(r, 0.5);
    for (int64_t i = 0; i < q->n; i++) {
        if (complex && q->part[s] == VRK_GIVES && q->part[i] == VRK_TAKES && q->week[i].present) {
            int64_t owes = 0;
            for (int64_t k = 0; k < q->n; k++)
                owes += q->owed[i * q->n + k];
            to = owes < least ? i : to;
            least = owes < least ? owes : least;
        } else if (!complex && may && q->owed[s * q->n + i] > 0 && to < 0)
            to = i;
    }
    if (to < 0)
        return (int32_t)s;
    q->owed[complex ? to * q->n + s : s * q->n + to] += complex ? 1 : -1;
    return (int32_t)to;
}

/* A deal comes into being: all that is true of it is drawn from its own stream. */
static vrk_status give_birth(vrk_ctx *ctx, vrk_squad *q, int64_t s, int64_t week, int slot)
{
    const vrk_world *w = q->world;
    uint64_t key = (uint64_t)(q->first + s) << 24 | (uint64_t)week << 8 | (uint64_t)slot;
    vrk_rng r = vrk_draw_of(q->seed, VRK_DRAW_BIRTH, key, 0);
    double u = vrk_rng_uniform(&r);
    int segment = 0;

    vrk_status st = make_room(ctx, q);
    if (st != VRK_OK)
        return st;
    while (segment < VRK_SEGMENTS - 1 && u > q->person[s].share[segment])
        u -= q->person[s].share[segment++];
    vrk_deal *d = &q->deal[q->deals];
    *d = (vrk_deal){.key = key, .born = week, .owner = (int32_t)s, .segment = (int8_t)segment};
    d->own = slot < 128;
    d->complex = vrk_rng_chance(&r, VRK_COMPLEX_SHARE);
    d->committee = vrk_rng_chance(&r, d->complex ? 0.65 : 0.2);
    d->fit = vrk_rng_chance(&r, d->own ? w->plan.fit_own : w->plan.fit_inbound);
    d->frailty = w->plan.frailty_sd * vrk_rng_normal(&r);
    double size = exp(11.7 + (d->complex ? 1.2 : 0) + 0.55 * vrk_rng_normal(&r));
    d->amount = (int64_t)(size / 500 + 1) * 500 * 100;
    d->account = (int32_t)vrk_rng_below(&r, vrk_record_accounts(w, q->number));
    d->created = d->last = vrk_time_in(w, week, q->week[s].days, vrk_rng_uniform(&r));
    d->expected = d->created / 1440 + 45 + vrk_rng_below(&r, 60);
    if (!d->own && segment == w->plan.break_segment && week >= w->plan.break_week &&
        vrk_rng_chance(&r, 0.4))
        return VRK_OK; /* a broken market asks less */
    if (q->part)
        d->owner = swapped(q, &r, s, d->complex);
    d->id = ++q->born;
    q->deals++;
    if (q->record)
        vrk_record_birth(q->record, q, d);
    return VRK_OK;
}

/* Prospecting: is it done, how much, and how many own deals come of it. With odds x, a week
 * succeeds with probability x / (1 + x) and then gives 1 + Poisson(x) deals, x in the mean. */
static vrk_status prospect(vrk_ctx *ctx, vrk_squad *q, int64_t s, int64_t week)
{
    vrk_status st = VRK_OK;
    const vrk_world *w = q->world;
    const vrk_person *who = &q->person[s];
    vrk_week *k = &q->week[s];
    vrk_rng r = vrk_draw_of(q->seed, VRK_DRAW_WEEK, (uint64_t)(q->first + s), week);
    double u_done = vrk_rng_uniform(&r), u_success = vrk_rng_uniform(&r);
    double u_some = vrk_rng_uniform(&r);
    const vrk_team *team = &w->team[q->number];
    double tempo = team->tempo >= 0 && week >= team->tempo ? w->plan.tempo : 1;
    int64_t more = vrk_rng_poisson(&r, w->plan.volume * exp(who->volume) * tempo), own = 0;
    int64_t few = (int64_t)(3 * u_some);
    bool occasion = k->n >= 3;
    double odds = vrk_world_done(w, who, VRK_PROSPECTING, week, k->load);
    bool done = occasion && u_done < vrk_logistic(odds - w->plan.crowding * k->crowd);

    if (done) {
        double volume = (double)(4 + more) * q->volume_factor / (4 + w->plan.volume);
        double x = exp(vrk_world_success(w, who, VRK_PROSPECTING, week, -1, -1)) *
                   pow(volume, w->plan.gamma);
        if (u_success < x / (1 + x))
            own = 1 + vrk_rng_poisson(&r, x);
    } else {
        own = vrk_rng_poisson(&r, w->plan.undone[VRK_PROSPECTING] * k->n / 5);
    }
    double season = vrk_date_of(w->first_day + 7 * week + 3).month == 7 ? 0.5 : 1;
    vrk_rng come = vrk_draw_of(q->seed, VRK_DRAW_WEEK, (uint64_t)(q->first + s), 100000 + week);
    int64_t inbound = vrk_rng_poisson(&come, w->plan.inbound * season * k->n / 5);
    if (q->record)
        vrk_record_prospecting(q->record, q, s, week, done ? 4 + more : occasion ? few : few / 2);
    for (int64_t i = 0; i < own && i < 128; i++)
        TRY(give_birth(ctx, q, s, week, (int)i));
    for (int64_t i = 0; i < inbound && i < 128; i++)
        TRY(give_birth(ctx, q, s, week, (int)(128 + i)));
done:
    return st;
}

/* A colleague at work takes over the deals of one who left; now and then a deal is moved anyway. */
static void hand_over(vrk_squad *q, vrk_deal *d, int64_t week)
{
    const vrk_person *owner = &q->person[d->owner];
    bool gone = week >= owner->left;
    vrk_rng r = vrk_draw_of(q->seed, VRK_DRAW_LIFE, d->key, 100000 + week);
    if (d->outcome != VRK_OPEN || q->n < 2 || (!gone && !vrk_rng_chance(&r, 0.0015)))
        return;
    int64_t from = vrk_rng_below(&r, q->n);
    for (int64_t i = 0; i < q->n; i++) {
        int64_t s = (from + i) % q->n;
        if (s == d->owner || !q->week[s].present || d->lost_at)
            continue;
        int64_t at = vrk_time_in(q->world, week, 0, 0.02 * vrk_rng_uniform(&r));
        if (q->record)
            vrk_record_owner(q->record, q, d, s, at);
        d->owner = (int32_t)s;
        d->moved = true;
        return;
    }
}

vrk_status vrk_squad_week(vrk_ctx *ctx, vrk_squad *q, int64_t week)
{
    vrk_status st = VRK_OK;
    int64_t kept = 0, there = q->deals;

    look_at_week(q, week);
    for (int64_t i = 0; i < there; i++)
        hand_over(q, &q->deal[i], week);
    crowd(q, week);
    if (q->record)
        vrk_record_week(q->record, q, week);
    for (int64_t s = 0; s < q->n; s++) {
        if (q->week[s].present)
            TRY(prospect(ctx, q, s, week));
    }
    for (int64_t i = 0; i < q->deals; i++) {
        vrk_deal *d = &q->deal[i];
        if (i >= there || vrk_deal_week(q, d, week))
            q->deal[kept++] = *d; /* one born this week begins to live the next */
    }
    q->deals = kept;
done:
    return st;
}
