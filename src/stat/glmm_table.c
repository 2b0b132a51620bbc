#include "stat/glmm_table.h"

#include <string.h>

typedef struct {
    uint64_t key;
    int32_t before, id; /* id 0 = empty, else 1 + number */
} slot;

typedef struct {
    slot *at;
    int64_t room, used;
    vrk_mark mark;
} table;

static uint64_t mix(uint64_t key, int32_t before)
{
    uint64_t h = key * 0x9E3779B97F4A7C15u ^ ((uint64_t)(uint32_t)before * 0xC2B2AE3D27D4EB4Fu);
    h ^= h >> 32;
    h *= 0xD6E8FEB86659FD93u;
    return h ^ (h >> 29);
}

static slot *find(const table *t, uint64_t key, int32_t before)
{
    int64_t k = (int64_t)(mix(key, before) & (uint64_t)(t->room - 1));
    while (t->at[k].id && (t->at[k].key != key || t->at[k].before != before))
        k = (k + 1) & (t->room - 1);
    return t->at + k;
}

static vrk_status grow(vrk_ctx *ctx, table *t)
{
    table next = {.room = 4 * t->room, .used = t->used};
    next.at = VRK_NEW(&ctx->scratch, next.room, slot);
    if (ctx->scratch.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "cannot allocate a table of %lld rows",
                        (long long)next.room);
    for (int64_t k = 0; k < t->room; k++) {
        if (t->at[k].id)
            *find(&next, t->at[k].key, t->at[k].before) = t->at[k];
    }
    *t = next;
    return VRK_OK;
}

vrk_status vrk_glmm_refine(vrk_ctx *ctx, int64_t n, int32_t *id, const uint64_t *key,
                           int64_t *count)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    table t = {.room = 1024};
    t.at = VRK_NEW(&ctx->scratch, t.room, slot);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "cannot allocate a table of %lld rows", (long long)t.room);
    for (int64_t i = 0; i < n; i++) {
        slot *s = find(&t, key[i], id[i]);
        if (!s->id) {
            *s = (slot){.key = key[i], .before = id[i], .id = (int32_t)++t.used};
            id[i] = s->id - 1;
            if (2 * t.used > t.room)
                TRY(grow(ctx, &t));
            continue;
        }
        id[i] = s->id - 1;
    }
    *count = t.used;
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

void vrk_glmm_sort(uint64_t *key, uint64_t *work, int64_t n, uint64_t below)
{
    static const int BITS = 16;
    uint64_t *from = key, *to = work;
    for (int shift = 0; shift < 64 && below >> shift; shift += BITS) {
        int64_t count[(1 << 16) + 1];
        memset(count, 0, sizeof count);
        for (int64_t i = 0; i < n; i++)
            count[(from[i] >> shift & 0xFFFF) + 1]++;
        for (int64_t k = 0; k < 1 << 16; k++)
            count[k + 1] += count[k];
        for (int64_t i = 0; i < n; i++)
            to[count[from[i] >> shift & 0xFFFF]++] = from[i];
        uint64_t *other = from;
        from = to;
        to = other;
    }
    if (from != key)
        memcpy(key, from, (size_t)n * sizeof *key);
}
