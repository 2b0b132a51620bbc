/* diag/what_if.h - what changes would be worth, as the result document says it. */
#ifndef VRK_DIAG_WHAT_IF_H
#define VRK_DIAG_WHAT_IF_H

#include "diag/twin.h"

enum { VRK_WHAT_IFS = 12 };

typedef struct {
    const char *key; /* of the document: "fix:next_step" */
    vrk_change change;
    vrk_worth worth;
} vrk_what_if_row;

typedef struct {
    int64_t n;
    vrk_what_if_row row[VRK_WHAT_IFS];
    vrk_worth present;    /* money won over the year on the present course */
    const char *currency; /* borrowed from the twin */
} vrk_what_if;

/* The usual questions, those that the data carry: each fix, 20 % more activity, four hours a week
 * less internal work, stopping bad deals; or only `asked`, under that name. An unusable twin gives
 * none. VRK_EINPUT: `asked` cannot be told from the data. VRK_EMEMORY, VRK_ECANCEL. */
VRK_MUST vrk_status vrk_what_if_make(vrk_ctx *ctx, const vrk_twin *t, const char *asked,
                                     vrk_what_if *out);

#endif
