#include "stat/transitions.h"

#include <inttypes.h>
#include <stdlib.h>

enum { TABLE_CELLS = 1 << 24 }; /* merge by table up to here (64 MiB), else by sorting */

/* A spell as one number: the mixed-radix digits stratum, entry, from, exit, to. */
typedef struct {
    const vrk_spell_days *d;
    int64_t first_entry, entries, first_exit, exits; /* [day] */
    int64_t froms, states, strata;                   /* froms: 1 where no column says from where */
    int64_t keys;                                    /* how many different numbers there are */
} code;

static int64_t entry_of(const vrk_spell_days *d, int64_t i)
{
    return d->entry ? d->entry[i] : -1;
}

static int64_t key_of(const code *c, int64_t i)
{
    const vrk_spell_days *d = c->d;
    int64_t key = d->stratum ? d->stratum[i] : 0;
    key = key * c->entries + (entry_of(d, i) - c->first_entry);
    key = key * c->froms + (d->from ? d->from[i] : 0);
    key = key * c->exits + (d->exit[i] - c->first_exit);
    return key * (c->states + 1) + d->to[i] + 1;
}

static vrk_status survey(vrk_ctx *ctx, const vrk_spell_days *d, code *c)
{
    int64_t low = INT64_MAX, high = INT64_MIN, early = INT64_MAX, late = INT64_MIN;
    int32_t strata = d->strata > 0 ? d->strata : 1;
    if (d->n < 1)
        return vrk_fail(ctx, VRK_EINPUT, "no spells");
    if (d->states < 2 || d->states > INT8_MAX)
        return vrk_fail(ctx, VRK_EINPUT, "%d states: 2 to 127 can be had", d->states);
    for (int64_t i = 0; i < d->n; i++) {
        int64_t entry = entry_of(d, i), exit = d->exit[i], g = d->stratum ? d->stratum[i] : 0;
        int from = d->from ? d->from[i] : 0, to = d->to[i];
        if (entry < -1)
            return vrk_fail(ctx, VRK_EINPUT,
                            "spell %" PRId64 ": entry day %" PRId64 " is before day -1", i, entry);
        if (exit <= entry)
            return vrk_fail(ctx, VRK_EINPUT,
                            "spell %" PRId64 ": exit day %" PRId64
                            " is not after entry day %" PRId64,
                            i, exit, entry);
        if (from < 0 || from >= d->states || to < VRK_CENSORED || to >= d->states || to == from)
            return vrk_fail(ctx, VRK_EINPUT, "spell %" PRId64 ": no transition from %d to %d", i,
                            from, to);
        if (g < 0 || g >= strata)
            return vrk_fail(ctx, VRK_EINPUT,
                            "spell %" PRId64 ": stratum %" PRId64 " is not in [0,%d)", i, g,
                            strata);
        low = entry < low ? entry : low;
        high = entry > high ? entry : high;
        early = exit < early ? exit : early;
        late = exit > late ? exit : late;
    }
    *c = (code){.d = d,
                .first_entry = low,
                .entries = high - low + 1,
                .first_exit = early,
                .exits = late - early + 1,
                .froms = d->from ? d->states : 1,
                .states = d->states,
                .strata = strata};
    if (__builtin_mul_overflow(c->strata * c->froms * (c->states + 1), c->entries, &c->keys) ||
        __builtin_mul_overflow(c->keys, c->exits, &c->keys))
        return vrk_fail(ctx, VRK_EINPUT, "%d strata over %" PRId64 " days are too many to merge",
                        strata, c->exits);
    return VRK_OK;
}

static int ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The distinct keys, ascending, and how often each occurs. */
typedef struct {
    int64_t n;
    int64_t *key, *times; /* [n] */
} tally;

static vrk_status tally_by_table(vrk_ctx *ctx, const code *c, tally *out)
{
    int32_t *cell = VRK_NEW(&ctx->scratch, c->keys, int32_t);
    int64_t distinct = 0;
    if (!cell)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " cells", c->keys);
    for (int64_t i = 0; i < c->d->n; i++)
        distinct += cell[key_of(c, i)]++ == 0;
    out->key = VRK_NEW(&ctx->scratch, distinct, int64_t);
    out->times = VRK_NEW(&ctx->scratch, distinct, int64_t);
    if (ctx->scratch.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " spells", distinct);
    for (int64_t key = 0; key < c->keys; key++) {
        if (cell[key]) {
            out->key[out->n] = key;
            out->times[out->n++] = cell[key];
        }
    }
    return VRK_OK;
}

static vrk_status tally_by_sorting(vrk_ctx *ctx, const code *c, tally *out)
{
    int64_t n = c->d->n;
    out->key = VRK_NEW(&ctx->scratch, n, int64_t);
    out->times = VRK_NEW(&ctx->scratch, n, int64_t);
    if (ctx->scratch.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " spells", n);
    for (int64_t i = 0; i < n; i++)
        out->key[i] = key_of(c, i);
    qsort(out->key, (size_t)n, sizeof(int64_t), ascending);
    for (int64_t i = 0; i < n; i++) {
        if (out->n == 0 || out->key[out->n - 1] != out->key[i])
            out->key[out->n++] = out->key[i];
        out->times[out->n - 1]++;
    }
    return VRK_OK;
}

static vrk_status reserve(vrk_ctx *ctx, int64_t n, int32_t strata, vrk_spell_set *out)
{
    out->strata = strata;
    out->first = VRK_NEW(&out->mem, strata + (int64_t)1, int64_t);
    if (out->mem.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " spells", n);
    return VRK_OK;
}

