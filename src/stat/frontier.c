#include "stat/frontier.h"

#include "num/mat.h"
#include "num/special.h"
#include "stat/frontier_parts.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static vrk_status check_values(vrk_ctx *ctx, const vrk_frontier_data *d, const vrk_frontier_opt *o)
{
    for (int64_t i = 0; i < d->n; i++) {
        if (!isfinite(d->y[i]))
            return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": the result is %g", i, d->y[i]);
        for (int64_t j = 0; j < d->p; j++) {
            if (!isfinite(d->x[i + j * d->n]))
                return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": column %" PRId64 " is %g", i, j,
                                d->x[i + j * d->n]);
        }
        for (int64_t j = 0; j < d->q; j++) {
            if (!isfinite(d->z[i + j * d->n]))
                return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": column %" PRId64 " of z is %g",
                                i, j, d->z[i + j * d->n]);
        }
        if (d->firm && (d->firm[i] < 0 || d->firm[i] >= d->n))
            return vrk_fail(ctx, VRK_EINPUT,
                            "row %" PRId64 ": firm %" PRId64 " of %" PRId64 " rows", i, d->firm[i],
                            d->n);
        if (o->eta && !isfinite(d->time[i]))
            return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": time is %g", i, d->time[i]);
    }
    return VRK_OK;
}

/* The column of ones, which takes up the mean shortfall; -1: none. */
static int64_t intercept_of(const vrk_frontier_data *d)
{
    for (int64_t j = 0; j < d->p; j++) {
        int64_t i = 0;
        while (i < d->n && fabs(d->x[i + j * d->n] - 1) <= 0)
            i++;
        if (i == d->n)
            return j;
    }
    return -1;
}

static vrk_status check(vrk_ctx *ctx, const vrk_frontier_data *d, const vrk_frontier_opt *o)
{
    vrk_status st = VRK_OK;
    int64_t k = d->p + d->q + 2 + o->truncated + o->eta;
    if (d->p < 1 || d->q < 0 || d->n <= k)
        FAIL(VRK_EINPUT, "cannot estimate %" PRId64 " coefficients from %" PRId64 " rows", k, d->n);
    if (d->q > 0 && (o->truncated || o->eta || d->firm))
        FAIL(VRK_EINPUT, "with z rows are independent: no firms, mu or eta of their own");
    if (o->exponential && (o->truncated || o->eta || d->firm || d->q > 0))
        FAIL(VRK_EINPUT, "with exponential shortfall rows are independent: no firms, z, mu or eta");
    if (o->eta && (!d->time || !d->firm))
        FAIL(VRK_EINPUT, "eta needs the time and the firm of each row");
    TRY(check_values(ctx, d, o));
    if (intercept_of(d) < 0)
        FAIL(VRK_EINPUT, "no column of ones among the %" PRId64 " columns of x", d->p);
done:
    return st;
}

