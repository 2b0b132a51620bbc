#include "stat/cox_parts.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 512, FIRST_ROOM = 4096 };

/* Rows alike so far: `width` numbers each, found by a table of open addresses. */
typedef struct {
    const vrk_cox_data *d;
    int64_t width, n, room;
    double *key;   /* [width x room] covariates, exit, event, then what there is of the others */
    double *sums;  /* [3 x room] count, weight, squared weight */
    int64_t *slot; /* [2^bits] row + 1; 0 = free */
    int bits;
    double *block; /* [width x BLOCK] */
} table;

static vrk_status refuse(vrk_ctx *ctx, const vrk_cox_data *d, int64_t i)
{
    double from = d->entry ? d->entry[i] : -HUGE_VAL, w = d->weight ? d->weight[i] : 1;
    if (!isfinite(d->exit[i]) || isnan(from) || d->exit[i] <= from)
        return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": exit time %g is not after entry time %g",
                        i, d->exit[i], from);
    if (d->event[i] > 1)
        return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": event is %d, not 0 or 1", i,
                        d->event[i]);
    if (!isfinite(w) || w < 0)
        return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": weight %g", i, w);
    if (d->offset && !isfinite(d->offset[i]))
        return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": offset %g", i, d->offset[i]);
    if (d->stratum && (d->stratum[i] < 0 || d->stratum[i] >= d->strata))
        return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": stratum %d of %d", i, d->stratum[i],
                        d->strata);
    if (d->cluster && (d->cluster[i] < 0 || d->cluster[i] >= d->clusters))
        return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": cluster %d of %d", i, d->cluster[i],
                        d->clusters);
    return VRK_OK;
}

static void put(double *block, int64_t width, int64_t rows, const double *from)
{
    for (int64_t i = 0; i < rows; i++)
        block[i * width] = from[i] + 0.0; /* -0 is 0 */
}

static void put_whole(double *block, int64_t width, int64_t rows, const int32_t *from)
{
    for (int64_t i = 0; i < rows; i++)
        block[i * width] = from[i];
}

/* Turns the columns of rows first ... into keys, checking them. */
static vrk_status take_block(vrk_ctx *ctx, table *t, int64_t first, int64_t rows)
{
    const vrk_cox_data *d = t->d;
    double *to = t->block;
    for (int64_t j = 0; j < d->p; j++) {
        const double *column = d->x + j * d->n + first;
        double bad = 0;
        put(to++, t->width, rows, column);
        for (int64_t i = 0; i < rows; i++)
            bad += column[i] - column[i]; /* 0 if finite, else NaN */
        for (int64_t i = 0; isnan(bad) && i < rows; i++) {
            if (!isfinite(column[i]))
                return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": column %" PRId64 " is %g",
                                first + i, j, column[i]);
        }
    }
    for (int64_t i = first; i < first + rows; i++) {
        vrk_status st = refuse(ctx, d, i);
        if (st != VRK_OK)
            return st;
    }
    put(to++, t->width, rows, d->exit + first);
    for (int64_t i = 0; i < rows; i++)
        to[i * t->width] = d->event[first + i];
    to++;
    if (d->entry)
        put(to++, t->width, rows, d->entry + first);
    if (d->offset)
        put(to++, t->width, rows, d->offset + first);
    if (d->stratum)
        put_whole(to++, t->width, rows, d->stratum + first);
    if (d->cluster)
        put_whole(to++, t->width, rows, d->cluster + first);
    return VRK_OK;
}

static uint64_t hash(const double *key, int64_t width)
{
    uint64_t h = 0;
    for (int64_t i = 0; i < width; i++) {
        uint64_t bits;
        memcpy(&bits, key + i, sizeof(bits));
        h = (h ^ bits) * 0x9e3779b97f4a7c15U;
        h ^= h >> 32;
    }
    return h;
}

