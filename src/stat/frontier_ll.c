#include "num/mat.h"
#include "num/special.h"
#include "stat/frontier_parts.h"

#include <math.h>
#include <string.h>

enum { MOST_HALVINGS = 40 };
static const double LOG_2PI = 1.83787706640934548356;

/* eps = +-(y - x'beta), signed so that shortfall is minus u. */
static void residuals(frontier_work *w, const double *theta)
{
    const vrk_frontier_data *d = w->d;
    double sign = d->cost ? -1 : 1;
    vrk_mat_times(d->x, d->n, d->p, theta, w->eps);
    for (int64_t i = 0; i < d->n; i++)
        w->eps[i] = sign * (d->y[i] - w->eps[i]);
}

/* Sums over each firm's rows: of decay eps, eps^2, decay^2 and rows; and the first and third's
 * derivatives by eta. */
static void sums(frontier_work *w, double eta)
{
    const vrk_frontier_data *d = w->d;
    size_t size = (size_t)w->firms * sizeof(double);
    double *all[] = {w->s1, w->s2, w->a, w->t, w->ds1, w->da};
    for (int j = 0; j < 6; j++)
        memset(all[j], 0, size);
    for (int64_t i = 0; i < d->n; i++) {
        int64_t f = d->firm ? d->firm[i] : i;
        double ago = w->at_eta < 0 ? 0 : d->time[i] - w->last, e = exp(-eta * ago);
        w->decay[i] = e;
        w->s1[f] += e * w->eps[i];
        w->s2[f] += w->eps[i] * w->eps[i];
        w->a[f] += e * e;
        w->t[f] += 1;
        w->ds1[f] -= ago * e * w->eps[i];
        w->da[f] -= 2 * ago * e * e;
    }
}

typedef struct {
    double s1, sv, su, mu, eta; /* d l / d each, of one firm */
} slopes;

/* One firm, METHODS of Battese & Coelli (1992) in the form of doc/frontier.md, equation 3. */
static double one_firm(const frontier_work *w, int64_t f, double a, double b, double mu, slopes *s)
{
    double sv = exp(a), su = exp(b), v = sv * sv, u = su * su, d = v + u * w->a[f], root = sqrt(d);
    double up = mu * sv / (su * root), down = -su * w->s1[f] / (sv * root), r = up + down;
    double log_below, mills, log_all, mills_all;
    vrk_normal_tail(r, &log_below, &mills);
    vrk_normal_tail(mu / su, &log_all, &mills_all);
    double g = mills + r, share = u * w->a[f] / d; /* share: gamma, if there is one row */
    s->s1 = -g * su / (sv * root);
    s->sv = -(w->t[f] - 1) - (1 - share) + g * (up * share - down * (2 - share)) + w->s2[f] / v;
    s->su =
        -share + g * (-up * (1 + share) + down * (1 - share)) + mills_all * mu / su + mu * mu / u;
    s->mu = g * sv / (su * root) - mills_all / su - mu / u;
    s->eta = s->s1 * w->ds1[f] - (1 + g * r) * u / (2 * d) * w->da[f];
    return -w->t[f] / 2 * LOG_2PI - (w->t[f] - 1) * a - log(d) / 2 - log_all + log_below +
           r * r / 2 - w->s2[f] / (2 * v) - mu * mu / (2 * u);
}

/* Exponential u, independent rows; doc/frontier.md, equation 5. Residuals are there already. */
static double exponential(frontier_work *w, const double *theta, double *gradient)
{
    const vrk_frontier_data *d = w->d;
    double sv = exp(theta[w->at_sv]), c = sv / exp(theta[w->at_su]), sign = d->cost ? -1 : 1;
    double ll = 0, ga = 0, gb = 0, rows = (double)d->n;
    for (int64_t i = 0; i < d->n; i++) {
        double e = w->eps[i] / sv, z = -e - c, log_below, mills;
        vrk_normal_tail(z, &log_below, &mills);
        double g = mills + z;
        ll += log_below + c * e + c * c / 2;
        w->dl[i] = sign * (g + e) / sv;
        ga += g * (e - c) + e * e;
        gb += g * c;
    }
    if (gradient) {
        vrk_mat_cross(d->x, d->n, d->p, w->dl, gradient);
        gradient[w->at_sv] = ga;
        gradient[w->at_su] = gb - rows;
    }
    return ll - rows * theta[w->at_su];
}

