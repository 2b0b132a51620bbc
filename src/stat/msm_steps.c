#include "stat/msm_parts.h"

#include "num/mat.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_STATES = 64 };

static bool known(const vrk_msm_data *d, int64_t i)
{
    return d->state[i] < d->states;
}

static vrk_sighting kind_of(const vrk_msm_data *d, int64_t i)
{
    return d->kind ? (vrk_sighting)d->kind[i] : VRK_SEEN;
}

static vrk_status check_model(vrk_ctx *ctx, const vrk_msm_data *d)
{
    if (d->states < 2 || d->states > MOST_STATES || d->transitions < 1 || d->n < 1 || d->p < 0)
        return vrk_fail(ctx, VRK_EINPUT, "%" PRId64 " rows of %d states and %d transitions", d->n,
                        d->states, d->transitions);
    for (int32_t t = 0; t < d->transitions; t++) {
        if (d->from[t] < 0 || d->from[t] >= d->states || d->into[t] < 0 ||
            d->into[t] >= d->states || d->from[t] == d->into[t])
            return vrk_fail(ctx, VRK_EINPUT, "transition %d: from state %d to %d of %d", t,
                            d->from[t], d->into[t], d->states);
        for (int32_t u = 0; u < t; u++) {
            if (d->from[u] == d->from[t] && d->into[u] == d->into[t])
                return vrk_fail(ctx, VRK_EINPUT, "transitions %d and %d are the same", u, t);
        }
    }
    for (int32_t c = 0; c < d->sets; c++) {
        bool any = false;
        for (int32_t s = 0; s < d->states; s++)
            any = any || d->set[c * d->states + s];
        if (!any)
            return vrk_fail(ctx, VRK_EINPUT, "set %d has no states", c);
    }
    return VRK_OK;
}

static vrk_status check_row(vrk_ctx *ctx, const vrk_msm_data *d, int64_t i, bool *met)
{
    bool follows = i > 0 && d->subject[i] == d->subject[i - 1];
    if (d->subject[i] < 0 || d->subject[i] >= d->subjects)
        return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": subject %d of %d", i, d->subject[i],
                        d->subjects);
    if (!follows && met[d->subject[i]])
        return vrk_fail(ctx, VRK_EINPUT,
                        "row %" PRId64 ": subject %d again, after others; order the rows", i,
                        d->subject[i]);
    met[d->subject[i]] = true;
    if (!isfinite(d->time[i]) || (follows && d->time[i] <= d->time[i - 1]))
        return vrk_fail(ctx, VRK_EINPUT,
                        "row %" PRId64 ": time %g is not after that of its row "
                        "before",
                        i, d->time[i]);
    if (d->state[i] < 0 || d->state[i] >= d->states + d->sets)
        return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": state %d of %d (and %d sets)", i,
                        d->state[i], d->states, d->sets);
    if (d->kind && (d->kind[i] > VRK_MOVED || (d->kind[i] != VRK_SEEN && !known(d, i))))
        return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": kind %d with state %d", i, d->kind[i],
                        d->state[i]);
    for (int64_t j = 0; j < d->p; j++) {
        if (!isfinite(d->x[i + j * d->n]))
            return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": column %" PRId64 " is %g", i, j,
                            d->x[i + j * d->n]);
    }
    return VRK_OK;
}

/* Which states can follow which, in one or more transitions, as bits. */
static void reach(const vrk_msm_data *d, bool one, uint64_t *to)
{
    memset(to, 0, (size_t)d->states * sizeof(*to));
    for (int32_t t = 0; t < d->transitions; t++)
        to[d->from[t]] |= UINT64_C(1) << d->into[t];
    for (int32_t m = 0; !one && m < d->states; m++) {
        for (int32_t r = 0; r < d->states; r++) {
            if (to[r] >> m & 1)
                to[r] |= to[m];
        }
    }
}

static uint64_t bits_of(const vrk_msm_data *d, int64_t i)
{
    uint64_t bits = 0;
    if (known(d, i))
        return UINT64_C(1) << d->state[i];
    for (int32_t s = 0; s < d->states; s++)
        bits |= (uint64_t)d->set[(d->state[i] - d->states) * d->states + s] << s;
    return bits;
}

