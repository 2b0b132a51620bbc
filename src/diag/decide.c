#include "diag/decide.h"

#include "base/rng.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const vrk_action_names[VRK_ACTIONS] = {"train", "coach",    "process", "free_hours",
                                                   "drop",  "redeploy", "measure", "nothing"};
const char *const vrk_advisable_names[] = {"right", "wrong", "too_early"};

enum { STREAM_ACTION = 0x7710, FREED_H = 4, WEEKS_A_YEAR = 46 };

#define CLEAR_CAUSE 0.6 /* share of a leak from which its cause counts as known */

typedef struct {
    const vrk_twin *t;
    const vrk_leaks *leaks;
    const vrk_own_effects *own;
    const vrk_action_settings *set;
    double decay; /* mean over a year of what is left of an effect */
    uint64_t seed;
    const double *freed, *dropped; /* [draws x sellers]; NULL = cannot be told */
    double *net;                   /* [decisions x draws] */
    vrk_decisions *out;
} deciding;

/* An action's terms; freed hours have a fee alone. */
static vrk_action_terms terms_of(const vrk_action_settings *a, vrk_action action)
{
    switch (action) {
    case VRK_DO_TRAIN:
        return a->train;
    case VRK_DO_COACH:
        return a->coach;
    case VRK_DO_PROCESS:
        return a->process;
    case VRK_DO_DROP:
        return a->drop;
    case VRK_DO_REDEPLOY:
        return a->redeploy;
    default:
        return (vrk_action_terms){.fee_each = a->freed_hour * FREED_H * WEEKS_A_YEAR};
    }
}

/* What a leak's fitting action is. */
static vrk_action fitting(vrk_verdict cause)
{
    switch (cause) {
    case VRK_IS_COMPETENCE:
        return VRK_DO_TRAIN;
    case VRK_IS_EXECUTION:
        return VRK_DO_COACH;
    case VRK_IS_PRESSURE:
        return VRK_DO_FREE;
    case VRK_IS_PROCESS:
        return VRK_DO_PROCESS;
    case VRK_IS_MARKET: /* nothing inside changes it */
    case VRK_IS_FINE:
    case VRK_VERDICTS:
        break;
    }
    return VRK_DO_NOTHING;
}

/* The part of a leak that an action can reach at all. */
static double reach(vrk_action action, const double *share)
{
    switch (action) {
    case VRK_DO_TRAIN:
        return share[VRK_IS_COMPETENCE];
    case VRK_DO_COACH:
        return share[VRK_IS_COMPETENCE] + share[VRK_IS_EXECUTION];
    case VRK_DO_PROCESS:
        return share[VRK_IS_PROCESS];
    default:
        return 1;
    }
}

static bool in_group(const deciding *d, int64_t seller, int64_t team)
{
    const vrk_moment_cells *cells = &d->t->m->cells;
    int64_t own = cells->team[seller];
    return d->t->base.seller[seller].there &&
           (team == VRK_EVERYBODY || (*cells->team_id[own] ? own : -1) == team);
}

static double sum_of(const deciding *d, const double *x, int64_t draw, int64_t team)
{
    double sum = 0;
    for (int64_t s = 0; s < d->t->base.sellers; s++)
        sum += in_group(d, s, team) ? x[draw * d->t->base.sellers + s] : 0;
    return sum;
}

/* What is gained in one draw. `lost`: of the leak, as far as the action reaches; `money`: what
 * those it is for win. */
static double gained(const deciding *d, const vrk_decision *one, const vrk_expected *e,
                     int64_t draw, double lost, double money)
{
    vrk_rng r = vrk_rng_of(d->seed, STREAM_ACTION + (uint64_t)one->action, (uint32_t)draw);
    double effect = e->mean + e->sd * vrk_rng_normal(&r);
    switch (one->action) {
    case VRK_DO_TRAIN:
    case VRK_DO_COACH: /* no more can be closed than there is */
        return fmin(expm1(effect) * money * d->decay, lost);
    case VRK_DO_PROCESS:
        return fmin(fmax(effect, 0), 1) * lost;
    case VRK_DO_FREE:
        return sum_of(d, d->freed, draw, one->team);
    case VRK_DO_DROP:
        return fmin(fmax(effect, 0), 1) * sum_of(d, d->dropped, draw, one->team);
    case VRK_DO_REDEPLOY:
        return fmin(fmax(effect, 0), 1) * one->swap->gain[draw];
    default:
        return 0;
    }
}

/* Who an action is for, and what they win: those who fall short at its leak, or who swap deals,
 * where it is done one by one; else all. */
