/* ingest/sources.h - which system a table was exported from. The knowledge is data: sources.csv
 * beside this file. Nothing depends on it but what no value can tell: whether a time without zone
 * is UTC, and what "active" means. */
#ifndef VRK_INGEST_SOURCES_H
#define VRK_INGEST_SOURCES_H

#include "base/base.h"

typedef struct {
    const char *name; /* "odoo"; NULL = none that is known */
    bool utc;
} vrk_origin;

/* By the headings [n], or by `name` if a reader knows it. A system needs two of its headings; the
 * one with most is it, the first of several. Memory from `mem`. VRK_EMEMORY. */
VRK_MUST vrk_status vrk_origin_of(vrk_ctx *ctx, const char *const *heading, int64_t n,
                                  const char *name, vrk_arena *mem, vrk_origin *out);

#endif
