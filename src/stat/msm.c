#include "stat/msm.h"

#include "num/expm.h"
#include "num/mat.h"
#include "num/optimise.h"
#include "stat/msm_parts.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const double NO_SIGN = 1e-3; /* expected transitions in all the data: taken as none */

typedef struct {
    msm_steps steps;
    msm_room room;
    int64_t q;     /* parameters, (1+p) x transitions */
    double *theta; /* [q] on standardised covariates */
    double *h;     /* [q x q] */
    bool *fixed;   /* [q] */
    double *stay;  /* [k] time seen in each state, as if each held until the next row */
} work;

static vrk_status reserve(vrk_ctx *ctx, work *a, vrk_msm *out)
{
    const vrk_msm_data *d = a->steps.d;
    int64_t p = d->p, t = d->transitions, q = t * (1 + p);
    a->q = q;
    a->theta = VRK_NEW(&ctx->scratch, q, double);
    a->h = VRK_NEW(&ctx->scratch, q * q, double);
    a->fixed = VRK_NEW(&ctx->scratch, q, bool);
    a->stay = VRK_NEW(&ctx->scratch, d->states, double);
    out->from = VRK_NEW(&out->mem, t, int32_t);
    out->into = VRK_NEW(&out->mem, t, int32_t);
    out->beta = VRK_NEW(&out->mem, q, double);
    out->se = VRK_NEW(&out->mem, q, double);
    out->vcov = VRK_NEW(&out->mem, q * q, double);
    out->dropped = VRK_NEW(&out->mem, p, bool);
    out->zero = VRK_NEW(&out->mem, t, bool);
    out->untold = VRK_NEW(&out->mem, t, bool);
    if (ctx->scratch.failed || out->mem.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " rates", q);
    memcpy(out->from, d->from, (size_t)t * sizeof(int32_t));
    memcpy(out->into, d->into, (size_t)t * sizeof(int32_t));
    memcpy(out->dropped, a->steps.dropped, (size_t)p * sizeof(bool));
    for (int64_t i = 0; i < q; i++)
        a->fixed[i] = i % (1 + p) > 0 && out->dropped[i % (1 + p) - 1];
    return VRK_OK;
}

/* Rates as if every move were seen when it happened. */
static void begin(work *a)
{
    const vrk_msm_data *d = a->steps.d;
    double all = 0, moves = 0;
    for (int64_t i = 0; i + 1 < d->n; i++) {
        if (d->subject[i] != d->subject[i + 1])
            continue;
        all += d->time[i + 1] - d->time[i];
        moves += d->state[i] != d->state[i + 1];
        if (d->state[i] < d->states)
            a->stay[d->state[i]] += d->time[i + 1] - d->time[i];
    }
    for (int32_t t = 0; t < d->transitions; t++) {
        double n = .5, stay = a->stay[d->from[t]];
        for (int64_t b = 0; b < a->steps.buckets; b++)
            n += a->steps.seen[d->from[t] + d->states * (d->into[t] + d->states * b)];
        if (!(stay > 0)) {
            n = moves + .5;
            stay = all;
        }
        a->theta[t * (1 + d->p)] = log(n / stay);
    }
}

/* A transition whose rate is so low that none is expected in all the time: its rate is zero. */
static bool find_zero(work *a, vrk_msm *out)
{
    const vrk_msm_data *d = a->steps.d;
    double all = 0;
    bool any = false;
    for (int32_t s = 0; s < d->states; s++)
        all += a->stay[s];
    for (int32_t t = 0; t < d->transitions; t++) {
        const double *b = a->theta + t * (1 + d->p);
        double most = -HUGE_VAL;
        for (int64_t i = 0; i < a->steps.patterns; i++) {
            double log_rate = b[0];
            for (int64_t j = 0; j < d->p; j++)
                log_rate += b[1 + j] * a->steps.x[j + i * d->p];
            most = fmax(most, log_rate);
        }
        out->zero[t] = exp(most) * all < NO_SIGN;
        any = any || out->zero[t];
        for (int64_t j = 0; out->zero[t] && j <= d->p; j++)
            a->fixed[t * (1 + d->p) + j] = true;
    }
    return any;
}

/* Errors by the curvature at the estimate; a->h becomes their matrix. Where the likelihood is level
 * in a direction, the last parameter of it is taken as known. */
static vrk_status find_errors(vrk_ctx *ctx, work *a, vrk_msm *out)
{
    vrk_status st = VRK_OK;
    int64_t q = a->q;
    double *curve = VRK_NEW(&ctx->scratch, q * q, double);
    bool *dropped = VRK_NEW(&ctx->scratch, q, bool);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " rates", q);
    TRY(vrk_hessian(ctx, q, vrk_msm_value, &a->room, a->theta, NULL, curve));
    memcpy(dropped, a->fixed, (size_t)q * sizeof(bool));
    for (int64_t i = 0; i < q * q; i++)
        curve[i] = a->fixed[i % q] || a->fixed[i / q] ? 0 : curve[i];
    out->rank = vrk_chol(curve, q, 1e-9, dropped);
    for (int64_t i = 0; i < q; i++) {
        bool lost = dropped[i] && !a->fixed[i];
        out->untold[i / (1 + out->p)] = out->untold[i / (1 + out->p)] || lost;
        out->stop = lost ? VRK_STOP_BOUNDARY : out->stop;
    }
    vrk_chol_inverse(curve, q, dropped, a->h);
done:
    return st;
}

