#include "num/mat.h"
#include "stat/did_parts.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Who is compared over the two periods: change of outcome, covariates, treated or not. */
static int64_t gather(did_work *w, int64_t group, int64_t period, int64_t base, int64_t *treated)
{
    const vrk_did_data *d = w->d;
    int64_t m = 0, later = period > base ? period : base;
    *treated = 0;
    for (int64_t i = 0; i < d->n; i++) {
        int64_t g = w->first[i];
        bool control = g < 0 || (w->not_yet && g > later && g != group);
        if (g != group && !control)
            continue;
        w->unit[m] = i;
        w->treated[m] = g == group;
        *treated += g == group;
        w->dy[m++] = d->y[i + period * d->n] - d->y[i + base * d->n];
    }
    for (int64_t i = 0; i < m; i++) {
        w->x[i] = 1;
        for (int64_t j = 0; j < d->p; j++)
            w->x[i + (j + 1) * m] = d->x[w->unit[i] + j * d->n];
    }
    return m;
}

/* Logistic regression of treated on x by Newton; ps and the inverse information are left behind. */
static bool propensity(did_work *w, int64_t m)
{
    memset(w->gamma, 0, (size_t)w->q * sizeof(double));
    for (int iteration = 0; iteration < 50; iteration++) {
        double most = 0;
        vrk_mat_times(w->x, m, w->q, w->gamma, w->fit);
        for (int64_t i = 0; i < m; i++) {
            w->ps[i] = 1 / (1 + exp(-w->fit[i]));
            w->w[i] = w->ps[i] * (1 - w->ps[i]);
            w->part[i] = w->treated[i] - w->ps[i];
        }
        vrk_mat_gram(w->x, m, w->q, w->w, w->work, w->gram_ps);
        vrk_mat_cross(w->x, m, w->q, w->part, w->m1);
        memset(w->dropped, 0, (size_t)w->q * sizeof(bool));
        if (vrk_chol(w->gram_ps, w->q, 1e-10, w->dropped) < w->q)
            return false;
        vrk_chol_solve(w->gram_ps, w->q, w->dropped, w->m1);
        for (int64_t j = 0; j < w->q; j++) {
            w->gamma[j] += w->m1[j];
            most = fmax(most, fabs(w->m1[j]));
        }
        if (most < 1e-10)
            return true;
    }
    return false;
}

/* Least squares of the change among controls. */
static bool outcome(did_work *w, int64_t m)
{
    for (int64_t i = 0; i < m; i++) {
        w->w[i] = !w->treated[i];
        w->part[i] = w->w[i] * w->dy[i];
    }
    vrk_mat_gram(w->x, m, w->q, w->w, w->work, w->gram_c);
    memset(w->dropped, 0, (size_t)w->q * sizeof(bool));
    if (vrk_chol(w->gram_c, w->q, 1e-10, w->dropped) < w->q)
        return false;
    vrk_mat_cross(w->x, m, w->q, w->part, w->beta);
    vrk_chol_solve(w->gram_c, w->q, w->dropped, w->beta);
    vrk_mat_times(w->x, m, w->q, w->beta, w->fit);
    return true;
}

/* Sant'Anna & Zhao (2020), equations for panels: what each unit adds to the effect, scaled to n. */
static void influence(did_work *w, int64_t m, double n_treated, double sum_w, double by_control,
                      double by_treated, double *psi)
{
    for (int64_t i = 0; i < m; i++)
        w->part[i] = w->treated[i];
    vrk_mat_cross(w->x, m, w->q, w->part, w->m1);
    for (int64_t i = 0; i < m; i++)
        w->part[i] = w->w[i] * (w->dy[i] - w->fit[i] - by_control);
    vrk_mat_cross(w->x, m, w->q, w->part, w->m2);
    vrk_mat_cross(w->x, m, w->q, w->w, w->m3);
    for (int64_t j = 0; j < w->q; j++)
        w->m1[j] = w->m1[j] / n_treated - w->m3[j] / sum_w;
    vrk_chol_solve(w->gram_c, w->q, w->dropped, w->m1);
    vrk_chol_solve(w->gram_ps, w->q, w->dropped, w->m2);
    for (int64_t i = 0; i < m; i++) {
        double rest = w->dy[i] - w->fit[i], t = w->treated[i], by_beta = 0, by_gamma = 0;
        for (int64_t j = 0; j < w->q; j++) {
            by_beta += w->x[i + j * m] * w->m1[j];
            by_gamma += w->x[i + j * m] * w->m2[j];
        }
        psi[w->unit[i]] =
            (double)w->d->n *
            (t * (rest - by_treated) / n_treated - w->w[i] * (rest - by_control) / sum_w -
             (1 - t) * rest * by_beta - (t - w->ps[i]) * by_gamma / sum_w);
    }
}

vrk_status vrk_did_cell(vrk_ctx *ctx, did_work *w, int64_t group, int64_t period,
                        vrk_did_effect *out, double *psi)
{
    int64_t treated, base = period >= group ? group - 1 : period - 1;
    int64_t m = gather(w, group, period, base, &treated);
    double sum_w = 0, by_treated = 0, by_control = 0;
    *out = (vrk_did_effect){
        .group = group, .period = period, .treated = treated, .controls = m - treated};
    if (treated < 1 || out->controls < w->q)
        out->controls = 0;
    if (out->controls == 0)
        return VRK_OK;
    if (!propensity(w, m) || !outcome(w, m))
        return vrk_fail(ctx, VRK_EINPUT,
                        "group %" PRId64 ", period %" PRId64
                        ": the covariates explain each other, or who is treated completely",
                        group, period);
    for (int64_t i = 0; i < m; i++) {
        double rest = w->dy[i] - w->fit[i];
        w->w[i] = w->treated[i] ? 0 : w->ps[i] / (1 - w->ps[i]);
        sum_w += w->w[i];
        by_control += w->w[i] * rest;
        by_treated += w->treated[i] ? rest : 0;
    }
    by_control /= sum_w;
    by_treated /= (double)treated;
    out->effect = by_treated - by_control;
    if (psi)
        influence(w, m, (double)treated, sum_w, by_control, by_treated, psi);
    return VRK_OK;
}
