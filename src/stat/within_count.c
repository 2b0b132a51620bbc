#include "stat/within_count.h"

#include "num/mat.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { MOST_STEPS = 60 };

typedef struct {
    const vrk_within_count_data *d;
    vrk_within_count *fit;
    double *eta;                 /* [n] */
    double *total, *top, *scale; /* [groups] events; largest eta; sum of exp(eta - top) */
    double *mean;                /* [groups x p] of x under the group's probabilities */
    double *h, *inverse;         /* [p x p] */
    double *g, *step, *beta;     /* [p] */
    double *score;               /* [groups x p] */
} work;

static vrk_status check(vrk_ctx *ctx, const vrk_within_count_data *d)
{
    double events = 0;
    for (int64_t i = 0; i < d->n; i++) {
        if (!(d->y[i] >= 0) || !isfinite(d->y[i]))
            return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": %g is no count", i, d->y[i]);
        if (d->group[i] < 0 || d->group[i] >= d->groups)
            return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": group %" PRId64 " is not there", i,
                            d->group[i]);
        for (int64_t j = 0; j < d->p; j++) {
            if (!isfinite(d->x[i + j * d->n]))
                return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": column %" PRId64 " is no number",
                                i, j);
        }
        events += d->y[i];
    }
    return events > 0 ? VRK_OK : vrk_fail(ctx, VRK_EINPUT, "there are no events to count");
}

/* Conditional log-likelihood: sum of y log p, p = exp(eta) / sum of exp(eta) in the group. */
static double value(work *k, const double *beta)
{
    const vrk_within_count_data *d = k->d;
    double ll = 0;
    for (int64_t s = 0; s < d->groups; s++) {
        k->top[s] = -(double)INFINITY;
        k->scale[s] = 0;
    }
    for (int64_t i = 0; i < d->n; i++) {
        double e = 0;
        for (int64_t j = 0; j < d->p; j++)
            e += d->x[i + j * d->n] * beta[j];
        k->eta[i] = e;
        k->top[d->group[i]] = fmax(k->top[d->group[i]], e);
    }
    for (int64_t i = 0; i < d->n; i++)
        k->scale[d->group[i]] += exp(k->eta[i] - k->top[d->group[i]]);
    for (int64_t i = 0; i < d->n; i++) {
        int64_t s = d->group[i];
        ll += d->y[i] > 0 ? d->y[i] * (k->eta[i] - k->top[s] - log(k->scale[s])) : 0;
    }
    return ll;
}

/* Scores by group, their sum, and the curvature, at the eta of the last value(). */
static void look(work *k)
{
    const vrk_within_count_data *d = k->d;
    int64_t p = d->p;
    memset(k->mean, 0, (size_t)(d->groups * p) * sizeof(double));
    memset(k->score, 0, (size_t)(d->groups * p) * sizeof(double));
    memset(k->h, 0, (size_t)(p * p) * sizeof(double));
    memset(k->g, 0, (size_t)p * sizeof(double));
    for (int64_t i = 0; i < d->n; i++) {
        int64_t s = d->group[i];
        double share = exp(k->eta[i] - k->top[s]) / k->scale[s];
        for (int64_t j = 0; j < p; j++)
            k->mean[s * p + j] += share * d->x[i + j * d->n];
    }
    for (int64_t i = 0; i < d->n; i++) {
        int64_t s = d->group[i];
        double mu = k->total[s] * exp(k->eta[i] - k->top[s]) / k->scale[s];
        for (int64_t a = 0; a < p; a++) {
            double xa = d->x[i + a * d->n] - k->mean[s * p + a];
            k->score[s * p + a] += (d->y[i] - mu) * xa;
            for (int64_t b = 0; b <= a; b++)
                k->h[a + b * p] += mu * xa * (d->x[i + b * d->n] - k->mean[s * p + b]);
        }
    }
    for (int64_t a = 0; a < p; a++) {
        for (int64_t b = 0; b < a; b++)
            k->h[b + a * p] = k->h[a + b * p];
        for (int64_t s = 0; s < d->groups; s++)
            k->g[a] += k->score[s * p + a];
    }
}

