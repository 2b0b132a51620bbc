#include "stat/irt_engine.h"

#include "num/mat.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* A posterior weight under e^-37 of the largest is nothing in double precision. */
static const double NOTHING = -37;

static int64_t longest_block(const vrk_irt_engine *e)
{
    return e->patterns < VRK_IRT_BLOCK ? e->patterns : VRK_IRT_BLOCK;
}

/* The columns of a block: the answers seen in it. Of a cell that all its patterns answered,
 * category 0 needs no column: it is what is left. `seen` [rows] holds the column + 1, `here`
 * [cells] how many patterns answered. */
static void lay_out(vrk_irt_engine *e, vrk_irt_block *b, vrk_arena *mem, int64_t *seen,
                    int64_t *here)
{
    int64_t all = e->ans_from[b->to] - e->ans_from[b->from], size = 0, n_full = 0;
    memset(here, 0, (size_t)e->cells * sizeof(int64_t));
    memset(seen, 0, (size_t)e->rows * sizeof(int64_t));
    for (int64_t a = e->ans_from[b->from]; a < e->ans_from[b->to]; a++)
        here[e->ans_cell[a]]++;
    for (int64_t v = 0; v < e->cells; v++)
        n_full += here[v] == b->to - b->from;
    int64_t most = all < e->rows ? all : e->rows;
    int64_t *col = VRK_NEW(mem, most, int64_t), *full = VRK_NEW(mem, n_full, int64_t);
    int64_t *zero = VRK_NEW(mem, most, int64_t);
    if (mem->failed)
        return;
    for (int64_t v = 0, f = 0; v < e->cells; v++) {
        if (here[v] == b->to - b->from)
            full[f++] = v;
    }
    for (int64_t a = e->ans_from[b->from]; a < e->ans_from[b->to]; a++) {
        int64_t v = e->ans_cell[a], row = e->first[v] + e->ans[a];
        bool whole = here[v] == b->to - b->from;
        if (!(whole && e->ans[a] == 0) && !seen[row]) {
            col[size] = row;
            zero[size] = whole ? e->first[v] : -1;
            seen[row] = ++size;
        }
        e->ans_col[a] = whole && e->ans[a] == 0 ? -1 : seen[row] - 1;
    }
    *b = (vrk_irt_block){b->from, b->to, size, col, zero, n_full, full};
}

static void count_naturals(vrk_irt_engine *e)
{
    for (int64_t v = 0; v < e->cells; v++) {
        e->first[v + 1] = e->first[v] + e->categories[v];
        e->c_from[v + 1] = e->c_from[v] + e->categories[v] * e->categories[v];
    }
    e->naturals = e->rows = e->first[e->cells];
}

vrk_status vrk_irt_engine_set(vrk_ctx *ctx, vrk_irt_engine *e)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &ctx->scratch;
    int64_t most = 0, wide = longest_block(e);
    e->first = VRK_NEW(mem, e->cells + 1, int64_t);
    e->c_from = VRK_NEW(mem, e->cells + 1, int64_t);
    e->n_blocks = (e->patterns + VRK_IRT_BLOCK - 1) / VRK_IRT_BLOCK;
    e->block = VRK_NEW(mem, e->n_blocks, vrk_irt_block);
    e->ans_col = VRK_NEW(mem, e->ans_from[e->patterns], int64_t);
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " cells", e->cells);
    count_naturals(e);
    int64_t *seen = VRK_NEW(mem, e->rows, int64_t);
    int64_t *here = VRK_NEW(mem, e->cells, int64_t);
    for (int64_t i = 0; i < e->n_blocks && !mem->failed; i++) {
        int64_t from = i * VRK_IRT_BLOCK;
        int64_t to = e->patterns - from < VRK_IRT_BLOCK ? e->patterns : from + VRK_IRT_BLOCK;
        e->block[i] = (vrk_irt_block){.from = from, .to = to};
        lay_out(e, &e->block[i], mem, seen, here);
        most = e->block[i].n_col > most ? e->block[i].n_col : most;
    }
    e->log_p = VRK_NEW(mem, e->points * e->rows, double);
    e->count = VRK_NEW(mem, e->points * e->rows, double);
    e->psi = VRK_NEW(mem, e->naturals, double);
    e->g_psi = VRK_NEW(mem, e->naturals, double);
    e->c_psi = VRK_NEW(mem, e->c_from[e->cells], double);
    e->post = VRK_NEW(mem, e->points * wide, double);
    e->table = VRK_NEW(mem, e->points * most, double);
    e->back = VRK_NEW(mem, e->points * most, double);
    e->answers = VRK_NEW(mem, most * wide, double);
    e->base = VRK_NEW(mem, e->points, double);
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " patterns of %" PRId64 " answers",
             e->patterns, e->ans_from[e->patterns]);
