/* The system of a mixed model: random effects by a sparse factor, fixed effects as a dense border.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "num/mat.h"
#include "stat/glmm_parts.h"

void vrk_glmm_state_free(glmm_state *s)
{
    vrk_sparse_free(s->factor);
    s->factor = NULL;
}

vrk_status vrk_glmm_state_new(vrk_ctx *ctx, glmm_model *m, glmm_state *s)
{
    vrk_arena *a = &m->mem;
    int64_t all = m->m + m->p, squares = 0;
    *s = (glmm_state){.model = m, .residual = 1};
    for (int64_t t = 0; t < m->data->terms; t++) {
        int64_t q = m->data->term[t].q > 0 ? m->data->term[t].q : 1;
        squares += q * q;
    }
    s->theta = VRK_NEW(a, m->h, double), s->scale = VRK_NEW(a, squares, double);
    s->precision = VRK_NEW(a, squares, double);
    s->b = VRK_NEW(a, all, double), s->step = VRK_NEW(a, all, double);
    s->g = VRK_NEW(a, all, double), s->last = VRK_NEW(a, all, double);
    s->c = VRK_NEW(a, all, double), s->v = VRK_NEW(a, all, double);
    s->uu = VRK_NEW(a, m->nnz, double), s->inverse = VRK_NEW(a, m->nnz, double);
    s->uf = VRK_NEW(a, m->p * m->m, double), s->gs = VRK_NEW(a, m->p * m->m, double);
    s->solved = VRK_NEW(a, m->p * m->m, double);
    s->ff = VRK_NEW(a, m->p * m->p, double), s->schur = VRK_NEW(a, m->p * m->p, double);
    s->schur_inverse = VRK_NEW(a, m->p * m->p, double);
    s->third = VRK_NEW(a, m->n, double), s->work = VRK_NEW(a, m->p * m->m, double);
    if (a->failed)
        return vrk_fail(ctx, VRK_EMEMORY, "cannot allocate %" PRId64 " effects", all);
    return vrk_sparse_new(ctx, m->m, m->start, m->at, &s->factor);
}

static void predict(glmm_state *s)
{
    for (int k = 0; k < s->model->parts; k++) {
        glmm_part *p = s->model->part + k;
        for (int64_t l = 0; l < p->levels; l++) {
            double sum = 0;
            for (int64_t e = p->start[l]; e < p->start[l + 1]; e++)
                sum += p->x[e] * s->b[p->col[e]];
            p->lin[l] = sum;
        }
    }
}

/* The sums of residuals and weights become gradient and system. */
static void add_part(glmm_state *s, const glmm_part *p)
{
    int64_t m = s->model->m, f = s->model->p, k = 0;
    for (int64_t l = 0; l < p->levels; l++) {
        for (int64_t a = p->start[l]; a < p->start[l + 1]; a++) {
            int64_t i = p->col[a];
            double wx = p->w[l] * p->x[a];
            s->g[i] += p->r[l] * p->x[a];
            for (int64_t b = p->start[l]; b <= a; b++) {
                int64_t j = p->col[b];
                double w = wx * p->x[b];
                if (i < m && j < m)
                    s->uu[p->place[k++]] += w;
                else if (i >= m && j >= m)
                    s->ff[(i > j ? i : j) - m + ((i > j ? j : i) - m) * f] += w;
                else
                    s->uf[(i < m ? j : i) - m + (i < m ? i : j) * f] += w;
            }
        }
    }
}

static void add_cross(glmm_state *s, const glmm_cross *c)
{
    const glmm_part *a = s->model->part + c->a, *b = s->model->part + c->b;
    int64_t m = s->model->m, f = s->model->p, k = 0;
    for (int64_t e = 0; e < c->pairs; e++) {
        int64_t l = c->left[e], r = c->right[e];
        for (int64_t x = a->start[l]; x < a->start[l + 1]; x++) {
            int64_t i = a->col[x];
            double wx = c->w[e] * a->x[x];
            for (int64_t y = b->start[r]; y < b->start[r + 1]; y++) {
                int64_t j = b->col[y];
                if (i < m && j < m)
                    s->uu[c->place[k++]] += wx * b->x[y];
                else
                    s->uf[(i < m ? j : i) - m + (i < m ? i : j) * f] += wx * b->x[y];
            }
        }
    }
}

static void assemble(glmm_state *s, bool exact)
{
    const glmm_model *m = s->model;
    memset(s->g, 0, (size_t)(m->m + m->p) * sizeof(double));
    memset(s->uu, 0, (size_t)m->nnz * sizeof(double));
    memset(s->uf, 0, (size_t)(m->p * m->m) * sizeof(double));
    memset(s->ff, 0, (size_t)(m->p * m->p) * sizeof(double));
    for (int k = 0; k < m->parts; k++)
        add_part(s, m->part + k);
    for (int k = 0; k < m->crosses; k++)
        add_cross(s, m->cross + k);
    vrk_glmm_pull(s, exact);
}

