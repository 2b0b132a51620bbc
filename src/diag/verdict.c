#include "diag/verdict.h"

#include <math.h>
#include <stdlib.h>

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

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Mean and 90 % interval of x [n], which is put in order. */
static void sum_up(double *x, int64_t n, double *mean, double *lo, double *hi)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += x[i];
    qsort(x, (size_t)n, sizeof(*x), by_size);
    *mean = sum / (double)n;
    *lo = x[(int64_t)(0.05 * (double)n)];
    *hi = x[(int64_t)(0.95 * (double)n)];
}

vrk_status vrk_verdict_of(vrk_ctx *ctx, const vrk_moments *m, int64_t moment, int64_t seller,
                          const vrk_verdict_opt *opt, vrk_seller_verdict *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    const vrk_moment_model *x = &m->moment[moment];
    vrk_verdict_opt o = opt ? *opt : (vrk_verdict_opt){0};
    double delta = o.delta > 0 ? o.delta : 0.5, confidence = o.confidence > 0 ? o.confidence : 0.7;
    double high = m->cells.load_80[seller], mix = x->going.level_mean, team_e = 0, team_q = 0;
    vrk_moment_draws d = {.draws = o.draws > 0 ? o.draws : 1000};
    double **into[] = {&d.e, &d.p, &d.e_team, &d.q, &d.qx, &d.q_team};

    *out = (vrk_seller_verdict){0};
    for (int k = 0; k < 6; k++)
        *into[k] = VRK_NEW(&ctx->scratch, d.draws, double);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for draws");
    TRY(vrk_moments_draw(ctx, m, moment, seller, &d));
    for (int64_t b = 0; b < d.draws; b++) {
        double pressed = d.e[b] + d.p[b] * high, simple = d.q[b] + d.market;
        double q = simple + mix * d.qx[b];
        out->all.probability[region(x, delta, d.e[b], pressed, d.e_team[b], q, d.q_team[b],
                                    d.market)]++;
        out->simple.probability[region(x, delta, d.e[b], pressed, d.e_team[b], simple, d.q_team[b],
                                       d.market)]++;
        out->complex.probability[region(x, delta, d.e[b], pressed, d.e_team[b], simple + d.qx[b],
                                        d.q_team[b], d.market)]++;
        team_e += d.e_team[b] / (double)d.draws;
        team_q += d.q_team[b] / (double)d.draws;
        d.p[b] = pressed;
        d.q[b] = q;
    }
    out->team_e = team_e;
    out->team_q = team_q;
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
