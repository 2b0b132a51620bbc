/* ingest/ready.h - a sheet whose reader says which interchange table it is: nothing is left to find
 * out. */
#ifndef VRK_INGEST_READY_H
#define VRK_INGEST_READY_H

#include "ingest/table.h"

/* The source over the rows of sheet->table. `file` is for messages, and its date is that of the
 * rows. Memory from `mem`. VRK_EIO. */
VRK_MUST vrk_status vrk_ready_source(vrk_ctx *ctx, const vrk_sheet *sheet, const char *file,
                                     vrk_arena *mem, vrk_source *out);

#endif