static vrk_status reserve(vrk_ctx *ctx, frontier_work *w, vrk_frontier *out)
{
    const vrk_frontier_data *d = w->d;
    double **rows[] = {&w->eps, &w->dl, &w->decay, &w->w, &w->ca, &w->cb};
    double **firms[] = {&w->s1, &w->s2, &w->a, &w->t, &w->ds1, &w->da};
    double **params[] = {&w->theta, &w->gradient, &w->try_theta, &w->step, &w->two};
    double **squares[] = {&w->hessian, &w->chol};
    for (int j = 0; j < 6; j++)
        *rows[j] = VRK_NEW(&ctx->scratch, d->n, double);
    for (int j = 0; j < 6; j++)
        *firms[j] = VRK_NEW(&ctx->scratch, w->firms, double);
    for (int j = 0; j < 5; j++)
        *params[j] = VRK_NEW(&ctx->scratch, 2 * w->k, double);
    for (int j = 0; j < 2; j++)
        *squares[j] = VRK_NEW(&ctx->scratch, w->k * w->k, double);
    w->zd = VRK_NEW(&ctx->scratch, d->q > 0 ? d->n : 0, double);
    w->work = VRK_NEW(&ctx->scratch, VRK_MAT_BLOCK * d->p, double);
    w->dropped = VRK_NEW(&ctx->scratch, w->k, bool);
    out->coef = VRK_NEW(&out->mem, w->k, double);
    out->se = VRK_NEW(&out->mem, w->k, double);
    out->vcov = VRK_NEW(&out->mem, w->k * w->k, double);
    out->efficiency = VRK_NEW(&out->mem, d->n, double);
    out->shortfall = VRK_NEW(&out->mem, d->n, double);
    if (ctx->scratch.failed || out->mem.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for a frontier of %" PRId64 " rows", d->n);
    return VRK_OK;
}

/* Least squares into theta; its ll, skewness and variance. */
static vrk_status least_squares(vrk_ctx *ctx, frontier_work *w, vrk_frontier *out, double *variance)
{
    vrk_status st = VRK_OK;
    const vrk_frontier_data *d = w->d;
    double m2 = 0, m3 = 0, square = 0, n = (double)d->n;
    for (int64_t i = 0; i < d->n; i++)
        w->w[i] = 1;
    vrk_mat_gram(d->x, d->n, d->p, w->w, w->work, w->chol);
    if (vrk_chol(w->chol, d->p, 1e-12, w->dropped) < d->p) {
        for (int64_t j = 0; j < d->p; j++) {
            if (w->dropped[j])
                FAIL(VRK_EINPUT, "column %" PRId64 " is explained by those before it", j);
        }
    }
    vrk_mat_cross(d->x, d->n, d->p, d->y, w->theta);
    vrk_chol_solve(w->chol, d->p, w->dropped, w->theta);
    vrk_mat_times(d->x, d->n, d->p, w->theta, w->eps);
    for (int64_t i = 0; i < d->n; i++) {
        double e = (d->cost ? -1 : 1) * (d->y[i] - w->eps[i]);
        m2 += e * e / n;
        square += d->y[i] * d->y[i] / n;
        m3 += e * e * e / n;
    }
    if (!(m2 > 1e-24 * square))
        FAIL(VRK_EINPUT, "the columns explain all of the result: no residuals to split");
    *variance = m2;
    out->skewness = m3 / pow(m2, 1.5);
    out->wrong_skew = out->skewness >= 0;
    out->ll_ols = -n / 2 * (log(2 * M_PI * m2) + 1);
done:
    return st;
}

/* gamma by the third moment: that of u is su^3 sqrt(2/pi) (1 - 4/pi) below its mean. */
static double gamma_by_moments(const vrk_frontier *out)
{
    double su2 = pow(fmax(0, -out->skewness) / (sqrt(2 / M_PI) * (4 / M_PI - 1)), 2. / 3);
    double sv2 = 1 - (1 - 2 / M_PI) * su2; /* of residuals with variance 1 */
    return fmin(.95, fmax(.05, su2 / (su2 + fmax(0, sv2))));
}

/* Corrected least squares: independent half-normal rows begin at the gamma of their moments, the
 * others at the best of nine. */
static void begin(frontier_work *w, const vrk_frontier *out, double variance)
{
    const vrk_frontier_data *d = w->d;
    int64_t ones = intercept_of(d);
    double mean = w->exponential ? 1 : sqrt(2 / M_PI); /* of u over su */
    double var = w->exponential ? 1 : 1 - 2 / M_PI;
    double bare = w->theta[ones], sign = d->cost ? -1 : 1, best = -HUGE_VAL;
    double best_gamma = w->newton ? gamma_by_moments(out) : .5;
    for (int pass = w->newton ? 9 : 0; pass < 10; pass++) {
        double gamma = pass < 9 ? .1 * (pass + 1) : best_gamma;
        double sigma2 = variance / (1 - gamma + gamma * var);
        w->theta[ones] = bare + sign * mean * sqrt(gamma * sigma2);
        w->theta[w->at_sv] = log((1 - gamma) * sigma2) / 2;
        w->theta[w->at_su] = log(gamma * sigma2) / 2;
        double ll = pass < 9 ? vrk_frontier_ll(w, w->theta, NULL) : best;
        if (ll > best) {
            best = ll;
            best_gamma = gamma;
        }
    }
}

/* No shortfall: the estimates of least squares, which theta holds. */
static void without(const frontier_work *w, double variance, vrk_frontier *out)
{
    int64_t k = w->k;
    memset(out->coef, 0, (size_t)k * sizeof(double));
    memcpy(out->coef, w->theta, (size_t)w->d->p * sizeof(double));
    for (int64_t j = 0; j < k * k; j++)
        out->vcov[j] = nan("");
    for (int64_t j = 0; j < k; j++)
        out->se[j] = nan("");
    out->coef[w->at_sv] = variance;
    out->sd_v = sqrt(variance);
    out->sd_u = out->mu = out->eta = 0;
    for (int64_t i = 0; i < w->d->n; i++) {
        out->efficiency[i] = 1;
        out->shortfall[i] = 0;
    }
    out->mean_efficiency = 1;
    out->ll = out->ll_ols;
    out->stop = VRK_STOP_BOUNDARY;
}

/* vcov = J (-H)^-1 J', with J from (log sv, log su) to (sigma2, gamma). */
static void errors(frontier_work *w, vrk_frontier *out)
{
    int64_t k = w->k, s = w->at_sv;
    double v = out->sd_v * out->sd_v, u = out->sd_u * out->sd_u, gamma = u / (v + u);
    double j11 = 2 * v, j12 = 2 * u, j22 = 2 * gamma * (1 - gamma), *c = w->hessian;
    vrk_chol_inverse(w->chol, k, w->dropped, c);
    for (int64_t i = 0; i < k; i++) {
        double a = c[i + s * k], b = c[i + (s + 1) * k];
        c[i + s * k] = j11 * a + j12 * b;
        c[i + (s + 1) * k] = j22 * (b - a);
    }
    for (int64_t i = 0; i < k; i++) {
        double a = c[s + i * k], b = c[s + 1 + i * k];
        c[s + i * k] = j11 * a + j12 * b;
        c[s + 1 + i * k] = j22 * (b - a);
    }
    memcpy(out->vcov, c, (size_t)(k * k) * sizeof(double));
    for (int64_t i = 0; i < k; i++)
        out->se[i] = sqrt(c[i + i * k]);
}

/* E(exp(-u)) and E(u) given a row's residual: u is then normal with SD sv, cut at 0. */
static void efficiencies_exponential(const frontier_work *w, vrk_frontier *out)
{
    double s = out->sd_v, sum = 0;
    for (int64_t i = 0; i < w->d->n; i++) {
        double z = -w->eps[i] / s - s / out->sd_u;
        out->efficiency[i] =
            exp(vrk_normal_log_below(z - s) - vrk_normal_log_below(z) - s * z + s * s / 2);
        out->shortfall[i] = s * (z + vrk_normal_mills(z));
        sum += out->efficiency[i];
    }
    out->mean_efficiency = sum / (double)w->d->n;
}

/* E(exp(-u)) and E(u) given the residuals of the firm's rows. */
static void efficiencies(frontier_work *w, vrk_frontier *out)
{
    const vrk_frontier_data *d = w->d;
    double v = out->sd_v * out->sd_v, u = out->sd_u * out->sd_u, sum = 0;
    vrk_frontier_ll(w, w->theta, NULL);
    if (w->exponential) {
        efficiencies_exponential(w, out);
        return;
    }
    if (d->q > 0)
        vrk_mat_times(d->z, d->n, d->q, w->theta + d->p, w->zd);
    for (int64_t i = 0; i < d->n; i++) { /* s1 was used up by the likelihood: once more */
        int64_t f = d->firm ? d->firm[i] : i;
        w->ds1[f] = 0;
    }
    for (int64_t i = 0; i < d->n; i++)
        w->ds1[d->firm ? d->firm[i] : i] += w->decay[i] * w->eps[i];
    for (int64_t i = 0; i < d->n; i++) {
        int64_t f = d->firm ? d->firm[i] : i;
        double all = v + u * w->a[f], s = sqrt(u * v / all), e = w->decay[i];
        double mean = ((d->q > 0 ? w->zd[i] : out->mu) * v - u * w->ds1[f]) / all, z = mean / s;
        out->efficiency[i] = exp(vrk_normal_log_below(z - e * s) - vrk_normal_log_below(z) -
                                 e * mean + e * e * s * s / 2);
        out->shortfall[i] = e * (mean + s * vrk_normal_mills(z));
        sum += out->efficiency[i];
    }
    out->mean_efficiency = sum / (double)d->n;
}

static void finish(frontier_work *w, vrk_frontier *out)
{
    const double *t = w->theta;
    memcpy(out->coef, t, (size_t)w->k * sizeof(double));
    out->sd_v = exp(t[w->at_sv]);
    out->sd_u = exp(t[w->at_su]);
    out->mu = w->at_mu >= 0 ? t[w->at_mu] : 0;
    out->eta = w->at_eta >= 0 ? t[w->at_eta] : 0;
    out->coef[w->at_sv] = out->sd_v * out->sd_v + out->sd_u * out->sd_u;
    out->coef[w->at_su] = out->sd_u * out->sd_u / out->coef[w->at_sv];
    errors(w, out);
    efficiencies(w, out);
}

/* Half of each: the mixture of Kodde & Palm (1986) for one restriction at the edge. */
static void test_none(const frontier_work *w, vrk_frontier *out)
{
    out->restrictions = (int)(w->k - w->d->p - 1);
    out->lr = fmax(0, 2 * (out->ll - out->ll_ols));
    double fewer =
        out->restrictions > 1 ? vrk_chi2_above(out->lr, out->restrictions - 1) : out->lr <= 0;
    out->p_value = (fewer + vrk_chi2_above(out->lr, out->restrictions)) / 2;
}

static frontier_work layout(const vrk_frontier_data *d, const vrk_frontier_opt *o)
{
    int64_t scale = d->p + d->q;
    frontier_work w = {.d = d, .firms = d->firm ? 0 : d->n, .at_sv = scale, .at_su = scale + 1};
    w.at_mu = o->truncated ? scale + 2 : -1;
    w.at_eta = o->eta ? scale + 2 + o->truncated : -1;
    w.k = scale + 2 + o->truncated + o->eta;
    w.exponential = o->exponential;
    w.newton = !d->firm && d->q == 0 && !o->truncated && !o->exponential;
    w.last = -HUGE_VAL;
    for (int64_t i = 0; i < d->n; i++) {
        if (d->firm && d->firm[i] >= w.firms)
            w.firms = d->firm[i] + 1;
        if (o->eta)
            w.last = fmax(w.last, d->time[i]);
    }
    return w;
}

vrk_status vrk_frontier_fit(vrk_ctx *ctx, const vrk_frontier_data *data,
                            const vrk_frontier_opt *opt, vrk_frontier *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_frontier_opt o = opt ? *opt : (vrk_frontier_opt){0};
    double variance = 0;
    o.max_iter = o.max_iter > 0 ? o.max_iter : 200;
    o.tol = o.tol > 0 ? o.tol : 1e-12;
    *out =
        (vrk_frontier){.n = data->n, .p = data->p, .q = data->q, .mem.limit = ctx->scratch.limit};
    TRY(check(ctx, data, &o));
    frontier_work w = layout(data, &o);
    out->k = w.k;
    out->firms = w.firms;
    TRY(reserve(ctx, &w, out));
    TRY(least_squares(ctx, &w, out, &variance));
    if (!((w.newton || w.exponential) &&
          out->wrong_skew)) { /* else gamma = 0 is the top (Waldman 1982) */
        begin(&w, out, variance);
        TRY(vrk_frontier_climb(ctx, &w, &o, out));
        if (out->stop != VRK_STOP_BOUNDARY && out->ll > out->ll_ols)
            finish(&w, out);
        else
            TRY(least_squares(ctx, &w, out, &variance));
    }
    if (!(out->sd_v > 0))
        without(&w, variance, out);
    test_none(&w, out);
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_frontier_free(out);
    return st;
}

void vrk_frontier_free(vrk_frontier *fit)
{
    vrk_arena_free(&fit->mem);
    *fit = (vrk_frontier){0};
}
