/* Integration over hyperparameters: fixed and random effects as a mixture over points around the
 * top of the hyperparameters' posterior, each with its own mode and covariance. A grid for one or
 * two; for more a central composite design. Rue, Martino & Chopin (2009), JRSS B 71, sec. 6.5. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "num/mat.h"
#include "stat/glmm_joint.h"

enum { AXES = 8 };
static const int64_t GRID[] = {1, 25, 9}; /* points along each of none, one or two axes */
static const double STRETCH = 1.1;        /* of the design: its points lie STRETCH sqrt(axes) out */

typedef struct {
    glmm_state *s;
    vrk_glmm *out;
    int64_t h, axes, axis[AXES];  /* columns of root that are axes */
    const double *top;            /* [h] */
    double *root;                 /* [h x h] Cholesky factor of their covariance */
    double f;                     /* minus the log posterior at the top */
    double scale[2][AXES];        /* below and above: skewness */
    double *x, *g;                /* [h] */
    double total, *centre, *mean; /* [m+p] */
    double *fixed;                /* [p x p] second moments about the centre */
    double *blocks;               /* of each level's u, in the order of model->block */
} mixture;

static int64_t width(const glmm_model *m, int64_t t)
{
    return m->data->term[t].q > 0 ? m->data->term[t].q : 1;
}

static int64_t corners(int64_t axes)
{
    return (int64_t)1 << (axes > 4 ? axes - 1 : axes);
}

static int64_t count(int64_t axes)
{
    if (axes <= 2)
        return axes == 2 ? GRID[2] * GRID[2] : GRID[axes];
    return 1 + 2 * axes + corners(axes);
}

/* Point i on the axes, in standard deviations, and its volume: for the design such that a normal
 * distribution has its mean and covariance. */
static double point(int64_t axes, int64_t i, double *t)
{
    int64_t n = count(axes);
    memset(t, 0, sizeof(double[AXES]));
    if (axes <= 2) { /* the centre first */
        i = (i + n / 2) % n;
        for (int64_t k = 0, g = GRID[axes]; k < axes; k++, i /= g)
            t[k] = 4 * (double)(i % g - g / 2) / (double)(g / 2);
        return 1;
    }
    double f2 = STRETCH * STRETCH, d = (double)axes;
    if (i == 0)
        return 1 - 1 / f2;
    if (i <= 2 * axes) {
        t[(i - 1) / 2] = (i % 2 ? 1 : -1) * STRETCH * sqrt(d);
    } else {
        double last = 1;
        for (int64_t k = 0; k < axes; k++) {
            double sign = (i - 1 - 2 * axes) >> k & 1 ? 1 : -1;
            t[k] = STRETCH * (axes > 4 && k == axes - 1 ? last : sign);
            last *= sign;
        }
    }
    return exp(d * f2 / 2) / ((double)(n - 1) * f2);
}

/* Minus the log posterior at t; the state is then there. */
static vrk_status at(vrk_ctx *ctx, mixture *w, const double *t, double *f)
{
    memcpy(w->x, w->top, (size_t)w->h * sizeof *w->x);
    for (int64_t k = 0; k < w->axes; k++) {
        const double *column = w->root + w->axis[k] * w->h;
        for (int64_t i = w->axis[k]; i < w->h; i++)
            w->x[i] += t[k] * w->scale[t[k] > 0][k] * column[i];
    }
    return vrk_glmm_objective(ctx, w->x, f, w->g, w->s);
}

/* How much wider each side of each axis is than the curvature at the top says: by the fall at
 * sqrt(2) standard deviations, which is 1 where normal. */
static vrk_status skew(vrk_ctx *ctx, mixture *w)
{
    vrk_status st = VRK_OK;
    double found[2][AXES];
    for (int64_t k = 0; k < w->axes; k++) {
        for (int side = 0; side < 2; side++) {
            double t[AXES] = {0}, f;
            t[k] = side ? M_SQRT2 : -M_SQRT2;
            TRY(at(ctx, w, t, &f));
            found[side][k] = isfinite(f) ? fmin(3, 1 / sqrt(fmax(f - w->f, 1e-3))) : 0.3;
            found[side][k] = fmax(0.3, found[side][k]);
        }
    }
    memcpy(w->scale, found, sizeof found);
done:
    return st;
}

/* Adds the state as it stands, with weight. */
static void add(mixture *w, double weight)
{
    const glmm_state *s = w->s;
    const glmm_model *m = s->model;
    const double *b = s->b, *c = w->centre;
    int64_t k = 0, p = m->p, f = m->m;
    w->total += weight;
    for (int64_t i = 0; i < f + p; i++)
        w->mean[i] += weight * (b[i] - c[i]);
    for (int64_t j = 0; j < p; j++) {
        for (int64_t i = 0; i < p; i++)
            w->fixed[i + j * p] += weight * (s->schur_inverse[i + j * p] +
                                             (b[f + i] - c[f + i]) * (b[f + j] - c[f + j]));
    }
    for (int64_t t = 0; t < m->data->terms; t++) {
        int64_t q = width(m, t);
        for (int64_t u = m->first[t]; u < m->first[t + 1]; u += q) {
            for (int64_t j = u; j < u + q; j++) {
                for (int64_t i = j; i < u + q; i++, k++)
                    w->blocks[k] +=
                        weight * (s->inverse[m->block[k]] + (b[i] - c[i]) * (b[j] - c[j]));
            }
        }
    }
}

