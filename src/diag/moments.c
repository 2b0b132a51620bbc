#include "diag/moments.h"

#include "diag/rows.h"

#include <math.h>

enum { M = VRK_AT_MOMENTS, ROUNDS = 4 };

static vrk_status read_undone(vrk_ctx *ctx, vrk_facts *facts, vrk_moments *out)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    for (int m = 1; m <= M; m++)
        out->moment[m].undone = 0.1;
    TRY(vrk_rows(ctx, facts, VRK_SQL_MISSED_SUCCESS, &f));
    for (int64_t i = 0; i < f.rows; i++) {
        int64_t m = vrk_row_int(&f, "moment", i);
        double known = (double)vrk_row_int(&f, "known", i);
        out->moment[m].undone = ((double)vrk_row_int(&f, "success", i) + 0.5) / (known + 5);
    }
done:
    vrk_frame_free(&f);
    return st;
}

static bool any(const double *ll, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        if (ll[i] < 0 || ll[i] > 0)
            return true;
    }
    return false;
}

/* Share of what is recorded as done that was not: false records against true ones. */
static void take_false(const vrk_moments *o, int64_t m, double *share)
{
    const vrk_half *h = &o->moment[m].doing;
    for (int64_t s = 0; s < o->cells.sellers; s++) {
        double done = 1 / (1 + exp(-(h->base + h->fit.mean[s])));
        double wrong = o->logging.false_rate[m] * (1 - done);
        double right = vrk_logging_share(&o->logging, s, m, VRK_LOGGING_NODES / 2) * done;
        if (m == VRK_AT_PROSPECTING) {
            wrong = h->looks_done * (1 - done);
            right = done;
        }
        share[s] = wrong / (wrong + right);
    }
}