/* Factors random effects and, where wanted, the border. */
static vrk_status factor(vrk_ctx *ctx, glmm_state *s, bool border, bool *positive)
{
    vrk_status st = VRK_OK;
    int64_t m = s->model->m, p = s->model->p;
    double pivots = 1;
    TRY(vrk_sparse_factor(ctx, s->factor, s->uu, positive));
    if (!*positive)
        goto done;
    s->log_det = m > 0 ? vrk_sparse_log_det(s->factor, &pivots) : 0;
    s->condition = 1 / pivots;
    if (!border || p == 0)
        goto done;
    for (int64_t u = 0; u < m; u++) {
        for (int64_t j = 0; j < p; j++)
            s->solved[u + j * m] = s->uf[j + u * p];
    }
    if (m > 0)
        vrk_sparse_solve(s->factor, s->solved, p);
    memcpy(s->schur, s->ff, (size_t)(p * p) * sizeof(double));
    for (int64_t k = 0; k < p; k++) {
        for (int64_t u = 0; u < m; u++) {
            double x = s->solved[u + k * m];
            for (int64_t j = k; j < p; j++)
                s->schur[j + k * p] -= x * s->uf[j + u * p];
        }
    }
    bool dropped[GLMM_FIXED] = {false};
    *positive = vrk_chol(s->schur, p, 1e-14, dropped) == p;
    for (int64_t j = 0; j < p && *positive; j++)
        s->log_det += s->full ? 2 * log(s->schur[j + j * p]) : 0;
done:
    return st;
}

/* step = system^-1 of rhs (random and, where profiled, fixed). */
static void solve(glmm_state *s, const double *rhs, double *step, bool border)
{
    int64_t m = s->model->m, p = s->model->p;
    bool dropped[GLMM_FIXED] = {false};
    memcpy(step, rhs, (size_t)(m + p) * sizeof(double));
    if (m > 0)
        vrk_sparse_solve(s->factor, step, 1);
    if (!border) {
        memset(step + m, 0, (size_t)p * sizeof(double));
        return;
    }
    for (int64_t j = 0; j < p; j++) {
        for (int64_t u = 0; u < m; u++)
            step[m + j] -= s->solved[u + j * m] * rhs[u];
    }
    vrk_chol_solve(s->schur, p, dropped, step + m);
    for (int64_t j = 0; j < p; j++) {
        for (int64_t u = 0; u < m; u++)
            step[u] -= s->solved[u + j * m] * step[m + j];
    }
}

static double objective(glmm_state *s)
{
    const glmm_model *m = s->model;
    predict(s);
    s->newton++;
    s->ll = vrk_glmm_cells(s->model, s->residual, s->third);
    s->energy = vrk_glmm_energy(s, &s->log_q);
    for (int64_t j = 0; j < m->p; j++)
        s->energy += m->prior[j] * s->b[m->m + j] * s->b[m->m + j] / 2;
    return s->ll - s->energy;
}

/* Factors with the exact curvature, or a majorant where heavy tails make that indefinite. */
static vrk_status factor_safely(vrk_ctx *ctx, glmm_state *s, bool *exact, bool *positive)
{
    vrk_status st = VRK_OK;
    *exact = true;
    assemble(s, true);
    TRY(factor(ctx, s, s->profile, positive));
    if (!*positive) {
        *exact = false;
        assemble(s, false);
        TRY(factor(ctx, s, s->profile, positive));
    }
done:
    return st;
}

vrk_status vrk_glmm_mode_find(vrk_ctx *ctx, glmm_state *s)
{
    vrk_status st = VRK_OK;
    int64_t all = s->model->m + s->model->p;
    int polish = s->polish;
    s->valid = false;
    double now = objective(s);
    if (!isfinite(now)) {
        memset(s->b, 0, (size_t)s->model->m * sizeof(double));
        now = objective(s);
    }
    for (int k = 0; k < 200 && isfinite(now); k++) {
        bool positive, exact;
        double promise = 0, longest = 0, t = 1;
        TRY(factor_safely(ctx, s, &exact, &positive));
        if (!positive)
            break;
        solve(s, s->g, s->step, s->profile);
        for (int64_t i = 0; i < all; i++) {
            promise += s->g[i] * s->step[i];
            longest = fmax(longest, fabs(s->step[i]));
        }
        if (promise < 1e-18 || (promise < 1e-11 && polish-- <= 0)) {
            s->valid = exact;
            break;
        }
        memcpy(s->last, s->b, (size_t)all * sizeof(double));
        if (s->model->opt.family != VRK_GLMM_GAUSSIAN && longest > 8)
            t = 8 / longest;
        for (int half = 0; half < 40; half++, t /= 2) {
            for (int64_t i = 0; i < all; i++)
                s->b[i] = s->last[i] + t * s->step[i];
            double next = objective(s);
            if (next >= now - 1e-11 * (1 + fabs(now))) {
                now = next;
                break;
            }
        }
        TRY(vrk_tick(ctx, "fitting a mixed model", 0, 0));
    }
done:
    return st;
}

