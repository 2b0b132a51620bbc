#include "stat/poisson.h"

#include "num/mat.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { MOST_HALVINGS = 40 };
static const double LONGEST_STEP = 4; /* [log rate] more at once overflows before it helps */

typedef struct {
    const vrk_cells *d;
    double *eta, *mu;        /* [n] linear predictor without log exposure; w E exp(eta) */
    double *try_eta, *rest;  /* [n] */
    double *gram, *chol;     /* [p x p] information and its factor */
    double *step, *gradient; /* [p] */
    double *work;            /* [VRK_MAT_BLOCK x p] */
} newton;

static double weight_of(const vrk_cells *d, int64_t i)
{
    return d->weight ? d->weight[i] : 1;
}

static vrk_status check(vrk_ctx *ctx, const vrk_cells *d)
{
    double events = 0;
    if (d->n < 1 || d->p < 1)
        return vrk_fail(ctx, VRK_EINPUT, "%" PRId64 " cells of %" PRId64 " columns", d->n, d->p);
    for (int64_t i = 0; i < d->n; i++) {
        double w = weight_of(d, i), e = d->exposure[i];
        if (!isfinite(e) || e < 0 || !isfinite(d->events[i]) || d->events[i] < 0)
            return vrk_fail(ctx, VRK_EINPUT, "cell %" PRId64 ": %g events in %g days", i,
                            d->events[i], e);
        if (e <= 0 && d->events[i] > 0)
            return vrk_fail(ctx, VRK_EINPUT, "cell %" PRId64 ": %g events without exposure", i,
                            d->events[i]);
        if (!isfinite(w) || w < 0)
            return vrk_fail(ctx, VRK_EINPUT, "cell %" PRId64 ": weight %g", i, w);
        for (int64_t j = 0; j < d->p; j++) {
            if (!isfinite(d->x[i + j * d->n]))
                return vrk_fail(ctx, VRK_EINPUT, "cell %" PRId64 ": column %" PRId64 " is %g", i, j,
                                d->x[i + j * d->n]);
        }
        events += w * d->events[i];
    }
    if (events <= 0)
        return vrk_fail(ctx, VRK_EINPUT, "no events in %" PRId64 " cells", d->n);
    return VRK_OK;
}

/* Summed by blocks: one long sum of a million rows is too coarse to tell a last good step from a
 * bad one, and the search then halves for ever. */
static double log_likelihood(const vrk_cells *d, const double *eta)
{
    double ll = 0;
    for (int64_t first = 0; first < d->n; first += VRK_MAT_BLOCK) {
        int64_t end = first + VRK_MAT_BLOCK < d->n ? first + VRK_MAT_BLOCK : d->n;
        double part = 0;
        for (int64_t i = first; i < end; i++) {
            if (d->exposure[i] > 0)
                part += weight_of(d, i) * (d->events[i] * eta[i] - d->exposure[i] * exp(eta[i]));
        }
        ll += part;
    }
    return ll;
}

/* Least squares on log((D + 0.1) / E), as glm begins; finds the rank too. */
static void begin(const newton *a, vrk_poisson *out)
{
    const vrk_cells *d = a->d;
    for (int64_t i = 0; i < d->n; i++) {
        double guess = d->events[i] + 0.1;
        a->mu[i] = d->exposure[i] > 0 ? weight_of(d, i) * guess : 0;
        a->rest[i] = d->exposure[i] > 0 ? a->mu[i] * log(guess / d->exposure[i]) : 0;
    }
    vrk_mat_gram(d->x, d->n, d->p, a->mu, a->work, a->gram);
    memcpy(a->chol, a->gram, (size_t)(d->p * d->p) * sizeof(double));
    out->rank = vrk_chol(a->chol, d->p, 1e-10, out->dropped);
    vrk_mat_cross(d->x, d->n, d->p, a->rest, out->beta);
    vrk_chol_solve(a->chol, d->p, out->dropped, out->beta);
    vrk_mat_times(d->x, d->n, d->p, out->beta, a->eta);
    out->ll = log_likelihood(d, a->eta);
    if (!isfinite(out->ll)) { /* a poor guess: 1 event a day will do */
        memset(out->beta, 0, (size_t)d->p * sizeof(double));
        memset(a->eta, 0, (size_t)d->n * sizeof(double));
        out->ll = log_likelihood(d, a->eta);
    }
}

/* Newton's step at eta; returns what it promises: half of g' H^-1 g. */
static double find_step(const newton *a, vrk_poisson *out)
{
    const vrk_cells *d = a->d;
    double promise = 0;
    out->gradient = 0;
    for (int64_t i = 0; i < d->n; i++) {
        a->mu[i] = weight_of(d, i) * d->exposure[i] * exp(a->eta[i]);
        a->rest[i] = d->exposure[i] > 0 ? weight_of(d, i) * d->events[i] - a->mu[i] : 0;
    }
    vrk_mat_gram(d->x, d->n, d->p, a->mu, a->work, a->gram);
    vrk_mat_cross(d->x, d->n, d->p, a->rest, a->gradient);
    memcpy(a->chol, a->gram, (size_t)(d->p * d->p) * sizeof(double));
    out->rank = vrk_chol(a->chol, d->p, 0, out->dropped);
    memcpy(a->step, a->gradient, (size_t)d->p * sizeof(double));
    vrk_chol_solve(a->chol, d->p, out->dropped, a->step);
    for (int64_t j = 0; j < d->p; j++) {
        if (out->dropped[j])
            continue;
        promise += a->gradient[j] * a->step[j] / 2;
        out->gradient = fmax(out->gradient, fabs(a->gradient[j]) / sqrt(a->gram[j + j * d->p]));
    }
    return promise;
}