/* Follows each subject through the states it may be in: a row that no way leads to is refused. */
static vrk_status check_ways(vrk_ctx *ctx, const vrk_msm_data *d)
{
    uint64_t any[MOST_STATES], one[MOST_STATES], may = 0;
    reach(d, false, any);
    reach(d, true, one);
    for (int64_t i = 0; i < d->n; i++) {
        bool follows = i > 0 && d->subject[i] == d->subject[i - 1];
        uint64_t next = 0;
        for (int32_t r = 0; follows && r < d->states; r++) {
            if (!(may >> r & 1))
                continue;
            uint64_t self = UINT64_C(1) << r;
            if (kind_of(d, i) == VRK_MOVED)
                next |= one[r] | self;
            else if (kind_of(d, i) == VRK_SEEN)
                next |= any[r] | self;
            else
                next |= any[r]; /* someone must have come in */
        }
        may = follows ? next & bits_of(d, i) : bits_of(d, i);
        if (!may && known(d, i))
            return vrk_fail(ctx, VRK_EINPUT,
                            "row %" PRId64 ": state %d cannot follow what subject %d was seen in "
                            "before; no way of transitions leads there",
                            i, d->state[i], d->subject[i]);
        if (!may)
            return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": no state of set %d can follow", i,
                            d->state[i] - d->states);
    }
    return VRK_OK;
}

/* A step being ordered: from a row to the next. */
typedef struct {
    const vrk_msm_data *d;
    int64_t row;     /* it begins at */
    int64_t pattern; /* -1 = not known yet */
    double interval;
    int32_t kind;
} step;

static int by_bucket(const void *a, const void *b)
{
    const step *s = a, *t = b;
    for (int64_t j = 0; s->pattern < 0 && j < s->d->p; j++) {
        double x = s->d->x[s->row + j * s->d->n], y = s->d->x[t->row + j * s->d->n];
        if (x < y || x > y)
            return x < y ? -1 : 1;
    }
    if (s->pattern != t->pattern)
        return s->pattern < t->pattern ? -1 : 1;
    if (s->interval < t->interval || s->interval > t->interval)
        return s->interval < t->interval ? -1 : 1;
    if (s->kind != t->kind)
        return s->kind - t->kind;
    return s->row < t->row ? -1 : s->row > t->row;
}

static bool same_x(const vrk_msm_data *d, int64_t a, int64_t b)
{
    for (int64_t j = 0; j < d->p; j++) {
        if (d->x[a + j * d->n] < d->x[b + j * d->n] || d->x[a + j * d->n] > d->x[b + j * d->n])
            return false;
    }
    return true;
}

/* Rows that begin a step: those with a row of the same subject after them, from the first known
 * state on. Numbers them in begin_at [n] (-1 = none). */
static int64_t find_steps(const vrk_msm_data *d, msm_steps *out, int64_t *number)
{
    int64_t steps = 0;
    bool knows = false;
    for (int64_t i = 0; i < d->n; i++) {
        bool follows = i > 0 && d->subject[i] == d->subject[i - 1];
        bool goes_on = i + 1 < d->n && d->subject[i] == d->subject[i + 1];
        knows = known(d, i) || (follows && knows);
        number[i] = knows && goes_on ? steps++ : -1;
        out->skipped += !knows;
        out->single += !follows && !goes_on;
    }
    return steps;
}

/* Orders the steps into buckets; bucket_of [steps] by number of the step. */
static vrk_status fill_buckets(vrk_ctx *ctx, const vrk_msm_data *d, const int64_t *number,
                               int64_t *bucket_of, int64_t *row_of, msm_steps *out)
{
    vrk_status st = VRK_OK;
    int64_t n = out->steps, at = 0;
    step *s = VRK_NEW(&ctx->scratch, n, step);
    out->bucket = VRK_NEW(&ctx->scratch, n, msm_bucket);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " steps", n);
    for (int64_t i = 0; i < d->n; i++) {
        if (number[i] >= 0)
            s[at++] = (step){d, i, -1, d->time[i + 1] - d->time[i], (int32_t)kind_of(d, i + 1)};
    }
    qsort(s, (size_t)n, sizeof(step), by_bucket);
    for (int64_t i = 0; i < n; i++) {
        bool other = i == 0 || !same_x(d, s[i].row, s[i - 1].row);
        out->patterns += other;
        if (other)
            row_of[out->patterns - 1] = s[i].row;
        if (other || s[i].interval > s[i - 1].interval || s[i].kind != s[i - 1].kind)
            out->bucket[out->buckets++] =
                (msm_bucket){out->patterns - 1, s[i].interval, (vrk_sighting)s[i].kind};
        bucket_of[number[s[i].row]] = out->buckets - 1;
    }
