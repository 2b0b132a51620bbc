#include "diag/twin_course.h"

#include <math.h>
#include <string.h>

enum { BLOCK = 4, FITTED_WEEKS = 104, ROUNDS = 14, FITTED_SELLERS = 24 };

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

static double logit(double p)
{
    double x = fmin(fmax(p, 1e-4), 1 - 1e-4);
    return log(x / (1 - x));
}

/* What holds for a few weeks: crowding moves slowly. */
typedef struct {
    double born; /* own and inbound, a week */
    double stop[VRK_TWIN_KINDS]
               [VRK_TWIN_FITS]; /* share stopped of those that leave the first place */
    double out[VRK_TWIN_KINDS]; /* share that leaves it in a week */
    double forward[VRK_TWIN_STATES][VRK_TWIN_KINDS][VRK_TWIN_FITS]; /* share a week */
    double lost[VRK_TWIN_STATES][VRK_TWIN_KINDS][VRK_TWIN_FITS];
    double back[VRK_TWIN_STATES][VRK_TWIN_KINDS];
} block;

vrk_twin_effects vrk_twin_effects_of(const vrk_moments *m, const vrk_twin_base *base)
{
    const vrk_half *s = &m->moment[VRK_AT_STEERING].going;
    vrk_twin_effects e = {.qualified = s->fixed[VRK_HALF_QUALIFIED],
                          .dated = base->dated,
                          .kept = base->kept,
                          .squeezed = s->fixed[VRK_HALF_CROWDING],
                          .touches = m->moment[VRK_AT_PROSPECTING].going.fixed[VRK_HALF_TOUCHES]};
    for (int k = 1; k <= VRK_AT_MOMENTS; k++) {
        e.crowding[k] = m->moment[k].doing.fixed[VRK_HALF_CROWDING];
        e.crowded[k] = m->moment[k].doing.fixed[VRK_HALF_CROWDED];
    }
    return e;
}

/* Share of occasions where it is done, over the seller's levels of load. */
static double done_of(const vrk_twin_course *c, int k, double crowding)
{
    const vrk_moment_model *x = &c->m->moment[k];
    double z = crowding - x->doing.crowding_mean, sum = 0;
    double odds = x->doing.base + x->e_reference + c->trait[k].e + c->effects->crowding[k] * z +
                  c->effects->crowded[k] * fmax(z, 0);
    double slope = x->p_reference + c->trait[k].p;
    if (!x->has_doing)
        return 1;
    for (int l = 0; l < VRK_TWIN_LOADS; l++)
        sum += logistic(odds + slope * (c->seller->load[l] - c->shift.less_load));
    return sum / VRK_TWIN_LOADS;
}

/* Log odds of success once done. */
static double going_of(const vrk_twin_course *c, int k, double complex)
{
    const vrk_moment_model *x = &c->m->moment[k];
    double usual = k == VRK_AT_QUALIFICATION ? 0 : x->going.level_mean;
    return c->effects->climate + x->going.base + x->going.slope * (complex - usual) +
           x->q_reference + c->trait[k].q + complex * c->trait[k].qx;
}

static double births(const vrk_twin_course *c, double crowding)
{
    double done = done_of(c, VRK_AT_PROSPECTING, crowding);
    double odds = exp(going_of(c, VRK_AT_PROSPECTING, 0) +
                      c->effects->touches * (c->seller->touches + log(c->shift.touches)));
    return c->seller->inbound +
           c->seller->working * (done * c->scenario->own * odds + (1 - done) * c->base->own_missed);
}

/* Fills stop; the share of deals going on that were qualified, by fit. */
static void qualify(const vrk_twin_course *c, double crowding, block *b,
                    double qualified[VRK_TWIN_KINDS][VRK_TWIN_FITS])
{
    double done = done_of(c, VRK_AT_QUALIFICATION, crowding), fit = c->scenario->fit;
    double undone = fmin(c->base->stopped_undone / (1 - 0.6 * fit), 0.9);
    for (int x = 0; x < VRK_TWIN_KINDS; x++) {
        double q = going_of(c, VRK_AT_QUALIFICATION, x);
        double stop[VRK_TWIN_FITS] = {logistic(VRK_QUALIFYING_STRICT - VRK_QUALIFYING_MISTAKE * q),
                                      logistic(q)};
        for (int f = 0; f < VRK_TWIN_FITS; f++) {
            double by_chance = undone * (f ? 1 : 0.4); /* what can be won shows it a little */
            double on = done * (1 - stop[f]), all = on + (1 - done) * (1 - by_chance);
            b->stop[x][f] = 1 - all;
            qualified[x][f] = on / all;
        }
    }
}

/* Log odds that earlier moments usually leave behind: what was seen of undone occasions is at
 * these. */
static double usually_behind(const vrk_twin_course *c)
{
    const vrk_moment_model *step = &c->m->moment[VRK_AT_NEXT_STEP];
    const vrk_moment_model *first = &c->m->moment[VRK_AT_QUALIFICATION];
    return logistic(step->doing.base) *
               (c->effects->dated + c->effects->kept * logistic(step->going.base)) +
           c->effects->qualified * logistic(first->doing.base);
}

