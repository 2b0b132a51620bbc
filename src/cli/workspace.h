/* cli/workspace.h - where the workspace is: -w DIR, else $VERKAN_HOME, else ./verkan-data. */
#ifndef VRK_CLI_WORKSPACE_H
#define VRK_CLI_WORKSPACE_H

#include "cli/cmd.h"
#include "diag/words.h"
#include "ingest/bring.h"

#define VRK_WORKSPACE_OPTION                                                                       \
    {                                                                                              \
        "-w,--workspace", "DIR", VRK_N("the workspace (else $VERKAN_HOME, else ./verkan-data)")    \
    }

const char *vrk_workspace_path(const vrk_args *args);

/* A local day as microseconds; VRK_EINPUT where the text is none. The day's last microsecond: what
 * happened on it is known. */
VRK_MUST vrk_status vrk_as_of_parse(vrk_ctx *ctx, const char *text, int64_t *as_of);

/* Prints what came of the files: their balance, and the first things that were refused. */
void vrk_print_report(vrk_ctx *ctx, vrk_lang lang, const vrk_bring_report *r, bool dry_run);

/* vrk_exit_of, and what the import refuses is told in that language. */
int vrk_exit_in(vrk_ctx *ctx, vrk_lang lang, vrk_status st);

#endif