static vrk_status unpack(vrk_ctx *ctx, const code *c, const tally *t, vrk_spell_set *out)
{
    double *entry = VRK_NEW(&out->mem, t->n, double), *exit = VRK_NEW(&out->mem, t->n, double);
    double *count = VRK_NEW(&out->mem, t->n, double);
    int32_t *from = VRK_NEW(&out->mem, t->n, int32_t), *to = VRK_NEW(&out->mem, t->n, int32_t);
    if (out->mem.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " spells", t->n);
    for (int64_t i = 0; i < t->n; i++) {
        int64_t key = t->key[i];
        to[i] = (int32_t)(key % (c->states + 1)) - 1;
        key /= c->states + 1;
        exit[i] = (double)(key % c->exits + c->first_exit);
        key /= c->exits;
        from[i] = (int32_t)(key % c->froms);
        key /= c->froms;
        entry[i] = (double)(key % c->entries + c->first_entry);
        out->first[key / c->entries + 1]++;
        count[i] = (double)t->times[i];
    }
    for (int32_t g = 0; g < out->strata; g++)
        out->first[g + 1] += out->first[g];
    out->all = (vrk_spells){.n = t->n,
                            .states = (int32_t)c->states,
                            .entry = entry,
                            .exit = exit,
                            .from = from,
                            .to = to,
                            .count = count};
    return VRK_OK;
}

vrk_status vrk_spells_merge(vrk_ctx *ctx, const vrk_spell_days *days, vrk_spell_set *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    tally t = {0};
    code c;
    *out = (vrk_spell_set){.mem.limit = ctx->scratch.limit};
    TRY(survey(ctx, days, &c));
    TRY(vrk_tick(ctx, "merging spells", 0, days->n));
    TRY(reserve(ctx, days->n, (int32_t)c.strata, out));
    if (c.keys <= TABLE_CELLS && days->n <= INT32_MAX)
        TRY(tally_by_table(ctx, &c, &t));
    else
        TRY(tally_by_sorting(ctx, &c, &t));
    TRY(vrk_tick(ctx, "merging spells", 1, 1));
    TRY(unpack(ctx, &c, &t, out));
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_spell_set_free(out);
    return st;
}

static const double *gather(vrk_arena *a, const double *x, const int64_t *row, int64_t n)
{
    double *y = x ? VRK_NEW(a, n, double) : NULL;
    for (int64_t i = 0; y && i < n; i++)
        y[i] = x[row[i]];
    return y;
}

static const int32_t *gather_int(vrk_arena *a, const int32_t *x, const int64_t *row, int64_t n)
{
    int32_t *y = x ? VRK_NEW(a, n, int32_t) : NULL;
    for (int64_t i = 0; y && i < n; i++)
        y[i] = x[row[i]];
    return y;
}

vrk_status vrk_spells_split(vrk_ctx *ctx, const vrk_spells *spells, const int32_t *stratum,
                            int32_t strata, vrk_spell_set *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t n = spells->n;
    *out = (vrk_spell_set){.mem.limit = ctx->scratch.limit};
    TRY(vrk_tick(ctx, "sorting spells into strata", 0, n));
    int64_t *row = VRK_NEW(&ctx->scratch, n, int64_t);
    int64_t *next = VRK_NEW(&ctx->scratch, strata, int64_t);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " spells", n);
    TRY(reserve(ctx, n, strata, out));
    for (int64_t i = 0; i < n; i++) {
        if (stratum[i] < 0 || stratum[i] >= strata)
            FAIL(VRK_EINPUT, "spell %" PRId64 ": stratum %d is not in [0,%d)", i, stratum[i],
                 strata);
        out->first[stratum[i] + 1]++;
    }
    for (int32_t g = 0; g < strata; g++) {
        next[g] = out->first[g];
        out->first[g + 1] += out->first[g];
    }
    for (int64_t i = 0; i < n; i++)
        row[next[stratum[i]]++] = i;
    out->all = (vrk_spells){.n = n,
                            .states = spells->states,
                            .entry = gather(&out->mem, spells->entry, row, n),
                            .exit = gather(&out->mem, spells->exit, row, n),
                            .from = gather_int(&out->mem, spells->from, row, n),
                            .to = gather_int(&out->mem, spells->to, row, n),
                            .weight = gather(&out->mem, spells->weight, row, n),
                            .count = gather(&out->mem, spells->count, row, n),
                            .cluster = gather_int(&out->mem, spells->cluster, row, n),
                            .clusters = spells->clusters};
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " spells", n);
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_spell_set_free(out);
    return st;
}

vrk_spells vrk_spells_of(const vrk_spell_set *set, int32_t stratum)
{
    const vrk_spells *a = &set->all;
    int64_t i = set->first[stratum];
    return (vrk_spells){.n = set->first[stratum + 1] - i,
                        .states = a->states,
                        .entry = a->entry ? a->entry + i : NULL,
                        .exit = a->exit + i,
                        .from = a->from ? a->from + i : NULL,
                        .to = a->to + i,
                        .weight = a->weight ? a->weight + i : NULL,
                        .count = a->count ? a->count + i : NULL,
                        .cluster = a->cluster ? a->cluster + i : NULL,
                        .clusters = a->clusters};
}

void vrk_spell_set_free(vrk_spell_set *set)
{
    vrk_arena_free(&set->mem);
    *set = (vrk_spell_set){0};
}
