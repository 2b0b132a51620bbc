#include "stat/within_logit.h"

#include "num/mat.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { MOST_STEPS = 60 };

typedef struct {
    const vrk_within_logit_data *d;
    vrk_within_logit *fit;
    double *eta, *w, *r;                    /* [n] linear predictor, weight, residual */
    double *block;                          /* [VRK_MAT_BLOCK x p] */
    double *h, *inverse;                    /* [p x p] curvature with the intercepts eliminated */
    double *cross;                          /* [groups x p] sum of w x by group */
    double *d_group, *g_group, *step_group; /* [groups] */
    double *g, *step, *whole;               /* [p] */
    double *beta, *intercept;               /* tried */
    bool *dropped;                          /* [p] */
} work;

static vrk_status check(vrk_ctx *ctx, const vrk_within_logit_data *d)
{
    for (int64_t i = 0; i < d->n; i++) {
        if (!(d->trials[i] >= 0) || !(d->y[i] >= 0) || !(d->y[i] <= d->trials[i]) ||
            !isfinite(d->trials[i]))
            return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": %g of %g cannot be", i, d->y[i],
                            d->trials[i]);
        if (d->group[i] < 0 || d->group[i] >= d->groups)
            return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": group %" PRId64 " is not there", i,
                            d->group[i]);
        for (int64_t j = 0; j < d->p; j++) {
            if (!isfinite(d->x[i + j * d->n]))
                return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": column %" PRId64 " is no number",
                                i, j);
        }
    }
    return VRK_OK;
}

/* Log posterior at beta, intercept; fills eta. */
static double value(work *k, const double *beta, const double *intercept)
{
    const vrk_within_logit_data *d = k->d;
    double ll = 0;
    vrk_mat_times(d->x, d->n, d->p, beta, k->eta);
    for (int64_t i = 0; i < d->n; i++) {
        double e = k->eta[i] += intercept[d->group[i]];
        ll += d->y[i] * e - d->trials[i] * (e > 0 ? e + log1p(exp(-e)) : log1p(exp(e)));
    }
    for (int64_t j = 0; j < d->p; j++) {
        double x = beta[j] - (d->prior ? d->prior[j] : 0);
        ll -= 0.5 * d->precision[j] * x * x;
    }
    for (int64_t s = 0; s < d->groups; s++) {
        double x = intercept[s] - d->centre;
        ll -= 0.5 * d->group_precision * x * x;
    }
    return ll;
}

/* Gradient and curvature at the fit, the intercepts eliminated: h = X'WX + P - sum c c' / d. */
static void look(work *k)
{
    const vrk_within_logit_data *d = k->d;
    memset(k->cross, 0, (size_t)(d->groups * d->p) * sizeof(double));
    for (int64_t s = 0; s < d->groups; s++) {
        k->d_group[s] = d->group_precision;
        k->g_group[s] = -d->group_precision * (k->fit->intercept[s] - d->centre);
    }
    for (int64_t i = 0; i < d->n; i++) {
        double mu = 1 / (1 + exp(-k->eta[i]));
        k->w[i] = d->trials[i] * mu * (1 - mu);
        k->r[i] = d->y[i] - d->trials[i] * mu;
        k->d_group[d->group[i]] += k->w[i];
        k->g_group[d->group[i]] += k->r[i];
    }
    vrk_mat_cross(d->x, d->n, d->p, k->r, k->g);
    vrk_mat_gram(d->x, d->n, d->p, k->w, k->block, k->h);
    for (int64_t j = 0; j < d->p; j++) {
        for (int64_t i = 0; i < d->n; i++)
            k->cross[d->group[i] * d->p + j] += k->w[i] * d->x[i + j * d->n];
        k->g[j] -= d->precision[j] * (k->fit->beta[j] - (d->prior ? d->prior[j] : 0));
        k->h[j + j * d->p] += d->precision[j];
    }
    for (int64_t j = 0; j < d->p; j++)
        k->whole[j] = k->h[j + j * d->p];
    for (int64_t s = 0; s < d->groups; s++) {
        const double *c = k->cross + s * d->p;
        for (int64_t a = 0; a < d->p; a++) {
            for (int64_t b = 0; b < d->p; b++)
                k->h[a + b * d->p] -= c[a] * c[b] / k->d_group[s];
        }
    }
    /* Nothing but rounding is left of a column that does not vary within any group. */
    for (int64_t j = 0; j < d->p; j++)
        k->dropped[j] = !(k->h[j + j * d->p] > 1e-11 * k->whole[j]);
}

static void solve(work *k)
{
    const vrk_within_logit_data *d = k->d;
    for (int64_t j = 0; j < d->p; j++) {
        k->step[j] = k->g[j];
        for (int64_t s = 0; s < d->groups; s++)
            k->step[j] -= k->cross[s * d->p + j] * k->g_group[s] / k->d_group[s];
    }
    vrk_chol_solve(k->h, d->p, k->dropped, k->step);
    for (int64_t s = 0; s < d->groups; s++) {
        double x = k->g_group[s];
        for (int64_t j = 0; j < d->p; j++)
            x -= k->cross[s * d->p + j] * k->step[j];
        k->step_group[s] = x / k->d_group[s];
    }
}

