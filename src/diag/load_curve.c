#include "diag/load_curve.h"

#include "num/sort.h"

#include <math.h>

enum { DRAWS = 1000, LIGHTEST = -4, TOUCHES = 4, WORTH_SHOWING = 3 };

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

/* What was recorded, by load level; prospecting counts weeks with enough contacts. */
static void count(const vrk_moment_cells *c, int64_t moment, int64_t seller, double *n,
                  double *done)
{
    bool weeks = moment == VRK_AT_PROSPECTING;
    const vrk_cells_of *cells = weeks ? &c->outreach : &c->doing;
    for (int64_t i = 0; i < cells->n; i++) {
        int64_t level = cells->load_level[i];
        if (cells->seller[i] != seller || level == VRK_UNKNOWN ||
            (!weeks && cells->moment[i] != moment))
            continue;
        level = level < LIGHTEST ? 0 : level - LIGHTEST;
        level = level < VRK_LOAD_SEEN ? level : VRK_LOAD_SEEN - 1;
        n[level] += (double)cells->occasions[i];
        done[level] += weeks ? cells->touches[i] >= TOUCHES ? (double)cells->occasions[i] : 0
                             : (double)cells->hits[i];
    }
}

static double hours_at(const vrk_moments *m, double load)
{
    return fmax(m->load_mean + load * m->load_sd, 0) / 60;
}

static void take_point(const vrk_moment_model *x, const vrk_moment_draws *d, double load,
                       double *share, double *done, double *lo, double *hi)
{
    double base = x->doing.base + x->e_reference + load * x->p_reference, sum = 0;
    for (int64_t b = 0; b < d->draws; b++)
        sum += share[b] = logistic(base + d->e[b] + load * d->p[b]);
    vrk_sort(share, d->draws);
    *done = sum / (double)d->draws;
    *lo = share[d->draws / 20];
    *hi = share[d->draws - 1 - d->draws / 20];
}

vrk_status vrk_load_curve_of(vrk_ctx *ctx, const vrk_moments *m, int64_t moment, int64_t seller,
                             vrk_load_curve *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    const vrk_moment_model *x = &m->moment[moment];
    double n[VRK_LOAD_SEEN] = {0}, done[VRK_LOAD_SEEN] = {0};
    int from = -1, to = -1;
    vrk_moment_draws d = {.draws = DRAWS};
    double **into[] = {&d.e, &d.p, &d.e_team, &d.q, &d.qx, &d.q_team};

    *out = (vrk_load_curve){0};
    if (!x->has_doing || !m->cells.has_calendar || !(m->load_sd > 0))
        goto done;
    count(&m->cells, moment, seller, n, done);
    for (int i = 0; i < VRK_LOAD_SEEN; i++) {
        if (n[i] < WORTH_SHOWING)
            continue;
        from = from < 0 ? i : from;
        to = i;
        double load = (i + LIGHTEST) / 2.;
        out->week[out->seen].hours = hours_at(m, load);
        out->week[out->seen].n = (int64_t)n[i];
        out->week[out->seen++].done = (int64_t)done[i];
    }
    if (from == to)
        goto done;
    for (int k = 0; k < 6; k++)
        *into[k] = VRK_NEW(&ctx->scratch, DRAWS, double);
    double *share = VRK_NEW(&ctx->scratch, DRAWS, double);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for draws");
    TRY(vrk_moments_draw(ctx, m, moment, seller, &d));
    for (out->points = 0; out->points < VRK_LOAD_POINTS; out->points++) {
        double part = (double)out->points / (VRK_LOAD_POINTS - 1);
        double load = (from + LIGHTEST + part * (to - from)) / 2;
        vrk_load_point *p = &out->at[out->points];
        take_point(x, &d, load, share, &p->done, &p->lo, &p->hi);
        p->hours = hours_at(m, load);
        p->usual = logistic(x->doing.base + x->e_reference + load * x->p_reference);
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
