/* diag/diagnose.h - from the facts to the result document, in one call. */
#ifndef VRK_DIAG_DIAGNOSE_H
#define VRK_DIAG_DIAGNOSE_H

#include "diag/document.h"

/* All zero is the default. */
typedef struct {
    vrk_lang lang;
    const char *version;      /* of the program; NULL = "" */
    int64_t as_of_s;          /* [s] local wall time since 1970; 0 = the newest that has happened */
    bool carry_only;          /* what the data can carry, without the process answers (doctor) */
    const vrk_origin *origin; /* of the facts, to be told; NULL = not known */
    const vrk_action_settings *actions; /* NULL = the defaults */
    const vrk_note *note; /* [notes] what was inferred on the way in, to be told first */
    int64_t notes;
    const char
        *change; /* what_if tells of this change only (diag/change.h); NULL = the usual ones */
} vrk_diagnose_opt;

/* Builds the ledger in `facts` (a second call builds it anew) and the document on it. *out is the
 * caller's (vrk_document_free). VRK_EDB, VRK_EINPUT, VRK_EMEMORY, VRK_ECANCEL. On failure *out is
 * NULL. */
VRK_MUST vrk_status vrk_diagnose(vrk_ctx *ctx, vrk_facts *facts, const vrk_diagnose_opt *opt,
                                 struct json_t **out);

#endif
