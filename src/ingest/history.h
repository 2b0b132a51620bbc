/* ingest/history.h - how deals came through their stages: from tables with a row per change, from
 * columns that say when a deal came to each stage, from the time of the last change. For plan.c and
 * fieldlog.c. */
#ifndef VRK_INGEST_HISTORY_H
#define VRK_INGEST_HISTORY_H

#include "ingest/making.h"

/* Adds stage events. `raw` is a SELECT of _line, deal_id, stage, entered_at, says (stage, won or
 * lost), sure (false: a row may only repeat
 * the stage before it), from_stage, quality and recorded_by over the table; `with` comes before it
 * ("WITH x AS
 * (...)"), NULL = nothing. Repeats go, what is re-opened or goes back is told, and where a table of
 * deals says when they were created, the stage they began in is added. VRK_EDB, VRK_EMEMORY. */
VRK_MUST vrk_status vrk_history_add(vrk_ctx *ctx, vrk_making *m, const vrk_profile *p,
                                    const char *with, const char *raw);

/* A table with a row per change of stage. */
VRK_MUST vrk_status vrk_history_table(vrk_ctx *ctx, vrk_making *m, vrk_table_file *f);

/* What a table of deals says of their way: columns `Date entered "X"`; else, if no table of the
 * import is a history, when they came to the stage they stand in; else what differs from the deals
 * that stand (snapshot.h). `select` gives the deals. */
VRK_MUST vrk_status vrk_history_of_deals(vrk_ctx *ctx, vrk_making *m, vrk_table_file *f,
                                         const char *select);

#endif
