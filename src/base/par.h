/* base/par.h - the same work on many cores: a fixed number of chunks, taken by whoever is free.
 * Results belong to the chunk, not to the thread, so any number of threads gives the same bits. */
#ifndef VRK_BASE_PAR_H
#define VRK_BASE_PAR_H

#include "base/base.h"

/* Handles one chunk with a context of its own (scratch, seed; tick asks the caller's). */
typedef vrk_status (*vrk_par_fn)(vrk_ctx *ctx, int64_t chunk, void *arg);

/* Runs fn for chunk 0 ... chunks-1 on ctx->threads threads (0 = one per core). The first failing
 * chunk, by number among those that ran, gives status and message; the others are not started. */
VRK_MUST vrk_status vrk_par(vrk_ctx *ctx, const char *what, int64_t chunks, vrk_par_fn fn,
                            void *arg);

/* Two jobs that do not touch what the other writes, side by side: `a` with the caller's context and
 * ticks, `b` with one of its own, without progress; where ctx->threads is 1, one after the other.
 * When `a` fails or is asked to stop, b's next tick stops it, and a's status and message are given;
 * b's only where `a` went well. */
typedef vrk_status (*vrk_job_fn)(vrk_ctx *ctx, void *arg);
VRK_MUST vrk_status vrk_both(vrk_ctx *ctx, vrk_job_fn a, vrk_job_fn b, void *arg);

int vrk_cores(void);

#endif