static double whom(const deciding *d, const vrk_leak *leak, vrk_decision *one)
{
    bool single = one->action == VRK_DO_TRAIN || one->action == VRK_DO_COACH;
    double money = 0;
    for (int64_t s = 0; s < d->t->base.sellers; s++)
        one->of += in_group(d, s, one->team);
    one->persons = one->of;
    if (one->swap) {
        one->persons = one->swap->n;
        return one->swap->money;
    }
    if (leak && leak->short_of && single) {
        one->persons = leak->short_of;
        return leak->money;
    }
    for (int64_t b = 0; b < d->t->draws; b++)
        money += sum_of(d, d->t->present, b, one->team) / (double)d->t->draws;
    return money;
}

/* Wrong too where most of the cost is expected to be lost. */
static vrk_advisable verdict_on(const vrk_decision *one, double sure)
{
    if (one->priced && one->value.p_positive >= sure && one->value.mean > 0)
        return VRK_RIGHT;
    if (one->priced && (one->value.p_positive <= 1 - sure || one->value.mean < -0.5 * one->cost))
        return VRK_WRONG;
    return VRK_TOO_EARLY;
}

/* Adds an action; `leak` NULL: for everybody, against all of them. `swap` NULL: not that. */
static vrk_decision *add_with(deciding *d, vrk_action action, const vrk_leak *leak,
                              const vrk_redeployment *swap)
{
    const vrk_action_settings *set = d->set;
    const vrk_action_terms terms = terms_of(set, action);
    const vrk_expected e = vrk_expected_of(d->own, action, &terms, leak);
    double *net = d->net + d->out->n * d->t->draws, reached = 0, won = 0;
    vrk_decision *one = &d->out->decision[d->out->n++];
    *one = (vrk_decision){.action = action,
                          .team = leak   ? leak->team
                                  : swap ? swap->team
                                         : VRK_EVERYBODY,
                          .moment = leak   ? leak->moment
                                    : swap ? swap->moment
                                           : 0,
                          .swap = swap,
                          .break_even = nan(""),
                          .own = e.n,
                          .cause = leak ? leak->cause : VRK_IS_FINE,
                          .share = leak ? leak->share[leak->cause] : 0};
    one->shift = leak ? vrk_shift_of(action, &e, leak) : (vrk_shift){0};
    double money = whom(d, leak, one);
    one->cost = terms.fee + terms.fee_each * (double)one->persons +
                terms.hours * set->margin * money / set->hours_a_year;
    /* fees in other money cannot be held against it */
    one->priced = !strcmp(d->out->currency, set->currency) || !*d->out->currency;
    for (int64_t b = 0; b < d->t->draws; b++) {
        double lost = leak ? leak->lost[b] * reach(action, leak->share) : 0;
        for (int64_t i = 0; !leak && i < d->leaks->kept; i++)
            lost += d->leaks->leak[i].lost[b] * reach(action, d->leaks->leak[i].share);
        reached += lost / (double)d->t->draws;
        net[b] = set->margin * gained(d, one, &e, b, lost, money) - one->cost;
        won += fmax(net[b], 0) / (double)d->t->draws;
    }
    one->value = vrk_worth_of(net, d->t->draws);
    one->knowing = one->priced ? fmax(won - fmax(one->value.mean, 0), 0) : nan("");
    if (reached > 0 && leak)
        one->break_even = one->cost / (set->margin * reached);
    one->advisable = verdict_on(one, set->sure);
    return one;
}

static vrk_decision *add(deciding *d, vrk_action action, const vrk_leak *leak)
{
    return add_with(d, action, leak, NULL);
}

/* A swap that does not pay is not spoken of: nobody asks for it, and it would only name somebody.
 */
static void propose(deciding *d, const vrk_redeployment *swap)
{
    if (add_with(d, VRK_DO_REDEPLOY, NULL, swap)->advisable == VRK_WRONG)
        d->out->n--;
}

/* First measured: nothing is bought, so it is worth what a wrong action would cost. */
static void add_plain(deciding *d, vrk_action action, const vrk_leak *leak)
{
    d->out->decision[d->out->n++] = (vrk_decision){.action = action,
                                                   .advisable = VRK_RIGHT,
                                                   .team = leak ? leak->team : VRK_EVERYBODY,
                                                   .moment = leak ? leak->moment : 0,
                                                   .persons = leak ? leak->short_of : 0,
                                                   .of = leak ? leak->persons : 0,
                                                   .knowing = nan(""),
                                                   .break_even = nan(""),
                                                   .cause = leak ? leak->cause : VRK_IS_FINE,
                                                   .share = leak ? leak->share[leak->cause] : 0};
}

static void against(deciding *d, const vrk_leak *leak)
{
    vrk_action action = fitting(leak->cause);
    if (leak->share[leak->cause] < CLEAR_CAUSE) {
        add_plain(d, VRK_DO_MEASURE, leak);
        vrk_decision *measure = &d->out->decision[d->out->n - 1];
        vrk_decision *train = add(d, VRK_DO_TRAIN, leak);
        measure->knowing = train->knowing;
        if (train->advisable == VRK_RIGHT)
            train->advisable = VRK_TOO_EARLY;
        return;
    }
    if (action != VRK_DO_NOTHING && (action != VRK_DO_FREE || d->freed))
        add(d, action, leak);
    if (action == VRK_DO_TRAIN)
        add(d, VRK_DO_COACH, leak);
    else { /* what is asked for first, and so must be answered; it reaches the smaller part only */
        vrk_decision *train = add(d, VRK_DO_TRAIN, leak);
        if (train->advisable == VRK_RIGHT)
            train->advisable = VRK_TOO_EARLY;
    }
}