/* Twice the room for rows, and the table for it. */
static bool grow(vrk_ctx *ctx, table *t)
{
    int64_t room = t->room ? 2 * t->room : FIRST_ROOM;
    int bits = t->room ? t->bits + 1 : 13;
    double *key = VRK_NEW(&ctx->scratch, room * t->width, double);
    double *sums = VRK_NEW(&ctx->scratch, room * 3, double);
    int64_t *slot = VRK_NEW(&ctx->scratch, (int64_t)1 << bits, int64_t);
    if (ctx->scratch.failed)
        return false;
    if (t->n > 0) {
        memcpy(key, t->key, (size_t)(t->n * t->width) * sizeof(double));
        memcpy(sums, t->sums, (size_t)(t->n * 3) * sizeof(double));
    }
    *t = (table){t->d, t->width, t->n, room, key, sums, slot, bits, t->block};
    for (int64_t r = 0; r < t->n; r++) {
        uint64_t at = hash(key + r * t->width, t->width) >> (64 - bits);
        while (slot[at])
            at = (at + 1) & (((uint64_t)1 << bits) - 1);
        slot[at] = r + 1;
    }
    return true;
}

static int64_t find(table *t, const double *key)
{
    size_t size = (size_t)t->width * sizeof(double);
    uint64_t at = hash(key, t->width) >> (64 - t->bits);
    while (t->slot[at]) {
        int64_t r = t->slot[at] - 1;
        if (!memcmp(t->key + r * t->width, key, size))
            return r;
        at = (at + 1) & (((uint64_t)1 << t->bits) - 1);
    }
    t->slot[at] = ++t->n;
    memcpy(t->key + (t->n - 1) * t->width, key, size);
    return t->n - 1;
}

static vrk_status add_up(vrk_ctx *ctx, table *t)
{
    vrk_status st = VRK_OK;
    const vrk_cox_data *d = t->d;
    for (int64_t first = 0; first < d->n; first += BLOCK) {
        int64_t rows = d->n - first < BLOCK ? d->n - first : BLOCK;
        TRY(take_block(ctx, t, first, rows));
        if (t->n + rows > t->room && !grow(ctx, t))
            FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " rows of %" PRId64 " columns", d->n,
                 d->p);
        for (int64_t i = 0; i < rows; i++) {
            double w = d->weight ? d->weight[first + i] : 1;
            if (w <= 0)
                continue;
            double *sum = t->sums + 3 * find(t, t->block + i * t->width);
            sum[0] += 1;
            sum[1] += w;
            sum[2] += w * w;
        }
        if (first / BLOCK % 64 == 0)
            TRY(vrk_tick(ctx, "Cox regression: rows", first, d->n));
    }
done:
    return st;
}

typedef struct {
    double time;
    int64_t row;
    int32_t stratum;
} place;

