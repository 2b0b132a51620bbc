#include "stat/did.h"

#include "base/rng.h"
#include "num/sort.h"
#include "stat/did_parts.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static vrk_status check(vrk_ctx *ctx, const vrk_did_data *d)
{
    if (d->n < 2 || d->periods < 2)
        return vrk_fail(ctx, VRK_EINPUT, "%" PRId64 " units over %" PRId64 " periods: too few",
                        d->n, d->periods);
    for (int64_t i = 0; i < d->n; i++) {
        for (int64_t t = 0; t < d->periods; t++) {
            if (!isfinite(d->y[i + t * d->n]))
                return vrk_fail(ctx, VRK_EINPUT,
                                "unit %" PRId64 ", period %" PRId64 ": the outcome is %g", i, t,
                                d->y[i + t * d->n]);
        }
        for (int64_t j = 0; j < d->p; j++) {
            if (!isfinite(d->x[i + j * d->n]))
                return vrk_fail(ctx, VRK_EINPUT, "unit %" PRId64 ": column %" PRId64 " is %g", i, j,
                                d->x[i + j * d->n]);
        }
        if (d->cluster && (d->cluster[i] < 0 || d->cluster[i] >= d->n))
            return vrk_fail(ctx, VRK_EINPUT, "unit %" PRId64 ": cluster %" PRId64, i,
                            d->cluster[i]);
    }
    return VRK_OK;
}

static vrk_status reserve(vrk_ctx *ctx, did_work *w)
{
    const vrk_did_data *d = w->d;
    int64_t n = d->n, q = w->q = d->p + 1;
    double **rows[] = {&w->dy, &w->ps, &w->w, &w->part, &w->fit};
    double **cols[] = {&w->beta, &w->gamma, &w->m1, &w->m2, &w->m3};
    for (int j = 0; j < 5; j++) {
        *rows[j] = VRK_NEW(&ctx->scratch, n, double);
        *cols[j] = VRK_NEW(&ctx->scratch, q, double);
    }
    w->x = VRK_NEW(&ctx->scratch, n * q, double);
    w->gram_c = VRK_NEW(&ctx->scratch, q * q, double);
    w->gram_ps = VRK_NEW(&ctx->scratch, q * q, double);
    w->work = VRK_NEW(&ctx->scratch, 2048 * q, double);
    w->unit = VRK_NEW(&ctx->scratch, n, int64_t);
    w->treated = VRK_NEW(&ctx->scratch, n, bool);
    w->dropped = VRK_NEW(&ctx->scratch, q, bool);
    return ctx->scratch.failed
               ? vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " units", n)
               : VRK_OK;
}

static vrk_status all_cells(vrk_ctx *ctx, did_work *w, vrk_did *out)
{
    vrk_status st = VRK_OK;
    const vrk_did_data *d = w->d;
    int64_t *size = VRK_NEW(&ctx->scratch, d->periods, int64_t);
    out->cell = VRK_NEW(&out->mem, d->periods * d->periods, vrk_did_effect);
    out->group = VRK_NEW(&out->mem, d->periods, vrk_did_effect);
    out->event = VRK_NEW(&out->mem, 2 * d->periods, vrk_did_effect);
    if (ctx->scratch.failed || out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " periods", d->periods);
    for (int64_t i = 0; i < d->n; i++) {
        if (d->first[i] >= 0 && d->first[i] < d->periods)
            size[d->first[i]]++;
    }
    int64_t groups = 0;
    for (int64_t g = 1; g < d->periods; g++)
        groups += size[g] > 0;
    out->always = size[0];
    out->influence = VRK_NEW(&out->mem, d->n * groups * (d->periods - 1), double);
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for the influence of %" PRId64 " units", d->n);
    if (groups == 0)
        FAIL(VRK_EINPUT, "nobody is first treated in periods 1 to %" PRId64, d->periods - 1);
    for (int64_t g = 1; g < d->periods; g++) {
        for (int64_t t = 1; t < d->periods && size[g] > 0; t++) {
            TRY(vrk_tick(ctx, "effects", g * d->periods + t, d->periods * d->periods));
            TRY(vrk_did_cell(ctx, w, g, t, out->cell + out->cells,
                             out->influence + d->n * out->cells));
            if (out->cell[out->cells].controls > 0)
                out->cells++;
            else
                out->not_compared++;
        }
    }
    if (out->cells == 0)
        FAIL(VRK_EINPUT, "nobody to compare with: no unit is untreated while others are treated");
done:
    return st;
}

/* Root of the sum of squares over clusters, of mean influence. */
static double se_of(const vrk_did_data *d, const double *psi, double *sum)
{
    double square = 0;
    if (!d->cluster) {
        for (int64_t i = 0; i < d->n; i++)
            square += psi[i] * psi[i];
        return sqrt(square) / (double)d->n;
    }
    memset(sum, 0, (size_t)d->n * sizeof(double));
    for (int64_t i = 0; i < d->n; i++)
        sum[d->cluster[i]] += psi[i];
    for (int64_t i = 0; i < d->n; i++)
        square += sum[i] * sum[i];
    return sqrt(square) / (double)d->n;
}

