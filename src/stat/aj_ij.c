#include "stat/aj_path.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* An estimate f is linear in small changes of dA. Let b(t)[r,s] be the worth of being in r just
 * after t: P(t, t*)[r,s] for f = p_s(t*), the expected time in s from t to tau for f = mean_s. One
 * more spell in r changes dA_rc(t) by (dN - dA_rc(t)) / Y_r(t), so its influence is p_r(t-)/Y_r(t)
 * (b_c - b_r)  at its transition to c at t                            (hit)
 *   - sum over the times it is at risk of  p_r(t-)/Y_r(t) sum_c dA_rc (b_c - b_r)        (drift)
 * and with drift as a running sum each spell costs one difference. doc/aalen_johansen.md, 4.
 *
 * Where most times are wanted it is cheaper to go forward once: the influence on all states moves
 * with (I + dA), to which each time adds what the spells at risk have there. */
typedef struct {
    const vrk_transitions *c;
    const vrk_spells *d;
    const vrk_aj_path *path;
    int64_t *in, *out; /* [n] times <= entry and <= exit: at risk at time[in] ... time[out-1] */
    int32_t *kind;     /* [n] of the transition, or -1 */
    double *b, *work;  /* [k x k] */
    double *hit;       /* [m x q x k] */
    double *drift;     /* [(m+1) x k x k] sum over times before j */
    double *influence; /* [clusters x k] */
    bool forward;
    int64_t units;   /* clusters, or spells where there are none */
    double *u, *old; /* [k x units] forward: influence now, and before the step */
} jack;

