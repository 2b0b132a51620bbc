/* Adaptive Gauss-Hermite quadrature for one scalar random term: the marginal log-likelihood is a
 * sum over levels of one-dimensional integrals, each by points around the level's mode as wide as
 * its curvature says. Pinheiro & Chao (2006), JCGS 15:58-81. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "num/quad.h"
#include "stat/glmm_parts.h"

struct glmm_agq {
    glmm_model cells;       /* the model's own, but y and size in the order of levels */
    int64_t *start;         /* [levels+1] */
    double *x, *z, *offset; /* [n x p] by rows, [n] */
    int nodes;
    double *node, *log_weight;       /* [nodes] */
    double *fixed, *eta;             /* [n]: predictor without and with u */
    double *r, *w, *third;           /* [n]: at one u */
    double *share, *slope, *by_beta; /* [nodes], [nodes], [nodes x p] */
    double *cross, *bent;            /* [p]: of the curvature between u and beta; how it bends */
};

static vrk_status check(vrk_ctx *ctx, const glmm_model *m)
{
    const vrk_glmm_data *d = m->data;
    if (m->opt.agq < 1 || m->opt.agq > GLMM_AGQ_MOST)
        return vrk_fail(ctx, VRK_EINPUT, "%d quadrature points, not 1 to %d", m->opt.agq,
                        GLMM_AGQ_MOST);
    if (m->opt.mode != VRK_GLMM_ML)
        return vrk_fail(ctx, VRK_EINPUT, "quadrature is for maximum likelihood");
    if (m->opt.family == VRK_GLMM_GAUSSIAN)
        return vrk_fail(ctx, VRK_EINPUT,
                        "quadrature is not for a Gaussian response: Laplace's method is exact");
    if (d->terms != 1 || d->term->q > 1 || d->term->tail != VRK_GLMM_NORMAL)
        return vrk_fail(ctx, VRK_EINPUT,
                        "quadrature is for one random term with one normal effect a level");
    return VRK_OK;
}

static void sort_cells(const glmm_model *m, glmm_agq *q)
{
    const vrk_glmm_data *d = m->data;
    const vrk_glmm_term *term = d->term;
    for (int64_t i = 0; i < m->n; i++) { /* cells outside the term come last */
        int32_t l = term->level[m->row[i]];
        q->start[l >= 0 ? l + 1 : term->levels + 1]++;
    }
    for (int64_t l = 0; l <= term->levels; l++)
        q->start[l + 1] += q->start[l];
    for (int64_t i = 0; i < m->n; i++) {
        int64_t row = m->row[i];
        int32_t l = term->level[row];
        int64_t to = q->start[l >= 0 ? l : term->levels]++;
        q->cells.y[to] = m->y[i];
        q->cells.size[to] = m->size[i];
        q->offset[to] = m->offset[i];
        q->z[to] = l < 0 ? 0 : term->z ? term->z[row] : 1;
        for (int64_t j = 0; j < m->p; j++)
            q->x[to * m->p + j] = d->x[row + m->keep[j] * d->n];
    }
    memmove(q->start + 1, q->start, (size_t)(term->levels + 1) * sizeof *q->start);
    q->start[0] = 0;
}

vrk_status vrk_glmm_agq_new(vrk_ctx *ctx, glmm_model *m, glmm_agq **out)
{
    vrk_status st = VRK_OK;
    vrk_arena *a = &m->mem;
    TRY(check(ctx, m));
    int nodes = m->opt.agq;
    glmm_agq *q = VRK_NEW(a, 1, glmm_agq);
    if (a->failed)
        FAIL(VRK_EMEMORY, "cannot allocate quadrature");
    q->cells = *m;
    q->nodes = nodes;
    q->cells.y = VRK_NEW(a, m->n, double), q->cells.size = VRK_NEW(a, m->n, double);
    q->start = VRK_NEW(a, m->data->term->levels + 2, int64_t);
    q->x = VRK_NEW(a, m->n * m->p, double), q->z = VRK_NEW(a, m->n, double);
    q->offset = VRK_NEW(a, m->n, double), q->fixed = VRK_NEW(a, m->n, double);
    q->eta = VRK_NEW(a, m->n, double), q->r = VRK_NEW(a, m->n, double);
    q->w = VRK_NEW(a, m->n, double), q->third = VRK_NEW(a, m->n, double);
    q->node = VRK_NEW(a, nodes, double), q->log_weight = VRK_NEW(a, nodes, double);
    q->share = VRK_NEW(a, nodes, double), q->slope = VRK_NEW(a, nodes, double);
    q->by_beta = VRK_NEW(a, nodes * m->p, double);
    q->cross = VRK_NEW(a, m->p, double), q->bent = VRK_NEW(a, m->p, double);
    if (a->failed)
        FAIL(VRK_EMEMORY, "cannot allocate %" PRId64 " cells", m->n);
    sort_cells(m, q);
    vrk_quad_hermite(nodes, q->node, q->log_weight);
    for (int k = 0; k < nodes; k++)
        q->log_weight[k] = log(q->log_weight[k]) + q->node[k] * q->node[k] / 2;
    *out = q;
done:
    return st;
}

