#include "stat/irt_engine.h"

#include "num/mat.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { COLUMNS = 1024 }; /* score vectors gathered before they are multiplied out */

typedef struct {
    vrk_irt_engine *e;
    double *u;     /* [points x c_from[cells]] d log P / d psi, a point at a time */
    double *batch; /* [params x COLUMNS] score vectors times the root of their weight */
    double *out;   /* [params x params] the sum goes here, times `sign` */
    double *part;  /* [params x params] */
    double sign;
    int64_t held;
} gathering;

static vrk_status begin(vrk_ctx *ctx, gathering *g, const double *xi)
{
    vrk_irt_engine *e = g->e;
    double lp[VRK_IRT_MOST];
    int64_t all = e->c_from[e->cells];
    g->u = VRK_NEW(&ctx->scratch, e->points * all, double);
    g->batch = VRK_NEW(&ctx->scratch, e->params * (COLUMNS + e->points), double);
    g->part = VRK_NEW(&ctx->scratch, e->params * e->params, double);
    if (ctx->scratch.failed)
        return vrk_fail(ctx, VRK_EMEMORY,
                        "out of memory for the information of %" PRId64 " parameters", e->params);
    if (!vrk_irt_table(e, xi))
        return vrk_fail(ctx, VRK_ENUMERIC, "an answer is impossible at these parameters");
    for (int64_t v = 0; v < e->cells; v++) {
        for (int64_t q = 0; q < e->points; q++)
            vrk_irt_answer(e->family, e->categories[v], e->psi + e->first[v],
                           vrk_irt_points(e, v)[q], lp, g->u + q * all + e->c_from[v]);
    }
    return VRK_OK;
}

static void flush(gathering *g)
{
    int64_t p = g->e->params;
    vrk_mat_product(g->batch, g->batch, p, g->held, p, true, g->part);
    for (int64_t i = 0; i < p * p; i++)
        g->out[i] += g->sign * g->part[i];
    g->held = 0;
}

/* to += by * the gradient of log L(x_i | z_q). */
static void add_score(const gathering *g, int64_t i, int64_t q, double by, double *to)
{
    const vrk_irt_engine *e = g->e;
    const double *u = g->u + q * e->c_from[e->cells];
    for (int64_t a = e->ans_from[i]; a < e->ans_from[i + 1]; a++) {
        int64_t v = e->ans_cell[a];
        int32_t n = e->categories[v];
        for (int32_t t = 0; t < n; t++)
            vrk_irt_link_score(e, e->first[v] + t, by * u[e->c_from[v] + e->ans[a] * n + t], to);
    }
}

/* Over all patterns: the mean score of each over its posterior (`mean`), or its scores at each
 * point. A point with less than 1e-13 of the posterior adds nothing. */
static vrk_status gather(vrk_ctx *ctx, gathering *g, bool mean)
{
    vrk_status st = VRK_OK;
    vrk_irt_engine *e = g->e;
    for (int64_t b = 0; b < e->n_blocks; b++) {
        TRY(vrk_tick(ctx, "information of an item response model", b, e->n_blocks));
        vrk_irt_weigh(e, &e->block[b]);
        for (int64_t i = e->block[b].from; i < e->block[b].to; i++) {
            const double *h = e->post + (i - e->block[b].from) * e->points;
            double f = e->weight[i], *to = g->batch + g->held * e->params;
            memset(to, 0, (size_t)(e->params * (mean ? 1 : e->points)) * sizeof(double));
            for (int64_t q = 0; q < e->points; q++) {
                if (h[q] <= 1e-13 * f)
                    continue;
                add_score(g, i, q, mean ? h[q] / sqrt(f) : sqrt(h[q]), to);
                to += mean ? 0 : e->params;
                g->held += !mean;
            }
            g->held += mean;
            if (g->held >= COLUMNS)
                flush(g);
        }
    }
    flush(g);
done:
    return st;
}

vrk_status vrk_irt_cross(vrk_ctx *ctx, vrk_irt_engine *e, const double *xi, double *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    gathering g = {.e = e, .out = out, .sign = 1};
    memset(out, 0, (size_t)(e->params * e->params) * sizeof(double));
    TRY(begin(ctx, &g, xi));
    TRY(gather(ctx, &g, true));
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* out += what the answers' own curvature gives, from the expected answers, and the priors'. */
static void add_curvature(const vrk_irt_engine *e, int64_t v, double *out)
{
    int32_t n = e->categories[v];
    double c[VRK_IRT_MOST * VRK_IRT_MOST], sum[VRK_IRT_MOST * VRK_IRT_MOST] = {0};
    for (int64_t q = 0; q < e->points; q++) {
        for (int32_t k = 0; k < n; k++) {
            double r = e->count[q + (e->first[v] + k) * e->points];
            vrk_irt_curvature(e->family, n, e->psi + e->first[v], vrk_irt_points(e, v)[q], k, c);
            for (int32_t s = 0; s < n * n; s++)
                sum[s] += r * c[s];
        }
    }
    if (e->log_slope_sd && e->log_slope_sd[v] > 0) {
        double a = e->psi[e->first[v]], sd = e->log_slope_sd[v];
        sum[0] += (1 / (sd * sd) - (log(a) - e->log_slope_mean[v]) / (sd * sd) - 1) / (a * a);
    }
    for (int32_t k = 1; k < n && e->log_slope_sd && e->intercept_sd[v] > 0; k++)
        sum[k * n + k] += 1 / (e->intercept_sd[v] * e->intercept_sd[v]);
    for (int32_t s = 0; s < n; s++) {
        for (int32_t t = 0; t < n; t++)
            vrk_irt_link_square(e, e->first[v] + s, e->first[v] + t, sum[s * n + t], out);
    }
}

/* -d2 ll = E(complete information) - E(score score') + E(score) E(score)', over each posterior. */
vrk_status vrk_irt_observed(vrk_ctx *ctx, vrk_irt_engine *e, const double *xi, double *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    gathering g = {.e = e, .out = out, .sign = 1};
    double objective, ll, *gradient = VRK_NEW(&ctx->scratch, e->params, double);
    memset(out, 0, (size_t)(e->params * e->params) * sizeof(double));
    if (!gradient)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " parameters", e->params);
    TRY(vrk_irt_at(ctx, e, xi, &objective, &ll, gradient, NULL));
    TRY(begin(ctx, &g, xi));
    for (int64_t v = 0; v < e->cells; v++)
        add_curvature(e, v, out);
    TRY(gather(ctx, &g, true));
    g.sign = -1;
    TRY(gather(ctx, &g, false));
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