/* Means and covariances of the mixture in place of those at the top. */
static void report(mixture *w)
{
    const glmm_model *m = w->s->model;
    vrk_glmm *out = w->out;
    int64_t k = 0, p = m->p, f = m->m;
    double *d = w->mean;
    for (int64_t i = 0; i < f + p; i++)
        d[i] /= w->total;
    for (int64_t j = 0; j < p; j++) {
        int64_t to = m->keep[j];
        out->beta[to] = w->centre[f + j] + d[f + j];
        for (int64_t i = 0; i < p; i++)
            out->vcov[m->keep[i] + to * out->p] =
                w->fixed[i + j * p] / w->total - d[f + i] * d[f + j];
        out->se[to] = sqrt(out->vcov[to + to * out->p]);
    }
    for (int64_t t = 0; t < out->terms; t++) {
        int64_t q = width(m, t);
        for (int64_t u = m->first[t]; u < m->first[t + 1]; u += q) {
            double *mode = out->term[t].mode + u - m->first[t];
            double *var = out->term[t].var + (u - m->first[t]) * q;
            for (int64_t j = 0; j < q; j++) {
                mode[j] = w->centre[u + j] + d[u + j];
                for (int64_t i = j; i < q; i++, k++)
                    var[i + j * q] = var[j + i * q] = w->blocks[k] / w->total - d[u + i] * d[u + j];
            }
        }
    }
}

static vrk_status points(vrk_ctx *ctx, mixture *w)
{
    vrk_status st = VRK_OK;
    const glmm_model *m = w->s->model;
    int64_t n = count(w->axes);
    for (int64_t i = 0; i < n; i++) {
        double t[AXES], f, weight = point(w->axes, i, t);
        for (int64_t k = 0; k < w->axes; k++)
            weight *= t[k] == 0 ? (w->scale[0][k] + w->scale[1][k]) / 2 : w->scale[t[k] > 0][k];
        TRY(at(ctx, w, t, &f));
        weight *= exp(w->f - f);
        if (i == 0)
            memcpy(w->centre, w->s->b, (size_t)(m->m + m->p) * sizeof(double));
        if (!(weight > 1e-5))
            continue;
        add(w, weight);
        TRY(vrk_glmm_joint_add(ctx, w->s, weight, w->out));
        TRY(vrk_sparse_new(ctx, m->m, m->start, m->at, &w->s->factor));
        w->out->points++;
        TRY(vrk_tick(ctx, "integrating over variances", i, n));
    }
done:
    return st;
}

vrk_status vrk_glmm_integrate(vrk_ctx *ctx, glmm_state *s, const double *top, double f,
                              const double *cov, vrk_glmm *out)
{
    vrk_status st = VRK_OK;
    glmm_model *m = s->model;
    vrk_arena *a = &m->mem;
    int64_t h = m->h, all = m->m + m->p, blocks = 0;
    for (int64_t t = 0; t < m->data->terms; t++)
        blocks += m->data->term[t].levels * width(m, t) * (width(m, t) + 1) / 2;
    mixture w = {.s = s, .out = out, .h = h, .top = top, .f = f};
    w.root = VRK_NEW(a, h * h, double), w.x = VRK_NEW(a, h, double), w.g = VRK_NEW(a, h, double);
    w.centre = VRK_NEW(a, all, double), w.mean = VRK_NEW(a, all, double);
    w.fixed = VRK_NEW(a, m->p * m->p, double), w.blocks = VRK_NEW(a, blocks, double);
    bool *dropped = VRK_NEW(a, h, bool);
    if (a->failed)
        FAIL(VRK_EMEMORY, "cannot allocate %" PRId64 " effects", all);
    memcpy(w.root, cov, (size_t)(h * h) * sizeof(double));
    if (vrk_chol(w.root, h, 1e-12, dropped) > AXES)
        FAIL(VRK_EINPUT, "%" PRId64 " hyperparameters are too many to integrate over, at most %d",
             h, AXES);
    for (int64_t k = 0; k < h; k++) {
        if (!dropped[k])
            w.axis[w.axes++] = k;
    }
    for (int64_t k = 0; k < AXES; k++)
        w.scale[0][k] = w.scale[1][k] = 1;
    TRY(skew(ctx, &w));
    TRY(points(ctx, &w));
    report(&w);
done:
    return st;
}
