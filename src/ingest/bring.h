/* ingest/bring.h - paths in, facts out: what each file is, the import, and a private workspace for
 * those who only want to look. */
#ifndef VRK_INGEST_BRING_H
#define VRK_INGEST_BRING_H

#include "ingest/import.h"

/* Something the user should see: a file passed over, a mapping that was chosen. */
typedef struct {
    const char *file; /* NULL = the sentence names it */
    const char *sentence;
} vrk_bring_note;

typedef struct {
    vrk_import_report import;
    int64_t notes;
    vrk_bring_note *note; /* [notes] */
    vrk_arena mem;
} vrk_bring_report;

/* Finds out what the files and folders are and imports them into the workspace, under its lock. The
 * report is filled as far as it went, also on failure: free it in any case. VRK_EINPUT: nothing
 * there that is known, or too much rejected. */
VRK_MUST vrk_status vrk_bring(vrk_ctx *ctx, vrk_workspace *w, const char *const *path, int64_t n,
                              const vrk_import_opt *opt, vrk_bring_report *out);
void vrk_bring_report_free(vrk_bring_report *r);

/* A workspace of its own in a new folder below `parent` (0700), to be removed with
 * vrk_workspace_drop: for a diagnosis that leaves nothing behind. */
VRK_MUST vrk_status vrk_workspace_private(vrk_ctx *ctx, const char *parent, vrk_workspace *out);
void vrk_workspace_drop(vrk_ctx *ctx, vrk_workspace *w); /* closes it and removes its folder */

#endif
