/* The pattern of the random effects' system, and where each sum over cells goes in it. */
#include <inttypes.h>

#include "stat/glmm_parts.h"
#include "stat/glmm_table.h"

/* The lower triangle as one number, by columns. */
static uint64_t key_of(const glmm_model *m, int64_t a, int64_t b)
{
    return a < b ? (uint64_t)(a * m->m + b) : (uint64_t)(b * m->m + a);
}

/* Calls out each pair of random columns that a level (pair of levels) adds to, in the order that
 * every other loop over them has; to count (key NULL) or to list. */
static int64_t part_keys(const glmm_model *m, const glmm_part *p, uint64_t *key)
{
    int64_t k = 0;
    for (int64_t l = 0; l < p->levels; l++) {
        for (int64_t s = p->start[l]; s < p->start[l + 1]; s++) {
            for (int64_t t = p->start[l]; t <= s; t++) {
                if (p->col[s] >= m->m || p->col[t] >= m->m)
                    continue;
                if (key)
                    key[k] = key_of(m, p->col[s], p->col[t]);
                k++;
            }
        }
    }
    return k;
}

static int64_t cross_keys(const glmm_model *m, const glmm_cross *c, uint64_t *key)
{
    const glmm_part *a = m->part + c->a, *b = m->part + c->b;
    int64_t k = 0;
    for (int64_t e = 0; e < c->pairs; e++) {
        int64_t l = c->left[e], r = c->right[e];
        for (int64_t s = a->start[l]; s < a->start[l + 1]; s++) {
            for (int64_t t = b->start[r]; t < b->start[r + 1]; t++) {
                if (a->col[s] >= m->m || b->col[t] >= m->m)
                    continue;
                if (key)
                    key[k] = key_of(m, a->col[s], b->col[t]);
                k++;
            }
        }
    }
    return k;
}

/* The q x q lower triangle of each level of each term. */
static int64_t block_keys(const glmm_model *m, uint64_t *key)
{
    int64_t k = 0;
    for (int64_t t = 0; t < m->data->terms; t++) {
        int64_t q = m->data->term[t].q > 0 ? m->data->term[t].q : 1;
        for (int64_t u = m->first[t]; u < m->first[t + 1]; u += q) {
            for (int64_t j = 0; j < q; j++) {
                for (int64_t i = j; i < q; i++, k++) {
                    if (key)
                        key[k] = key_of(m, u + i, u + j);
                }
            }
        }
    }
    return k;
}

static int64_t place_of(const glmm_model *m, uint64_t key)
{
    int64_t col = (int64_t)(key / (uint64_t)m->m), row = (int64_t)(key % (uint64_t)m->m);
    int64_t lo = m->start[col], hi = m->start[col + 1] - 1;
    while (lo < hi) {
        int64_t mid = (lo + hi) / 2;
        if (m->at[mid] < row)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* Lists keys in place (both are 64 bits) and turns them into places. */
static vrk_status places(vrk_ctx *ctx, glmm_model *m, int64_t count, int64_t **out)
{
    *out = VRK_NEW(&m->mem, count, int64_t);
    return m->mem.failed ? vrk_fail(ctx, VRK_EMEMORY, "cannot allocate %" PRId64 " places", count)
                         : VRK_OK;
}

static void to_places(const glmm_model *m, const uint64_t *key, int64_t *place, int64_t count)
{
    for (int64_t k = 0; k < count; k++)
        place[k] = place_of(m, key[k]);
}

static int64_t all_keys(const glmm_model *m, uint64_t *key, int64_t *widest)
{
    int64_t k = 0;
    for (int i = 0; i <= m->parts + m->crosses; i++) {
        uint64_t *to = key ? key + k : NULL;
        int64_t got = i < m->parts                ? part_keys(m, m->part + i, to)
                      : i < m->parts + m->crosses ? cross_keys(m, m->cross + i - m->parts, to)
                                                  : block_keys(m, to);
        *widest = got > *widest ? got : *widest;
        k += got;
    }
    return k;
}

static vrk_status pattern_of(vrk_ctx *ctx, glmm_model *m, uint64_t *key, uint64_t *work,
                             int64_t total)
{
    vrk_glmm_sort(key, work, total, (uint64_t)(m->m * m->m));
    for (int64_t k = 0; k < total; k++) {
        if (k == 0 || key[k] != key[k - 1])
            key[m->nnz++] = key[k];
    }
    m->start = VRK_NEW(&m->mem, m->m + 1, int64_t), m->at = VRK_NEW(&m->mem, m->nnz, int64_t);
    if (m->mem.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "cannot allocate %" PRId64 " entries", m->nnz);
    for (int64_t k = 0; k < m->nnz; k++) {
        m->start[key[k] / (uint64_t)m->m + 1]++;
        m->at[k] = (int64_t)(key[k] % (uint64_t)m->m);
    }
    for (int64_t j = 0; j < m->m; j++)
        m->start[j + 1] += m->start[j];
    return VRK_OK;
}

vrk_status vrk_glmm_pattern(vrk_ctx *ctx, glmm_model *m)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t widest = 0, total = all_keys(m, NULL, &widest), count;
    uint64_t *key = VRK_NEW(&ctx->scratch, total, uint64_t);
    uint64_t *work = VRK_NEW(&ctx->scratch, total, uint64_t);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "cannot allocate %" PRId64 " entries", total);
    all_keys(m, key, &widest);
    TRY(pattern_of(ctx, m, key, work, total));
    for (int i = 0; i < m->parts; i++) {
        glmm_part *p = m->part + i;
        count = part_keys(m, p, key);
        TRY(places(ctx, m, count, &p->place));
        to_places(m, key, p->place, count);
        p->lin = VRK_NEW(&m->mem, p->levels, double), p->r = VRK_NEW(&m->mem, p->levels, double);
        p->w = VRK_NEW(&m->mem, p->levels, double), p->lev = VRK_NEW(&m->mem, p->levels, double);
    }
    for (int i = 0; i < m->crosses; i++) {
        count = cross_keys(m, m->cross + i, key);
        TRY(places(ctx, m, count, &m->cross[i].place));
        to_places(m, key, m->cross[i].place, count);
    }
    count = block_keys(m, key);
    TRY(places(ctx, m, count, &m->block));
    to_places(m, key, m->block, count);
    if (m->mem.failed)
        FAIL(VRK_EMEMORY, "cannot allocate %d parts", m->parts);
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
