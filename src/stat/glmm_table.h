/* stat/glmm_table.h - numbering of distinct things, for stat/glmm. Not for others. */
#ifndef VRK_STAT_GLMM_TABLE_H
#define VRK_STAT_GLMM_TABLE_H

#include "base/base.h"

/* id [n] becomes the number of the pair (id[i], key[i]), in order of first appearance; *count their
 * number. O(n) by a hash table in ctx->scratch. */
VRK_MUST vrk_status vrk_glmm_refine(vrk_ctx *ctx, int64_t n, int32_t *id, const uint64_t *key,
                                    int64_t *count);

/* Sorts key [n] ascending, work [n], keys below `below`. O(n) for each 16 bits. */
void vrk_glmm_sort(uint64_t *key, uint64_t *work, int64_t n, uint64_t below);

#endif
