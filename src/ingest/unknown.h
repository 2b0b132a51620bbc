/* ingest/unknown.h - what of a table of deals was not understood, though the deals may want it. */
#ifndef VRK_INGEST_UNKNOWN_H
#define VRK_INGEST_UNKNOWN_H

#include "ingest/making.h"

/* Tells in a note each column of `f` that is only kept as an attribute while its values look like
 * what its deals lack: persons where no column names the owners, companies where none names the
 * accounts, words in lost deals alone where none gives the reasons, dates where none says when
 * deals end. An owner that is wanted is asked for before (question.h). Call it once f->outcome is
 * known. Cost: at most one pass over the file. VRK_EDB, VRK_EMEMORY. */
VRK_MUST vrk_status vrk_unknown_tell(vrk_ctx *ctx, vrk_making *m, const vrk_table_file *f);

#endif
