/* The passes over the cells. Cells are taken in chunks, so that each step is a short plain loop
 * over arrays in the nearest cache; sums are in the order of the cells. */
#include <math.h>
#include <string.h>

#include "stat/glmm_parts.h"

typedef struct {
    int64_t from, count;
    double eta[GLMM_CHUNK], r[GLMM_CHUNK], w[GLMM_CHUNK];
} chunk;

static double gaussian(const glmm_model *m, chunk *c, double *third, double residual)
{
    const double *y = m->y + c->from, *size = m->size + c->from;
    double ll = 0, precision = 1 / (residual * residual);
    for (int64_t i = 0; i < c->count; i++) {
        double e = y[i] - c->eta[i];
        c->w[i] = size[i] * precision;
        c->r[i] = c->w[i] * e;
        third[i] = 0;
        ll -= c->r[i] * e / 2;
    }
    return ll - (double)c->count * log(residual);
}

static double logit(const glmm_model *m, chunk *c, double *third)
{
    const double *y = m->y + c->from, *size = m->size + c->from;
    double ll = 0;
    for (int64_t i = 0; i < c->count; i++) {
        double eta = c->eta[i], e = exp(-fabs(eta)), big = 1 / (1 + e), small = e * big;
        double p = eta > 0 ? big : small, q = eta > 0 ? small : big;
        c->r[i] = y[i] - size[i] * p;
        c->w[i] = size[i] * p * q;
        third[i] = c->w[i] * (q - p);
        ll += y[i] * eta - size[i] * (fmax(eta, 0) + log1p(e));
    }
    return ll;
}

/* log-likelihood y log(1 - exp(-L)) - (size - y) L with L = exp(eta); a = L / (exp(L) - 1). */
static double cloglog(const glmm_model *m, chunk *c, double *third)
{
    const double *y = m->y + c->from, *size = m->size + c->from;
    double ll = 0;
    for (int64_t i = 0; i < c->count; i++) {
        double eta = c->eta[i], rate = exp(eta), rest = size[i] - y[i];
        double a = rate < 1e-300 ? 1 : rate / expm1(rate), d = 1 - rate - a, slope = a * d;
        if (rate > 700)
            a = slope = 0, d = -rate;
        /* near 0 the difference 1 - a loses digits: a = 1 - L/2 + L^2/12 - ... */
        if (rate < 1e-4) {
            d = -rate / 2 - rate * rate / 12;
            slope = a * d;
        }
        c->r[i] = y[i] * a - rest * rate;
        c->w[i] = rest * rate - y[i] * slope;
        third[i] = rest * rate - y[i] * (slope * d - a * (rate + slope));
        double log_p = rate < 1e-8    ? eta - rate / 2
                       : rate < M_LN2 ? log(-expm1(-rate))
                                      : log1p(-exp(-rate));
        ll += (y[i] > 0 ? y[i] * log_p : 0) - (rest > 0 ? rest * rate : 0);
    }
    return ll;
}

static double poisson(const glmm_model *m, chunk *c, double *third)
{
    const double *y = m->y + c->from, *size = m->size + c->from;
    double ll = 0;
    for (int64_t i = 0; i < c->count; i++) {
        double mu = size[i] * exp(c->eta[i]);
        c->r[i] = y[i] - mu;
        c->w[i] = third[i] = mu;
        ll += y[i] * c->eta[i] - mu;
    }
    return ll;
}

static void predict(const glmm_model *m, chunk *c)
{
    memcpy(c->eta, m->offset + c->from, (size_t)c->count * sizeof *c->eta);
    for (int k = 0; k < m->parts; k++) {
        const int32_t *of = m->part[k].of + c->from;
        const double *lin = m->part[k].lin;
        for (int64_t i = 0; i < c->count; i++)
            c->eta[i] += lin[of[i]];
    }
}

/* table[of[i]] += x[i] */
static void scatter(double *table, const int32_t *of, const chunk *c, const double *x)
{
    for (int64_t i = 0; i < c->count; i++)
        table[of[c->from + i]] += x[i];
}