static bool advance(work *k)
{
    for (double size = 1; size > 1e-9; size /= 2) {
        for (int64_t j = 0; j < k->d->p; j++)
            k->beta[j] = k->fit->beta[j] + size * k->step[j];
        double ll = value(k, k->beta);
        if (isfinite(ll) && ll >= k->fit->ll - 1e-12 * fabs(k->fit->ll)) {
            k->fit->ll = ll;
            memcpy(k->fit->beta, k->beta, (size_t)k->d->p * sizeof(double));
            return true;
        }
    }
    value(k, k->fit->beta);
    return false;
}

static vrk_status climb(vrk_ctx *ctx, work *k)
{
    vrk_within_count *fit = k->fit;
    int64_t p = k->d->p;
    fit->ll = value(k, fit->beta);
    for (fit->stop = VRK_STOP_ITER;; fit->iterations++) {
        vrk_status st = vrk_tick(ctx, "what changes the counts", fit->iterations, MOST_STEPS);
        if (st != VRK_OK)
            return st;
        look(k);
        for (int64_t j = 0; j < p; j++)
            fit->dropped[j] = fit->dropped[j] || !(k->h[j + j * p] > 1e-12);
        vrk_chol(k->h, p, 1e-9, fit->dropped);
        double most = 0, size = 0;
        for (int64_t j = 0; j < p; j++) {
            k->step[j] = fit->dropped[j] ? 0 : k->g[j];
            most = fmax(most, fabs(k->step[j]));
        }
        vrk_chol_solve(k->h, p, fit->dropped, k->step);
        for (int64_t j = 0; j < p; j++)
            size = fmax(size, fabs(k->step[j]));
        fit->gradient = most;
        if (size < 1e-10)
            fit->stop = VRK_STOP_GRAD;
        else if (fit->iterations < MOST_STEPS && advance(k))
            continue;
        else if (fit->iterations < MOST_STEPS)
            fit->stop = VRK_STOP_STEP;
        return VRK_OK;
    }
}

/* inverse * (sum of the groups' scores squared) * inverse, as many groups as tell make it wide. */
static void find_errors(work *k)
{
    int64_t p = k->d->p;
    double g = (double)k->fit->groups, wide = g > 1 ? g / (g - 1) : (double)INFINITY;
    vrk_chol_inverse(k->h, p, k->fit->dropped, k->inverse);
    for (int64_t j = 0; j < p; j++) {
        double sum = 0;
        for (int64_t s = 0; s < k->d->groups; s++) {
            double x = 0;
            for (int64_t a = 0; a < p; a++)
                x += k->fit->dropped[a] ? 0 : k->inverse[j + a * p] * k->score[s * p + a];
            sum += x * x;
        }
        k->fit->se[j] = k->fit->dropped[j] ? nan("") : sqrt(sum * wide);
    }
}

vrk_status vrk_within_count_fit(vrk_ctx *ctx, const vrk_within_count_data *data,
                                vrk_within_count *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_arena *a = &ctx->scratch;
    int64_t n = data->n, p = data->p, s = data->groups;
    *out = (vrk_within_count){.p = p, .mem.limit = a->limit};
    work k = {.d = data,
              .fit = out,
              .eta = VRK_NEW(a, n, double),
              .total = VRK_NEW(a, s, double),
              .top = VRK_NEW(a, s, double),
              .scale = VRK_NEW(a, s, double),
              .mean = VRK_NEW(a, s * p, double),
              .h = VRK_NEW(a, p * p, double),
              .inverse = VRK_NEW(a, p * p, double),
              .g = VRK_NEW(a, p, double),
              .step = VRK_NEW(a, p, double),
              .beta = VRK_NEW(a, p, double),
              .score = VRK_NEW(a, s * p, double)};
    out->beta = VRK_NEW(&out->mem, p, double);
    out->se = VRK_NEW(&out->mem, p, double);
    out->dropped = VRK_NEW(&out->mem, p, bool);
    if (a->failed || out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " counts", n);
    TRY(check(ctx, data));
    for (int64_t i = 0; i < n; i++)
        k.total[data->group[i]] += data->y[i];
    for (int64_t i = 0; i < s; i++)
        out->groups += k.total[i] > 0;
    TRY(climb(ctx, &k));
    find_errors(&k);
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_within_count_free(out);
    return st;
}

void vrk_within_count_free(vrk_within_count *fit)
{
    vrk_arena_free(&fit->mem);
    *fit = (vrk_within_count){0};
}