double vrk_frontier_ll(frontier_work *w, const double *theta, double *gradient)
{
    const vrk_frontier_data *d = w->d;
    double ll = 0, a = theta[w->at_sv], b = theta[w->at_su], eta = 0, mu = 0;
    double sign = d->cost ? -1 : 1;
    slopes all = {0};
    residuals(w, theta);
    if (w->exponential)
        return exponential(w, theta, gradient);
    if (w->at_eta >= 0)
        eta = theta[w->at_eta];
    if (w->at_mu >= 0)
        mu = theta[w->at_mu];
    if (d->q > 0)
        vrk_mat_times(d->z, d->n, d->q, theta + d->p, w->zd);
    sums(w, eta);
    for (int64_t f = 0; f < w->firms; f++) {
        slopes s;
        if (w->t[f] <= 0)
            continue;
        ll += one_firm(w, f, a, b, d->q > 0 ? w->zd[f] : mu, &s);
        all.sv += s.sv;
        all.su += s.su;
        all.mu += s.mu;
        all.eta += s.eta;
        w->s1[f] = s.s1;
        if (d->q > 0)
            w->zd[f] = s.mu;
    }
    if (!gradient)
        return ll;
    for (int64_t i = 0; i < d->n; i++)
        w->dl[i] =
            -sign * (w->s1[d->firm ? d->firm[i] : i] * w->decay[i] - w->eps[i] * exp(-2 * a));
    vrk_mat_cross(d->x, d->n, d->p, w->dl, gradient);
    if (d->q > 0)
        vrk_mat_cross(d->z, d->n, d->q, w->zd, gradient + d->p);
    gradient[w->at_sv] = all.sv;
    gradient[w->at_su] = all.su;
    if (w->at_mu >= 0)
        gradient[w->at_mu] = all.mu;
    if (w->at_eta >= 0)
        gradient[w->at_eta] = all.eta;
    return ll;
}

/* Independent half-normal rows: everything in one pass; doc/frontier.md, equation 4. */
static double half_normal(frontier_work *w)
{
    const vrk_frontier_data *d = w->d;
    int64_t k = w->k, p = d->p, n = d->n;
    double v = exp(2 * w->theta[p]), u = exp(2 * w->theta[p + 1]), all = v + u, g1 = u / all;
    double c = -sqrt(u / (v * all)), sign = d->cost ? -1 : 1, both = 2 * g1 * (1 - g1), ll = 0;
    double ga = 0, gb = 0, haa = 0, hab = 0, hbb = 0;
    residuals(w, w->theta);
    for (int64_t i = 0; i < n; i++) {
        double e = w->eps[i], r = c * e, log_below, mills;
        vrk_normal_tail(r, &log_below, &mills);
        double g = mills + r, gg = 1 - mills * g, ra = -r * (2 - g1), rb = r * (1 - g1);
        ll += log_below + r * r / 2 - e * e / (2 * v);
        w->dl[i] = -sign * (g * c - e / v);
        w->w[i] = (1 - g1 * gg) / v;
        w->ca[i] = -sign * (gg * ra * c - g * c * (2 - g1) + 2 * e / v);
        w->cb[i] = -sign * (gg * rb * c + g * c * (1 - g1));
        ga += g * ra + e * e / v;
        gb += g * rb;
        haa += gg * ra * ra + g * r * ((2 - g1) * (2 - g1) - both) - 2 * e * e / v;
        hab += gg * ra * rb + g * r * (both - (1 - g1) * (2 - g1));
        hbb += gg * rb * rb + g * r * ((1 - g1) * (1 - g1) - both);
    }
    double rows = (double)n, *h = w->hessian;
    vrk_mat_cross(d->x, n, p, w->dl, w->gradient);
    w->gradient[p] = ga - rows * (1 - g1);
    w->gradient[p + 1] = gb - rows * g1;
    vrk_mat_gram(d->x, n, p, w->w, w->work, w->chol);
    for (int64_t j = 0; j < p; j++) {
        for (int64_t i = 0; i < p; i++)
            h[i + j * k] = -w->chol[i + j * p];
    }
    vrk_mat_cross(d->x, n, p, w->ca, h + p * k);
    vrk_mat_cross(d->x, n, p, w->cb, h + (p + 1) * k);
    h[p + p * k] = haa - rows * both;
    h[p + (p + 1) * k] = hab + rows * both;
    h[p + 1 + (p + 1) * k] = hbb - rows * both;
    for (int64_t j = p; j < k; j++) { /* the other triangle */
        for (int64_t i = 0; i < j; i++)
            h[j + i * k] = h[i + j * k];
    }
    return ll - rows / 2 * (LOG_2PI + log(all)) + rows * M_LN2;
}

