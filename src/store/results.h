/* store/results.h - snapshots: result documents as they were given, in records.db. One is stored
 * whole or not at all and never changed. Kept are the newest 30, and the newest of each month for
 * three years; of the others the document goes, what it was made from and its hash stay and are
 * listed as expired. */
#ifndef VRK_STORE_RESULTS_H
#define VRK_STORE_RESULTS_H

#include "store/records.h"

typedef struct {
    int64_t id, generation;
    int64_t made_at; /* [us since 1970 UTC] */
    const char *version, *build;
    uint64_t seed;
    const char *settings, *machine;
    const char *as_of;    /* the day that it tells of, 2026-11-20; NULL = not said */
    const char *sha256;   /* of the document */
    const char *document; /* NULL = expired, or not asked for */
    int64_t expired_at;   /* [us since 1970 UTC]; 0 = not */
} vrk_result;

typedef struct {
    int64_t n;
    vrk_result *result; /* [n] newest first, without documents */
    vrk_arena mem;
} vrk_results;

/* Stores one, in one transaction with the expiry of old ones; sets r->id, made_at and sha256 (in
 * ctx->scratch). *expired: how many let go of their document. VRK_EIO, VRK_EDB, VRK_EMEMORY. */
VRK_MUST vrk_status vrk_result_put(vrk_ctx *ctx, vrk_records *records, vrk_result *r,
                                   int64_t *expired);

/* The newest that still has its document and was made from the same generation by the same version
 * and build, seed and settings as `like`; out->id 0: none. In mem. VRK_EDB: it is not what was
 * stored. */
VRK_MUST vrk_status vrk_result_find(vrk_ctx *ctx, vrk_records *records, const vrk_result *like,
                                    vrk_arena *mem, vrk_result *out);

/* One by its id; 0: the newest that has its document, out->id 0 where there is none. In mem.
 * VRK_EINPUT: no such id; VRK_EDB: the document is not what was stored (its hash differs). */
VRK_MUST vrk_status vrk_result_read(vrk_ctx *ctx, vrk_records *records, int64_t id, vrk_arena *mem,
                                    vrk_result *out);

VRK_MUST vrk_status vrk_results_list(vrk_ctx *ctx, vrk_records *records, vrk_results *out);
void vrk_results_free(vrk_results *r); /* safe on an empty one */

#endif
