#include "stat/within.h"

#include "num/mat.h"
#include "num/special.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

typedef struct {
    double *size, *mean_y, *mean_x; /* [n], [n], [n x p]: of units, by unit */
    double *y, *x, *w, *fit;        /* [n], [n x (p+1)], [n], [n] of the regression at hand */
    double *gram, *work;            /* [p+1 x p+1], [block x (p+1)] */
    double *diff, *chol;            /* [p], [p x p] */
    bool *dropped;
} workspace;

static vrk_status check(vrk_ctx *ctx, const vrk_panel *d)
{
    if (d->n < 3 || d->p < 1)
        return vrk_fail(ctx, VRK_EINPUT, "%" PRId64 " rows of %" PRId64 " columns", d->n, d->p);
    for (int64_t i = 0; i < d->n; i++) {
        if (!isfinite(d->y[i]))
            return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": y is %g", i, d->y[i]);
        if (d->unit[i] < 0 || d->unit[i] >= d->n)
            return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": unit %" PRId64, i, d->unit[i]);
        for (int64_t j = 0; j < d->p; j++) {
            if (!isfinite(d->x[i + j * d->n]))
                return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": column %" PRId64 " is %g", i, j,
                                d->x[i + j * d->n]);
        }
    }
    return VRK_OK;
}

static vrk_status reserve(vrk_ctx *ctx, const vrk_panel *d, workspace *w, vrk_within *out)
{
    int64_t n = d->n, p = d->p, q = p + 1;
    double **temp[] = {&w->size, &w->mean_y, &w->mean_x, &w->y,    &w->x,   &w->w,
                       &w->fit,  &w->gram,   &w->work,   &w->diff, &w->chol};
    int64_t temp_size[] = {n, n, n * p, n, n * q, n, n, q * q, VRK_MAT_BLOCK * q, p, p * p};
    double **keep[] = {&out->within,    &out->se_within,   &out->vcov_within,
                       &out->between,   &out->se_between,  &out->random,
                       &out->se_random, &out->vcov_random, &out->contextual};
    int64_t keep_size[] = {q, q, q * q, q, q, q, q, q * q, p};
    for (int j = 0; j < 11; j++)
        *temp[j] = VRK_NEW(&ctx->scratch, temp_size[j], double);
    for (int j = 0; j < 9; j++)
        *keep[j] = VRK_NEW(&out->mem, keep_size[j], double);
    w->dropped = VRK_NEW(&ctx->scratch, q, bool);
    return ctx->scratch.failed || out->mem.failed
               ? vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " rows", n)
               : VRK_OK;
}

static void means(const vrk_panel *d, workspace *w, vrk_within *out)
{
    for (int64_t i = 0; i < d->n; i++) {
        int64_t u = d->unit[i];
        w->size[u]++;
        w->mean_y[u] += d->y[i];
        for (int64_t j = 0; j < d->p; j++)
            w->mean_x[u + j * d->n] += d->x[i + j * d->n];
    }
    for (int64_t u = 0; u < d->n; u++) {
        if (w->size[u] <= 0)
            continue;
        out->units++;
        w->mean_y[u] /= w->size[u];
        for (int64_t j = 0; j < d->p; j++)
            w->mean_x[u + j * d->n] /= w->size[u];
    }
}

/* Least squares of w->y on w->x [m x q]; the variance of what is left over m - lost. */
static vrk_status regress(vrk_ctx *ctx, workspace *w, int64_t m, int64_t q, int64_t lost,
                          const char *which, double *b, double *se, double *vcov, double *variance)
{
    double rss = 0;
    if (m <= lost)
        return vrk_fail(ctx, VRK_EINPUT, "%s: %" PRId64 " rows for %" PRId64 " coefficients", which,
                        m, lost);
    for (int64_t i = 0; i < m; i++)
        w->w[i] = 1;
    vrk_mat_gram(w->x, m, q, w->w, w->work, w->gram);
    memset(w->dropped, 0, (size_t)q * sizeof(bool));
    vrk_chol(w->gram, q, 1e-11, w->dropped);
    for (int64_t j = 0; j < q; j++) {
        if (w->dropped[j])
            return vrk_fail(ctx, VRK_EINPUT,
                            "%s: column %" PRId64 " does not vary, or others explain it", which, j);
    }
    vrk_mat_cross(w->x, m, q, w->y, b);
    vrk_chol_solve(w->gram, q, w->dropped, b);
    vrk_mat_times(w->x, m, q, b, w->fit);
    for (int64_t i = 0; i < m; i++)
        rss += (w->y[i] - w->fit[i]) * (w->y[i] - w->fit[i]);
    *variance = rss / (double)(m - lost);
    double *v = vcov ? vcov : w->work;
    vrk_chol_inverse(w->gram, q, w->dropped, v);
    for (int64_t j = 0; j < q * q; j++)
        v[j] *= *variance;
    for (int64_t j = 0; j < q; j++)
        se[j] = sqrt(v[j + j * q]);
    return VRK_OK;
}

