#include "stat/dose.h"

#include "num/mat.h"
#include "num/sort.h"
#include "num/special.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

typedef struct {
    const vrk_dose_data *d;
    double *size, *mean, *y, *g; /* [n] rows and means of units; y and shape less these */
    double whole;                /* sum of squares of y within units */
} dose_work;

static double shape(bool hill, double a, double scale, double power)
{
    if (!hill)
        return log1p(a / scale);
    double t = pow(a / scale, power);
    return isinf(t) ? 1 : t / (1 + t);
}

double vrk_dose_at(const vrk_dose *f, double a)
{
    return f->b * shape(f->hill, a, f->scale, f->power);
}

double vrk_dose_marginal(const vrk_dose *f, double a)
{
    if (!f->hill)
        return f->b / (f->scale + a);
    double t = pow(a / f->scale, f->power);
    return a > 0 ? f->b * f->power / a * t / ((1 + t) * (1 + t)) : f->power > 1 ? 0 : HUGE_VAL;
}

/* v [n] less the mean of its unit. */
static void centre(dose_work *w, double *v)
{
    const vrk_dose_data *d = w->d;
    memset(w->mean, 0, (size_t)d->n * sizeof(double));
    for (int64_t i = 0; i < d->n; i++)
        w->mean[d->unit ? d->unit[i] : 0] += v[i];
    for (int64_t i = 0; i < d->n; i++) {
        int64_t u = d->unit ? d->unit[i] : 0;
        v[i] -= w->mean[u] / w->size[u];
    }
}

/* Residual sum of squares at a shape, with the best b. */
static double rss_at(dose_work *w, bool hill, double log_scale, double log_power, double *b)
{
    double gg = 0, gy = 0;
    for (int64_t i = 0; i < w->d->n; i++)
        w->g[i] = shape(hill, w->d->a[i], exp(log_scale), exp(log_power));
    centre(w, w->g);
    for (int64_t i = 0; i < w->d->n; i++) {
        gg += w->g[i] * w->g[i];
        gy += w->g[i] * w->y[i];
    }
    *b = gg > 0 ? gy / gg : 0;
    return w->whole - *b * gy;
}

static vrk_status prepare(vrk_ctx *ctx, const vrk_dose_data *d, dose_work *w, vrk_dose *out)
{
    if (d->n < 5)
        return vrk_fail(ctx, VRK_EINPUT, "%" PRId64 " rows: at least 5", d->n);
    w->size = VRK_NEW(&ctx->scratch, d->n, double);
    w->mean = VRK_NEW(&ctx->scratch, d->n, double);
    w->y = VRK_NEW(&ctx->scratch, d->n, double);
    w->g = VRK_NEW(&ctx->scratch, d->n, double);
    if (ctx->scratch.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " rows", d->n);
    for (int64_t i = 0; i < d->n; i++) {
        if (!isfinite(d->a[i]) || d->a[i] < 0 || !isfinite(d->y[i]))
            return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": activity %g, result %g", i, d->a[i],
                            d->y[i]);
        if (d->unit && (d->unit[i] < 0 || d->unit[i] >= d->n))
            return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": unit %" PRId64, i, d->unit[i]);
        w->size[d->unit ? d->unit[i] : 0]++;
        w->g[i] = d->a[i];
        w->y[i] = d->y[i];
    }
    vrk_sort(w->g, d->n);
    out->low = w->g[d->n / 20];
    out->high = w->g[d->n - 1 - d->n / 20];
    centre(w, w->y);
    double spread = 0, level = 0;
    memcpy(w->g, d->a, (size_t)d->n * sizeof(double));
    centre(w, w->g);
    for (int64_t i = 0; i < d->n; i++) {
        w->whole += w->y[i] * w->y[i];
        spread += w->g[i] * w->g[i];
        level += d->a[i] * d->a[i];
    }
    if (spread <= 1e-20 * level)
        return vrk_fail(ctx, VRK_EINPUT, "activity does not vary within units");
    return VRK_OK;
}

/* The best shape within a box, by a grid that closes in. */
static vrk_status search(vrk_ctx *ctx, dose_work *w, double base, vrk_dose *out)
{
    double scale = base, power = 0, step_s = 1, step_p = .4, b;
    double best = HUGE_VAL, from = base - 6, to = base + 6;
    for (int pass = 0; pass < 24; pass++) {
        double mid_s = scale, mid_p = power;
        vrk_status st = vrk_tick(ctx, "dose and response", pass, 24);
        if (st != VRK_OK)
            return st;
        for (int i = -6; i <= 6; i++) {
            for (int j = out->hill ? -3 : 0; j <= (out->hill ? 3 : 0); j++) {
                double s = fmin(to, fmax(from, mid_s + i * step_s));
                double p = fmin(1.6, fmax(-1.6, mid_p + j * step_p));
                double rss = rss_at(w, out->hill, s, p, &b);
                if (rss < best) {
                    best = rss;
                    scale = s;
                    power = p;
                }
            }
        }
        step_s /= 2;
        step_p /= 2;
    }
    best = rss_at(w, out->hill, scale, power, &out->b);
    out->scale = exp(scale);
    out->power = exp(power);
    out->straight = fabs(scale - base) > 5.9;
    out->var = best;
    return VRK_OK;
}

