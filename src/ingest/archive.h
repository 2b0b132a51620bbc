/* ingest/archive.h - a ZIP archive of other files, each looked at as if it stood alone. */
#ifndef VRK_INGEST_ARCHIVE_H
#define VRK_INGEST_ARCHIVE_H

#include "ingest/table.h"

bool vrk_archive_is(const char *start, size_t n, const char *name);

/* Unpacks each file to a folder of its own in the staging folder, under its name and with its date,
 * and hands it over. What systems add (__MACOSX, names that start with a dot) is left out.
 * VRK_EINPUT: see zip.h. */
VRK_MUST vrk_status vrk_archive_read(vrk_ctx *ctx, vrk_reading *r);

#endif