done:
    return st;
}

/* Counts steps between known states; the others become chains from known to known, or to the end.
 */
static vrk_status fill_chains(vrk_ctx *ctx, const vrk_msm_data *d, const int64_t *number,
                              const int64_t *bucket_of, msm_steps *out)
{
    vrk_status st = VRK_OK;
    int64_t k = d->states, in_chains = 0;
    bool inside = false;
    out->seen = VRK_NEW(&ctx->scratch, k * k * out->buckets, double);
    out->step = VRK_NEW(&ctx->scratch, out->steps, msm_step);
    out->first = VRK_NEW(&ctx->scratch, out->steps + 1, int64_t);
    out->begin = VRK_NEW(&ctx->scratch, out->steps, int32_t);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " steps", out->steps);
    for (int64_t i = 0; i < d->n; i++) {
        if (number[i] < 0) {
            inside = false;
            continue;
        }
        int64_t b = bucket_of[number[i]];
        if (known(d, i) && known(d, i + 1)) {
            out->seen[d->state[i] + k * (d->state[i + 1] + k * b)]++;
            inside = false;
            continue;
        }
        if (!inside || known(d, i)) {
            out->begin[out->chains] = d->state[i];
            out->first[out->chains++] = in_chains;
        }
        inside = true;
        out->step[in_chains++] = (msm_step){b, d->state[i + 1]};
    }
    out->first[out->chains] = in_chains;
done:
    return st;
}

/* Columns of mean 0 and standard deviation 1 over patterns; those that tell nothing new dropped. */
static vrk_status standardise(vrk_ctx *ctx, const vrk_msm_data *d, const int64_t *row_of,
                              msm_steps *out)
{
    vrk_status st = VRK_OK;
    int64_t p = d->p, m = out->patterns;
    double *gram = VRK_NEW(&ctx->scratch, p * p, double);
    out->x = VRK_NEW(&ctx->scratch, p * m, double);
    out->mean = VRK_NEW(&ctx->scratch, p, double);
    out->sd = VRK_NEW(&ctx->scratch, p, double);
    out->dropped = VRK_NEW(&ctx->scratch, p, bool);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " columns", p);
    for (int64_t j = 0; j < p; j++) {
        double from = d->x[row_of[0] + j * d->n], sum = 0, square = 0;
        for (int64_t i = 0; i < m; i++)
            sum += d->x[row_of[i] + j * d->n] - from;
        for (int64_t i = 0; i < m; i++) {
            double x = d->x[row_of[i] + j * d->n] - from - sum / (double)m;
            out->x[j + i * p] = x;
            square += x * x;
        }
        out->mean[j] = from + sum / (double)m;
        out->sd[j] = square > 0 ? sqrt(square / (double)m) : 1;
        for (int64_t i = 0; i < m; i++)
            out->x[j + i * p] /= out->sd[j];
    }
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < p * p; j++)
            gram[j] += out->x[j % p + i * p] * out->x[j / p + i * p];
    }
    vrk_chol(gram, p, 1e-10, out->dropped);
    for (int64_t i = 0; i < m * p; i++)
        out->x[i] = out->dropped[i % p] ? 0 : out->x[i];
done:
    return st;
}

vrk_status vrk_msm_steps_of(vrk_ctx *ctx, const vrk_msm_data *d, msm_steps *out)
{
    vrk_status st = VRK_OK;
    TRY(check_model(ctx, d));
    bool *met = VRK_NEW(&ctx->scratch, d->subjects, bool);
    int64_t *number = VRK_NEW(&ctx->scratch, d->n, int64_t);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " rows", d->n);
    for (int64_t i = 0; i < d->n; i++)
        TRY(check_row(ctx, d, i, met));
    TRY(check_ways(ctx, d));
    out->d = d;
    out->steps = find_steps(d, out, number);
    if (out->steps < 1)
        FAIL(VRK_EINPUT, "none of %" PRId64 " rows has a row of its subject after it", d->n);
    int64_t *bucket_of = VRK_NEW(&ctx->scratch, out->steps, int64_t);
    int64_t *row_of = VRK_NEW(&ctx->scratch, out->steps, int64_t);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " steps", out->steps);
    TRY(fill_buckets(ctx, d, number, bucket_of, row_of, out));
    TRY(fill_chains(ctx, d, number, bucket_of, out));
    TRY(standardise(ctx, d, row_of, out));
done:
    return st;
}