/* The cells from ... to at u: their log-likelihood; r, w and third are set. */
static double at(glmm_agq *q, int64_t from, int64_t to, double u)
{
    for (int64_t i = from; i < to; i++)
        q->eta[i] = q->fixed[i] + q->z[i] * u;
    return vrk_glmm_at(&q->cells, from, to - from, q->eta + from, q->r + from, q->w + from,
                       q->third + from);
}

/* g += sum of r x */
static void add_rows(const glmm_agq *q, int64_t from, int64_t to, const double *r, double *g)
{
    int64_t p = q->cells.p;
    for (int64_t i = from; i < to; i++) {
        for (int64_t j = 0; j < p; j++)
            g[j] += r[i] * q->x[i * p + j];
    }
}

/* How a level's points move with a parameter that moves its mode by du and its curvature by dh. */
static double moved(const glmm_agq *q, double du, double dh, double h)
{
    double sum = -dh / (2 * h);
    for (int k = 0; k < q->nodes; k++)
        sum += q->share[k] * q->slope[k] * (du - q->node[k] * dh / (2 * h * sqrt(h)));
    return sum;
}

/* What the curvature at the mode and its changes need. */
static double curvature(glmm_agq *q, int64_t from, int64_t to, double mode, double sd, double *cube)
{
    int64_t p = q->cells.p;
    double h = 1 / (sd * sd);
    *cube = 0;
    memset(q->cross, 0, (size_t)p * sizeof *q->cross);
    memset(q->bent, 0, (size_t)p * sizeof *q->bent);
    at(q, from, to, mode);
    for (int64_t i = from; i < to; i++) {
        double zw = q->z[i] * q->w[i], zzt = q->z[i] * q->z[i] * q->third[i];
        h += zw * q->z[i];
        *cube += zzt * q->z[i];
        q->w[i] = zw;
        q->third[i] = zzt;
    }
    add_rows(q, from, to, q->w, q->cross);
    add_rows(q, from, to, q->third, q->bent);
    return h;
}

/* A level's log-likelihood; adds its slope in beta and sd to g [p+1]. */
static double level(glmm_agq *q, int64_t from, int64_t to, double mode, double sd, double *g)
{
    int64_t p = q->cells.p;
    double cube, h = curvature(q, from, to, mode, sd, &cube), most = -HUGE_VAL, sum = 0;
    memset(q->by_beta, 0, (size_t)(q->nodes * p) * sizeof *q->by_beta);
    for (int k = 0; k < q->nodes; k++) {
        double u = mode + q->node[k] / sqrt(h), ll = at(q, from, to, u);
        q->share[k] = q->log_weight[k] + ll - u * u / (2 * sd * sd);
        q->slope[k] = -u / (sd * sd);
        for (int64_t i = from; i < to; i++)
            q->slope[k] += q->r[i] * q->z[i];
        add_rows(q, from, to, q->r, q->by_beta + k * p);
        most = fmax(most, q->share[k]);
    }
    for (int k = 0; k < q->nodes; k++) {
        q->share[k] = exp(q->share[k] - most);
        sum += q->share[k];
    }
    for (int k = 0; k < q->nodes; k++) {
        double u = mode + q->node[k] / sqrt(h);
        q->share[k] /= sum;
        g[p] += q->share[k] * (u * u / (sd * sd * sd) - 1 / sd);
        for (int64_t j = 0; j < p; j++)
            g[j] += q->share[k] * q->by_beta[k * p + j];
    }
    for (int64_t j = 0; j < p; j++) {
        double du = -q->cross[j] / h;
        g[j] += moved(q, du, q->bent[j] + cube * du, h);
    }
    double du = 2 * mode / (sd * sd * sd * h);
    g[p] += moved(q, du, cube * du - 2 / (sd * sd * sd), h);
    return most + log(sum) - log(h) / 2 - log(sd);
}

double vrk_glmm_agq(glmm_agq *q, const glmm_state *s, double *g)
{
    const glmm_model *m = s->model;
    int64_t levels = m->data->term->levels, p = m->p;
    double sum = m->constant;
    memset(g, 0, (size_t)(p + 1) * sizeof *g);
    for (int64_t i = 0; i < m->n; i++) {
        q->fixed[i] = q->offset[i];
        for (int64_t j = 0; j < p; j++)
            q->fixed[i] += q->x[i * p + j] * s->b[m->m + j];
    }
    for (int64_t l = 0; l < levels; l++) {
        if (q->start[l] < q->start[l + 1])
            sum += level(q, q->start[l], q->start[l + 1], s->b[l], s->scale[0], g);
    }
    sum += at(q, q->start[levels], m->n, 0);
    add_rows(q, q->start[levels], m->n, q->r, g);
    g[p] *= exp(s->theta[0]);
    return sum;
}