/* From standardised covariates to those given: beta_j = b_j / sd_j, beta_0 = b_0 - sum b_j m_j /
 * sd_j; and so for both sides of the covariance. */
static void turn(const work *a, double *b, int64_t stride)
{
    int64_t p = a->steps.d->p;
    for (int64_t t = 0; t < a->q; t += 1 + p) {
        for (int64_t j = 0; j < p; j++) {
            b[(t + 1 + j) * stride] /= a->steps.sd[j];
            b[t * stride] -= b[(t + 1 + j) * stride] * a->steps.mean[j];
        }
    }
}

static void finish(const work *a, vrk_msm *out)
{
    int64_t q = a->q;
    memcpy(out->beta, a->theta, (size_t)q * sizeof(double));
    memcpy(out->vcov, a->h, (size_t)(q * q) * sizeof(double));
    turn(a, out->beta, 1);
    for (int64_t i = 0; i < q; i++)
        turn(a, out->vcov + i * q, 1);
    for (int64_t i = 0; i < q; i++)
        turn(a, out->vcov + i, q);
    for (int64_t i = 0; i < q; i++) {
        bool lost = a->fixed[i] || out->untold[i / (1 + out->p)];
        out->se[i] = lost ? nan("") : sqrt(out->vcov[i * (q + 1)]);
    }
}

vrk_status vrk_msm_fit(vrk_ctx *ctx, const vrk_msm_data *data, const vrk_msm_opt *opt, vrk_msm *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_minimise_opt o = {.max_iter = opt && opt->max_iter > 0 ? opt->max_iter : 500,
                          .tol = opt && opt->tol > 0 ? opt->tol : 1e-13};
    vrk_minimum best = {0};
    work a = {0};
    *out = (vrk_msm){.states = data->states,
                     .transitions = data->transitions,
                     .p = data->p,
                     .mem.limit = ctx->scratch.limit};
    TRY(vrk_msm_steps_of(ctx, data, &a.steps));
    TRY(vrk_msm_room_of(ctx, &a.steps, &a.room));
    TRY(reserve(ctx, &a, out));
    a.room.fixed = a.fixed;
    begin(&a);
    TRY(vrk_minimise(ctx, a.q, vrk_msm_value, &a.room, &o, a.theta, NULL, &best));
    out->ll = -best.f;
    out->gradient = best.gradient;
    out->iterations = best.iterations;
    out->evaluations = best.evaluations;
    out->stop = find_zero(&a, out) ? VRK_STOP_BOUNDARY : best.stop;
    out->steps = a.steps.steps;
    out->skipped = a.steps.skipped;
    out->single = a.steps.single;
    TRY(find_errors(ctx, &a, out));
    finish(&a, out);
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_msm_free(out);
    return st;
}

void vrk_msm_rates(const vrk_msm *fit, const double *x, double *q)
{
    int64_t k = fit->states;
    memset(q, 0, (size_t)(k * k) * sizeof(double));
    for (int32_t t = 0; t < fit->transitions; t++) {
        const double *b = fit->beta + t * (1 + fit->p);
        double log_rate = b[0];
        for (int64_t j = 0; x && j < fit->p; j++)
            log_rate += b[1 + j] * x[j];
        double rate = fit->zero[t] ? 0 : exp(log_rate);
        q[fit->from[t] + k * fit->into[t]] = rate;
        q[fit->from[t] * (k + 1)] -= rate;
    }
}

/* Variance of one chance: the pull of every rate on it, then the delta method. g [(1+p) q]. */
static double variance(const vrk_msm *fit, const double *x, const double *rate, const double *pull,
                       double *g)
{
    int64_t k = fit->states, p = fit->p, q = fit->transitions * (1 + p);
    double var = 0;
    for (int64_t i = 0; i < q; i++) {
        int64_t t = i / (1 + p), j = i % (1 + p), at = fit->from[t] + k * fit->into[t];
        g[i] = rate[at] * (pull[at] - pull[fit->from[t] * (k + 1)]) *
               (j == 0 ? 1
                : x    ? x[j - 1]
                       : 0);
    }
    for (int64_t i = 0; i < q * q; i++)
        var += g[i % q] * fit->vcov[i] * g[i / q];
    return var;
}

vrk_status vrk_msm_chances(vrk_ctx *ctx, const vrk_msm *fit, const double *x, double t,
                           double *prob, double *se)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t k = fit->states, m = k * k;
    double *rate = VRK_NEW(&ctx->scratch, m, double), *one = VRK_NEW(&ctx->scratch, m, double);
    double *pull = VRK_NEW(&ctx->scratch, m, double), *room = VRK_NEW(&ctx->scratch, 8 * m, double);
    double *g = VRK_NEW(&ctx->scratch, fit->transitions * (1 + fit->p), double);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %d states", fit->states);
    if (!isfinite(t) || t < 0)
        FAIL(VRK_EINPUT, "chances after a time of %g", t);
    vrk_msm_rates(fit, x, rate);
    vrk_expm_rates(rate, k, t, room, prob);
    for (int64_t i = 0; se && i < m; i++) {
        one[i] = 1;
        vrk_expm_pull(rate, k, t, one, room, pull);
        one[i] = 0;
        se[i] = sqrt(fmax(variance(fit, x, rate, pull, g), 0));
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

void vrk_msm_free(vrk_msm *fit)
{
    vrk_arena_free(&fit->mem);
    *fit = (vrk_msm){0};
}
