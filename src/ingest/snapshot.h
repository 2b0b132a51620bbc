/* ingest/snapshot.h - a table of deals without a history is a snapshot: what differs from the deals
 * that stand happened between the two. */
#ifndef VRK_INGEST_SNAPSHOT_H
#define VRK_INGEST_SNAPSHOT_H

#include "ingest/making.h"

/* Adds stage events of quality `snapshot` for the deals of `select` (of f, the last source added)
 * whose stage or outcome is another than in m->opt->deals: entered by the file's own date at the
 * latest, after not_before (an attribute) at the earliest. VRK_EDB, VRK_EMEMORY. */
VRK_MUST vrk_status vrk_snapshot_add(vrk_ctx *ctx, vrk_making *m, const vrk_table_file *f,
                                     const char *select);

#endif
