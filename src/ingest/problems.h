/* ingest/problems.h - what was refused or repaired in an import: found in the database, given file,
 * line and sentence here, and kept in the records. */
#ifndef VRK_INGEST_PROBLEMS_H
#define VRK_INGEST_PROBLEMS_H

#include "ingest/import.h"
#include "ingest/import_sql.h"
#include "store/duck.h"

/* Notes rows of `standing` that refer to a team, seller, account or deal that is nowhere, one
 * problem a file and column; and remembers this table's keys for those that come later. */
VRK_MUST vrk_status vrk_note_dangling(vrk_ctx *ctx, vrk_duck *duck, const vrk_import_table *t,
                                      const vrk_file *file, int64_t files);

/* Fills problem[] and completes the balances from the tables `problem`, `refused`, `dangling` and
 * the sources' own faults. VRK_ENUMERIC: a balance does not balance (a fault of ours). */
VRK_MUST vrk_status vrk_gather_problems(vrk_ctx *ctx, vrk_duck *duck, const vrk_source *source,
                                        int64_t n, vrk_import_report *report);

/* VRK_EINPUT when more of a file was rejected than may be. `share` 0 = 0.5. */
VRK_MUST vrk_status vrk_judge_rejects(vrk_ctx *ctx, double share, const vrk_import_report *report);

VRK_MUST vrk_status vrk_write_problems(vrk_ctx *ctx, vrk_records *r, int64_t generation,
                                       const vrk_import_report *report);

#endif