static void make_block(const vrk_twin_course *c, const vrk_twin_pipeline *p, block *b)
{
    const vrk_twin_base *base = c->base;
    const vrk_twin_scenario *s = c->scenario;
    const vrk_moment_model *steering = &c->m->moment[VRK_AT_STEERING];
    double open = 0, qualified[VRK_TWIN_KINDS][VRK_TWIN_FITS];
    for (int64_t i = 0; i < base->states; i++) {
        for (int x = 0; x < VRK_TWIN_KINDS; x++)
            open += p->n[i][x][0] + p->n[i][x][1];
    }
    double crowding = c->seller->crowding + log((open + 2) / (c->seller->open + 2)) -
                      log1p(c->shift.more_h / fmax(c->seller->free_h, 1));
    double step = done_of(c, VRK_AT_NEXT_STEP, crowding);
    double steer = done_of(c, VRK_AT_STEERING, crowding);
    double answer = done_of(c, VRK_AT_OBJECTION, crowding);
    double squeezed = c->effects->squeezed * (crowding - steering->going.crowding_mean);
    double usual = usually_behind(c);

    b->born = births(c, crowding);
    qualify(c, crowding, b, qualified);
    for (int x = 0; x < VRK_TWIN_KINDS; x++) {
        double kept = logistic(going_of(c, VRK_AT_NEXT_STEP, x));
        double behind =
            step * (c->effects->dated + c->effects->kept * kept) + squeezed + c->effects->climate;
        double met_well = answer * logistic(going_of(c, VRK_AT_OBJECTION, x)) +
                          (1 - answer) * base->undone[VRK_AT_OBJECTION];
        double objected = base->objections * (1 - met_well);
        b->out[x] =
            1 - exp(-base->place[0][x].forward - base->place[0][x].won - base->place[0][x].lost);
        for (int64_t i = 1; i < base->states; i++) {
            b->back[i][x] = i > 1 ? base->place[i][x].back : 0;
            for (int f = 0; f < VRK_TWIN_FITS; f++) {
                double odds = behind + c->effects->qualified * qualified[x][f];
                double lost = s->lost[i][x] * (f ? s->leak : 1) + objected;
                b->lost[i][x][f] = 1 - exp(-lost);
                if (!base->decision[i]) {
                    b->forward[i][x][f] =
                        1 - exp(-exp(s->forward[i][x] + odds) * (f ? s->slow : 1));
                    continue;
                }
                odds -= f ? s->shift : 0;
                double well = logistic(s->forward[i][x] + odds + c->trait[VRK_AT_STEERING].q +
                                       x * c->trait[VRK_AT_STEERING].qx);
                double otherwise = logistic(logit(base->undone[VRK_AT_STEERING]) + odds - usual +
                                            s->shift * (1 - s->share[i][x]));
                b->forward[i][x][f] = c->seller->working * (steer * well + (1 - steer) * otherwise);
            }
        }
    }
}

/* What leaves in a week by one of several ways, all ways together leaving at rate `all`. */
static double share_of(double rate, double all)
{
    return all > 0 ? rate / all * (1 - exp(-all)) : 0;
}

static double all_exits(const vrk_twin_place *at)
{
    return at->forward + at->won + at->lost + at->back;
}

static void count_week(const block *b, int64_t i, int x, int f, double n, vrk_twin_pipeline *p)
{
    p->stood[i][x][f] += n;
    p->moved[i][x] += n * b->forward[i][x][f];
    p->gone[i][x] += n * (1 - b->forward[i][x][f]) * b->lost[i][x][f];
}

static void live_week(const vrk_twin_course *c, const block *b, bool count, vrk_twin_pipeline *p)
{
    const vrk_twin_base *base = c->base;
    for (int x = 0; x < VRK_TWIN_KINDS; x++) {
        double share = x ? base->complex_share : 1 - base->complex_share;
        for (int f = 0; f < VRK_TWIN_FITS; f++) {
            double returned = 0; /* to the place before, from the one after it */
            for (int64_t i = base->states - 1; i >= 1; i--) {
                const vrk_twin_place *at = &base->place[i][x];
                double n = p->n[i][x][f], forward = n * b->forward[i][x][f];
                double back = (n - forward) * b->back[i][x];
                double exits = at->forward + at->won;
                double won =
                    i == base->states - 1 || !(exits > 0) ? forward : forward * at->won / exits;
                double skip = i + 2 < base->states ? at->skip * (forward - won) : 0;
                if (count)
                    count_week(b, i, x, f, n, p);
                p->won += won * base->amount[x];
                p->n[i][x][f] = (n - forward) * (1 - b->lost[i][x][f]) - back + returned;
                if (i + 1 < base->states)
                    p->n[i + 1][x][f] += forward - won - skip;
                if (skip > 0)
                    p->n[i + 2][x][f] += skip;
                returned = back;
                p->n[i][x][f] = fmax(p->n[i][x][f], 0);
            }
            double leaving = p->n[0][x][f] * b->out[x];
            p->n[0][x][f] +=
                b->born * share * (f ? 1 - c->scenario->fit : c->scenario->fit) - leaving;
            double on = leaving * (1 - b->stop[x][f]);
            double skip = base->states > 2 ? base->place[0][x].skip * on : 0;
            p->n[1][x][f] += on - skip;
            p->n[2][x][f] += skip;
        }
    }
}