/* The inverse on the pattern; with integrated fixed effects, of the whole system. */
vrk_status vrk_glmm_invert(vrk_ctx *ctx, glmm_state *s)
{
    vrk_status st = VRK_OK;
    int64_t m = s->model->m, p = s->model->p;
    bool dropped[GLMM_FIXED] = {false};
    if (m > 0)
        TRY(vrk_sparse_inverse(ctx, s->factor, s->inverse));
    if (!s->profile)
        goto done;
    vrk_chol_inverse(s->schur, p, dropped, s->schur_inverse);
    if (!s->full)
        goto done;
    for (int64_t u = 0; u < m; u++) {
        for (int64_t j = 0; j < p; j++) {
            double sum = 0;
            for (int64_t k = 0; k < p; k++)
                sum += s->solved[u + k * m] * s->schur_inverse[k + j * p];
            s->gs[j + u * p] = sum;
            s->work[j + u * p] = s->solved[u + j * m];
        }
    }
    for (int64_t c = 0; c < m; c++) {
        for (int64_t k = s->model->start[c]; k < s->model->start[c + 1]; k++) {
            const double *a = s->gs + c * p, *b = s->work + s->model->at[k] * p;
            for (int64_t j = 0; j < p; j++)
                s->inverse[k] += a[j] * b[j];
        }
    }
done:
    return st;
}

/* The inverse between two columns of which at most one... is random; 0 for fixed effects that are
 * held. */
static double border_inverse(const glmm_state *s, int64_t i, int64_t j)
{
    int64_t m = s->model->m, p = s->model->p;
    if (!s->full)
        return 0;
    if (i >= m && j >= m)
        return s->schur_inverse[i - m + (j - m) * p];
    return i < m ? -s->gs[j - m + i * p] : -s->gs[i - m + j * p];
}

static void part_levels(const glmm_state *s, glmm_part *p)
{
    int64_t m = s->model->m, k = 0;
    for (int64_t l = 0; l < p->levels; l++) {
        double sum = 0;
        for (int64_t a = p->start[l]; a < p->start[l + 1]; a++) {
            for (int64_t b = p->start[l]; b <= a; b++) {
                int64_t i = p->col[a], j = p->col[b];
                double z = i < m && j < m ? s->inverse[p->place[k++]] : border_inverse(s, i, j);
                sum += (a == b ? 1 : 2) * p->x[a] * p->x[b] * z;
            }
        }
        p->lev[l] = sum;
    }
}

static void cross_levels(const glmm_state *s, glmm_cross *c)
{
    const glmm_part *a = s->model->part + c->a, *b = s->model->part + c->b;
    int64_t m = s->model->m, k = 0;
    for (int64_t e = 0; e < c->pairs; e++) {
        int64_t l = c->left[e], r = c->right[e];
        double sum = 0;
        for (int64_t x = a->start[l]; x < a->start[l + 1]; x++) {
            for (int64_t y = b->start[r]; y < b->start[r + 1]; y++) {
                int64_t i = a->col[x], j = b->col[y];
                double z = i < m && j < m ? s->inverse[c->place[k++]] : border_inverse(s, i, j);
                sum += a->x[x] * b->x[y] * z;
            }
        }
        c->lev[e] = sum;
    }
}

/* v = system^-1 c, c = sum over cells of leverage x third x row of the design: how log_det changes
 * as the mode moves. */
void vrk_glmm_levels(glmm_state *s)
{
    glmm_model *m = s->model;
    for (int k = 0; k < m->parts; k++)
        part_levels(s, m->part + k);
    for (int k = 0; k < m->crosses; k++)
        cross_levels(s, m->cross + k);
    s->effective = vrk_glmm_leverage(m, s->third);
    memset(s->c, 0, (size_t)(m->m + m->p) * sizeof(double));
    for (int k = 0; k < m->parts; k++) {
        const glmm_part *p = m->part + k;
        for (int64_t l = 0; l < p->levels; l++) {
            for (int64_t e = p->start[l]; e < p->start[l + 1]; e++)
                s->c[p->col[e]] += p->r[l] * p->x[e];
        }
    }
    vrk_glmm_third(s);
    solve(s, s->c, s->v, s->profile);
}

/* Adds the border to the system as it stands: solved, schur and its inverse. */
vrk_status vrk_glmm_border(vrk_ctx *ctx, glmm_state *s)
{
    vrk_status st = VRK_OK;
    bool positive, dropped[GLMM_FIXED] = {false};
    TRY(factor(ctx, s, true, &positive));
    if (!positive)
        FAIL(VRK_ENUMERIC, "the information on the fixed effects is singular");
    vrk_chol_inverse(s->schur, s->model->p, dropped, s->schur_inverse);
done:
    return st;
}
