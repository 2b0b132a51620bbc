#include "num/mat.h"
#include "stat/gap.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* One regression: coefficients, their covariance, means of x and the covariance of these. */
typedef struct {
    double *b, *mean;       /* [p] */
    double *vb, *vx;        /* [p x p] */
    double *work, *fit, *w; /* [block x p], [n], [n] */
    bool *dropped;
} side;

static vrk_status regress(vrk_ctx *ctx, int64_t p, const vrk_oaxaca_group *g, int which, side *s)
{
    int64_t n = g->n;
    s->b = VRK_NEW(&ctx->scratch, p, double);
    s->mean = VRK_NEW(&ctx->scratch, p, double);
    s->vb = VRK_NEW(&ctx->scratch, p * p, double);
    s->vx = VRK_NEW(&ctx->scratch, p * p, double);
    s->work = VRK_NEW(&ctx->scratch, VRK_MAT_BLOCK * p, double);
    s->fit = VRK_NEW(&ctx->scratch, n, double);
    s->w = VRK_NEW(&ctx->scratch, n, double);
    s->dropped = VRK_NEW(&ctx->scratch, p, bool);
    if (ctx->scratch.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " rows", n);
    for (int64_t i = 0; i < n; i++)
        s->w[i] = 1;
    vrk_mat_gram(g->x, n, p, s->w, s->work, s->vx);
    double *chol = s->work, rss = 0; /* [p x p] fits: VRK_MAT_BLOCK > p */
    memcpy(chol, s->vx, (size_t)(p * p) * sizeof(double));
    if (vrk_chol(chol, p, 1e-12, s->dropped) < p)
        return vrk_fail(ctx, VRK_EINPUT, "group %d: columns explain each other", which);
    vrk_mat_cross(g->x, n, p, g->y, s->b);
    vrk_chol_solve(chol, p, s->dropped, s->b);
    vrk_mat_times(g->x, n, p, s->b, s->fit);
    for (int64_t i = 0; i < n; i++)
        rss += (g->y[i] - s->fit[i]) * (g->y[i] - s->fit[i]);
    vrk_chol_inverse(chol, p, s->dropped, s->vb);
    for (int64_t j = 0; j < p * p; j++)
        s->vb[j] *= rss / (double)(n - p);
    vrk_mat_cross(g->x, n, p, s->w, s->mean);
    for (int64_t j = 0; j < p; j++)
        s->mean[j] /= (double)n;
    for (int64_t j = 0; j < p; j++) {
        for (int64_t i = 0; i < p; i++)
            s->vx[i + j * p] =
                (s->vx[i + j * p] / (double)n - s->mean[i] * s->mean[j]) / (double)(n - 1);
    }
    return VRK_OK;
}

/* a' V1 a + a' V2 a, the second NULL for none. */
static double quadratic(int64_t p, const double *a, const double *v1, const double *v2)
{
    double sum = 0;
    for (int64_t j = 0; j < p; j++) {
        for (int64_t i = 0; i < p; i++)
            sum += a[i] * a[j] * (v1[i + j * p] + (v2 ? v2[i + j * p] : 0));
    }
    return sum;
}

static double dot(int64_t p, const double *a, const double *b)
{
    double sum = 0;
    for (int64_t j = 0; j < p; j++)
        sum += a[j] * b[j];
    return sum;
}

static vrk_status check(vrk_ctx *ctx, int64_t p, const vrk_oaxaca_group *g, int which)
{
    if (p < 1 || p >= VRK_MAT_BLOCK || g->n <= p + 1)
        return vrk_fail(ctx, VRK_EINPUT, "group %d: %" PRId64 " rows for %" PRId64 " columns",
                        which, g->n, p);
    for (int64_t i = 0; i < g->n; i++) {
        if (!isfinite(g->y[i]))
            return vrk_fail(ctx, VRK_EINPUT, "group %d, row %" PRId64 ": y is %g", which, i,
                            g->y[i]);
        for (int64_t j = 0; j < p; j++) {
            if (!isfinite(g->x[i + j * g->n]))
                return vrk_fail(ctx, VRK_EINPUT,
                                "group %d, row %" PRId64 ": column %" PRId64 " is %g", which, i, j,
                                g->x[i + j * g->n]);
        }
    }
    return VRK_OK;
}

