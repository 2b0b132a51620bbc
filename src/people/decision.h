/* people/decision.h - what was decided of applicants, by whom and why. Only added to. */
#ifndef VRK_PEOPLE_DECISION_H
#define VRK_PEOPLE_DECISION_H

#include "store/records.h"

enum { VRK_REASON_LEAST = 10 }; /* characters: a reason, not a tick */

typedef struct {
    int64_t id, made_at; /* [us since 1970 UTC] */
    const char *person_id, *role, *decision, *reason, *by;
} vrk_hiring;

typedef struct {
    int64_t n;
    vrk_hiring *row; /* [n] oldest first */
    vrk_arena mem;
} vrk_hirings;

/* decision: advance, hold, reject, offer, hire, withdrawn. Sets id and made_at. VRK_EINPUT: a
 * person not known, a word that is none of these, a reason too short, nobody who decides. */
VRK_MUST vrk_status vrk_hiring_add(vrk_ctx *ctx, vrk_records *records, vrk_hiring *d);
/* The same in the caller's transaction. */
VRK_MUST vrk_status vrk_hiring_put(vrk_ctx *ctx, vrk_records *records, vrk_hiring *d);

VRK_MUST vrk_status vrk_hirings_list(vrk_ctx *ctx, vrk_records *records, vrk_hirings *out);
void vrk_hirings_free(vrk_hirings *d); /* safe on an empty one */

#endif