void vrk_twin_run(const vrk_twin_course *c, int64_t weeks, bool count, vrk_twin_pipeline *p)
{
    block b;
    for (int64_t week = 0; week < weeks; week++) {
        if (week % BLOCK == 0)
            make_block(c, p, &b);
        live_week(c, &b, count, p);
    }
}

void vrk_twin_start(const vrk_twin_course *c, vrk_twin_pipeline *p)
{
    memset(p, 0, sizeof(*p));
    for (int64_t i = 0; i < c->base->states; i++) {
        for (int x = 0; x < VRK_TWIN_KINDS; x++) {
            double n = c->seller->standing[i][x], share = c->scenario->share[i][x];
            p->n[i][x][0] = n * share;
            p->n[i][x][1] = n * (1 - share);
        }
    }
}

/* So that the odds of prospecting weeks give the own deals that came. */
static void fit_own(vrk_twin_course *c, const vrk_twin_trait *trait, vrk_twin_scenario *s)
{
    double sum = 0, missed = 0, n = 0;
    for (int64_t i = 0; i < c->base->sellers; i++) {
        const vrk_twin_seller *seller = &c->base->seller[i];
        c->seller = seller;
        c->trait = &trait[i * (VRK_AT_MOMENTS + 1)];
        if (!seller->there)
            continue;
        double done = done_of(c, VRK_AT_PROSPECTING, seller->crowding);
        sum +=
            done * exp(going_of(c, VRK_AT_PROSPECTING, 0) + c->effects->touches * seller->touches);
        missed += (1 - done) * c->base->own_missed;
        n++;
    }
    s->own = sum > 0 ? fmax(c->base->own * n - missed, 0) / sum : 0;
}

/* Moves a place's rates towards what was seen there. */
static void correct(const vrk_twin_base *base, const vrk_twin_pipeline *sum, vrk_twin_scenario *s)
{
    for (int64_t i = 0; i < base->states; i++) {
        for (int x = 0; x < VRK_TWIN_KINDS; x++) {
            const vrk_twin_place *at = &base->place[i][x];
            double stood = sum->stood[i][x][0] + sum->stood[i][x][1];
            if (i > 0 && stood > 0) {
                double exits = share_of(at->forward + at->won, all_exits(at));
                double losses = share_of(at->lost, all_exits(at));
                double moved = logit(exits) - logit(sum->moved[i][x] / stood);
                double gone = losses - sum->gone[i][x] / stood;
                s->forward[i][x] += fmin(fmax(1.2 * moved, -1), 1);
                s->lost[i][x] = fmax(s->lost[i][x] + 0.8 * gone, 0.0005);
                s->share[i][x] = sum->stood[i][x][0] / stood;
            }
        }
    }
}

void vrk_twin_fit(const vrk_twin_base *base, const vrk_moments *m, const vrk_twin_trait *trait,
                  vrk_twin_scenario *s)
{
    vrk_twin_effects effects = vrk_twin_effects_of(m, base);
    vrk_twin_course c = {.base = base, .m = m, .scenario = s, .effects = &effects};
    int64_t step = base->sellers > FITTED_SELLERS ? base->sellers / FITTED_SELLERS : 1;
    c.shift.touches = 1;
    for (int64_t i = 0; i < base->states; i++) {
        for (int x = 0; x < VRK_TWIN_KINDS; x++) {
            double exits = base->place[i][x].forward + base->place[i][x].won;
            s->forward[i][x] = base->decision[i] ? logit(2 * exits) : log(fmax(exits, 1e-3));
            s->lost[i][x] = fmax(base->place[i][x].lost / 2, 0.001);
            s->share[i][x] = s->fit;
        }
    }
    fit_own(&c, trait, s);
    for (int round = 0; round < ROUNDS; round++) {
        vrk_twin_pipeline sum = {0};
        for (int64_t i = 0; i < base->sellers; i += step) {
            vrk_twin_pipeline p = {0};
            if (!base->seller[i].there)
                continue;
            c.seller = &base->seller[i];
            c.trait = &trait[i * (VRK_AT_MOMENTS + 1)];
            vrk_twin_run(&c, FITTED_WEEKS, true, &p);
            for (int64_t k = 0; k < base->states; k++) {
                for (int x = 0; x < VRK_TWIN_KINDS; x++) {
                    sum.moved[k][x] += p.moved[k][x];
                    sum.gone[k][x] += p.gone[k][x];
                    for (int f = 0; f < VRK_TWIN_FITS; f++)
                        sum.stood[k][x][f] += p.stood[k][x][f];
                }
            }
        }
        correct(base, &sum, s);
    }
}