/* (J'J)^-1 var, J by b, log scale and log power, units' means taken off. */
static void errors(dose_work *w, int64_t units, vrk_dose *out)
{
    int64_t k = out->hill ? 3 : 2;
    double gram[9] = {0}, h = 1e-5;
    bool dropped[3] = {false};
    out->var /= fmax(1, (double)(w->d->n - units - k));
    for (int64_t l = 0; l < k * k; l++) { /* one pair of columns at a time: nothing to store */
        int64_t i = l % k, j = l / k;
        for (int side = 0; side < 2; side++) {
            int64_t c = side ? j : i;
            double ds = c == 1 ? h : 0, dp = c == 2 ? h : 0;
            double *into = side ? w->y : w->g;
            for (int64_t r = 0; r < w->d->n; r++) {
                double up =
                    shape(out->hill, w->d->a[r], out->scale * exp(ds), out->power * exp(dp));
                double down =
                    shape(out->hill, w->d->a[r], out->scale * exp(-ds), out->power * exp(-dp));
                into[r] = c == 0 ? up : out->b * (up - down) / (2 * h);
            }
            centre(w, into);
        }
        for (int64_t r = 0; r < w->d->n; r++)
            gram[l] += w->g[r] * w->y[r];
    }
    double inverse[9];
    vrk_chol(gram, k, 1e-14, dropped);
    vrk_chol_inverse(gram, k, dropped, inverse);
    for (int64_t j = 0; j < k; j++) {
        for (int64_t i = 0; i < k; i++)
            out->vcov[i + j * 3] = inverse[i + j * k] * out->var;
    }
}

vrk_status vrk_dose_fit(vrk_ctx *ctx, const vrk_dose_data *d, bool hill, vrk_dose *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    dose_work w = {.d = d};
    int64_t units = 0;
    *out = (vrk_dose){.hill = hill};
    TRY(prepare(ctx, d, &w, out));
    for (int64_t u = 0; u < d->n; u++)
        units += w.size[u] > 0;
    TRY(search(ctx, &w, log(fmax(1e-6, (out->low + out->high) / 2)), out));
    errors(&w, units, out);
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        *out = (vrk_dose){0};
    return st;
}

/* Beyond the bend the marginal only falls: the last crossing, by halving in log a. */
static double crossing(const vrk_dose *f, double cost)
{
    double lo = f->low, hi = f->high;
    for (int i = 0; i < 200 && hi > lo; i++) {
        double mid = (lo + hi) / 2;
        if (vrk_dose_marginal(f, mid) > cost)
            lo = mid;
        else
            hi = mid;
    }
    return (lo + hi) / 2;
}

vrk_status vrk_dose_saturation(vrk_ctx *ctx, const vrk_dose *f, double cost, vrk_saturation *out)
{
    *out = (vrk_saturation){0};
    if (!(cost > 0 && isfinite(cost)))
        return vrk_fail(ctx, VRK_EINPUT, "a cost of %g per unit of activity", cost);
    if (f->straight)
        return vrk_fail(ctx, VRK_ENUMERIC, "no saturation can be seen in the activity there is");
    if (vrk_dose_marginal(f, f->high) > cost)
        return vrk_fail(ctx, VRK_ENUMERIC, "saturation lies over %g, where too little was seen",
                        f->high);
    if (vrk_dose_marginal(f, f->low) < cost && vrk_dose_marginal(f, (f->low + f->high) / 2) < cost)
        return vrk_fail(ctx, VRK_ENUMERIC, "saturation lies under %g, where too little was seen",
                        f->low);
    double grad[3] = {0}, h = 1e-5, var = 0;
    out->at = crossing(f, cost);
    double bend =
        (vrk_dose_marginal(f, out->at * (1 + h)) - vrk_dose_marginal(f, out->at * (1 - h))) /
        (2 * h * out->at);
    for (int j = 0; j < (f->hill ? 3 : 2);
         j++) { /* implicit function: da/dtheta = -m_theta / m_a */
        vrk_dose up = *f, down = *f;
        double *const of[] = {&up.b, &up.scale, &up.power, &down.b, &down.scale, &down.power};
        *of[j] = j == 0 ? f->b + h * fabs(f->b) : *of[j] * exp(h);
        *of[j + 3] = j == 0 ? f->b - h * fabs(f->b) : *of[j + 3] * exp(-h);
        grad[j] = -(vrk_dose_marginal(&up, out->at) - vrk_dose_marginal(&down, out->at)) /
                  (2 * h * (j == 0 ? fabs(f->b) : 1)) / bend;
    }
    for (int j = 0; j < 3; j++) {
        for (int i = 0; i < 3; i++)
            var += grad[i] * grad[j] * f->vcov[i + j * 3];
    }
    double width = vrk_normal_quantile(.95) * sqrt(var) / out->at; /* in log a: never negative */
    out->lo = out->at * exp(-width);
    out->hi = out->at * exp(width);
    return VRK_OK;
}
