/* Fitting mixed models: the outer search over hyperparameters (and, for maximum likelihood outside
 * the Gaussian, fixed effects), and what is reported. */
#include "stat/glmm.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "num/mat.h"
#include "num/optimise.h"
#include "stat/glmm_joint.h"
#include "stat/glmm_parts.h"

static int64_t width(const glmm_model *m, int64_t t)
{
    return m->data->term[t].q > 0 ? m->data->term[t].q : 1;
}

/* A sd that has run towards 0 is set there if that costs nothing. */
static vrk_status settle(vrk_ctx *ctx, glmm_state *s, double *x, double *g, double f,
                         bool *boundary)
{
    vrk_status st = VRK_OK;
    glmm_model *m = s->model;
    int64_t outer = s->profile ? 0 : m->p, h = outer;
    for (int64_t t = 0; t < m->data->terms; t++) {
        for (int64_t j = 0; j < width(m, t); h += width(m, t) - j, j++) {
            double was = x[h], unit = m->unit[h - outer], now;
            if (exp(was) > 0.05 * unit)
                continue;
            x[h] = log(unit * GLMM_FLOOR) - 5;
            TRY(vrk_glmm_objective(ctx, x, &now, g, s));
            if (now <= f + 1e-5)
                boundary[h] = true;
            else
                x[h] = was;
        }
    }
done:
    return st;
}

typedef struct {
    int64_t k;             /* parameters: outer fixed effects, then theta */
    double *x, *h, *g;     /* [k], [k x k], [k] */
    double *curve, *slope; /* [k x k] second derivatives; [(m+p) x k] how the mode moves */
    bool *boundary;        /* [k] */
    vrk_minimum found;
} outer_search;

static vrk_status search_of(vrk_ctx *ctx, glmm_state *s, outer_search *o)
{
    glmm_model *m = s->model;
    int64_t most = m->p + m->h;
    o->x = VRK_NEW(&m->mem, most, double), o->g = VRK_NEW(&m->mem, most, double);
    o->h = VRK_NEW(&m->mem, most * most, double), o->curve = VRK_NEW(&m->mem, most * most, double);
    o->boundary = VRK_NEW(&m->mem, most, bool);
    o->slope = VRK_NEW(&m->mem, m->opt.quick ? 1 : (m->m + m->p) * most, double);
    return m->mem.failed ? vrk_fail(ctx, VRK_EMEMORY, "cannot allocate a search") : VRK_OK;
}

/* Maximum likelihood outside the Gaussian: fixed effects join the outer parameters, from where the
 * profile left them. */
static void widen(glmm_state *s, outer_search *o)
{
    glmm_model *m = s->model;
    int64_t p = m->p, h = m->h, k = p + h;
    memcpy(o->curve, o->h, (size_t)(h * h) * sizeof(double));
    memset(o->h, 0, (size_t)(k * k) * sizeof(double));
    for (int64_t j = 0; j < h; j++) {
        for (int64_t i = 0; i < h; i++)
            o->h[p + i + (p + j) * k] = o->curve[i + j * h];
    }
    for (int64_t j = 0; j < p; j++) {
        for (int64_t i = 0; i < p; i++)
            o->h[i + j * k] = s->schur_inverse[i + j * p];
    }
    memmove(o->x + p, o->x, (size_t)h * sizeof(double));
    memcpy(o->x, s->b + m->m, (size_t)p * sizeof(double));
    o->k = k;
    s->profile = false;
}

static vrk_status minimise(vrk_ctx *ctx, glmm_state *s, outer_search *o, double tol)
{
    vrk_status st = VRK_OK;
    vrk_minimum found;
    vrk_minimise_opt opt = {.max_iter = s->model->opt.max_iter, .tol = tol, .max_step = 2};
    TRY(vrk_minimise(ctx, o->k, vrk_glmm_objective, s, &opt, o->x, o->h, &found));
    found.iterations += o->found.iterations;
    found.evaluations += o->found.evaluations;
    o->found = found;
done:
    if (st == VRK_EINPUT)
        st = vrk_fail(ctx, VRK_ENUMERIC, "no finite likelihood where the search starts");
    return st;
}

static vrk_status climb(vrk_ctx *ctx, glmm_state *s, outer_search *o)
{
    vrk_status st = VRK_OK;
    glmm_model *m = s->model;
    bool ml = m->opt.mode == VRK_GLMM_ML, gaussian = m->opt.family == VRK_GLMM_GAUSSIAN;
    glmm_agq *agq = NULL;
    TRY(search_of(ctx, s, o));
    if (m->opt.agq != 0 && m->opt.agq != 1)
        TRY(vrk_glmm_agq_new(ctx, m, &agq));
    double *diagonal = o->curve;
    vrk_glmm_start(m, o->x, diagonal);
    o->k = m->h;
    for (int64_t k = 0; k < o->k; k++)
        o->h[k + k * o->k] = diagonal[k];
    s->profile = true;
    s->full = !ml;
    double f;
    TRY(minimise(ctx, s, o, ml && !gaussian ? 1e-3 : m->opt.tol));
    if (ml && !gaussian) {
        TRY(vrk_glmm_objective(ctx, o->x, &f, o->g, s));
        widen(s, o);
        if (agq) {
            s->agq = agq;
            s->polish = 2;
        }
        TRY(minimise(ctx, s, o, m->opt.tol));
    }
    if (m->opt.mode != VRK_GLMM_BAYES)
        TRY(settle(ctx, s, o->x, o->g, o->found.f, o->boundary));
done:
    return st;
}

