#include "diag/twin_course.h"
#include "num/wide.h"

#include <math.h>
#include <string.h>

enum { LANES = VRK_TWIN_LANES, BLOCK = 4, FITTED_WEEKS = 104, ROUNDS = 14, FITTED_SELLERS = 24 };

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

static double logit(double p)
{
    double x = fmin(fmax(p, 1e-4), 1 - 1e-4);
    return log(x / (1 - x));
}

/* What holds for a few weeks, for crowding moves slowly: where a deal is a week later, by place and
 * lane, as shares of those that stand there. */
typedef struct {
    double born[LANES];
    double stay[VRK_TWIN_STATES][LANES], on[VRK_TWIN_STATES][LANES], skip[VRK_TWIN_STATES][LANES];
    double back[VRK_TWIN_STATES + 1][LANES];
    double won[VRK_TWIN_STATES][LANES];                                 /* money */
    double moved[VRK_TWIN_STATES][LANES], gone[VRK_TWIN_STATES][LANES]; /* to be counted */
} block;

/* What holds for a whole course: all that does not hang on crowding. */
typedef struct {
    double undone[VRK_AT_MOMENTS + 1][VRK_TWIN_LOADS]; /* odds against doing, at no crowding */
    double own;                                 /* deals of a week in which prospecting is done */
    double stop[VRK_TWIN_KINDS][VRK_TWIN_FITS]; /* share stopped when qualified */
    double missed[VRK_TWIN_FITS];               /* share stopped when not */
    double behind[VRK_TWIN_KINDS];              /* log odds that a dated next step leaves */
    double met_well[VRK_TWIN_KINDS];            /* share of objections answered that go well */
    double steered[VRK_TWIN_KINDS], unsteered;  /* odds against moving on, times */
} standing;

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

/* Log odds of success once done. */
static double going_of(const vrk_twin_course *c, int k, double complex)
{
    const vrk_moment_model *x = &c->m->moment[k];
    double usual = k == VRK_AT_QUALIFICATION ? 0 : x->going.level_mean;
    return c->effects->climate + x->going.base + x->going.slope * (complex - usual) +
           x->q_reference + c->trait[k].q + complex * c->trait[k].qx;
}

static void take_undone(const vrk_twin_course *c, int k, double *odds)
{
    const vrk_moment_model *x = &c->m->moment[k];
    double usual = x->doing.base + x->e_reference + c->trait[k].e;
    double slope = x->p_reference + c->trait[k].p;
    for (int l = 0; l < VRK_TWIN_LOADS; l++)
        odds[l] = exp(-usual - slope * (c->seller->load[l] - c->shift.less_load));
}

/* Share of occasions where it is done, over the seller's levels of load. */
static double done_of(const vrk_twin_course *c, const standing *u, int k, double crowding)
{
    double z = crowding - c->m->moment[k].doing.crowding_mean, sum = 0;
    if (!c->m->moment[k].has_doing)
        return 1;
    double odds = exp(-c->effects->crowding[k] * z - c->effects->crowded[k] * fmax(z, 0));
    for (int l = 0; l < VRK_TWIN_LOADS; l++)
        sum += 1 / (1 + u->undone[k][l] * odds);
    return sum / VRK_TWIN_LOADS;
}