static double longest(const double *x, int64_t n)
{
    double most = 0;
    for (int64_t i = 0; i < n; i++)
        most = fmax(most, fabs(x[i]));
    return most;
}

/* Goes along the step as far as it helps. False: not at all. `moved` = largest change of eta. */
static bool advance(const newton *a, vrk_poisson *out, double *moved)
{
    const vrk_cells *d = a->d;
    vrk_mat_times(d->x, d->n, d->p, a->step, a->rest);
    *moved = longest(a->rest, d->n);
    double share = *moved > LONGEST_STEP ? LONGEST_STEP / *moved : 1;
    for (int i = 0; i < MOST_HALVINGS; i++, share /= 2) {
        for (int64_t r = 0; r < d->n; r++)
            a->try_eta[r] = a->eta[r] + share * a->rest[r];
        double ll = log_likelihood(d, a->try_eta);
        if (!(ll >= out->ll - 1e-13 * fabs(out->ll))) /* at the top sums differ by rounding only */
            continue;
        memcpy(a->eta, a->try_eta, (size_t)d->n * sizeof(double));
        for (int64_t j = 0; j < d->p; j++)
            out->beta[j] += share * a->step[j];
        out->ll = ll;
        *moved *= share;
        return true;
    }
    return false;
}

static vrk_status iterate(vrk_ctx *ctx, const newton *a, vrk_poisson_opt o, vrk_poisson *out)
{
    vrk_status st = VRK_OK;
    out->stop = VRK_STOP_ITER;
    begin(a, out);
    while (out->iterations < o.max_iter && out->stop == VRK_STOP_ITER) {
        double moved, promise = find_step(a, out);
        out->iterations++;
        TRY(vrk_tick(ctx, "Poisson regression", out->iterations, o.max_iter));
        if (!advance(a, out, &moved))
            out->stop = promise <= o.tol ? VRK_STOP_GRAD : VRK_STOP_STEP;
        else if (promise <= o.tol) /* ll stands still while a rate runs on: it runs to zero */
            out->stop = moved > 0.1 ? VRK_STOP_BOUNDARY : VRK_STOP_GRAD;
    }
    find_step(a, out); /* information and gradient where we stand */
    vrk_chol_inverse(a->chol, out->p, out->dropped, out->vcov);
done:
    return st;
}

static void finish(const newton *a, vrk_poisson *out)
{
    const vrk_cells *d = a->d;
    for (int64_t j = 0; j < d->p; j++)
        out->se[j] = out->dropped[j] ? nan("") : sqrt(out->vcov[j + j * d->p]);
    for (int64_t i = 0; i < d->n; i++) {
        double events = d->events[i], fitted = d->exposure[i] * exp(a->eta[i]);
        if (d->exposure[i] > 0)
            out->deviance += 2 * weight_of(d, i) *
                             ((events > 0 ? events * log(events / fitted) : 0) - (events - fitted));
    }
}

static vrk_status reserve(vrk_ctx *ctx, newton *a, vrk_poisson *out)
{
    int64_t n = a->d->n, p = a->d->p;
    a->eta = VRK_NEW(&ctx->scratch, n, double);
    a->mu = VRK_NEW(&ctx->scratch, n, double);
    a->try_eta = VRK_NEW(&ctx->scratch, n, double);
    a->rest = VRK_NEW(&ctx->scratch, n, double);
    a->gram = VRK_NEW(&ctx->scratch, p * p, double);
    a->chol = VRK_NEW(&ctx->scratch, p * p, double);
    a->step = VRK_NEW(&ctx->scratch, p, double);
    a->gradient = VRK_NEW(&ctx->scratch, p, double);
    a->work = VRK_NEW(&ctx->scratch, VRK_MAT_BLOCK * p, double);
    out->beta = VRK_NEW(&out->mem, p, double);
    out->se = VRK_NEW(&out->mem, p, double);
    out->vcov = VRK_NEW(&out->mem, p * p, double);
    out->dropped = VRK_NEW(&out->mem, p, bool);
    if (ctx->scratch.failed || out->mem.failed)
        return vrk_fail(ctx, VRK_EMEMORY,
                        "out of memory for %" PRId64 " cells of %" PRId64 " columns", n, p);
    return VRK_OK;
}

vrk_status vrk_poisson_fit(vrk_ctx *ctx, const vrk_cells *cells, const vrk_poisson_opt *opt,
                           vrk_poisson *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_poisson_opt o = opt ? *opt : (vrk_poisson_opt){0};
    newton a = {.d = cells};
    o.max_iter = o.max_iter > 0 ? o.max_iter : 50;
    o.tol = o.tol > 0 ? o.tol : 1e-14;
    *out = (vrk_poisson){.p = cells->p, .mem.limit = ctx->scratch.limit};
    TRY(check(ctx, cells));
    TRY(reserve(ctx, &a, out));
    TRY(iterate(ctx, &a, o, out));
    finish(&a, out);
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_poisson_free(out);
    return st;
}

void vrk_poisson_free(vrk_poisson *fit)
{
    vrk_arena_free(&fit->mem);
    *fit = (vrk_poisson){0};
}
