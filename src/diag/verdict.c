#include "diag/verdict.h"

#include "num/sort.h"

#include <math.h>

const char *const vrk_verdict_names[VRK_VERDICTS] = {"fine",     "competence", "execution",
                                                     "pressure", "process",    "market"};

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

/* What comes of an occasion: success weighted by doing it. */
static double result(const vrk_moment_model *x, double e, double q)
{
    double done = logistic(x->doing.base + x->e_reference + e);
    return done * logistic(x->going.base + x->q_reference + q) + (1 - done) * x->undone;
}

/* One draw: e and q whole, with the team's and the market's part of them. */
static vrk_verdict region(const vrk_moment_model *x, double delta, double e, double pressed,
                          double e_team, double q, double q_team, double market)
{
    bool e_short = e <= -delta, q_short = q <= -delta;
    if (e_short && q_short) { /* the one whose repair gains more */
        if (result(x, 0, q) >= result(x, e, 0))
            q_short = false;
        else
            e_short = false;
    }
    if (q_short)
        return q_team <= q / 2   ? VRK_IS_PROCESS
               : market <= q / 2 ? VRK_IS_MARKET
                                 : VRK_IS_COMPETENCE;
    if (e_short)
        return e_team <= e / 2 ? VRK_IS_PROCESS : VRK_IS_EXECUTION;
    if (pressed <= -delta)
        return e_team <= pressed / 2 ? VRK_IS_PROCESS : VRK_IS_PRESSURE;
    return VRK_IS_FINE;
}

static void close_judgement(vrk_judgement *j, double n, double confidence)
{
    for (int k = 0; k < VRK_VERDICTS; k++) {
        j->probability[k] /= n;
        if (j->probability[k] > j->probability[j->likeliest])
            j->likeliest = (vrk_verdict)k;
    }
    j->given = j->probability[j->likeliest] >= confidence;
}

/* Mean and 90 % interval of x [n], which is put in order. */
static void sum_up(double *x, int64_t n, double *mean, double *lo, double *hi)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += x[i];
    vrk_sort(x, n);
    *mean = sum / (double)n;
    *lo = x[(int64_t)(0.05 * (double)n)];
    *hi = x[(int64_t)(0.95 * (double)n)];
}

/* The load that counts as heavy. Where a seller's is not known, the normal one's 80th percentile:
 * that the seller gives way under it is then as likely as the prior says, not ruled out. */
static double high_load(const vrk_moment_cells *cells, int64_t seller)
{
    double known = cells->load_80[seller];
    return known < 0 || known > 0 ? known : 0.84;
}

/* A mix of situations: share of complex deals. */
static vrk_verdict region_at(const vrk_moment_model *x, const vrk_moment_draws *d, int64_t b,
                             double delta, double high, double mix)
{
    return region(x, delta, d->e[b], d->e[b] + d->p[b] * high, d->e_team[b],
                  d->q[b] + d->market + mix * d->qx[b], d->q_team[b], d->market);
}

static vrk_status draw(vrk_ctx *ctx, const vrk_moments *m, int64_t moment, int64_t seller,
                       vrk_moment_draws *d)
{
    double **into[] = {&d->e, &d->p, &d->e_team, &d->q, &d->qx, &d->q_team};
    for (int k = 0; k < 6; k++)
        *into[k] = VRK_NEW(&ctx->scratch, d->draws, double);
    if (ctx->scratch.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for draws");
    return vrk_moments_draw(ctx, m, moment, seller, d);
}

vrk_status vrk_verdict_states(vrk_ctx *ctx, const vrk_moments *m, int64_t moment, int64_t seller,
                              const vrk_verdict_opt *opt, int64_t draws, double *e, double *q,
                              vrk_verdict *is)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    const vrk_moment_model *x = &m->moment[moment];
    double delta = opt && opt->delta > 0 ? opt->delta : 0.5, high = high_load(&m->cells, seller);
    vrk_moment_draws d = {.draws = draws};

    TRY(draw(ctx, m, moment, seller, &d));
    for (int64_t b = 0; b < draws; b++) {
        e[b] = d.e[b];
        q[b] = d.q[b] + d.market + x->going.level_mean * d.qx[b];
        is[b] = region_at(x, &d, b, delta, high, x->going.level_mean);
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

vrk_status vrk_verdict_of(vrk_ctx *ctx, const vrk_moments *m, int64_t moment, int64_t seller,
                          const vrk_verdict_opt *opt, vrk_seller_verdict *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    const vrk_moment_model *x = &m->moment[moment];
    vrk_verdict_opt o = opt ? *opt : (vrk_verdict_opt){0};
    double delta = o.delta > 0 ? o.delta : 0.5, confidence = o.confidence > 0 ? o.confidence : 0.7;
    double high = high_load(&m->cells, seller), mix = x->going.level_mean;
    vrk_moment_draws d = {.draws = o.draws > 0 ? o.draws : 1000};

    *out = (vrk_seller_verdict){.high = high};
    TRY(draw(ctx, m, moment, seller, &d));
    for (int64_t b = 0; b < d.draws; b++) {
        out->all.probability[region_at(x, &d, b, delta, high, mix)]++;
        out->simple.probability[region_at(x, &d, b, delta, high, 0)]++;
        out->complex.probability[region_at(x, &d, b, delta, high, 1)]++;
        out->team_e += d.e_team[b] / (double)d.draws;
        out->team_q += d.q_team[b] / (double)d.draws;
        d.p[b] = d.e[b] + d.p[b] * high;
        d.q[b] += d.market + mix * d.qx[b];
    }
    out->market = d.market;
    sum_up(d.e, d.draws, &out->e, &out->e_lo, &out->e_hi);
    sum_up(d.p, d.draws, &out->pressed, &out->pressed_lo, &out->pressed_hi);
    sum_up(d.q, d.draws, &out->q, &out->q_lo, &out->q_hi);
    close_judgement(&out->all, (double)d.draws, confidence);
    close_judgement(&out->simple, (double)d.draws, confidence);
    close_judgement(&out->complex, (double)d.draws, confidence);
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