static double own_of(const vrk_twin_course *c)
{
    return exp(going_of(c, VRK_AT_PROSPECTING, 0) +
               c->effects->touches * (c->seller->touches + log(c->shift.touches)));
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

static void take_standing(const vrk_twin_course *c, standing *u)
{
    const vrk_twin_trait *steering = &c->trait[VRK_AT_STEERING];
    double undone = fmin(c->base->stopped_undone / (1 - 0.6 * c->scenario->fit), 0.9);
    for (int k = 1; k <= VRK_AT_MOMENTS; k++)
        take_undone(c, k, u->undone[k]);
    u->own = c->scenario->own * own_of(c);
    u->missed[0] = 0.4 * undone; /* what can be won shows it a little */
    u->missed[1] = undone;
    for (int x = 0; x < VRK_TWIN_KINDS; x++) {
        double q = going_of(c, VRK_AT_QUALIFICATION, x);
        u->stop[x][0] = logistic(VRK_QUALIFYING_STRICT - VRK_QUALIFYING_MISTAKE * q);
        u->stop[x][1] = logistic(q);
        u->behind[x] =
            c->effects->dated + c->effects->kept * logistic(going_of(c, VRK_AT_NEXT_STEP, x));
        u->met_well[x] = logistic(going_of(c, VRK_AT_OBJECTION, x));
        u->steered[x] = exp(-steering->q - x * steering->qx);
    }
    u->unsteered = exp(usually_behind(c) - logit(c->base->undone[VRK_AT_STEERING]));
}

/* New deals a week. */
static double born_of(const vrk_twin_course *c, const standing *u, double crowding)
{
    double prospected = done_of(c, u, VRK_AT_PROSPECTING, crowding);
    return c->seller->inbound +
           c->seller->working * (prospected * u->own + (1 - prospected) * c->base->own_missed);
}

/* The share of them that is complex, when some are swapped. */
static double complex_of(const vrk_twin_course *c, double born)
{
    double usual = c->base->complex_share;
    return born > 0 ? fmin(fmax(usual + c->shift.complex / born, 0), 1) : usual;
}

/* Fills the first place; the share of deals going on that were qualified, by lane. */
static void qualify(const vrk_twin_course *c, const standing *u, double crowding, block *b,
                    double qualified[LANES])
{
    const vrk_twin_base *base = c->base;
    double done = done_of(c, u, VRK_AT_QUALIFICATION, crowding);
    double born = born_of(c, u, crowding), complex = complex_of(c, born);
    for (int k = 0; k < LANES; k++) {
        int x = k / VRK_TWIN_FITS, f = k % VRK_TWIN_FITS;
        double through = done * (1 - u->stop[x][f]);
        double all = through + (1 - done) * (1 - u->missed[f]);
        double on = c->scenario->leaving[x] * all;
        qualified[k] = through / all;
        b->born[k] =
            born * (x ? complex : 1 - complex) * (f ? 1 - c->scenario->fit : c->scenario->fit);
        b->stay[0][k] = 1 - c->scenario->leaving[x];
        b->skip[0][k] = base->states > 2 ? base->place[0][x].skip * on : 0;
        b->on[0][k] = on - b->skip[0][k];
        b->won[0][k] = 0;
    }
}

static double crowding_of(const vrk_twin_course *c, const vrk_twin_pipeline *p)
{
    double open = 0;
    for (int64_t i = 0; i < c->base->states; i++) {
        for (int k = 0; k < LANES; k++)
            open += p->n[i][k];
    }
    return c->seller->crowding + log((open + 2) / (c->seller->open + 2)) -
           log1p(c->shift.more_h / fmax(c->seller->free_h, 1));
}

/* What moves deals on in the weeks of a block, by lane. */
typedef struct {
    double odds[LANES];               /* of moving on, times */
    double unhurt[LANES];             /* share that objections leave */
    double steered[LANES], unsteered; /* odds against moving on, times */
    double steer, working;            /* shares */
    double amount[LANES];             /* of a deal won */
} pace;

/* Of those in a place after the first: the share that moves on in a week. */
VRK_WIDE static void move_on(const vrk_twin_base *base, const vrk_twin_scenario *s, const pace *v,
                             block *b)
{
    for (int64_t i = 1; i < base->states; i++) {
        double *forward = b->moved[i], hazard[LANES];
        if (base->decision[i]) {
            for (int k = 0; k < LANES; k++) {
                double well = v->odds[k] / (v->odds[k] + s->against[i][k] * v->steered[k]);
                double otherwise = v->odds[k] / (v->odds[k] + s->otherwise[i][k] * v->unsteered);
                forward[k] = v->working * (v->steer * well + (1 - v->steer) * otherwise);
            }
        } else {
            for (int k = 0; k < LANES; k++) {
                hazard[k] = -s->rate[i][k] * v->odds[k];
                hazard[k] = hazard[k] > -700 ? hazard[k] : -700;
            }
            for (int k = 0; k < LANES; k++)
                forward[k] = 1 - vrk_wide_exp(hazard[k]);
        }
    }
}

/* Where those in a place after the first are a week later. */
VRK_WIDE static void pass_on(int64_t states, const vrk_twin_scenario *s, const pace *v, block *b)
{
    for (int64_t i = 1; i < states; i++) {
        for (int k = 0; k < LANES; k++) {
            double forward = b->moved[i][k], rest = 1 - forward;
            double kept = s->kept[i][k] * v->unhurt[k], won = forward * s->wins[i][k];
            double on = forward - won, stay = rest * kept;
            b->back[i][k] = rest * s->back[i][k];
            stay -= b->back[i][k];
            b->stay[i][k] = stay > 0 ? stay : 0;
            b->skip[i][k] = s->skips[i][k] * on;
            b->on[i][k] = on - b->skip[i][k];
            b->won[i][k] = won * v->amount[k];
            b->gone[i][k] = rest * (1 - kept);
        }
    }
}

static void make_block(const vrk_twin_course *c, const standing *u, const vrk_twin_pipeline *p,
                       block *b)
{
    const vrk_twin_base *base = c->base;
    double crowding = crowding_of(c, p), qualified[LANES];
    double step = done_of(c, u, VRK_AT_NEXT_STEP, crowding);
    double answer = done_of(c, u, VRK_AT_OBJECTION, crowding);
    double squeezed =
        c->effects->squeezed * (crowding - c->m->moment[VRK_AT_STEERING].going.crowding_mean);
    pace v = {.steer = done_of(c, u, VRK_AT_STEERING, crowding),
              .working = c->seller->working,
              .unsteered = u->unsteered};

    qualify(c, u, crowding, b, qualified);
    for (int k = 0; k < LANES; k++) {
        int x = k / VRK_TWIN_FITS;
        double met_well = answer * u->met_well[x] + (1 - answer) * base->undone[VRK_AT_OBJECTION];
        v.odds[k] = exp(step * u->behind[x] + squeezed + c->effects->climate +
                        c->effects->qualified * qualified[k]);
        v.unhurt[k] = exp(-base->objections * (1 - met_well));
        v.steered[k] = u->steered[x];
        v.amount[k] = base->amount[x];
    }
    move_on(base, c->scenario, &v, b);
    pass_on(base->states, c->scenario, &v, b);
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

VRK_WIDE static void count_week(const vrk_twin_base *base, const block *b, vrk_twin_pipeline *p)
{
    for (int64_t i = 1; i < base->states; i++) {
        for (int k = 0; k < LANES; k++) {
            p->stood[i][k] += p->n[i][k];
            p->moved[i][k / VRK_TWIN_FITS] += p->n[i][k] * b->moved[i][k];
            p->gone[i][k / VRK_TWIN_FITS] += p->n[i][k] * b->gone[i][k];
        }
    }
}

/* A banded step, all lanes at once: the compiler makes vectors of it. */
VRK_WIDE static void live_week(int64_t states, const block *b, vrk_twin_pipeline *p)
{
    double before[2][LANES] = {{0}}, won[LANES] = {0}; /* what came on and skipped from below */
    for (int64_t i = 0; i < states; i++) {
        const double *n = p->n[i], *after = p->n[i + 1];
        double next[LANES], skipped[LANES];
        for (int k = 0; k < LANES; k++) {
            next[k] = n[k] * b->stay[i][k] + after[k] * b->back[i + 1][k] + before[0][k];
            won[k] += n[k] * b->won[i][k];
            skipped[k] = n[k] * b->skip[i][k];
            before[0][k] = n[k] * b->on[i][k] + before[1][k];
            before[1][k] = skipped[k];
        }
        memcpy(p->n[i], next, sizeof(next));
    }
    for (int k = 0; k < LANES; k++) {
        p->n[0][k] += b->born[k];
        p->won += won[k];
    }
}

void vrk_twin_run(const vrk_twin_course *c, int64_t weeks, bool count, vrk_twin_pipeline *p)
{
    standing u;
    block b = {0};
    take_standing(c, &u);
    for (int64_t week = 0; week < weeks; week++) {
        if (week % BLOCK == 0)
            make_block(c, &u, p, &b);
        if (count)
            count_week(c->base, &b, p);
        live_week(c->base->states, &b, p);
    }
}

double vrk_twin_inflow(const vrk_twin_course *c)
{
    standing u;
    take_standing(c, &u);
    return born_of(c, &u, c->seller->crowding);
}

void vrk_twin_start(const vrk_twin_course *c, vrk_twin_pipeline *p)
{
    memset(p, 0, sizeof(*p));
    for (int64_t i = 0; i < c->base->states; i++) {
        for (int x = 0; x < VRK_TWIN_KINDS; x++) {
            double n = c->seller->standing[i][x], share = c->scenario->share[i][x];
            p->n[i][x * VRK_TWIN_FITS] = n * share;
            p->n[i][x * VRK_TWIN_FITS + 1] = n * (1 - share);
        }
    }
}

/* So that the odds of prospecting weeks give the own deals that came. */
static void fit_own(vrk_twin_course *c, const vrk_twin_trait *trait, vrk_twin_scenario *s)
{
    double sum = 0, missed = 0, n = 0;
    standing u;
    for (int64_t i = 0; i < c->base->sellers; i++) {
        const vrk_twin_seller *seller = &c->base->seller[i];
        c->seller = seller;
        c->trait = &trait[i * (VRK_AT_MOMENTS + 1)];
        if (!seller->there)
            continue;
        take_undone(c, VRK_AT_PROSPECTING, u.undone[VRK_AT_PROSPECTING]);
        double done = done_of(c, &u, VRK_AT_PROSPECTING, seller->crowding);
        sum += done * own_of(c);
        missed += (1 - done) * c->base->own_missed;
        n++;
    }
    s->own = sum > 0 ? fmax(c->base->own * n - missed, 0) / sum : 0;
}

/* What a course needs of the scenario, by place and lane, without taking exponents again. */
static void take_factors(const vrk_twin_base *base, vrk_twin_scenario *s)
{
    for (int x = 0; x < VRK_TWIN_KINDS; x++) {
        const vrk_twin_place *first = &base->place[0][x];
        s->leaving[x] = 1 - exp(-first->forward - first->won - first->lost);
    }
    for (int64_t i = 1; i < base->states; i++) {
        for (int k = 0; k < LANES; k++) {
            int x = k / VRK_TWIN_FITS, f = k % VRK_TWIN_FITS;
            double hardly = f ? s->shift : 0;
            s->kept[i][k] = exp(-s->lost[i][x] * (f ? s->leak : 1));
            s->rate[i][k] = base->decision[i] ? 0 : exp(s->forward[i][x]) * (f ? s->slow : 1);
            s->against[i][k] = exp(hardly - s->forward[i][x]);
            s->otherwise[i][k] = exp(hardly - s->shift * (1 - s->share[i][x]));
            const vrk_twin_place *at = &base->place[i][x];
            double exits = at->forward + at->won;
            s->wins[i][k] = i == base->states - 1 || !(exits > 0) ? 1 : at->won / exits;
            s->skips[i][k] = i + 2 < base->states ? at->skip : 0;
            s->back[i][k] = i > 1 ? at->back : 0;
        }
    }
}

/* Moves a place's rates towards what was seen there. */
static void correct(const vrk_twin_base *base, const vrk_twin_pipeline *sum, vrk_twin_scenario *s)
{
    for (int64_t i = 0; i < base->states; i++) {
        for (int x = 0; x < VRK_TWIN_KINDS; x++) {
            const vrk_twin_place *at = &base->place[i][x];
            const double *by_fit = &sum->stood[i][x * VRK_TWIN_FITS];
            double stood = by_fit[0] + by_fit[1];
            if (i > 0 && stood > 0) {
                double exits = share_of(at->forward + at->won, all_exits(at));
                double losses = share_of(at->lost, all_exits(at));
                double moved = logit(exits) - logit(sum->moved[i][x] / stood);
                double gone = losses - sum->gone[i][x] / stood;
                s->forward[i][x] += fmin(fmax(1.2 * moved, -1), 1);
                s->lost[i][x] = fmax(s->lost[i][x] + 0.8 * gone, 0.0005);
                s->share[i][x] = by_fit[0] / stood;
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
    take_factors(base, s);
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
                }
                for (int l = 0; l < LANES; l++)
                    sum.stood[k][l] += p.stood[k][l];
            }
        }
        correct(base, &sum, s);
        take_factors(base, s);
    }
}