/* Second derivatives by differences of the gradient, and how the mode moves, both at the end. */
static vrk_status curve(vrk_ctx *ctx, glmm_state *s, outer_search *o)
{
    vrk_status st = VRK_OK;
    int64_t all = s->model->m + s->model->p, k = o->k;
    memset(o->curve, 0, (size_t)(k * k) * sizeof(double));
    for (int64_t j = 0; j < k; j++) {
        double was = o->x[j], f, d = 1e-3 * fmin(10, fmax(1e-3, sqrt(fabs(o->h[j + j * k]))));
        for (int side = -1; side <= 1 && !o->boundary[j]; side += 2) {
            o->x[j] = was + side * d;
            TRY(vrk_glmm_objective(ctx, o->x, &f, o->g, s));
            for (int64_t i = 0; i < k && isfinite(f); i++)
                o->curve[i + j * k] += side * o->g[i] / (2 * d);
            for (int64_t i = 0; i < all; i++)
                o->slope[i + j * all] += side * s->b[i] / (2 * d);
        }
        o->x[j] = was;
    }
    for (int64_t j = 0; j < k; j++) {
        for (int64_t i = 0; i < j; i++)
            o->curve[i + j * k] = o->curve[j + i * k] =
                (o->curve[i + j * k] + o->curve[j + i * k]) / 2;
    }
    bool *out = VRK_NEW(&s->model->mem, k, bool);
    if (s->model->mem.failed)
        FAIL(VRK_EMEMORY, "cannot allocate %" PRId64 " parameters", k);
    memcpy(out, o->boundary, (size_t)k * sizeof *out);
    vrk_chol(o->curve, k, 1e-12, out);
    vrk_chol_inverse(o->curve, k, out, o->h); /* h is now their covariance */
done:
    return st;
}

static vrk_status report_terms(vrk_ctx *ctx, const glmm_state *s, const outer_search *o,
                               vrk_glmm *out)
{
    const glmm_model *m = s->model;
    const double *c = s->scale;
    const int64_t *block = m->block;
    int64_t h = o->k - m->h;
    for (int64_t t = 0; t < out->terms; t++) {
        vrk_glmm_effect *e = out->term + t;
        int64_t q = width(m, t), levels = m->data->term[t].levels;
        *e = (vrk_glmm_effect){.levels = levels, .q = q};
        e->cov = VRK_NEW(&out->mem, q * q, double), e->sd = VRK_NEW(&out->mem, q, double);
        e->mode = VRK_NEW(&out->mem, levels * q, double);
        e->var = VRK_NEW(&out->mem, levels * q * q, double);
        if (out->mem.failed)
            return vrk_fail(ctx, VRK_EMEMORY, "cannot allocate %" PRId64 " levels", levels);
        memcpy(e->mode, s->b + m->first[t], (size_t)(levels * q) * sizeof(double));
        for (int64_t k = 0; k < q; h += q - k, k++) {
            bool zero = o->boundary[h];
            for (int64_t i = 0; i < q; i++) {
                for (int64_t j = 0; j < q && !(zero && i == k && k == j); j++)
                    e->cov[i + j * q] += c[i + k * q] * c[j + k * q];
            }
            out->stop = zero ? VRK_STOP_BOUNDARY : out->stop;
        }
        for (int64_t k = 0; k < q; k++)
            e->sd[k] = sqrt(e->cov[k + k * q]);
        for (int64_t l = 0; l < levels; l++) {
            for (int64_t j = 0; j < q; j++) {
                for (int64_t i = j; i < q; i++, block++)
                    e->var[l * q * q + i + j * q] = e->var[l * q * q + j + i * q] =
                        s->inverse[*block];
            }
        }
        c += q * q;
    }
    return VRK_OK;
}

/* cov [p x p] of the kept columns into all p. */
static void report_fixed(const glmm_state *s, const double *cov, int64_t ld, vrk_glmm *out)
{
    const glmm_model *m = s->model;
    for (int64_t j = 0; j < out->p; j++)
        out->se[j] = (double)NAN;
    for (int64_t j = 0; j < m->p; j++) {
        out->beta[m->keep[j]] = s->b[m->m + j];
        out->se[m->keep[j]] = sqrt(cov[j + j * ld]);
        for (int64_t i = 0; i < m->p; i++)
            out->vcov[m->keep[i] + m->keep[j] * out->p] = cov[i + j * ld];
        if (fabs(s->b[m->m + j]) > 12 && m->opt.mode != VRK_GLMM_BAYES &&
            m->opt.family != VRK_GLMM_GAUSSIAN && !(out->se[m->keep[j]] < 20))
            out->stop = VRK_STOP_BOUNDARY;
    }
}

