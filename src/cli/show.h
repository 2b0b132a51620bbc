/* cli/show.h - what diagnose and doctor share: the language and width to answer in, facts from
 * paths or from the workspace, and the document on the way to the terminal. */
#ifndef VRK_CLI_SHOW_H
#define VRK_CLI_SHOW_H

#include "cli/workspace.h"
#include "diag/diagnose.h"
#include "diag/page.h"
#include "diag/view.h"

/* Options of both. */
#define VRK_SHOW_OPTIONS                                                                           \
    VRK_WORKSPACE_OPTION, VRK_LANG_OPTION,                                                         \
        {"--json", NULL, VRK_N("the result document instead of the page")},                        \
        {"--as-of", "DATE", VRK_N("the day as which the facts are seen (the newest record's)")},   \
    {                                                                                              \
        "--max-rejects", "SHARE",                                                                  \
            VRK_N("stop when more than this share of a file is rejected (0.5)")                    \
    }

/* What is shown. */
typedef struct {
    bool carry_only; /* what the data can carry only */
    vrk_status (*page)(vrk_ctx *ctx, const struct json_t *document, const vrk_page_opt *opt,
                       vrk_str *out);
    const char *change; /* what_if tells of this one only; NULL = the usual ones */
} vrk_shown;

/* The same as far as the document, as its owner may see it for that purpose; *out is the caller's
 * (vrk_document_free). Any failure of reading the files is told on the standard output unless
 * --json is given. */
VRK_MUST vrk_status vrk_show_document(vrk_ctx *ctx, const vrk_args *args, const vrk_shown *shown,
                                      vrk_purpose purpose, struct json_t **out);

/* Runs the diagnosis of the paths given, in a private workspace that is removed again, or of the
 * workspace where none are, and prints the page or the document. Gives the exit code. */
int vrk_show(vrk_ctx *ctx, const vrk_args *args, const vrk_shown *shown);

/* --lang, else the language of the environment. VRK_EINPUT: --lang is neither sv nor en. */
VRK_MUST vrk_status vrk_show_lang(vrk_ctx *ctx, const vrk_args *args, vrk_lang *lang);

#endif
