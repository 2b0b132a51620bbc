/* store/workspace.h - the folder that holds an organisation: verkan.toml (settings), records.db,
 * facts/ (Parquet), staging/ (an import under way). Generations of facts, the importer's lock and
 * the readers' leases. */
#ifndef VRK_STORE_WORKSPACE_H
#define VRK_STORE_WORKSPACE_H

#include "store/records.h"
#include "store/settings.h"

typedef struct {
    const char *folder, *facts, *staging; /* paths */
    const char *organisation;             /* its name, "" = none */
    const char *timezone;                 /* Europe/Stockholm */
    const char *country;                  /* SE */
    const char *currency;                 /* SEK: what an amount without currency is in */
    const char *person_level;             /* case, open: persons' findings to others */
    vrk_action_settings actions;
    vrk_server_settings server;
    vrk_recruitment_settings recruitment;
    vrk_records *records;
    int lock; /* the importer's, -1 = not held */
    vrk_arena mem;
} vrk_workspace;

/* Opens the workspace; with `make`, makes it if there is none (folder 0700, verkan.toml with
 * comments). VRK_EINPUT: none there, or a setting that cannot be; VRK_EIO. */
VRK_MUST vrk_status vrk_workspace_open(vrk_ctx *ctx, const char *folder, bool make,
                                       vrk_workspace *out);
void vrk_workspace_close(vrk_workspace *w); /* gives back the lock; safe on a zeroed one */

/* Only one importer at a time. VRK_EIO: who imports, and since when. The lock dies with its
 * process, so one that crashed is no hindrance. Clears what it left in staging/. */
VRK_MUST vrk_status vrk_workspace_lock(vrk_ctx *ctx, vrk_workspace *w);

/* One Parquet file of a generation. */
typedef struct {
    const char *table, *partition, *sha256, *path; /* path: where it lies now */
    int64_t rows;
} vrk_file;

typedef struct {
    int64_t id; /* 0 = nothing was imported yet */
    int64_t parent;
    int64_t made_at; /* [us since 1970 UTC] */
    bool has_as_of;
    int64_t as_of; /* [us, local wall time] */
    int64_t files;
    vrk_file *file; /* [files] by table, partition, sha256 */
    vrk_arena mem;
} vrk_generation;

/* The standing generation. Its files exist as long as a lease is held, or the workspace is locked.
 */
VRK_MUST vrk_status vrk_generation_read(vrk_ctx *ctx, const vrk_workspace *w, vrk_generation *out);
/* One by its id; out->id 0: it is gone. */
VRK_MUST vrk_status vrk_generation_of(vrk_ctx *ctx, const vrk_workspace *w, int64_t id,
                                      vrk_generation *out);
void vrk_generation_free(vrk_generation *g);

/* A reader's claim on the standing generation, kept in records.db with pid and host. */
VRK_MUST vrk_status vrk_lease_take(vrk_ctx *ctx, const vrk_workspace *w, int64_t generation,
                                   int64_t *lease);
VRK_MUST vrk_status vrk_lease_end(vrk_ctx *ctx, const vrk_workspace *w, int64_t lease);

/* Opens the facts of the standing generation under a lease; close both with vrk_facts_close and
 * vrk_lease_end. VRK_EINPUT: nothing was imported yet. `temp` as in vrk_facts_opt. */
VRK_MUST vrk_status vrk_workspace_facts(vrk_ctx *ctx, const vrk_workspace *w, vrk_facts **out,
                                        int64_t *lease);

/* The same of one generation. VRK_EINPUT: it is gone. */
VRK_MUST vrk_status vrk_workspace_facts_of(vrk_ctx *ctx, const vrk_workspace *w, int64_t generation,
                                           vrk_facts **out, int64_t *lease);

/* Makes `g` (its files: those kept, and staged ones whose `path` lies in staging/) the standing
 * generation: files synced, named by their hash in facts/, folder synced; then `also` is called to
 * add to the same transaction; then one commit. On failure the former stands. Sets g->id. */
VRK_MUST vrk_status vrk_generation_publish(vrk_ctx *ctx, vrk_workspace *w, vrk_generation *g,
                                           vrk_status (*also)(vrk_ctx *ctx, vrk_records *r,
                                                              int64_t generation, void *arg),
                                           void *arg);

/* Goes back to the generation before the standing one. VRK_EINPUT: there is none. */
VRK_MUST vrk_status vrk_generation_undo(vrk_ctx *ctx, vrk_workspace *w);

/* Removes files in none of the last five generations and under no living lease, and raw values of
 * rejects older than 30 days. Needs the lock. */
VRK_MUST vrk_status vrk_workspace_sweep(vrk_ctx *ctx, vrk_workspace *w);

#endif