/* The covariance of fixed effects: given theta, and with what theta's own uncertainty adds. */
static vrk_status fixed_cov(vrk_ctx *ctx, glmm_state *s, outer_search *o, vrk_glmm *out)
{
    vrk_status st = VRK_OK;
    glmm_model *m = s->model;
    int64_t p = m->p, all = m->m + p;
    if (!s->profile && !m->opt.quick) {
        report_fixed(s, o->h, o->k, out);
        goto done;
    }
    bool was = s->profile;
    s->profile = true; /* at the same theta: the border is then in the system */
    TRY(vrk_glmm_border(ctx, s));
    s->profile = was;
    double *cov = VRK_NEW(&m->mem, p * p, double);
    if (m->mem.failed)
        FAIL(VRK_EMEMORY, "cannot allocate %" PRId64 " columns", p);
    memcpy(cov, s->schur_inverse, (size_t)(p * p) * sizeof(double));
    for (int64_t a = 0; a < o->k && m->opt.mode == VRK_GLMM_BAYES && !m->opt.quick; a++) {
        for (int64_t b = 0; b < o->k; b++) {
            for (int64_t k = 0; k < p * p; k++)
                cov[k] += o->slope[m->m + k % p + a * all] * o->h[a + b * o->k] *
                          o->slope[m->m + k / p + b * all];
        }
    }
    report_fixed(s, cov, p, out);
done:
    return st;
}

static vrk_status report(vrk_ctx *ctx, glmm_state *s, outer_search *o, vrk_glmm *out)
{
    vrk_status st = VRK_OK;
    glmm_model *m = s->model;
    int64_t from = o->k - m->h;
    double f;
    if (!m->opt.quick) {
        s->polish = 2;
        TRY(curve(ctx, s, o));
    }
    TRY(vrk_glmm_objective(ctx, o->x, &f, o->g, s));
    out->stop = o->found.stop;
    out->iterations = o->found.iterations;
    out->evaluations = o->found.evaluations;
    out->newton = s->newton;
    out->ll = -f;
    out->condition = s->condition;
    out->rows = m->n;
    out->h = m->h;
    out->residual_sd = m->opt.family == VRK_GLMM_GAUSSIAN ? s->residual : 0;
    for (int64_t k = 0; k < o->k; k++)
        out->gradient = fmax(out->gradient, o->boundary[k] ? 0 : fabs(o->g[k]));
    out->theta = VRK_NEW(&out->mem, m->h, double);
    out->theta_cov = VRK_NEW(&out->mem, m->h * m->h, double);
    out->term = VRK_NEW(&out->mem, out->terms, vrk_glmm_effect);
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "cannot allocate %" PRId64 " terms", out->terms);
    memcpy(out->theta, s->theta, (size_t)m->h * sizeof(double));
    for (int64_t k = 0; k < m->h * m->h && !m->opt.quick; k++)
        out->theta_cov[k] = o->h[from + k % m->h + (from + k / m->h) * o->k];
    TRY(report_terms(ctx, s, o, out));
    out->effective = s->effective;
    TRY(fixed_cov(ctx, s, o, out));
    if (m->opt.integrate)
        TRY(vrk_glmm_integrate(ctx, s, o->x, f, o->h, out));
    else
        TRY(vrk_glmm_joint_new(ctx, s, o->k, o->h, m->opt.quick ? NULL : o->slope, out));
done:
    return st;
}

vrk_status vrk_glmm_fit(vrk_ctx *ctx, const vrk_glmm_data *data, const vrk_glmm_opt *opt,
                        vrk_glmm *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_glmm_opt o = opt ? *opt : (vrk_glmm_opt){0};
    glmm_model model = {0};
    glmm_state state = {0};
    outer_search search = {0};
    o.rate = o.rate > 0 ? o.rate : 3;
    o.prior_sd = o.prior_sd > 0 ? o.prior_sd : 2.5;
    o.max_iter = o.max_iter > 0 ? o.max_iter : 200;
    o.tol = o.tol > 0 ? o.tol : 1e-7;
    *out = (vrk_glmm){.p = data->p, .terms = data->terms, .mem.limit = ctx->scratch.limit};
    out->beta = VRK_NEW(&out->mem, data->p, double), out->se = VRK_NEW(&out->mem, data->p, double);
    out->vcov = VRK_NEW(&out->mem, data->p * data->p, double);
    out->dropped = VRK_NEW(&out->mem, data->p, bool);
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "cannot allocate %" PRId64 " columns", data->p);
    TRY(vrk_glmm_model_new(ctx, data, &o, out, &model));
    TRY(vrk_glmm_state_new(ctx, &model, &state));
    TRY(climb(ctx, &state, &search));
    TRY(report(ctx, &state, &search, out));
done:
    if (st != VRK_OK)
        vrk_glmm_free(out);
    vrk_glmm_state_free(&state);
    vrk_arena_free(&model.mem);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
