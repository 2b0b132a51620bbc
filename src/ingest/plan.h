/* ingest/plan.h - what the files of a folder are, and how each becomes facts. Interchange files go
 * first, then event logs, change logs of single fields, and plain tables of deals, sellers, teams,
 * accounts and activities, told by their headings and values. */
#ifndef VRK_INGEST_PLAN_H
#define VRK_INGEST_PLAN_H

#include "ingest/eventlog.h"
#include "ingest/memory.h"
#include "ingest/read_before.h"

/* All zero is the default, but for the staging folder. */
typedef struct {
    const char *staging; /* an empty folder for clean copies and what readers write; must be given
                          * and stay as long as the sources are read */
    const char *map;     /* mapping file to obey (doc/mapping.md); NULL = none */
    const char
        *write_map;       /* where a mapping file to edit goes when one is needed; NULL = nowhere */
    const char *source;   /* of a database that is given by its address: "tryton"; NULL = none is */
    const vrk_memo *memo; /* [memos] what was said earlier of files with these headings */
    int64_t memos;
    const char *const *deals; /* [n_deals] Parquet files of the deals that stand: a table without
                               * history is a snapshot, and is compared with them */
    int64_t n_deals;
    const vrk_read_before *before; /* [n_before] what need not be read again */
    int64_t n_before;
    bool once;                /* no import follows: nothing is noted for it */
    const vrk_frame *persons; /* key, space, source_id, name, email of who is known; NULL = nobody.
                               * The import has them as its table identity_before */
    int64_t as_of;            /* [s] the day as which the facts are seen; 0 = not said */
} vrk_plan_opt;

/* A file that is not imported. No fault of the user: folders hold other things too. */
typedef struct {
    const char *file, *reason;
} vrk_skipped;

typedef struct {
    vrk_source *source; /* [sources] for vrk_import */
    int64_t sources;
    const char **note; /* [notes] what was taken for what, in English, a line each; tell the user */
    int64_t notes;
    vrk_skipped *skip; /* [skips] */
    int64_t skips;
    vrk_memo *memo; /* [memos] what the mapping file said, to be remembered */
    int64_t memos;
    vrk_eventlog log; /* holds the sources of event logs */
    vrk_arena mem;
} vrk_plan;

/* Finds out what the files in `path` [n] (files and folders, with those in them) are. Nothing is
 * changed but the staging folder. Folders in folders are not entered. A column that a table cannot
 * be without is taken where its meaning is at least 0.85 sure; else VRK_EINPUT says which file and
 * column, and a mapping file is written to opt->write_map. VRK_EINPUT too: no file is anything that
 * can be imported. VRK_EIO, VRK_EDB. Cost: each CSV is read twice. */
VRK_MUST vrk_status vrk_plan_make(vrk_ctx *ctx, const char *const *path, int64_t n,
                                  const vrk_plan_opt *opt, vrk_plan *out);
void vrk_plan_free(vrk_plan *p);

#endif