static vrk_status fit_within(vrk_ctx *ctx, const vrk_panel *d, workspace *w, vrk_within *out)
{
    for (int64_t j = 0; j < d->p; j++) {
        double whole = 0, left = 0;
        for (int64_t i = 0; i < d->n; i++) {
            double x = d->x[i + j * d->n], rest = x - w->mean_x[d->unit[i] + j * d->n];
            w->x[i + j * d->n] = rest;
            whole += x * x;
            left += rest * rest;
        }
        if (left <= 1e-20 * whole)
            return vrk_fail(ctx, VRK_EINPUT, "column %" PRId64 " does not vary within units", j);
    }
    for (int64_t i = 0; i < d->n; i++)
        w->y[i] = d->y[i] - w->mean_y[d->unit[i]];
    return regress(ctx, w, d->n, d->p, out->units + d->p, "within", out->within, out->se_within,
                   out->vcov_within, &out->var_idios);
}

static vrk_status fit_between(vrk_ctx *ctx, const vrk_panel *d, workspace *w, vrk_within *out)
{
    int64_t m = 0, p = d->p, units = out->units;
    double variance = 0, harmonic = 0;
    for (int64_t u = 0; u < d->n; u++) {
        if (w->size[u] <= 0)
            continue;
        w->y[m] = w->mean_y[u];
        w->x[m] = 1;
        for (int64_t j = 0; j < p; j++)
            w->x[m + (j + 1) * units] = w->mean_x[u + j * d->n];
        harmonic += 1 / w->size[u] / (double)units;
        m++;
    }
    vrk_status st = regress(ctx, w, units, p + 1, p + 1, "between", out->between, out->se_between,
                            NULL, &variance);
    out->var_unit = fmax(0, variance - out->var_idios * harmonic);
    out->between_intercept = out->between[0];
    memmove(out->between, out->between + 1, (size_t)p * sizeof(double));
    memmove(out->se_between, out->se_between + 1, (size_t)p * sizeof(double));
    return st;
}

static vrk_status fit_random(vrk_ctx *ctx, const vrk_panel *d, workspace *w, vrk_within *out)
{
    double variance;
    for (int64_t i = 0; i < d->n; i++) {
        int64_t u = d->unit[i];
        double theta = 1 - sqrt(out->var_idios / (out->var_idios + w->size[u] * out->var_unit));
        out->theta = fmax(out->theta, theta);
        w->y[i] = d->y[i] - theta * w->mean_y[u];
        w->x[i] = 1 - theta;
        for (int64_t j = 0; j < d->p; j++)
            w->x[i + (j + 1) * d->n] = d->x[i + j * d->n] - theta * w->mean_x[u + j * d->n];
    }
    return regress(ctx, w, d->n, d->p + 1, d->p + 1, "random", out->random, out->se_random,
                   out->vcov_random, &variance);
}

static void hausman(workspace *w, vrk_within *out)
{
    int64_t p = out->p, q = p + 1;
    out->hausman = out->p_hausman = nan("");
    for (int64_t j = 0; j < p; j++) {
        w->diff[j] = out->within[j] - out->random[j + 1];
        for (int64_t i = 0; i < p; i++)
            w->chol[i + j * p] =
                out->vcov_within[i + j * p] - out->vcov_random[i + 1 + (j + 1) * q];
    }
    memset(w->dropped, 0, (size_t)q * sizeof(bool));
    if (vrk_chol(w->chol, p, 1e-12, w->dropped) < p)
        return;
    memcpy(w->fit, w->diff, (size_t)p * sizeof(double));
    vrk_chol_solve(w->chol, p, w->dropped, w->fit);
    out->hausman = 0;
    for (int64_t j = 0; j < p; j++)
        out->hausman += w->diff[j] * w->fit[j];
    out->p_hausman = vrk_chi2_above(out->hausman, (double)p);
}

vrk_status vrk_within_fit(vrk_ctx *ctx, const vrk_panel *data, vrk_within *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    workspace w = {0};
    *out = (vrk_within){.n = data->n, .p = data->p, .mem.limit = ctx->scratch.limit};
    TRY(check(ctx, data));
    TRY(reserve(ctx, data, &w, out));
    means(data, &w, out);
    TRY(vrk_tick(ctx, "within and between", 0, 1));
    TRY(fit_within(ctx, data, &w, out));
    TRY(fit_between(ctx, data, &w, out));
    TRY(fit_random(ctx, data, &w, out));
    for (int64_t j = 0; j < data->p; j++)
        out->contextual[j] = out->between[j] - out->within[j];
    hausman(&w, out);
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_within_free(out);
    return st;
}

void vrk_within_free(vrk_within *fit)
{
    vrk_arena_free(&fit->mem);
    *fit = (vrk_within){0};
}