static double family(const glmm_model *m, chunk *c, double residual, double *third)
{
    switch (m->opt.family) {
    case VRK_GLMM_GAUSSIAN:
        return gaussian(m, c, third, residual);
    case VRK_GLMM_LOGIT:
        return logit(m, c, third);
    case VRK_GLMM_CLOGLOG:
        return cloglog(m, c, third);
    default:
        return poisson(m, c, third);
    }
}

double vrk_glmm_at(const glmm_model *m, int64_t from, int64_t count, const double *eta, double *r,
                   double *w, double *third)
{
    double ll = 0;
    chunk c;
    for (c.from = from; c.from < from + count; c.from += GLMM_CHUNK) {
        int64_t at = c.from - from;
        c.count = count - at < GLMM_CHUNK ? count - at : GLMM_CHUNK;
        size_t bytes = (size_t)c.count * sizeof(double);
        memcpy(c.eta, eta + at, bytes);
        ll += family(m, &c, 1, third + at);
        memcpy(r + at, c.r, bytes);
        memcpy(w + at, c.w, bytes);
    }
    return ll;
}

static void clear(glmm_model *m)
{
    for (int k = 0; k < m->parts; k++) {
        memset(m->part[k].r, 0, (size_t)m->part[k].levels * sizeof(double));
        memset(m->part[k].w, 0, (size_t)m->part[k].levels * sizeof(double));
    }
    for (int k = 0; k < m->crosses; k++)
        memset(m->cross[k].w, 0, (size_t)m->cross[k].pairs * sizeof(double));
}

double vrk_glmm_cells(glmm_model *m, double residual, double *third)
{
    double ll = 0;
    chunk c;
    clear(m);
    for (c.from = 0; c.from < m->n; c.from += GLMM_CHUNK) {
        c.count = m->n - c.from < GLMM_CHUNK ? m->n - c.from : GLMM_CHUNK;
        predict(m, &c);
        ll += family(m, &c, residual, third + c.from);
        for (int k = 0; k < m->parts; k++) {
            scatter(m->part[k].r, m->part[k].of, &c, c.r);
            scatter(m->part[k].w, m->part[k].of, &c, c.w);
        }
        for (int k = 0; k < m->crosses; k++)
            scatter(m->cross[k].w, m->cross[k].of, &c, c.w);
    }
    return ll;
}

double vrk_glmm_leverage(glmm_model *m, const double *third)
{
    chunk c;
    for (int k = 0; k < m->parts; k++)
        memset(m->part[k].r, 0, (size_t)m->part[k].levels * sizeof(double));
    for (c.from = 0; c.from < m->n; c.from += GLMM_CHUNK) {
        c.count = m->n - c.from < GLMM_CHUNK ? m->n - c.from : GLMM_CHUNK;
        memset(c.r, 0, sizeof c.r);
        for (int k = 0; k < m->parts; k++) {
            for (int64_t i = 0; i < c.count; i++)
                c.r[i] += m->part[k].lev[m->part[k].of[c.from + i]];
        }
        for (int k = 0; k < m->crosses; k++) {
            for (int64_t i = 0; i < c.count; i++)
                c.r[i] += 2 * m->cross[k].lev[m->cross[k].of[c.from + i]];
        }
        for (int64_t i = 0; i < c.count; i++)
            c.r[i] *= third[c.from + i];
        for (int k = 0; k < m->parts; k++)
            scatter(m->part[k].r, m->part[k].of, &c, c.r);
    }
    double effective = 0; /* sum of leverage times weight needs the tables only */
    for (int k = 0; k < m->parts; k++) {
        for (int64_t l = 0; l < m->part[k].levels; l++)
            effective += m->part[k].lev[l] * m->part[k].w[l];
    }
    for (int k = 0; k < m->crosses; k++) {
        for (int64_t e = 0; e < m->cross[k].pairs; e++)
            effective += 2 * m->cross[k].lev[e] * m->cross[k].w[e];
    }
    return effective;
}