double vrk_frontier_curvature(frontier_work *w)
{
    int64_t k = w->k;
    if (w->newton)
        return half_normal(w);
    double ll = vrk_frontier_ll(w, w->theta, w->gradient), *h = w->hessian;
    memcpy(w->try_theta, w->theta, (size_t)k * sizeof(double));
    for (int64_t j = 0; j < k; j++) {
        double by = 1e-5 * fmax(1, fabs(w->theta[j]));
        w->try_theta[j] = w->theta[j] + by;
        vrk_frontier_ll(w, w->try_theta, w->two);
        w->try_theta[j] = w->theta[j] - by;
        vrk_frontier_ll(w, w->try_theta, w->two + k);
        w->try_theta[j] = w->theta[j];
        for (int64_t i = 0; i < k; i++)
            h[i + j * k] = (w->two[i] - w->two[k + i]) / (2 * by);
    }
    for (int64_t j = 0; j < k; j++) {
        for (int64_t i = 0; i < j; i++)
            h[i + j * k] = h[j + i * k] = (h[i + j * k] + h[j + i * k]) / 2;
    }
    return ll;
}

/* Newton's step, with a ridge as large as it takes where ll is not concave. Returns its promise. */
static double find_step(frontier_work *w, vrk_frontier *out)
{
    int64_t k = w->k, rank = 0;
    double promise = 0;
    out->gradient = 0;
    for (double ridge = 0; rank < k && ridge<1e12; ridge = ridge> 0 ? ridge * 10 : 1e-4) {
        for (int64_t j = 0; j < k; j++) {
            for (int64_t i = 0; i < k; i++)
                w->chol[i + j * k] = -w->hessian[i + j * k];
            w->chol[j + j * k] += ridge * fmax(1, fabs(w->hessian[j + j * k]));
            w->dropped[j] = false;
        }
        rank = vrk_chol(w->chol, k, 1e-13, w->dropped);
    }
    memcpy(w->step, w->gradient, (size_t)k * sizeof(double));
    vrk_chol_solve(w->chol, k, w->dropped, w->step);
    for (int64_t j = 0; j < k; j++) {
        promise += w->gradient[j] * w->step[j] / 2;
        out->gradient =
            fmax(out->gradient, fabs(w->gradient[j]) / sqrt(fabs(w->hessian[j + j * k]) + 1e-300));
    }
    return promise;
}

/* Along the step as far as it helps; scale parameters move by at most 2 at a time. */
static bool advance(frontier_work *w, double ll)
{
    double most = fmax(fabs(w->step[w->at_sv]), fabs(w->step[w->at_su]));
    double share = most > 2 ? 2 / most : 1;
    for (int i = 0; i < MOST_HALVINGS; i++, share /= 2) {
        for (int64_t j = 0; j < w->k; j++)
            w->try_theta[j] = w->theta[j] + share * w->step[j];
        double there = vrk_frontier_ll(w, w->try_theta, NULL);
        if (!(there >= ll - 1e-13 * fabs(ll)))
            continue;
        memcpy(w->theta, w->try_theta, (size_t)w->k * sizeof(double));
        return true;
    }
    return false;
}

vrk_status vrk_frontier_climb(vrk_ctx *ctx, frontier_work *w, const vrk_frontier_opt *o,
                              vrk_frontier *out)
{
    vrk_status st = VRK_OK;
    out->stop = VRK_STOP_ITER;
    while (out->iterations < o->max_iter && out->stop == VRK_STOP_ITER) {
        out->ll = vrk_frontier_curvature(w);
        double promise = find_step(w, out);
        out->iterations++;
        TRY(vrk_tick(ctx, "frontier", out->iterations, o->max_iter));
        if (promise <= o->tol && promise >= 0)
            out->stop = VRK_STOP_GRAD;
        else if (!advance(w, out->ll))
            out->stop = VRK_STOP_STEP;
        if (w->theta[w->at_su] - w->theta[w->at_sv] < -12)
            out->stop = VRK_STOP_BOUNDARY;
    }
    if (out->stop != VRK_STOP_GRAD) { /* else the derivatives are those of where we stand */
        out->ll = vrk_frontier_curvature(w);
        find_step(w, out);
    }
done:
    return st;
}