/* How often each is worth most. Before they are sorted: rows of d->net are theirs. */
static void find_best(deciding *d)
{
    vrk_decision *nothing = NULL;
    for (int64_t i = 0; i < d->out->n; i++)
        nothing = d->out->decision[i].action == VRK_DO_NOTHING ? &d->out->decision[i] : nothing;
    for (int64_t b = 0; b < d->t->draws; b++) {
        vrk_decision *best = nothing;
        double most = 0;
        for (int64_t i = 0; i < d->out->n; i++) {
            double net = d->net[i * d->t->draws + b];
            if (d->out->decision[i].priced && net > most) {
                most = net;
                best = &d->out->decision[i];
            }
        }
        if (best)
            best->p_best++;
    }
    for (int64_t i = 0; i < d->out->n; i++)
        d->out->decision[i].p_best /= (double)d->t->draws;
}

static int by_worth(const void *a, const void *b)
{
    const vrk_decision *x = a, *y = b;
    if (x->advisable != y->advisable)
        return (int)x->advisable - (int)y->advisable;
    return (x->value.mean < y->value.mean) - (x->value.mean > y->value.mean);
}

/* The gain per draw and seller of a change that the data carry; NULL where they do not. */
static vrk_status run(vrk_ctx *ctx, const vrk_twin *t, bool carried, const vrk_change *change,
                      const double **gain)
{
    double *x = carried ? VRK_NEW(&ctx->scratch, t->draws * t->base.sellers, double) : NULL;
    *gain = x;
    if (!carried)
        return VRK_OK;
    if (!x)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %lld draws", (long long)t->draws);
    return vrk_twin_gain(ctx, t, change, x);
}

vrk_status vrk_decide(vrk_ctx *ctx, const vrk_twin *t, const vrk_leaks *l,
                      const vrk_redeployments *swaps, const vrk_own_effects *own,
                      const vrk_action_settings *terms, vrk_decisions *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    double halves = 12 / terms->half_life_months; /* a year, in half-lives */
    deciding d = {.t = t,
                  .leaks = l,
                  .own = own,
                  .set = terms,
                  .decay = (1 - exp2(-halves)) / (halves * log(2)),
                  .seed = ctx->seed,
                  .out = out};
    bool any = false, pressed = false;
    *out = (vrk_decisions){.currency = l->currency};
    if (!l->tried)
        goto done;
    int64_t most = 2 * l->kept + 3 + swaps->n;
    d.net = VRK_NEW(&ctx->scratch, most * t->draws, double);
    out->decision = VRK_NEW(&out->mem, most, vrk_decision);
    if (ctx->scratch.failed || out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for decisions");
    for (int64_t i = 0; i < l->kept; i++)
        pressed |= l->leak[i].cause == VRK_IS_PRESSURE;
    TRY(run(ctx, t, pressed && t->load_sd_h > 0, &(vrk_change){.activity = 1, .free_h = FREED_H},
            &d.freed));
    TRY(run(ctx, t, t->can[VRK_AT_QUALIFICATION], &(vrk_change){.activity = 1, .stop_bad = true},
            &d.dropped));
    for (int64_t i = 0; i < l->kept; i++)
        against(&d, &l->leak[i]);
    add(&d, VRK_DO_TRAIN, NULL);
    if (d.dropped)
        add(&d, VRK_DO_DROP, NULL);
    for (int64_t i = 0; i < swaps->n; i++)
        propose(&d, &swaps->team[i]);
    for (int64_t i = 0; i < out->n; i++)
        any |= out->decision[i].advisable == VRK_RIGHT;
    if (!any)
        add_plain(&d, VRK_DO_NOTHING, NULL);
    find_best(&d);
    qsort(out->decision, (size_t)out->n, sizeof(*out->decision), by_worth);
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_decisions_free(out);
    return st;
}

void vrk_decisions_free(vrk_decisions *d)
{
    vrk_arena_free(&d->mem);
    *d = (vrk_decisions){.currency = ""};
}

void vrk_decisions_answer(const vrk_decisions *d, vrk_answer *answer)
{
    if (answer->status == VRK_CANNOT || d->n)
        return;
    answer->status = VRK_CANNOT;
    if (answer->reasons < VRK_REASONS)
        answer->reason[answer->reasons++] =
            (vrk_reason){.code = VRK_WHY_PROCESS_ONLY, .weeks = nan("")};
}
