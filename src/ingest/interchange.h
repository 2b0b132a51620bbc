/* ingest/interchange.h - Verkan's own interchange files: deals.csv, activities.csv ... of DESIGN
 * section 3; any subset of the files, any order of columns, columns of one's own. */
#ifndef VRK_INGEST_INTERCHANGE_H
#define VRK_INGEST_INTERCHANGE_H

#include "ingest/csv_check.h"
#include "ingest/plan.h"

/* Is `path` an interchange file - named as a table, with every column that table cannot be without?
 * If so *is_one is set and *out reads it; else *out is empty. `staging` and `number` as in
 * vrk_csv_check; memory from `mem`. Files of other names are not opened. A file that has the name
 * but no content or no such columns is none. Of a big file only what is not in opt->before
 * is read. VRK_EIO, VRK_EINPUT (binary). */
VRK_MUST vrk_status vrk_interchange_source(vrk_ctx *ctx, const char *path, const char *staging,
                                           int64_t number, const vrk_plan_opt *opt, vrk_arena *mem,
                                           vrk_source *out, bool *is_one);

/* A source over a checked CSV whose headings are already the table's columns. */
VRK_MUST vrk_status vrk_source_of_csv(vrk_ctx *ctx, const vrk_csv *csv, const char *table,
                                      vrk_arena *mem, vrk_source *out);

#endif
