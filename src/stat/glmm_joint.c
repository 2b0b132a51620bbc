/* Joint draws of fixed and random effects: hyperparameters from their normal approximation, which
 * moves the mode; then fixed effects; then random effects given both. */
#include "stat/glmm_joint.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "num/mat.h"

struct vrk_glmm_joint {
    int64_t m, p, k;
    double *mode;   /* [m+p] */
    double *root;   /* [k x k] Cholesky factor of the outer parameters' covariance */
    double *slope;  /* [(m+p) x k] */
    double *solved; /* [m x p] */
    double *fixed;  /* [p x p] Cholesky factor of the fixed effects' precision given theta */
    int64_t *keep;  /* [p] */
    bool held;      /* fixed effects are outer parameters */
    vrk_sparse *factor;
    double share; /* of the draws, where there are several points */
    struct vrk_glmm_joint *next;
};

static double *copy(vrk_arena *a, const double *x, int64_t n)
{
    double *to = VRK_NEW(a, n, double);
    if (to && x)
        memcpy(to, x, (size_t)n * sizeof *x);
    return to;
}

vrk_status vrk_glmm_joint_new(vrk_ctx *ctx, glmm_state *s, int64_t k, const double *cov,
                              const double *slope, vrk_glmm *out)
{
    const glmm_model *m = s->model;
    struct vrk_glmm_joint *j = VRK_NEW(&out->mem, 1, struct vrk_glmm_joint);
    if (out->mem.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "cannot allocate draws");
    *j = (struct vrk_glmm_joint){
        .next = out->joint, .share = 1, .m = m->m, .p = m->p, .k = slope ? k : 0};
    j->held = slope && k > m->h;
    j->mode = copy(&out->mem, s->b, m->m + m->p);
    j->root = copy(&out->mem, slope ? cov : NULL, j->k * j->k);
    j->slope = copy(&out->mem, slope, (m->m + m->p) * j->k);
    j->solved = copy(&out->mem, s->solved, m->m * m->p);
    j->fixed = copy(&out->mem, s->schur, m->p * m->p);
    j->keep = VRK_NEW(&out->mem, m->p, int64_t);
    bool *dropped = VRK_NEW(&out->mem, j->k, bool);
    if (out->mem.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "cannot allocate draws");
    memcpy(j->keep, m->keep, (size_t)m->p * sizeof *j->keep);
    vrk_chol(j->root, j->k, 1e-12, dropped);
    j->factor = s->factor;
    s->factor = NULL;
    out->joint = j;
    return VRK_OK;
}

vrk_status vrk_glmm_joint_add(vrk_ctx *ctx, glmm_state *s, double share, vrk_glmm *out)
{
    vrk_status st = vrk_glmm_joint_new(ctx, s, 0, NULL, NULL, out);
    if (st == VRK_OK)
        out->joint->share = share;
    return st;
}

void vrk_glmm_free(vrk_glmm *fit)
{
    for (struct vrk_glmm_joint *j = fit->joint; j; j = j->next)
        vrk_sparse_free(j->factor);
    vrk_arena_free(&fit->mem);
    *fit = (vrk_glmm){0};
}

int64_t vrk_glmm_columns(const vrk_glmm *fit)
{
    return fit->joint ? fit->p + fit->joint->m : 0;
}

/* x [p] becomes the solution of L' x = z. */
static void back(const double *l, int64_t p, double *x)
{
    for (int64_t i = p - 1; i >= 0; i--) {
        for (int64_t k = i + 1; k < p; k++)
            x[i] -= l[k + i * p] * x[k];
        x[i] /= l[i + i * p];
    }
}

/* One draw: b [m+p], z [k + p]. */
static void draw(const struct vrk_glmm_joint *j, vrk_rng *r, double *b, double *z)
{
    int64_t all = j->m + j->p;
    for (int64_t i = 0; i < j->k + j->p; i++)
        z[i] = vrk_rng_normal(r);
    for (int64_t i = 0; i < all; i++)
        b[i] = i < j->m ? vrk_rng_normal(r) : 0;
    if (j->m > 0)
        vrk_sparse_draw(j->factor, b);
    for (int64_t i = 0; i < all; i++)
        b[i] += j->mode[i];
    for (int64_t c = 0; c < j->k; c++) {
        double step = 0;
        for (int64_t i = 0; i <= c; i++)
            step += j->root[c + i * j->k] * z[i];
        for (int64_t i = 0; i < all; i++)
            b[i] += j->slope[i + c * all] * step;
    }
    if (j->held)
        return;
    back(j->fixed, j->p, z + j->k);
    for (int64_t c = 0; c < j->p; c++) {
        b[j->m + c] += z[j->k + c];
        for (int64_t u = 0; u < j->m; u++)
            b[u] -= j->solved[u + c * j->m] * z[j->k + c];
    }
}

/* The point of a mixture to draw from. */
static const struct vrk_glmm_joint *choose(const struct vrk_glmm_joint *first, vrk_rng *r)
{
    const struct vrk_glmm_joint *j = first;
    double all = 0;
    if (!first->next)
        return first;
    for (; j; j = j->next)
        all += j->share;
    double left = vrk_rng_uniform(r) * all;
    for (j = first; j->next && left > j->share; j = j->next)
        left -= j->share;
    return j;
}

vrk_status vrk_glmm_draw(vrk_ctx *ctx, const vrk_glmm *fit, uint64_t seed, int64_t first,
                         int64_t count, double *draws)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    const struct vrk_glmm_joint *j = fit->joint;
    if (!j)
        FAIL(VRK_EINPUT, "there is no fit to draw from");
    double *b = VRK_NEW(&ctx->scratch, j->m + j->p, double);
    double *z = VRK_NEW(&ctx->scratch, j->k + j->p, double);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "cannot allocate a draw of %" PRId64 " effects", j->m + j->p);
    for (int64_t d = 0; d < count; d++) {
        vrk_rng r = vrk_rng_of(seed, (uint64_t)(first + d), 0x61f1);
        double *to = draws + d * (fit->p + j->m);
        draw(choose(j, &r), &r, b, z);
        memset(to, 0, (size_t)fit->p * sizeof *to);
        for (int64_t c = 0; c < j->p; c++)
            to[j->keep[c]] = b[j->m + c];
        memcpy(to + fit->p, b, (size_t)j->m * sizeof *to);
        if (d % 64 == 0)
            TRY(vrk_tick(ctx, "drawing", d, count));
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
