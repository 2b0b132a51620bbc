#include "diag/settle_price.h"

#include "base/par.h"
#include "num/special.h"

#include <math.h>
#include <string.h>

enum { TRIALS = 100, EFFECTS = 9, ACTIONS = 2 };

typedef struct {
    const vrk_twin *t;
    const vrk_leaks *l;
    const vrk_action_settings *set;
    const vrk_verdict_opt *opt;
    vrk_seller_moment *row;
    double decay;
} pricing;

static double won_by(const vrk_twin *t, int64_t seller)
{
    double sum = 0;
    for (int64_t b = 0; b < t->draws; b++)
        sum += t->present[b * t->base.sellers + seller];
    return sum / (double)t->draws;
}

/* What an action gives in each state: its effect on average over how unsure it is, for no
 * measurement of the seller tells that, and no more than what is lost there. */
static void take_net(const pricing *p, const vrk_action_terms *terms, bool coach,
                     const vrk_verdict *is, const double *lost, double money, double *net)
{
    const vrk_twin *t = p->t;
    double cost =
        terms->fee + terms->fee_each + terms->hours * p->set->margin * money / p->set->hours_a_year;
    for (int64_t b = 0; b < t->draws; b++) {
        double gained = 0;
        bool reached = is[b] == VRK_IS_COMPETENCE || (coach && is[b] == VRK_IS_EXECUTION);
        for (int k = 0; reached && k < EFFECTS; k++) {
            double z = vrk_normal_quantile((k + 0.5) / EFFECTS);
            double won = expm1(terms->effect + terms->effect_sd * z) * money * p->decay;
            gained += fmin(won, lost[b * t->base.sellers]) / EFFECTS;
        }
        net[b] = p->set->margin * gained - cost;
    }
}

static double cost_of(const vrk_action_settings *set, const vrk_settle_option *o, double a_week)
{
    switch (o->kind) {
    case VRK_SETTLE_REVIEW:
        return set->review_fee * (double)o->n;
    case VRK_SETTLE_ASSESS:
        return set->assess_fee;
    case VRK_SETTLE_LOG:
        return set->log_fee * a_week * (double)o->n;
    default:
        return 0;
    }
}

/* The largest net value in front, where it is more than `least`. */
static void choose(vrk_settle *s, double least)
{
    const vrk_settle_option *best = NULL, *same = NULL;
    for (int64_t k = 0; k < s->options; k++) {
        const vrk_settle_option *o = &s->option[k];
        double net = o->value - o->cost;
        if (net > (best ? best->value - best->cost : least))
            best = o;
        if (o->kind == s->kind && o->n == s->n)
            same = o;
    }
    s->priced = true;
    s->pays = best != NULL;
    best = best ? best : same;
    if (!best)
        return;
    s->kind = best->kind;
    s->n = best->n;
    s->probability = best->probability;
    s->cost = best->cost;
    s->value = best->value;
}

static vrk_status price(vrk_ctx *ctx, const pricing *p, int64_t seller, vrk_seller_moment *row)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    const vrk_twin *t = p->t;
    int64_t n = t->draws, weeks = 13 * t->m->cells.quarters;
    double confidence = p->opt && p->opt->confidence > 0 ? p->opt->confidence : 0.7;
    double a_week = (double)row->occasions / (double)(weeks > 13 ? weeks : 13);
    double money = won_by(t, seller), *e = VRK_NEW(&ctx->scratch, n, double);
    double *q = VRK_NEW(&ctx->scratch, n, double);
    double *net = VRK_NEW(&ctx->scratch, ACTIONS * n, double);
    vrk_verdict *is = VRK_NEW(&ctx->scratch, n, vrk_verdict);
    const double *lost = &p->l->part[row->number][seller];
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for what a measurement is worth");
    TRY(vrk_verdict_states(ctx, t->m, row->number, seller, p->opt, n, e, q, is));
    take_net(p, &p->set->train, false, is, lost, money, net);
    take_net(p, &p->set->coach, true, is, lost, money, net + n);
    const vrk_settle_states s = {n, ACTIONS, e, q, is, net};
    for (int64_t k = 0; k < row->settle.options; k++) {
        vrk_settle_option *o = &row->settle.option[k];
        bool later = o->kind == VRK_SETTLE_WAIT || o->kind == VRK_SETTLE_LOG;
        vrk_settle_look(&s, ctx->seed ^ (uint64_t)(row->number << 24 | seller), TRIALS, confidence,
                        o);
        o->value *= later ? 1 - (double)o->n / VRK_TWIN_WEEKS : 1; /* what is left of the year */
        o->cost = cost_of(p->set, o, a_week);
    }
    /* less than a seller brings in within an hour is not worth speaking of */
    choose(&row->settle, p->set->margin * money / p->set->hours_a_year);
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static vrk_status price_one(vrk_ctx *ctx, int64_t i, void *arg)
{
    const pricing *p = arg;
    const vrk_moment_cells *cells = &p->t->m->cells;
    vrk_seller_moment *row = &p->row[i];
    int64_t seller = vrk_moment_cells_seller(cells, row->seller_key);
    if (seller < 0 || !row->judged || row->verdict.all.given || row->number > VRK_AT_MOMENTS ||
        !p->l->part[row->number] || !p->t->base.seller[seller].there)
        return VRK_OK;
    return price(ctx, p, seller, row);
}

vrk_status vrk_settle_price(vrk_ctx *ctx, const vrk_twin *t, const vrk_leaks *l,
                            const vrk_action_settings *set, const vrk_verdict_opt *opt,
                            vrk_seller_moments *s)
{
    double halves = 12 / set->half_life_months; /* a year, in half-lives */
    pricing p = {t, l, set, opt, s->row, (1 - exp2(-halves)) / (halves * log(2))};
    if (!l->tried || strcmp(l->currency, set->currency) != 0)
        return VRK_OK;
    return vrk_par(ctx, "what measurements are worth", s->n, price_one, &p);
}
