/* ingest/join.h - files of one export are joined by their keys; by names only where a file has no
 * keys of another but its names ("Serviceavtal press" for deal 102). */
#ifndef VRK_INGEST_JOIN_H
#define VRK_INGEST_JOIN_H

#include "ingest/making.h"

/* Finds out for each column of f that refers to a deal, seller or account whether it holds names of
 * rows that another file of the import gives keys for. Call it once all files are known. A name
 * that two rows have joins nothing. VRK_EDB, VRK_EMEMORY. */
VRK_MUST vrk_status vrk_join_find(vrk_ctx *ctx, vrk_making *m, vrk_table_file *f);

/* `value`, or SQL that gives the key for it. */
const char *vrk_join_key(vrk_making *m, const vrk_table_file *f, const char *column,
                         const char *value);

#endif