done:
    return st;
}

const double *vrk_irt_points(const vrk_irt_engine *e, int64_t cell)
{
    return e->z + (e->dim ? e->dim[cell] * e->points : 0);
}

bool vrk_irt_table(vrk_irt_engine *e, const double *xi)
{
    double lp[VRK_IRT_MOST];
    vrk_irt_naturals(e, xi, e->psi);
    for (int64_t v = 0; v < e->cells; v++) {
        const double *z = vrk_irt_points(e, v);
        for (int64_t q = 0; q < e->points; q++) {
            vrk_irt_answer(e->family, e->categories[v], e->psi + e->first[v], z[q], lp, NULL);
            for (int32_t k = 0; k < e->categories[v]; k++) {
                e->log_p[q + (e->first[v] + k) * e->points] = lp[k];
                if (!isfinite(lp[k]))
                    return false;
            }
        }
    }
    return true;
}

/* The block's 0/1 answers and its part of the table of log P. Beside a cell's implied category 0
 * its other columns hold the difference, and `base` the rest. */
static void gather(vrk_irt_engine *e, const vrk_irt_block *b)
{
    int64_t n = b->to - b->from, pts = e->points;
    memset(e->answers, 0, (size_t)(n * b->n_col) * sizeof(double));
    for (int64_t i = b->from; i < b->to; i++) {
        double *x = e->answers + (i - b->from) * b->n_col;
        for (int64_t a = e->ans_from[i]; a < e->ans_from[i + 1]; a++) {
            if (e->ans_col[a] >= 0)
                x[e->ans_col[a]] = 1;
        }
    }
    for (int64_t c = 0; c < b->n_col; c++) {
        const double *from = e->log_p + b->col[c] * pts;
        memcpy(e->table + c * pts, from, (size_t)pts * sizeof(double));
        for (int64_t q = 0; q < pts && b->zero[c] >= 0; q++)
            e->table[q + c * pts] -= e->log_p[q + b->zero[c] * pts];
    }
    memcpy(e->base, e->log_weight, (size_t)pts * sizeof(double));
    for (int64_t f = 0; f < b->n_full; f++) {
        for (int64_t q = 0; q < pts; q++)
            e->base[q] += e->log_p[q + e->first[b->full[f]] * pts];
    }
}

double vrk_irt_weigh(vrk_irt_engine *e, const vrk_irt_block *b)
{
    int64_t n = b->to - b->from, pts = e->points;
    double ll = 0;
    gather(e, b);
    vrk_mat_product(e->table, e->answers, pts, b->n_col, n, false, e->post);
    for (int64_t i = 0; i < n; i++) {
        double *h = e->post + i * pts, most = -HUGE_VAL, sum = 0, f = e->weight[b->from + i];
        for (int64_t q = 0; q < pts; q++) {
            h[q] += e->base[q];
            most = h[q] > most ? h[q] : most;
        }
        for (int64_t q = 0; q < pts; q++) {
            h[q] = h[q] - most < NOTHING ? 0 : exp(h[q] - most);
            sum += h[q];
        }
        ll += f * (most + log(sum));
        for (int64_t q = 0; q < pts; q++)
            h[q] *= f / sum;
    }
    return ll;
}

/* Adds the block's expected answers to count. */
static void spread(vrk_irt_engine *e, const vrk_irt_block *b)
{
    int64_t n = b->to - b->from, pts = e->points;
    vrk_mat_product(e->post, e->answers, pts, n, b->n_col, true, e->back);
    memset(e->base, 0, (size_t)pts * sizeof(double));
    for (int64_t i = 0; i < n; i++) {
        for (int64_t q = 0; q < pts; q++)
            e->base[q] += e->post[q + i * pts];
    }
    for (int64_t f = 0; f < b->n_full; f++) {
        for (int64_t q = 0; q < pts; q++)
            e->count[q + e->first[b->full[f]] * pts] += e->base[q];
    }
    for (int64_t c = 0; c < b->n_col; c++) {
        for (int64_t q = 0; q < pts; q++)
            e->count[q + b->col[c] * pts] += e->back[q + c * pts];
        for (int64_t q = 0; q < pts && b->zero[c] >= 0; q++)
            e->count[q + b->zero[c] * pts] -= e->back[q + c * pts];
    }
}