/* Both groups under one another, with an indicator of the first as last column. */
static vrk_status pool(vrk_ctx *ctx, int64_t p, const vrk_oaxaca_group *one,
                       const vrk_oaxaca_group *two, side *s)
{
    int64_t n = one->n + two->n;
    double *y = VRK_NEW(&ctx->scratch, n, double);
    double *x = VRK_NEW(&ctx->scratch, n * (p + 1), double);
    if (ctx->scratch.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " rows", n);
    for (int64_t i = 0; i < n; i++) {
        const vrk_oaxaca_group *g = i < one->n ? one : two;
        int64_t row = i < one->n ? i : i - one->n;
        y[i] = g->y[row];
        for (int64_t j = 0; j < p; j++)
            x[i + j * n] = g->x[row + j * g->n];
        x[i + p * n] = i < one->n;
    }
    return regress(ctx, p + 1, &(vrk_oaxaca_group){n, y, x}, 0, s);
}

static vrk_status answer(vrk_ctx *ctx, int64_t p, const side *one, const side *two,
                         const side *both, vrk_oaxaca *out)
{
    double *dx = VRK_NEW(&ctx->scratch, p, double), *db = VRK_NEW(&ctx->scratch, p, double);
    double *vp = VRK_NEW(&ctx->scratch, p * p, double);
    double **keep[] = {&out->b1, &out->b2, &out->pooled, &out->x1, &out->x2};
    const double *from[] = {one->b, two->b, both->b, one->mean, two->mean};
    for (int j = 0; j < 5; j++)
        *keep[j] = VRK_NEW(&out->mem, p, double);
    if (ctx->scratch.failed || out->mem.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " columns", p);
    for (int j = 0; j < 5; j++)
        memcpy(*keep[j], from[j], (size_t)p * sizeof(double));
    for (int64_t j = 0; j < p; j++) {
        dx[j] = one->mean[j] - two->mean[j];
        db[j] = one->b[j] - two->b[j];
        for (int64_t i = 0; i < p; i++)
            vp[i + j * p] = both->vb[i + j * (p + 1)];
    }
    out->mean1 = dot(p, one->mean, one->b);
    out->mean2 = dot(p, two->mean, two->b);
    out->difference = out->mean1 - out->mean2;
    out->part[0] = dot(p, dx, two->b);
    out->part[1] = dot(p, two->mean, db);
    out->part[2] = dot(p, dx, db);
    out->se[0] = sqrt(quadratic(p, dx, two->vb, NULL) + quadratic(p, two->b, one->vx, two->vx));
    out->se[1] = sqrt(quadratic(p, two->mean, one->vb, two->vb) + quadratic(p, db, two->vx, NULL));
    out->se[2] = sqrt(quadratic(p, dx, one->vb, two->vb) + quadratic(p, db, one->vx, two->vx));
    out->explained = dot(p, dx, both->b);
    out->unexplained = out->difference - out->explained;
    double ve = quadratic(p, dx, vp, NULL) + quadratic(p, both->b, one->vx, two->vx);
    out->se_explained = sqrt(ve);
    double vu = quadratic(p, dx, vp, NULL) + quadratic(p, one->mean, one->vb, NULL) +
                quadratic(p, two->mean, two->vb, NULL);
    for (int64_t j = 0; j < p; j++) {
        dx[j] = one->b[j] - both->b[j];
        db[j] = two->b[j] - both->b[j];
    }
    out->se_unexplained =
        sqrt(vu + quadratic(p, dx, one->vx, NULL) + quadratic(p, db, two->vx, NULL));
    return VRK_OK;
}

vrk_status vrk_gap_oaxaca(vrk_ctx *ctx, int64_t p, const vrk_oaxaca_group *one,
                          const vrk_oaxaca_group *two, vrk_oaxaca *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    side a = {0}, b = {0}, both = {0};
    *out = (vrk_oaxaca){.p = p, .mem.limit = ctx->scratch.limit};
    TRY(check(ctx, p, one, 1));
    TRY(check(ctx, p, two, 2));
    TRY(regress(ctx, p, one, 1, &a));
    TRY(regress(ctx, p, two, 2, &b));
    TRY(pool(ctx, p, one, two, &both));
    TRY(answer(ctx, p, &a, &b, &both, out));
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_oaxaca_free(out);
    return st;
}

void vrk_oaxaca_free(vrk_oaxaca *o)
{
    vrk_arena_free(&o->mem);
    *o = (vrk_oaxaca){0};
}