static int64_t times_until(const vrk_transitions *c, double t)
{
    int64_t low = 0, high = c->m;
    while (low < high) {
        int64_t mid = low + (high - low) / 2;
        if (c->time[mid] <= t)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static int32_t kind_of(const vrk_transitions *c, int32_t from, int32_t to)
{
    for (int32_t q = 0; q < c->kinds; q++) {
        if (c->from[q] == from && c->to[q] == to)
            return q;
    }
    return -1;
}

static vrk_status place(vrk_ctx *ctx, const jack *x)
{
    const vrk_spells *d = x->d;
    int64_t first = x->path->first;
    if (d->states != x->c->states || (d->cluster && d->count))
        return vrk_fail(ctx, VRK_EINPUT,
                        d->count && d->cluster ? "spells with a count cannot be in clusters"
                                               : VRK_N("spells and counts have different states"));
    for (int64_t i = 0; i < d->n; i++) {
        int64_t in = d->entry ? times_until(x->c, d->entry[i]) : 0;
        int64_t out = times_until(x->c, d->exit[i]);
        x->in[i] = in > first ? in : first;
        x->out[i] = out > first ? out : first;
        x->kind[i] = -1;
        if (d->to[i] == VRK_CENSORED || out <= first)
            continue;
        x->kind[i] = kind_of(x->c, d->from ? d->from[i] : 0, d->to[i]);
        if (x->kind[i] < 0 || x->c->time[out - 1] < d->exit[i])
            return vrk_fail(ctx, VRK_EINPUT,
                            "spell %" PRId64 ": its transition to %d at %g is not in the counts", i,
                            d->to[i], d->exit[i]);
        if (d->cluster && (d->cluster[i] < 0 || d->cluster[i] >= d->clusters))
            return vrk_fail(ctx, VRK_EINPUT, "spell %" PRId64 ": cluster %d is not in [0,%d)", i,
                            d->cluster[i], d->clusters);
    }
    return VRK_OK;
}

/* hit and the drift of time j alone, from b just after it. */
static void weigh(const jack *x, int64_t j)
{
    const vrk_transitions *c = x->c;
    int32_t k = c->states;
    const double *risk = c->risk + j * k, *moved = c->moved + j * c->kinds;
    const double *before = x->path->before + j * k;
    double *drift = x->drift + (j + 1) * k * k;
    memset(drift, 0, (size_t)(k * k) * sizeof(double));
    for (int32_t q = 0; q < c->kinds; q++) {
        int32_t r = c->from[q];
        double *hit = x->hit + (j * c->kinds + q) * k;
        double f = moved[q] > 0 ? before[r] / risk[r] : 0;
        for (int32_t s = 0; s < k; s++) {
            hit[s] = f * (x->b[c->to[q] * k + s] - x->b[r * k + s]);
            drift[r * k + s] += f > 0 ? moved[q] / risk[r] * hit[s] : 0;
        }
    }
}

/* Sets hit and drift for the times up to `end`. Worth at the end: span[day] for means (the rest of
 * the way to tau), or 1 for probabilities. */
static void look_back(const jack *x, int64_t end, bool means)
{
    const vrk_transitions *c = x->c;
    const vrk_aj_path *path = x->path;
    int32_t k = c->states;
    double t = end > path->first ? c->time[end - 1] : path->origin;
    memset(x->b, 0, (size_t)(k * k) * sizeof(double));
    for (int32_t s = 0; s < k; s++)
        x->b[s * k + s] = means ? path->tau - t : 1;
    for (int64_t j = end - 1; j >= path->first; j--) {
        weigh(x, j);
        vrk_aj_back(c, j, x->b, x->work);
        double gap = c->time[j] - (j > path->first ? c->time[j - 1] : path->origin);
        for (int32_t s = 0; means && s < k; s++)
            x->b[s * k + s] += gap;
    }
    memset(x->drift + path->first * k * k, 0, (size_t)(k * k) * sizeof(double));
    for (int64_t a = (path->first + 1) * k * k; a < (end + 1) * k * k; a++)
        x->drift[a] += x->drift[a - k * k];
}

/* se [k] of the estimate that look_back prepared. */
static void sum_up(const jack *x, int64_t end, double *se)
{
    const vrk_spells *d = x->d;
    int32_t k = x->c->states;
    if (d->cluster)
        memset(x->influence, 0, (size_t)d->clusters * (size_t)k * sizeof(double));
    for (int64_t i = 0; i < d->n; i++) {
        int64_t in = x->in[i] < end ? x->in[i] : end, out = x->out[i] < end ? x->out[i] : end;
        int32_t r = d->from ? d->from[i] : 0;
        const double *from = x->drift + (in * k + r) * k, *to = x->drift + (out * k + r) * k;
        const double *hit = x->kind[i] >= 0 && x->out[i] <= end
                                ? x->hit + ((out - 1) * x->c->kinds + x->kind[i]) * k
                                : NULL;
        double w = d->weight ? d->weight[i] : 1, n = d->count ? d->count[i] : 1;
        for (int32_t s = 0; s < k; s++) {
            double u = w * ((hit ? hit[s] : 0) - (to[s] - from[s]));
            if (d->cluster)
                x->influence[(int64_t)d->cluster[i] * k + s] += u;
            else
                se[s] += n * u * u;
        }
    }
    for (int64_t g = 0; d->cluster && g < d->clusters; g++) {
        for (int32_t s = 0; s < k; s++)
            se[s] += x->influence[g * k + s] * x->influence[g * k + s];
    }
    for (int32_t s = 0; s < k; s++)
        se[s] = sqrt(se[s]);
}

/* What one time does to a spell at risk in r, into add [k]: the drift. Its own transition is apart.
 */
static void drift_at(const jack *x, int64_t j, int32_t r, double *add)
{
    const vrk_transitions *c = x->c;
    double risk = c->risk[j * c->states + r], f = x->path->before[j * c->states + r] / risk;
    memset(add, 0, (size_t)c->states * sizeof(double));
    for (int32_t q = 0; q < c->kinds && risk > 0; q++) {
        double d = c->from[q] == r ? f * c->moved[j * c->kinds + q] / risk : 0;
        add[c->to[q]] -= d;
        add[r] += d;
    }
}

static void step(const jack *x, int64_t j)
{
    const vrk_transitions *c = x->c;
    const vrk_spells *d = x->d;
    int32_t k = c->states;
    int64_t n = x->units;
    memcpy(x->old, x->u, (size_t)(k * n) * sizeof(double));
    for (int32_t q = 0; q < c->kinds; q++) {
        double moved = c->moved[j * c->kinds + q], a = moved / c->risk[j * k + c->from[q]];
        const double *old = x->old + c->from[q] * n;
        double *to = x->u + c->to[q] * n, *from = x->u + c->from[q] * n;
        for (int64_t g = 0; moved > 0 && g < n; g++) {
            to[g] += a * old[g];
            from[g] -= a * old[g];
        }
    }
    for (int32_t r = 0; r < k; r++)
        drift_at(x, j, r, x->b + r * k);
    for (int64_t i = 0; i < d->n; i++) {
        if (x->in[i] > j || x->out[i] <= j)
            continue;
        int32_t r = d->from ? d->from[i] : 0;
        double w = d->weight ? d->weight[i] : 1, *u = x->u + (d->cluster ? d->cluster[i] : i);
        for (int32_t s = 0; s < k; s++)
            u[s * n] += w * x->b[r * k + s];
        if (x->kind[i] >= 0 && x->out[i] == j + 1) {
            double f = w * x->path->before[j * k + r] / c->risk[j * k + r];
            u[d->to[i] * n] += f;
            u[r * n] -= f;
        }
    }
}

/* se [k] of the probabilities now. Four sums, so that none waits for the one before. */
static void spread(const jack *x, double *se)
{
    const double *count = x->d->cluster ? NULL : x->d->count;
    for (int32_t s = 0; s < x->c->states; s++) {
        const double *u = x->u + s * x->units;
        double sum[4] = {0};
        for (int64_t g = 0; g < x->units; g++)
            sum[g % 4] += (count ? count[g] : 1) * u[g] * u[g];
        se[s] = sqrt(sum[0] + sum[1] + sum[2] + sum[3]);
    }
}

static vrk_status reserve(vrk_ctx *ctx, jack *x, vrk_aj_errors *out)
{
    int64_t n = x->d->n, m = x->c->m, k = x->c->states;
    x->in = VRK_NEW(&ctx->scratch, n, int64_t);
    x->out = VRK_NEW(&ctx->scratch, n, int64_t);
    x->kind = VRK_NEW(&ctx->scratch, n, int32_t);
    x->b = VRK_NEW(&ctx->scratch, k * k, double);
    x->work = VRK_NEW(&ctx->scratch, k * k, double);
    x->hit = VRK_NEW(&ctx->scratch, m * x->c->kinds * k, double);
    x->drift = VRK_NEW(&ctx->scratch, (m + 1) * k * k, double);
    x->influence = VRK_NEW(&ctx->scratch, x->d->cluster ? x->d->clusters * k : 0, double);
    x->units = x->d->cluster ? x->d->clusters : n;
    x->u = VRK_NEW(&ctx->scratch, x->forward ? k * x->units : 0, double);
    x->old = VRK_NEW(&ctx->scratch, x->forward ? k * x->units : 0, double);
    out->se = VRK_NEW(&out->mem, out->m * k, double);
    out->mean_se = VRK_NEW(&out->mem, k, double);
    if (ctx->scratch.failed || out->mem.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " spells", n);
    return VRK_OK;
}

vrk_status vrk_aj_ij(vrk_ctx *ctx, const vrk_spells *spells, const vrk_transitions *counts,
                     const vrk_aj_opt *opt, const vrk_aj *fit, vrk_aj_errors *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_aj_opt o = opt ? *opt : (vrk_aj_opt){0};
    vrk_aj_path path;
    jack x = {.c = counts, .d = spells, .path = &path};
    int32_t k = counts->states;
    *out = (vrk_aj_errors){.m = fit->m, .mem.limit = ctx->scratch.limit};
    TRY(vrk_aj_path_of(ctx, counts, &o, &path));
    x.forward = 2 * fit->m >= counts->m;
    TRY(reserve(ctx, &x, out));
    TRY(place(ctx, &x));
    int64_t at = path.first;
    for (int64_t row = 0; row < fit->m; row++) {
        int64_t end = times_until(counts, fit->time[row]);
        if (end < path.first || (row == 0 && !o.at))
            end = path.first; /* the start, before any transition */
        if (x.forward) {
            for (; at < end; at++)
                step(&x, at);
            spread(&x, out->se + row * k);
        } else {
            look_back(&x, end, false);
            sum_up(&x, end, out->se + row * k);
        }
        TRY(vrk_tick(ctx, "standard errors", row, fit->m));
    }
    int64_t end = times_until(counts, path.tau);
    look_back(&x, end > path.first ? end : path.first, true);
    sum_up(&x, end > path.first ? end : path.first, out->mean_se);
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_aj_errors_free(out);
    return st;
}

void vrk_aj_errors_free(vrk_aj_errors *e)
{
    vrk_arena_free(&e->mem);
    *e = (vrk_aj_errors){0};
}
