/* cli/assess.h - what the parts of `verkan assess` share. */
#ifndef VRK_CLI_ASSESS_H
#define VRK_CLI_ASSESS_H

#include "cli/workspace.h"
#include "diag/layout.h"
#include "people/instrument.h"

typedef struct {
    const vrk_args *args;
    vrk_layout *l;
    vrk_instruments all;
    vrk_workspace w; /* not opened for what needs none */
    bool usage;      /* what failed is the command line */
} vrk_assess;

/* The text in the layout's language. */
const char *vrk_assess_text(const vrk_layout *l, const vrk_text *text);

/* The operand that stands at `at`; VRK_EINPUT says `what` is needed. */
VRK_MUST vrk_status vrk_assess_operand(vrk_ctx *ctx, vrk_assess *a, int at, const char *what,
                                       const char **out);
/* A whole number from 1 up. */
VRK_MUST vrk_status vrk_assess_number(vrk_ctx *ctx, vrk_assess *a, int at, const char *what,
                                      int64_t *out);

/* "a,b,c" cut at the commas into ctx->scratch, at the most `most`. */
VRK_MUST vrk_status vrk_assess_words(vrk_ctx *ctx, const char *text, int64_t most,
                                     const char **word, int64_t *n);

/* Writes the text to -o FILE, whole or not at all, or to the standard output. */
VRK_MUST vrk_status vrk_assess_write(vrk_ctx *ctx, const vrk_assess *a, const char *text);

/* Subcommands. */
VRK_MUST vrk_status vrk_assess_invite(vrk_ctx *ctx, vrk_assess *a);
VRK_MUST vrk_status vrk_assess_take(vrk_ctx *ctx, vrk_assess *a);
VRK_MUST vrk_status vrk_assess_status(vrk_ctx *ctx, vrk_assess *a);
VRK_MUST vrk_status vrk_assess_withdraw(vrk_ctx *ctx, vrk_assess *a);
VRK_MUST vrk_status vrk_assess_score(vrk_ctx *ctx, vrk_assess *a);
VRK_MUST vrk_status vrk_assess_replay(vrk_ctx *ctx, vrk_assess *a);
VRK_MUST vrk_status vrk_assess_rate(vrk_ctx *ctx, vrk_assess *a);
VRK_MUST vrk_status vrk_assess_accommodate(vrk_ctx *ctx, vrk_assess *a);
VRK_MUST vrk_status vrk_assess_accommodations(vrk_ctx *ctx, vrk_assess *a);
VRK_MUST vrk_status vrk_assess_measure(vrk_ctx *ctx, vrk_assess *a);
VRK_MUST vrk_status vrk_assess_raters(vrk_ctx *ctx, vrk_assess *a);
VRK_MUST vrk_status vrk_assess_import(vrk_ctx *ctx, vrk_assess *a);
VRK_MUST vrk_status vrk_assess_retire(vrk_ctx *ctx, vrk_assess *a);
VRK_MUST vrk_status vrk_assess_export(vrk_ctx *ctx, vrk_assess *a);

#endif
