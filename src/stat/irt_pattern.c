#include "stat/irt_engine.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    uint64_t hash;
    const int8_t *at; /* the row's answers */
    int64_t items, row;
} keyed;

static const char *name_of(const vrk_answers *d, int64_t j, char *space, size_t size)
{
    if (d->name)
        return d->name[j];
    snprintf(space, size, "item %" PRId64, j + 1);
    return space;
}

/* Fowler, Noll & Vo, mixed at the end. */
static uint64_t hash_of(const int8_t *x, int64_t n)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (int64_t i = 0; i < n; i++)
        h = (h ^ (uint8_t)x[i]) * 0x100000001b3u;
    h ^= h >> 33;
    return h * 0xff51afd7ed558ccdu;
}

static int by_pattern(const void *a, const void *b)
{
    const keyed *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    int order = memcmp(x->at, y->at, (size_t)x->items);
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

static vrk_status check_item(vrk_ctx *ctx, const vrk_answers *d, int64_t j, bool known,
                             int32_t *categories)
{
    char space[32];
    const char *name = name_of(d, j, space, sizeof(space));
    double seen[VRK_IRT_MOST] = {0};
    int32_t most = 0, n, kinds = 0;
    for (int64_t i = 0; i < d->persons; i++) {
        int x = d->x[i + j * d->persons];
        if (x < -1 || x >= (d->categories ? d->categories[j] : VRK_IRT_MOST))
            return vrk_fail(ctx, VRK_EINPUT, "person %" PRId64 ", %s: answer %d is out of range",
                            i + 1, name, x);
        if (x >= 0)
            seen[x]++;
        most = x > most ? x : most;
    }
    n = d->categories ? d->categories[j] : most + 1;
    if (d->categories && (n < 2 || n > VRK_IRT_MOST))
        return vrk_fail(ctx, VRK_EINPUT, "%s: %d categories (2 to %d can be)", name, n,
                        VRK_IRT_MOST);
    categories[j] = n < 2 ? 2 : n;
    for (int32_t k = 0; k < n; k++)
        kinds += seen[k] > 0;
    if (known)
        return VRK_OK;
    if (kinds == 0)
        return vrk_fail(ctx, VRK_EINPUT, "%s: nobody answered it", name);
    if (kinds == 1)
        return vrk_fail(ctx, VRK_EINPUT,
                        "%s: every answer is %d, so it says nothing about anyone; leave it out",
                        name, most);
    for (int32_t k = 0; k < n; k++) {
        if (seen[k] <= 0)
            return vrk_fail(ctx, VRK_EINPUT,
                            "%s: no answer is %d of 0 to %d; merge it with a neighbour", name, k,
                            n - 1);
    }
    return VRK_OK;
}

vrk_status vrk_irt_check(vrk_ctx *ctx, const vrk_answers *d, const bool *known, int32_t *categories)
{
    vrk_status st = VRK_OK;
    if (d->persons < 1 || d->items < 1)
        FAIL(VRK_EINPUT, "%" PRId64 " persons and %" PRId64 " items", d->persons, d->items);
    for (int64_t i = 0; i < d->persons && d->weight; i++) {
        if (!(d->weight[i] > 0) || !isfinite(d->weight[i]))
            FAIL(VRK_EINPUT, "person %" PRId64 ": weight %g", i + 1, d->weight[i]);
    }
    for (int64_t j = 0; j < d->items; j++)
        TRY(check_item(ctx, d, j, known && known[j], categories));
done:
    return st;
}

static bool speaks(const int8_t *x, int64_t n)
{
    for (int64_t j = 0; j < n; j++) {
        if (x[j] >= 0)
            return true;
    }
    return false;
}

/* Sorted rows become patterns. */
static void write_patterns(const vrk_answers *d, const keyed *key, int64_t n, vrk_irt_patterns *out)
{
    for (int64_t i = 0; i < n; i++) {
        int64_t p = out->patterns - 1, at;
        double w = d->weight ? d->weight[key[i].row] : 1;
        out->persons_weight += w;
        if (i > 0 && key[i].hash == key[i - 1].hash &&
            !memcmp(key[i].at, key[i - 1].at, (size_t)d->items)) {
            out->weight[p] += w;
            continue;
        }
        p = out->patterns++;
        out->weight[p] = w;
        out->row[p] = key[i].row;
        at = out->from[p];
        for (int64_t j = 0; j < d->items; j++) {
            if (key[i].at[j] < 0)
                continue;
            out->cell[at] = (int32_t)j;
            out->ans[at++] = key[i].at[j];
        }
        out->from[p + 1] = at;
    }
}

vrk_status vrk_irt_merge(vrk_ctx *ctx, const vrk_answers *d, vrk_irt_patterns *out)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &ctx->scratch;
    int64_t n = 0, size = d->persons * d->items;
    *out = (vrk_irt_patterns){0};
    int8_t *x = VRK_NEW(mem, size, int8_t);
    keyed *key = VRK_NEW(mem, d->persons, keyed);
    out->weight = VRK_NEW(mem, d->persons, double);
    out->row = VRK_NEW(mem, d->persons, int64_t);
    out->from = VRK_NEW(mem, d->persons + 1, int64_t);
    out->cell = VRK_NEW(mem, size, int32_t);
    out->ans = VRK_NEW(mem, size, int8_t);
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " answers", size);
    for (int64_t j = 0; j < d->items; j++) {
        for (int64_t i = 0; i < d->persons; i++)
            x[j + i * d->items] = d->x[i + j * d->persons];
    }
    for (int64_t i = 0; i < d->persons; i++) {
        const int8_t *row = x + i * d->items;
        if (speaks(row, d->items))
            key[n++] = (keyed){hash_of(row, d->items), row, d->items, i};
    }
    out->persons = n;
    out->silent = d->persons - n;
    qsort(key, (size_t)n, sizeof(keyed), by_pattern);
    write_patterns(d, key, n, out);
done:
    return st;
}
