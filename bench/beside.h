/* bench/beside.h - what the benches of imports have in common: the bare read that an import is held
 * against, and what a phase costs. */
#ifndef BENCH_BESIDE_H
#define BENCH_BESIDE_H

#include "base/base.h"

typedef struct {
    double seconds, cpu, gib; /* wall; user and system of all threads; peak memory */
} bench_cost;

typedef vrk_status (*bench_phase)(vrk_ctx *ctx, const char *folder, const char *work);

/* Each phase is a process of its own, so that its memory is its own too. Ends the program if it
 * fails. */
bench_cost bench_measure(bench_phase run, const char *folder, const char *work);

/* A phase: what DuckDB needs alone for each CSV file of the folder as Parquet in `work`, all text.
 */
vrk_status bench_bare(vrk_ctx *ctx, const char *folder, const char *work);

#endif