static int last_first(const void *a, const void *b)
{
    const place *x = a, *y = b;
    if (x->stratum != y->stratum)
        return x->stratum < y->stratum ? -1 : 1;
    if (x->time > y->time || x->time < y->time)
        return x->time > y->time ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

/* Row `from` of the table becomes row `to`. */
static void take_row(const table *t, int64_t from, cox_rows *out, int64_t to)
{
    const vrk_cox_data *d = t->d;
    const double *key = t->key + from * t->width, *sum = t->sums + from * 3;
    memcpy(out->x + to * d->p, key, (size_t)d->p * sizeof(double));
    key += d->p;
    out->exit[to] = *key++;
    out->event[to] = *key++ > 0;
    out->entry[to] = d->entry ? *key++ : -HUGE_VAL;
    out->offset[to] = d->offset ? *key++ : 0;
    out->stratum[to] = d->stratum ? (int32_t)*key++ : 0;
    out->cluster[to] = d->cluster ? (int32_t)*key : 0;
    out->count[to] = sum[0];
    out->weight[to] = sum[1];
    out->square[to] = sum[2];
}

/* Takes the means away: large numbers with small differences lose nothing then. A constant column
 * becomes exactly 0, as the first row is taken away before. */
static void centre(cox_rows *r)
{
    for (int64_t j = 0; j < r->p; j++) {
        double from = r->x[j], sum = 0, all = 0, mean;
        for (int64_t i = 0; i < r->n; i++) {
            sum += r->weight[i] * (r->x[j + i * r->p] - from);
            all += r->weight[i];
        }
        mean = sum / all;
        for (int64_t i = 0; i < r->n; i++)
            r->x[j + i * r->p] = r->x[j + i * r->p] - from - mean;
        r->center[j] = from + mean;
    }
}

static vrk_status reserve(vrk_ctx *ctx, const table *t, cox_rows *out)
{
    int64_t n = t->n;
    out->n = n;
    out->p = t->d->p;
    out->x = VRK_NEW(&ctx->scratch, n * out->p, double);
    out->entry = VRK_NEW(&ctx->scratch, n, double);
    out->exit = VRK_NEW(&ctx->scratch, n, double);
    out->offset = VRK_NEW(&ctx->scratch, n, double);
    out->count = VRK_NEW(&ctx->scratch, n, double);
    out->weight = VRK_NEW(&ctx->scratch, n, double);
    out->square = VRK_NEW(&ctx->scratch, n, double);
    out->event = VRK_NEW(&ctx->scratch, n, uint8_t);
    out->stratum = VRK_NEW(&ctx->scratch, n, int32_t);
    out->cluster = VRK_NEW(&ctx->scratch, n, int32_t);
    out->center = VRK_NEW(&ctx->scratch, out->p, double);
    if (ctx->scratch.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " different rows", n);
    return VRK_OK;
}

static vrk_status order(vrk_ctx *ctx, const table *t, cox_rows *out)
{
    vrk_status st = VRK_OK;
    bool late = t->d->entry != NULL;
    place *by = VRK_NEW(&ctx->scratch, t->n, place);
    int64_t *by_entry = late ? VRK_NEW(&ctx->scratch, t->n, int64_t) : NULL;
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " different rows", t->n);
    for (int64_t r = 0; r < t->n; r++) {
        const double *key = t->key + r * t->width + t->d->p;
        int64_t at = 2 + (late ? 1 : 0) + (t->d->offset ? 1 : 0);
        by[r] = (place){key[0], r, t->d->stratum ? (int32_t)key[at] : 0};
    }
    qsort(by, (size_t)t->n, sizeof(place), last_first);
    for (int64_t i = 0; i < t->n; i++)
        take_row(t, by[i].row, out, i);
    for (int64_t i = 0; late && i < t->n; i++)
        by[i] = (place){out->entry[i], i, out->stratum[i]};
    if (late)
        qsort(by, (size_t)t->n, sizeof(place), last_first);
    for (int64_t i = 0; late && i < t->n; i++)
        by_entry[i] = by[i].row;
    out->by_entry = by_entry;
done:
    return st;
}

vrk_status vrk_cox_rows_of(vrk_ctx *ctx, const vrk_cox_data *d, cox_rows *out)
{
    vrk_status st = VRK_OK;
    table t = {.d = d};
    double events = 0;
    t.width = d->p + 2 + (d->entry ? 1 : 0) + (d->offset ? 1 : 0) + (d->stratum ? 1 : 0) +
              (d->cluster ? 1 : 0);
    if (d->n < 1 || d->p < 1)
        FAIL(VRK_EINPUT, "%" PRId64 " rows of %" PRId64 " columns", d->n, d->p);
    t.block = VRK_NEW(&ctx->scratch, BLOCK * t.width, double);
    if (!t.block)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " columns", d->p);
    TRY(add_up(ctx, &t));
    for (int64_t r = 0; r < t.n; r++)
        events += t.key[r * t.width + d->p + 1];
    if (events <= 0)
        FAIL(VRK_EINPUT, "no events in %" PRId64 " rows", d->n);
    TRY(reserve(ctx, &t, out));
    TRY(order(ctx, &t, out));
    centre(out);
done:
    return st;
}
