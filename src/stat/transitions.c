#include "stat/transitions.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

static vrk_status check(vrk_ctx *ctx, const vrk_spells *d)
{
    if (d->n < 1)
        return vrk_fail(ctx, VRK_EINPUT, "no spells");
    if (d->states < 2 || d->states > INT16_MAX)
        return vrk_fail(ctx, VRK_EINPUT, "%d states: at least 2 are needed", d->states);
    for (int64_t i = 0; i < d->n; i++) {
        int32_t from = d->from ? d->from[i] : 0;
        double low = d->entry ? d->entry[i] : -1;
        if (!isfinite(low) || !isfinite(d->exit[i]) || d->exit[i] <= low ||
            (!d->entry && d->exit[i] < 0))
            return vrk_fail(ctx, VRK_EINPUT,
                            "spell %" PRId64 ": exit time %g is not after entry time %g", i,
                            d->exit[i], d->entry ? low : 0);
        if (from < 0 || from >= d->states || d->to[i] < VRK_CENSORED || d->to[i] >= d->states ||
            d->to[i] == from)
            return vrk_fail(ctx, VRK_EINPUT, "spell %" PRId64 ": no transition from %d to %d", i,
                            from, d->to[i]);
        if ((d->weight && (!isfinite(d->weight[i]) || d->weight[i] < 0)) ||
            (d->count && (!isfinite(d->count[i]) || d->count[i] < 1)))
            return vrk_fail(ctx, VRK_EINPUT, "spell %" PRId64 ": weight or count out of range", i);
        if (d->cluster && (d->cluster[i] < 0 || d->cluster[i] >= d->clusters))
            return vrk_fail(ctx, VRK_EINPUT, "spell %" PRId64 ": cluster %d is not in [0,%d)", i,
                            d->cluster[i], d->clusters);
    }
    return VRK_OK;
}

/* Row numbers in the order of a column of times. */
typedef struct {
    double time;
    int64_t row;
} stamp;

static int by_time(const void *a, const void *b)
{
    const stamp *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row); /* so that sums are the same on any machine */
}

static void order(const double *time, int64_t n, stamp *out)
{
    bool sorted = true;
    for (int64_t i = 0; i < n; i++) {
        out[i] = (stamp){time[i], i};
        sorted = sorted && (i == 0 || time[i - 1] <= time[i]);
    }
    if (!sorted)
        qsort(out, (size_t)n, sizeof(*out), by_time);
}

static double weight_of(const vrk_spells *d, int64_t i)
{
    return (d->weight ? d->weight[i] : 1) * (d->count ? d->count[i] : 1);
}

/* Gives the transitions that occur numbers in the order (from, to); kind [k x k] is -1 elsewhere.
 */
static vrk_status number_kinds(vrk_ctx *ctx, const vrk_spells *d, int32_t *kind,
                               vrk_transitions *out)
{
    int32_t k = d->states, q = 0;
    for (int64_t i = 0; i < d->n; i++) {
        if (d->to[i] != VRK_CENSORED)
            kind[(d->from ? d->from[i] : 0) * k + d->to[i]] = 1;
    }
    for (int32_t c = 0; c < k * k; c++)
        q += kind[c];
    int32_t *from = VRK_NEW(&out->mem, q, int32_t), *to = VRK_NEW(&out->mem, q, int32_t);
    if (!from || !to)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %d kinds of transition", q);
    q = 0;
    for (int32_t c = 0; c < k * k; c++) {
        if (kind[c] == 0) {
            kind[c] = -1;
            continue;
        }
        from[q] = c / k;
        to[q] = c % k;
        kind[c] = q++;
    }
    out->kinds = q;
    out->from = from;
    out->to = to;
    return VRK_OK;
}

static int64_t count_times(const vrk_spells *d, const stamp *exit)
{
    int64_t m = 0;
    double last = -1;
    for (int64_t i = 0; i < d->n; i++) {
        if (d->to[exit[i].row] != VRK_CENSORED && (m == 0 || exit[i].time != last)) {
            last = exit[i].time;
            m++;
        }
    }
    return m;
}

