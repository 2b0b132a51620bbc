/* ingest/wide.h - targets with a column per month. */
#ifndef VRK_INGEST_WIDE_H
#define VRK_INGEST_WIDE_H

#include "ingest/making.h"

/* "2026-03" for a heading such as mar-26, mars 2026, 2026-03 or Mar 2026; false = it is no month.
 */
bool vrk_heading_month(const char *heading, char out[8]);

/* Has the table a column of sellers or teams and at least three of months? Then *out is targets. */
VRK_MUST vrk_status vrk_wide_guess(vrk_ctx *ctx, const vrk_profile *p, vrk_arena *mem,
                                   vrk_guess *out);

/* A row per seller (or team) and month. VRK_EMEMORY. */
VRK_MUST vrk_status vrk_wide_targets(vrk_ctx *ctx, vrk_making *m, vrk_table_file *f);

#endif