/* Score and expected information of the natural parameters from the expected answers. */
static void differentiate(vrk_irt_engine *e, int64_t v, bool complete)
{
    int32_t n = e->categories[v];
    double u[VRK_IRT_MOST * VRK_IRT_MOST], lp[VRK_IRT_MOST];
    double *g = e->g_psi + e->first[v], *c = e->c_psi + e->c_from[v];
    memset(g, 0, (size_t)n * sizeof(double));
    memset(c, 0, (size_t)(n * n) * sizeof(double));
    for (int64_t q = 0; q < e->points; q++) {
        const double *r = e->count + q + e->first[v] * e->points;
        double all = 0;
        for (int32_t k = 0; k < n; k++)
            all += r[k * e->points];
        if (all <= 0)
            continue;
        vrk_irt_answer(e->family, n, e->psi + e->first[v], vrk_irt_points(e, v)[q], lp, u);
        for (int32_t k = 0; k < n; k++) {
            double p = complete ? all * exp(lp[k]) : 0;
            for (int32_t s = 0; s < n; s++) {
                g[s] += r[k * e->points] * u[k * n + s];
                for (int32_t t = 0; t <= s && complete; t++)
                    c[s * n + t] += p * u[k * n + s] * u[k * n + t];
            }
        }
    }
}

void vrk_irt_link_score(const vrk_irt_engine *e, int64_t t, double x, double *out)
{
    for (int64_t l = e->link_from[t]; l < e->link_from[t + 1]; l++)
        out[e->link[l].param] += e->link[l].by * x;
}

void vrk_irt_link_square(const vrk_irt_engine *e, int64_t s, int64_t t, double x, double *out)
{
    for (int64_t l = e->link_from[s]; l < e->link_from[s + 1]; l++) {
        for (int64_t k = e->link_from[t]; k < e->link_from[t + 1]; k++)
            out[e->link[l].param + e->link[k].param * e->params] +=
                e->link[l].by * e->link[k].by * x;
    }
}

/* The priors' log density; adds its gradient to g_psi and its information to c_psi. A slope that is
 * not positive is impossible under a lognormal prior. */
static double prior(vrk_irt_engine *e)
{
    double sum = 0;
    for (int64_t v = 0; v < e->cells && e->log_slope_sd; v++) {
        double a = e->psi[e->first[v]], sd = e->log_slope_sd[v];
        int32_t n = e->categories[v];
        double *g = e->g_psi + e->first[v], *c = e->c_psi + e->c_from[v];
        if (sd > 0 && !(a > 0))
            return -HUGE_VAL;
        if (sd > 0) {
            double t = (log(a) - e->log_slope_mean[v]) / sd;
            sum -= log(a) + log(sd) + .5 * log(2 * M_PI) + t * t / 2;
            g[0] -= (1 + t / sd) / a;
            c[0] += fmax(0, (1 / (sd * sd) - t / sd - 1) / (a * a));
        }
        for (int32_t k = 1; k < n && e->intercept_sd[v] > 0; k++) {
            double by = 1 / (e->intercept_sd[v] * e->intercept_sd[v]), d = e->psi[e->first[v] + k];
            sum -= .5 * d * d * by + log(e->intercept_sd[v]) + .5 * log(2 * M_PI);
            g[k] -= d * by;
            c[k * n + k] += by;
        }
    }
    return sum;
}

static void to_params(const vrk_irt_engine *e, double *gradient, double *complete)
{
    int64_t p = e->params;
    memset(gradient, 0, (size_t)p * sizeof(double));
    if (complete)
        memset(complete, 0, (size_t)(p * p) * sizeof(double));
    for (int64_t v = 0; v < e->cells; v++) {
        int32_t n = e->categories[v];
        for (int32_t s = 0; s < n; s++) {
            vrk_irt_link_score(e, e->first[v] + s, e->g_psi[e->first[v] + s], gradient);
            for (int32_t t = 0; t <= s && complete; t++) {
                double x = e->c_psi[e->c_from[v] + s * n + t];
                vrk_irt_link_square(e, e->first[v] + s, e->first[v] + t, x, complete);
                if (s != t)
                    vrk_irt_link_square(e, e->first[v] + t, e->first[v] + s, x, complete);
            }
        }
    }
}

vrk_status vrk_irt_at(vrk_ctx *ctx, vrk_irt_engine *e, const double *xi, double *objective,
                      double *ll, double *gradient, double *complete)
{
    vrk_status st = VRK_OK;
    *ll = *objective = -HUGE_VAL;
    if (!vrk_irt_table(e, xi))
        return VRK_OK;
    double sum = 0;
    memset(e->count, 0, (size_t)(e->points * e->rows) * sizeof(double));
    for (int64_t i = 0; i < e->n_blocks; i++) {
        TRY(vrk_tick(ctx, "item response model", 0, 0));
        sum += vrk_irt_weigh(e, &e->block[i]);
        if (gradient)
            spread(e, &e->block[i]);
    }
    for (int64_t v = 0; v < e->cells && gradient; v++)
        differentiate(e, v, complete != NULL);
    *ll = sum;
    *objective = sum + prior(e);
    if (isnan(*objective))
        *objective = -HUGE_VAL;
    if (gradient)
        to_params(e, gradient, complete);
done:
    return st;
}