enum { ALL_TREATED = INT32_MAX };

/* The cells of one aggregate: of a group, of an event, or all treated ones. */
static bool within(const vrk_did_effect *c, int64_t group, int64_t event)
{
    if (event != ALL_TREATED)
        return c->period - c->group == event;
    return c->period >= c->group && (group < 0 || c->group == group);
}

/* Mean of the cells weighted by the size of their groups; psi [n] takes into account that sizes are
 * estimated too. Returns false if there are none. */
static bool add_up(const vrk_did_data *d, const vrk_did *f, int64_t group, int64_t event,
                   vrk_did_effect *out, double *psi)
{
    double whole = 0, n = (double)d->n;
    *out = (vrk_did_effect){.group = group, .period = event == ALL_TREATED ? -1 : event};
    memset(psi, 0, (size_t)d->n * sizeof(double));
    for (int64_t k = 0; k < f->cells; k++) {
        if (within(&f->cell[k], group, event))
            whole += (double)f->cell[k].treated / n;
    }
    if (whole <= 0)
        return false;
    for (int64_t k = 0; k < f->cells; k++) {
        if (within(&f->cell[k], group, event)) {
            out->effect += (double)f->cell[k].treated / n / whole * f->cell[k].effect;
            out->treated += f->cell[k].treated;
        }
    }
    for (int64_t k = 0; k < f->cells; k++) {
        const vrk_did_effect *c = &f->cell[k];
        if (!within(c, group, event))
            continue;
        double share = (double)c->treated / n;
        for (int64_t i = 0; i < d->n; i++)
            psi[i] += share / whole * f->influence[i + k * d->n] +
                      ((d->first[i] == c->group) - share) / whole * (c->effect - out->effect);
    }
    return true;
}

static void aggregate(const vrk_did_data *d, vrk_did *f, double *psi, double *all, double *sum,
                      double *by_event)
{
    double whole = 0, n = (double)d->n, after = 0;
    add_up(d, f, -1, ALL_TREATED, &f->simple, psi);
    f->simple.se = se_of(d, psi, sum);
    for (int64_t g = 1; g < d->periods; g++) {
        if (!add_up(d, f, g, ALL_TREATED, &f->group[f->groups], psi))
            continue;
        f->group[f->groups].se = se_of(d, psi, sum);
        f->group[f->groups].treated = 0;
        for (int64_t i = 0; i < d->n; i++)
            f->group[f->groups].treated += d->first[i] == g;
        whole += (double)f->group[f->groups++].treated / n;
    }
    f->by_group = f->dynamic = (vrk_did_effect){.group = -1, .period = -1};
    for (int64_t k = 0; k < f->groups; k++)
        f->by_group.effect += (double)f->group[k].treated / n / whole * f->group[k].effect;
    memset(all, 0, (size_t)d->n * sizeof(double));
    for (int64_t k = 0; k < f->groups; k++) {
        double share = (double)f->group[k].treated / n;
        vrk_did_effect same;
        add_up(d, f, f->group[k].group, ALL_TREATED, &same, psi);
        for (int64_t i = 0; i < d->n; i++)
            all[i] += share / whole * psi[i] + ((d->first[i] == same.group) - share) / whole *
                                                   (same.effect - f->by_group.effect);
    }
    f->by_group.se = se_of(d, all, sum);
    memset(all, 0, (size_t)d->n * sizeof(double));
    for (int64_t e = 1 - d->periods; e < d->periods; e++) {
        double *mine = by_event + d->n * f->events;
        if (!add_up(d, f, -1, e, &f->event[f->events], mine))
            continue;
        f->event[f->events].se = se_of(d, mine, sum);
        for (int64_t i = 0; i < d->n && e >= 0; i++)
            all[i] += mine[i];
        after += e >= 0;
        f->dynamic.effect += e >= 0 ? f->event[f->events].effect : 0;
        f->events++;
    }
    f->dynamic.effect /= after;
    f->dynamic.se = se_of(d, all, sum) / after;
}

/* The quantile of the largest |t| of all k effects under signs drawn at random, one a cluster. */
static vrk_status band(vrk_ctx *ctx, const vrk_did_data *d, const vrk_did_effect *effect, int64_t k,
                       const double *psi, const vrk_did_opt *o, double *crit)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    double *sign = VRK_NEW(&ctx->scratch, d->n, double);
    double *most = VRK_NEW(&ctx->scratch, o->draws, double);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " draws", o->draws);
    for (int64_t b = 0; b < o->draws; b++) {
        vrk_rng r = vrk_rng_of(ctx->seed, (uint64_t)b, 71);
        TRY(vrk_tick(ctx, "bands", b, o->draws));
        for (int64_t i = 0; i < d->n; i++)
            sign[i] = vrk_rng_u32(&r) & 1 ? 1 : -1;
        for (int64_t j = 0; j < k; j++) {
            double sum = 0;
            if (!(effect[j].se > 0))
                continue;
            for (int64_t i = 0; i < d->n; i++)
                sum += sign[d->cluster ? d->cluster[i] : i] * psi[i + j * d->n];
            most[b] = fmax(most[b], fabs(sum) / (double)d->n / effect[j].se);
        }
    }
    vrk_sort(most, o->draws);
    int64_t at = (int64_t)ceil(o->level * (double)o->draws) - 1;
    *crit = most[at < 0 ? 0 : at];
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* Without covariates the doubly robust effect is the plain one: by how much more the treated
 * changed than the others. */