/* Goes as far along the step as the posterior rises; false: it does not rise. */
static bool advance(work *k)
{
    const vrk_within_logit_data *d = k->d;
    vrk_within_logit *fit = k->fit;
    for (double size = 1; size > 1e-6; size /= 2) {
        for (int64_t j = 0; j < d->p; j++)
            k->beta[j] = fit->beta[j] + size * k->step[j];
        for (int64_t s = 0; s < d->groups; s++)
            k->intercept[s] = fit->intercept[s] + size * k->step_group[s];
        double ll = value(k, k->beta, k->intercept);
        if (isfinite(ll) && ll >= fit->ll - 1e-10 * fabs(fit->ll)) {
            fit->ll = ll;
            memcpy(fit->beta, k->beta, (size_t)d->p * sizeof(double));
            memcpy(fit->intercept, k->intercept, (size_t)d->groups * sizeof(double));
            return true;
        }
    }
    return false;
}

static double largest(const double *x, int64_t n)
{
    double most = 0;
    for (int64_t i = 0; i < n; i++)
        most = fmax(most, fabs(x[i]));
    return most;
}

static vrk_status climb(vrk_ctx *ctx, work *k)
{
    vrk_status st = VRK_OK;
    vrk_within_logit *fit = k->fit;
    const vrk_within_logit_data *d = k->d;
    fit->ll = value(k, fit->beta, fit->intercept);
    for (fit->stop = VRK_STOP_ITER; fit->iterations < MOST_STEPS; fit->iterations++) {
        TRY(vrk_tick(ctx, "what changes the odds", fit->iterations, MOST_STEPS));
        look(k);
        if (vrk_chol(k->h, d->p, 1e-12, k->dropped) < d->p)
            FAIL(VRK_ENUMERIC, "a column does not vary within any seller");
        solve(k);
        fit->gradient = fmax(largest(k->g, d->p), largest(k->g_group, d->groups));
        double size = fmax(largest(k->step, d->p), largest(k->step_group, d->groups));
        if (size < 1e-9) {
            fit->stop = VRK_STOP_GRAD;
            break;
        }
        if (!advance(k)) {
            fit->stop = VRK_STOP_STEP;
            break;
        }
    }
    vrk_chol_inverse(k->h, d->p, k->dropped, k->inverse);
    for (int64_t j = 0; j < d->p; j++)
        fit->variance[j] = k->inverse[j + j * d->p];
done:
    return st;
}

static bool make_room(vrk_ctx *ctx, work *k)
{
    vrk_arena *a = &ctx->scratch, *m = &k->fit->mem;
    int64_t n = k->d->n, p = k->d->p, groups = k->d->groups;
    k->eta = VRK_NEW(a, n, double);
    k->w = VRK_NEW(a, n, double);
    k->r = VRK_NEW(a, n, double);
    k->block = VRK_NEW(a, VRK_MAT_BLOCK * p, double);
    k->h = VRK_NEW(a, p * p, double);
    k->inverse = VRK_NEW(a, p * p, double);
    k->cross = VRK_NEW(a, groups * p, double);
    k->d_group = VRK_NEW(a, groups, double);
    k->g_group = VRK_NEW(a, groups, double);
    k->step_group = VRK_NEW(a, groups, double);
    k->g = VRK_NEW(a, p, double);
    k->step = VRK_NEW(a, p, double);
    k->whole = VRK_NEW(a, p, double);
    k->beta = VRK_NEW(a, p, double);
    k->intercept = VRK_NEW(a, groups, double);
    k->dropped = VRK_NEW(a, p, bool);
    k->fit->beta = VRK_NEW(m, p, double);
    k->fit->variance = VRK_NEW(m, p, double);
    k->fit->intercept = VRK_NEW(m, groups, double);
    return !a->failed && !m->failed;
}

vrk_status vrk_within_logit_fit(vrk_ctx *ctx, const vrk_within_logit_data *data,
                                vrk_within_logit *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    work k = {.d = data, .fit = out};
    *out =
        (vrk_within_logit){.p = data->p, .groups = data->groups, .mem.limit = ctx->scratch.limit};
    TRY(check(ctx, data));
    if (!make_room(ctx, &k))
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " cells", data->n);
    for (int64_t s = 0; s < data->groups; s++)
        out->intercept[s] = data->centre;
    TRY(climb(ctx, &k));
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_within_logit_free(out);
    return st;
}

void vrk_within_logit_free(vrk_within_logit *fit)
{
    vrk_arena_free(&fit->mem);
    *fit = (vrk_within_logit){0};
}
