/* The distribution of the random terms: scales from hyperparameters, energy, slope, curvature, and
 * the gradient of the Laplace log-likelihood in the hyperparameters. doc/glmm.md has the algebra.
 */
#include <math.h>
#include <string.h>

#include "num/mat.h"
#include "stat/glmm_parts.h"

enum { WIDEST = 64 };

static int64_t width(const glmm_model *m, int64_t t)
{
    return m->data->term[t].q > 0 ? m->data->term[t].q : 1;
}

/* -log density of s = u/sd, less log sqrt(2 pi): value, three derivatives, and the weight of the
 * parabola that touches it at s and lies above (its curvature). */
typedef struct {
    double value, d1, d2, d3, above;
} tail;

static tail student(double s, double df)
{
    double k = df + s * s, c = df + 1;
    double constant = lgamma(c / 2) - lgamma(df / 2) - log(df * M_PI) / 2 + log(2 * M_PI) / 2;
    return (tail){.value = c / 2 * log1p(s * s / df) - constant,
                  .d1 = c * s / k,
                  .d2 = c * (df - s * s) / (k * k),
                  .d3 = 2 * c * s * (s * s - 3 * df) / (k * k * k),
                  .above = c / k};
}

static tail two_part(double s, double share, double wide)
{
    double a = log1p(-share) - s * s / 2, b = log(share / wide) - s * s / (2 * wide * wide);
    double t = 1 / (1 + exp(b - a)), gap = 1 - 1 / (wide * wide), both = t * (1 - t);
    double t1 = -gap * s * both, t2 = -gap * (both + s * (1 - 2 * t) * t1);
    double h = t + (1 - t) / (wide * wide);
    return (tail){.value = -(fmax(a, b) + log1p(exp(-fabs(a - b)))),
                  .d1 = s * h,
                  .d2 = h + s * gap * t1,
                  .d3 = 2 * gap * t1 + s * gap * t2,
                  .above = h};
}

static tail tail_of(const vrk_glmm_term *k, double s)
{
    if (k->tail == VRK_GLMM_T)
        return student(s, k->df > 0 ? k->df : 4);
    return two_part(s, k->share > 0 ? k->share : 0.1, k->wide > 0 ? k->wide : 3);
}

void vrk_glmm_theta(glmm_state *s, const double *theta)
{
    const glmm_model *m = s->model;
    double *c = s->scale, *precision = s->precision;
    int64_t h = 0;
    memcpy(s->theta, theta, (size_t)m->h * sizeof *theta);
    for (int64_t t = 0; t < m->data->terms; t++) {
        int64_t q = width(m, t);
        bool dropped[WIDEST] = {false};
        memset(c, 0, (size_t)(q * q) * sizeof *c);
        for (int64_t j = 0; j < q; j++) {
            c[j + j * q] = GLMM_FLOOR * m->unit[h] + exp(theta[h]);
            h++;
            for (int64_t i = j + 1; i < q; i++)
                c[i + j * q] = theta[h++];
        }
        vrk_chol_inverse(c, q, dropped, precision);
        c += q * q;
        precision += q * q;
    }
    if (m->opt.family == VRK_GLMM_GAUSSIAN)
        s->residual = exp(theta[h]);
}

static double normal_energy(const double *u, const double *precision, int64_t q)
{
    double sum = 0;
    for (int64_t j = 0; j < q; j++) {
        for (int64_t i = 0; i < q; i++)
            sum += u[i] * precision[i + j * q] * u[j];
    }
    return sum / 2;
}

double vrk_glmm_energy(const glmm_state *s, double *log_q)
{
    const glmm_model *m = s->model;
    const double *c = s->scale, *precision = s->precision;
    double energy = 0;
    *log_q = 0;
    for (int64_t t = 0; t < m->data->terms; t++) {
        const vrk_glmm_term *k = m->data->term + t;
        int64_t q = width(m, t);
        for (int64_t j = 0; j < q; j++)
            *log_q -= (double)k->levels * log(c[j + j * q]);
        for (int64_t u = m->first[t]; u < m->first[t + 1]; u += q)
            energy += k->tail == VRK_GLMM_NORMAL ? normal_energy(s->b + u, precision, q)
                                                 : tail_of(k, s->b[u] / c[0]).value;
        c += q * q;
        precision += q * q;
    }
    return energy;
}

/* g += slope of the log density of the effects at b. */
static void slope(const glmm_state *s, double *g)
{
    const glmm_model *m = s->model;
    const double *c = s->scale, *precision = s->precision;
    for (int64_t t = 0; t < m->data->terms; t++) {
        const vrk_glmm_term *k = m->data->term + t;
        int64_t q = width(m, t);
        for (int64_t u = m->first[t]; u < m->first[t + 1]; u += q) {
            if (k->tail != VRK_GLMM_NORMAL) {
                g[u] -= tail_of(k, s->b[u] / c[0]).d1 / c[0];
                continue;
            }
            for (int64_t j = 0; j < q; j++) {
                for (int64_t i = 0; i < q; i++)
                    g[u + j] -= precision[i + j * q] * s->b[u + i];
            }
        }
        c += q * q;
        precision += q * q;
    }
    for (int64_t j = 0; j < m->p; j++)
        g[m->m + j] -= m->prior[j] * s->b[m->m + j];
}