typedef struct {
    const vrk_spells *d;
    const stamp *exit, *entry; /* [n] ascending; entry NULL without late entry */
    const int32_t *kind;       /* [k x k] */
    double *in;                /* [k] weight at risk, as the sweep stands */
    int64_t *heads;            /* [k] and how many spells that is */
    double *time, *risk, *moved;
} sweep;

/* Nobody at risk is exactly 0, whatever the rounding of weights that came and went. */
static void change(const sweep *s, int64_t row, int sign)
{
    int32_t state = s->d->from ? s->d->from[row] : 0;
    s->heads[state] += sign;
    s->in[state] = s->heads[state] > 0 ? fmax(s->in[state] + sign * weight_of(s->d, row), 0) : 0;
}

/* From the last time to the first, so that without late entry weights are only ever added, and the
 * number at risk never has the rounding of a difference. */
static vrk_status sweep_back(vrk_ctx *ctx, const sweep *s, int32_t q, int64_t m)
{
    const vrk_spells *d = s->d;
    vrk_status st = VRK_OK;
    int32_t k = d->states;
    int64_t i = d->n - 1, e = s->entry ? d->n - 1 : -1;

    while (i >= 0 && m > 0) {
        double t = s->exit[i].time;
        bool moves = false;
        for (; i >= 0 && s->exit[i].time >= t; i--) {
            int64_t row = s->exit[i].row;
            change(s, row, 1);
            if (d->to[row] == VRK_CENSORED)
                continue;
            int32_t kind = s->kind[(d->from ? d->from[row] : 0) * k + d->to[row]];
            s->moved[(m - 1) * q + kind] += weight_of(d, row);
            moves = true;
        }
        for (; e >= 0 && s->entry[e].time >= t; e--)
            change(s, s->entry[e].row, -1);
        if (!moves)
            continue;
        s->time[--m] = t;
        for (int32_t r = 0; r < k; r++)
            s->risk[m * k + r] = s->in[r];
        if (m % 1024 == 0)
            TRY(vrk_tick(ctx, "counting transitions", d->n - i, d->n));
    }
done:
    return st;
}

vrk_status vrk_transitions_count(vrk_ctx *ctx, const vrk_spells *spells, vrk_transitions *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    *out = (vrk_transitions){.mem.limit = ctx->scratch.limit};
    TRY(check(ctx, spells));

    int64_t n = spells->n, k = spells->states;
    stamp *exit = VRK_NEW(&ctx->scratch, n, stamp);
    stamp *entry = spells->entry ? VRK_NEW(&ctx->scratch, n, stamp) : NULL;
    int32_t *kind = VRK_NEW(&ctx->scratch, k * k, int32_t);
    double *in = VRK_NEW(&ctx->scratch, k, double);
    int64_t *heads = VRK_NEW(&ctx->scratch, k, int64_t);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " spells", n);
    TRY(number_kinds(ctx, spells, kind, out));
    order(spells->exit, n, exit);
    if (entry)
        order(spells->entry, n, entry);

    int64_t m = count_times(spells, exit);
    double *time = VRK_NEW(&out->mem, m, double), *risk = VRK_NEW(&out->mem, m * k, double);
    double *moved = VRK_NEW(&out->mem, m * out->kinds, double);
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " times of transition", m);
    sweep s = {spells, exit, entry, kind, in, heads, time, risk, moved};
    TRY(sweep_back(ctx, &s, out->kinds, m));
    out->states = spells->states;
    out->m = m;
    out->time = time;
    out->risk = risk;
    out->moved = moved;
    out->last = exit[n - 1].time;

done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_transitions_free(out);
    return st;
}

void vrk_transitions_free(vrk_transitions *t)
{
    vrk_arena_free(&t->mem);
    *t = (vrk_transitions){0};
}
