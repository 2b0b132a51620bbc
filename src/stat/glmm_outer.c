/* The marginal log-likelihood of a mixed model as a function of hyperparameters (and, for maximum
 * likelihood outside the Gaussian, fixed effects), with its exact gradient; where the search for
 * its top starts. */
#include <math.h>
#include <string.h>

#include "stat/glmm_parts.h"

static int64_t width(const glmm_model *m, int64_t t)
{
    return m->data->term[t].q > 0 ? m->data->term[t].q : 1;
}

/* Log prior of the hyperparameters: exponential in each sd (root of a diagonal of the covariance),
 * as a density of theta; adds its gradient. Simpson et al. (2017), Stat Sci 32. */
static double prior(const glmm_state *s, double *g)
{
    const glmm_model *m = s->model;
    const double *c = s->scale;
    double sum = 0;
    int64_t h = 0;
    for (int64_t t = 0; t < m->data->terms; t++, c += width(m, t - 1) * width(m, t - 1)) {
        int64_t q = width(m, t), at[64];
        for (int64_t j = 0, k = h; j < q; k += q - j, j++)
            at[j] = k;
        for (int64_t i = 0; i < q; i++) {
            double rate = m->opt.rate / m->unit[at[i]], sd = 0;
            for (int64_t j = 0; j <= i; j++)
                sd += c[i + j * q] * c[i + j * q];
            sd = sqrt(sd);
            sum += s->theta[at[i]] - rate * sd;
            for (int64_t j = 0; j <= i; j++)
                g[at[j] + i - j] -= rate * c[i + j * q] / sd * (i == j ? exp(s->theta[at[i]]) : 1);
            g[at[i]] += 1;
        }
        h += q * (q + 1) / 2;
    }
    return sum;
}

vrk_status vrk_glmm_objective(vrk_ctx *ctx, const double *x, double *f, double *g, void *arg)
{
    vrk_status st = VRK_OK;
    glmm_state *s = arg;
    glmm_model *m = s->model;
    int64_t outer = s->profile ? 0 : m->p;
    *f = HUGE_VAL;
    memcpy(s->b + m->m, s->profile ? s->b + m->m : x, (size_t)m->p * sizeof *x);
    vrk_glmm_theta(s, x + outer);
    TRY(vrk_glmm_mode_find(ctx, s));
    if (!s->valid)
        goto done;
    *f = -(s->ll + m->constant - s->energy + s->log_q - s->log_det / 2);
    if (s->full)
        *f -= (double)m->p * log(2 * M_PI) / 2;
    TRY(vrk_glmm_invert(ctx, s));
    vrk_glmm_levels(s);
    vrk_glmm_theta_gradient(s, g + outer);
    for (int64_t j = 0; j < outer; j++) {
        double moved = 0;
        for (int64_t u = 0; u < m->m; u++)
            moved += s->uf[j + u * m->p] * s->v[u];
        g[j] = s->g[m->m + j] - (s->c[m->m + j] - moved) / 2;
    }
    if (m->opt.mode == VRK_GLMM_BAYES)
        *f -= prior(s, g + outer);
    if (s->agq)
        *f = -vrk_glmm_agq(s->agq, s, g);
    for (int64_t k = 0; k < outer + m->h; k++)
        g[k] = -g[k];
done:
    return st;
}

void vrk_glmm_start(glmm_model *m, double *theta, double *h)
{
    double mean = 0, var = 0, unit = 1;
    for (int64_t i = 0; i < m->n; i++)
        mean += m->y[i] / (double)m->n;
    for (int64_t i = 0; i < m->n; i++)
        var += (m->y[i] - mean) * (m->y[i] - mean) / (double)m->n;
    if (m->opt.family == VRK_GLMM_GAUSSIAN)
        unit = sqrt(var);
    int64_t k = 0;
    for (int64_t t = 0; t < m->data->terms; t++) {
        const vrk_glmm_term *term = m->data->term + t;
        for (int64_t j = 0; j < width(m, t); j++) {
            double square = 0;
            for (int64_t i = 0; term->z && i < m->n; i++) {
                double z = term->z[m->row[i] + j * m->data->n];
                square += z * z / (double)m->n;
            }
            m->unit[k] = square > 0 ? unit / sqrt(square) : unit;
            theta[k] = log(m->unit[k] / 2);
            h[k++] = 1 / (double)term->levels;
            for (int64_t i = j + 1; i < width(m, t); i++, k++)
                h[k] = m->unit[k - (i - j)] * m->unit[k - (i - j)] / (double)term->levels;
        }
    }
    if (m->opt.family == VRK_GLMM_GAUSSIAN) {
        h[k] = 1 / (2 * (double)m->n);
        theta[k] = log(unit * 0.7);
    }
}