void vrk_glmm_pull(glmm_state *s, bool exact)
{
    const glmm_model *m = s->model;
    const double *c = s->scale, *precision = s->precision;
    const int64_t *block = m->block;
    slope(s, s->g);
    for (int64_t t = 0; t < m->data->terms; t++) {
        const vrk_glmm_term *k = m->data->term + t;
        int64_t q = width(m, t);
        for (int64_t u = m->first[t]; u < m->first[t + 1]; u += q) {
            if (k->tail != VRK_GLMM_NORMAL) {
                tail p = tail_of(k, s->b[u] / c[0]);
                s->uu[*block++] += (exact ? p.d2 : p.above) / (c[0] * c[0]);
                continue;
            }
            for (int64_t j = 0; j < q; j++) {
                for (int64_t i = j; i < q; i++)
                    s->uu[*block++] += precision[i + j * q];
            }
        }
        c += q * q;
        precision += q * q;
    }
    for (int64_t j = 0; j < m->p; j++)
        s->ff[j + j * m->p] += m->prior[j];
}

void vrk_glmm_third(glmm_state *s)
{
    const glmm_model *m = s->model;
    const double *c = s->scale;
    const int64_t *block = m->block;
    for (int64_t t = 0; t < m->data->terms; t++) {
        int64_t q = width(m, t);
        for (int64_t u = m->first[t]; u < m->first[t + 1]; u += q) {
            if (m->data->term[t].tail != VRK_GLMM_NORMAL)
                s->c[u] += s->inverse[*block] * tail_of(m->data->term + t, s->b[u] / c[0]).d3 /
                           (c[0] * c[0] * c[0]);
            block += q * (q + 1) / 2;
        }
        c += q * q;
    }
}

/* a [q x q] = sum over levels of u u' + inverse - (v u' + u v')/2 */
static void moments(const glmm_state *s, int64_t t, const int64_t *block, double *a)
{
    int64_t q = width(s->model, t);
    memset(a, 0, (size_t)(q * q) * sizeof *a);
    for (int64_t u = s->model->first[t]; u < s->model->first[t + 1]; u += q) {
        const double *b = s->b + u, *v = s->v + u;
        for (int64_t j = 0; j < q; j++) {
            for (int64_t i = j; i < q; i++)
                a[i + j * q] +=
                    b[i] * b[j] + s->inverse[*block++] - (v[i] * b[j] + b[i] * v[j]) / 2;
        }
    }
    for (int64_t j = 0; j < q; j++) {
        for (int64_t i = 0; i < j; i++)
            a[i + j * q] = a[j + i * q];
    }
}

/* out = x y, all [q x q]. */
static void product(const double *x, const double *y, int64_t q, double *out)
{
    for (int64_t j = 0; j < q; j++)
        vrk_mat_times(x, q, q, y + j * q, out + j * q);
}

/* With G = (P A P - levels P)/2 the gradient in the covariance, that in its factor is 2 G C. */
static void normal_gradient(const glmm_state *s, int64_t t, const double *c,
                            const double *precision, const int64_t *block, double *g)
{
    int64_t q = width(s->model, t), h = 0;
    double a[3][WIDEST * WIDEST], levels = (double)s->model->data->term[t].levels;
    moments(s, t, block, a[0]);
    product(precision, a[0], q, a[1]);
    product(a[1], precision, q, a[2]);
    for (int64_t k = 0; k < q * q; k++)
        a[2][k] -= levels * precision[k];
    product(a[2], c, q, a[0]);
    for (int64_t j = 0; j < q; j++) {
        for (int64_t i = j; i < q; i++)
            g[h++] = a[0][i + j * q];
    }
}

static double tail_gradient(const glmm_state *s, int64_t t, double sd, const int64_t *block)
{
    double sum = 0;
    for (int64_t u = s->model->first[t]; u < s->model->first[t + 1]; u++, block++) {
        double x = s->b[u] / sd;
        tail p = tail_of(s->model->data->term + t, x);
        sum += p.d1 * x - 1 + s->inverse[*block] * (2 * p.d2 + p.d3 * x) / (2 * sd * sd) -
               s->v[u] * (p.d1 + p.d2 * x) / (2 * sd);
    }
    return sum / sd; /* in sd, as the others */
}

/* The residual sd moves the mode by -2 system^-1 of the data's slope, which there is minus that of
 * the effects; log_det feels it where tails are heavy. */
static double moved_by_residual(const glmm_state *s)
{
    const glmm_model *m = s->model;
    double sum = 0;
    memset(s->last, 0, (size_t)(m->m + m->p) * sizeof(double));
    slope(s, s->last);
    for (int64_t k = 0; k < m->m + m->p; k++)
        sum -= s->v[k] * s->last[k];
    return sum;
}

void vrk_glmm_theta_gradient(const glmm_state *s, double *g)
{
    const glmm_model *m = s->model;
    const double *c = s->scale, *precision = s->precision;
    const int64_t *block = m->block;
    int64_t h = 0;
    for (int64_t t = 0; t < m->data->terms; t++) {
        int64_t q = width(m, t);
        if (m->data->term[t].tail == VRK_GLMM_NORMAL)
            normal_gradient(s, t, c, precision, block, g + h);
        else
            g[h] = tail_gradient(s, t, c[0], block);
        for (int64_t j = 0; j < q; j++) { /* the diagonal is floor + exp(theta) */
            g[h] *= exp(s->theta[h]);
            h += q - j;
        }
        block += m->data->term[t].levels * q * (q + 1) / 2;
        c += q * q;
        precision += q * q;
    }
    if (m->opt.family == VRK_GLMM_GAUSSIAN)
        g[h] = -(double)m->n - 2 * (s->ll + (double)m->n * log(s->residual)) + s->effective +
               moved_by_residual(s);
}