static double plain_effect(const did_work *w, const vrk_did_effect *c)
{
    const vrk_did_data *d = w->d;
    const double *before = d->y + (c->group - 1) * d->n, *after = d->y + c->period * d->n;
    double sum[2] = {0, 0}, n[2] = {0, 0};
    for (int64_t i = 0; i < d->n; i++) {
        int64_t g = w->first[i];
        if (g != c->group && g >= 0 && !(w->not_yet && g > c->period))
            continue;
        sum[g == c->group] += after[i] - before[i];
        n[g == c->group]++;
    }
    return sum[1] / n[1] - sum[0] / n[0];
}

/* The simple effect when the dates of treatment are dealt out anew. */
static vrk_status permute(vrk_ctx *ctx, did_work *w, const vrk_did_opt *o, vrk_did *out)
{
    vrk_status st = VRK_OK;
    const vrk_did_data *d = w->d;
    int64_t *first = VRK_NEW(&ctx->scratch, d->n, int64_t), far = 0;
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " units", d->n);
    w->first = first;
    for (int64_t b = 0; b < o->permutations; b++) {
        vrk_rng r = vrk_rng_of(ctx->seed, (uint64_t)b, 72);
        double sum = 0, whole = 0;
        TRY(vrk_tick(ctx, "permutations", b, o->permutations));
        memcpy(first, d->first, (size_t)d->n * sizeof(int64_t));
        for (int64_t i = d->n - 1; i > 0; i--) {
            int64_t j = vrk_rng_below(&r, i + 1), keep = first[i];
            first[i] = first[j];
            first[j] = keep;
        }
        for (int64_t k = 0; k < out->cells; k++) {
            vrk_did_effect c = out->cell[k];
            if (c.period < c.group)
                continue;
            if (d->p == 0)
                c.effect = plain_effect(w, &c);
            else
                TRY(vrk_did_cell(ctx, w, c.group, c.period, &c, NULL));
            sum += (double)c.treated * c.effect;
            whole += (double)c.treated;
        }
        far += fabs(sum / whole) >= fabs(out->simple.effect) * (1 - 1e-12);
    }
    out->p_permuted = (double)(1 + far) / (double)(1 + o->permutations);
done:
    return st;
}

static vrk_status infer(vrk_ctx *ctx, did_work *w, const vrk_did_opt *o, vrk_did *out)
{
    vrk_status st = VRK_OK;
    const vrk_did_data *d = w->d;
    double *psi = VRK_NEW(&ctx->scratch, d->n, double), *all = VRK_NEW(&ctx->scratch, d->n, double);
    double *sum = VRK_NEW(&ctx->scratch, d->n, double);
    double *by_event = VRK_NEW(&ctx->scratch, 2 * d->n * d->periods, double);
    bool after = false;
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " units", d->n);
    for (int64_t k = 0; k < out->cells; k++) {
        out->cell[k].se = se_of(d, out->influence + k * d->n, sum);
        after |= out->cell[k].period >= out->cell[k].group;
    }
    if (!after)
        FAIL(VRK_EINPUT, "nobody to compare with once treatment has begun");
    aggregate(d, out, psi, all, sum, by_event);
    TRY(band(ctx, d, out->cell, out->cells, out->influence, o, &out->crit_cell));
    TRY(band(ctx, d, out->event, out->events, by_event, o, &out->crit_event));
    if (o->permutations > 0)
        TRY(permute(ctx, w, o, out));
done:
    return st;
}

vrk_status vrk_did_fit(vrk_ctx *ctx, const vrk_did_data *data, const vrk_did_opt *opt, vrk_did *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_did_opt o = opt ? *opt : (vrk_did_opt){0};
    did_work w = {.d = data, .first = data->first};
    bool never = false;
    o.draws = o.draws > 0 ? o.draws : 1000;
    o.level = o.level > 0 ? o.level : .95;
    *out = (vrk_did){.n = data->n,
                     .periods = data->periods,
                     .p_permuted = nan(""),
                     .mem.limit = ctx->scratch.limit};
    TRY(check(ctx, data));
    for (int64_t i = 0; i < data->n; i++)
        never |= data->first[i] < 0;
    out->not_yet_used = w.not_yet = o.not_yet || !never;
    TRY(reserve(ctx, &w));
    TRY(all_cells(ctx, &w, out));
    TRY(infer(ctx, &w, &o, out));
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_did_free(out);
    return st;
}

void vrk_did_free(vrk_did *fit)
{
    vrk_arena_free(&fit->mem);
    *fit = (vrk_did){0};
}

double vrk_regression_to_mean(double x, double mean, double reliability)
{
    return (1 - reliability) * (mean - x);
}
