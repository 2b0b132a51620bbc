/* ingest/export.h - the standing facts as files: the interchange tables as CSV or Parquet, with the
 * persons' own ids and names, or the deals' way as an XES log. */
#ifndef VRK_INGEST_EXPORT_H
#define VRK_INGEST_EXPORT_H

#include "store/workspace.h"

typedef enum { VRK_EXPORT_CSV, VRK_EXPORT_PARQUET, VRK_EXPORT_XES } vrk_export_format;

/* Writes the standing generation, under a lease, as `path`: a folder of <table>.csv or
 * <table>.parquet (a table without rows has no file), or one file of XES. `path` must not exist; it
 * appears when all of it is written. A CSV folder imported again changes nothing. Parquet keeps
 * types (money as decimal, times without zone); attributes are columns of their own in both. XES
 * holds a trace a deal, with its stage events and activities in order. *rows = what was written.
 * VRK_EINPUT: nothing was imported yet, `path` is there; VRK_EIO, VRK_EDB. */
VRK_MUST vrk_status vrk_export(vrk_ctx *ctx, const vrk_workspace *w, vrk_export_format format,
                               const char *path, int64_t *rows);

#endif