/* Doing first: how much of what is recorded as done was not bears on how it went. */
static vrk_status make_halves(vrk_ctx *ctx, vrk_moments *o)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t size = o->cells.sellers * VRK_HALF_SLOPES * VRK_HALF_TOTALS;
    double *share = VRK_NEW(&ctx->scratch, o->cells.sellers, double);
    if (!share)
        FAIL(VRK_EMEMORY, "out of memory for %lld sellers", (long long)o->cells.sellers);
    for (int64_t m = 1; m <= M; m++) {
        vrk_moment_model *x = &o->moment[m];
        TRY(vrk_doing_make(ctx, &o->cells, &o->logging, m, &x->doing));
        TRY(vrk_effects_fit(ctx, &x->doing.data, NULL, &x->doing.fit));
        take_false(o, m, share);
        vrk_not_done not_done = {share, x->undone};
        if (m == VRK_AT_QUALIFICATION)
            TRY(vrk_qualifying_make(ctx, &o->cells, &not_done, &x->going));
        else
            TRY(vrk_succeeding_make(ctx, &o->cells, m, &not_done, &x->going));
        x->has_doing = any(x->doing.ll, size);
        x->has_going = any(x->going.ll, size);
        if (m == VRK_AT_PROSPECTING) /* a week has no deal's complexity */
            x->going.level_mean = 0;
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* theta = q at the usual mix of deals. */
static void take_theta(const vrk_moments *o, int64_t m, double *mean, double *variance)
{
    const vrk_half *p = &o->moment[m].going;
    for (int64_t s = 0; s < o->cells.sellers; s++) {
        double c = p->level_mean;
        mean[s * M + m - 1] = p->fit.mean[s] + c * p->fit.slope_mean[s];
        variance[s * M + m - 1] =
            p->fit.sd[s] * p->fit.sd[s] + c * c * p->fit.slope_sd[s] * p->fit.slope_sd[s];
    }
}

/* Outcomes alone first, then outcomes and assessments until what a point means stands still. */
static vrk_status fit_going(vrk_ctx *ctx, vrk_moments *o)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t n = o->cells.sellers, size = n * VRK_HALF_SLOPES * VRK_HALF_TOTALS;
    double *outcome[M + 1] = {0}, *mean = VRK_NEW(&ctx->scratch, n * M, double);
    double *variance = VRK_NEW(&ctx->scratch, n * M, double);
    for (int m = 1; m <= M; m++)
        outcome[m] = VRK_NEW(&ctx->scratch, o->assessed ? size : 0, double);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %lld sellers", (long long)n);
    for (int m = 1; m <= M && o->assessed; m++) {
        for (int64_t i = 0; i < size; i++)
            outcome[m][i] = o->moment[m].going.ll[i];
    }
    for (int round = 0; round < (o->assessed ? ROUNDS : 1); round++) {
        for (int m = 1; m <= M; m++) {
            vrk_half *p = &o->moment[m].going;
            vrk_effects_free(&p->fit);
            TRY(vrk_effects_fit(ctx, &p->data, NULL, &p->fit));
            take_theta(o, m, mean, variance);
        }
        if (round + 1 == ROUNDS || !o->assessed)
            break;
        TRY(vrk_measured_renew(ctx, &o->measured, n, mean, variance));
        for (int m = 1; m <= M; m++) {
            for (int64_t i = 0; i < size; i++)
                o->moment[m].going.ll[i] = outcome[m][i];
            vrk_measured_add(&o->measured, m, &o->moment[m].going, o->moment[m].going.ll);
        }
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static vrk_status take_references(vrk_ctx *ctx, vrk_moments *o)
{
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t n = o->cells.sellers;
    double *x = VRK_NEW(&ctx->scratch, n, double);
    for (int m = 1; m <= M && x; m++) {
        vrk_moment_model *k = &o->moment[m];
        k->e_reference = vrk_median_of(ctx, k->doing.fit.mean, n);
        k->p_reference = vrk_median_of(ctx, k->doing.fit.slope_mean, n);
        for (int64_t s = 0; s < n; s++)
            x[s] = k->going.fit.mean[s] + k->going.level_mean * k->going.fit.slope_mean[s];
        k->q_reference = vrk_median_of(ctx, x, n);
    }
    vrk_rewind(&ctx->scratch, mark);
    return x ? VRK_OK : vrk_fail(ctx, VRK_EMEMORY, "out of memory for %lld sellers", (long long)n);
}

vrk_status vrk_moments_fit(vrk_ctx *ctx, vrk_facts *facts, double load_mean, double load_sd,
                           vrk_moments *out)
{
    vrk_status st = VRK_OK;
    *out =
        (vrk_moments){.load_mean = load_mean, .load_sd = load_sd, .mem.limit = ctx->scratch.limit};
    TRY(vrk_moment_cells_read(ctx, facts, load_mean, load_sd, &out->cells));
    if (!out->cells.sellers)
        goto done;
    TRY(read_undone(ctx, facts, out));
    TRY(vrk_logging_fit(ctx, &out->cells, &out->mem, &out->logging));
    TRY(vrk_measured_make(ctx, &out->cells, &out->mem, &out->measured));
    out->assessed = out->measured.rated > 0 || out->measured.items > 0;
    TRY(make_halves(ctx, out));
    TRY(fit_going(ctx, out));
    TRY(take_references(ctx, out));
done:
    if (st != VRK_OK)
        vrk_moments_free(out);
    return st;
}

void vrk_moments_free(vrk_moments *m)
{
    for (int k = 1; k <= M; k++) {
        vrk_half_free(&m->moment[k].doing);
        vrk_half_free(&m->moment[k].going);
    }
    vrk_moment_cells_free(&m->cells);
    vrk_arena_free(&m->mem);
    *m = (vrk_moments){0};
}

vrk_status vrk_moments_draw(vrk_ctx *ctx, const vrk_moments *m, int64_t moment, int64_t seller,
                            vrk_moment_draws *d)
{
    vrk_status st = VRK_OK;
    const vrk_moment_model *x = &m->moment[moment];
    TRY(vrk_effects_draw(ctx, &x->doing.fit, (uint64_t)moment * 2, seller, d->draws, d->e, d->p,
                         d->e_team));
    TRY(vrk_effects_draw(ctx, &x->going.fit, (uint64_t)moment * 2 + 1, seller, d->draws, d->q,
                         d->qx, d->q_team));
    for (int64_t b = 0; b < d->draws; b++) {
        d->e[b] -= x->e_reference;
        d->p[b] -= x->p_reference;
        d->q[b] -= x->q_reference;
        if (moment == VRK_AT_PROSPECTING)
            d->qx[b] = 0;
    }
    d->market = x->going.market[seller];
done:
    return st;
}
