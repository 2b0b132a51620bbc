/* diag/settle.h - the cheapest observation that would settle an unclear verdict: by how often, over
 * what could be observed, the posterior would then pass the confidence asked for (a preposterior
 * analysis; Raiffa & Schlaifer 1961). */
#ifndef VRK_DIAG_SETTLE_H
#define VRK_DIAG_SETTLE_H

#include "diag/verdict.h"

typedef enum {
    VRK_SETTLE_NOTHING, /* none of these settles it in half of the cases */
    VRK_SETTLE_REVIEW,  /* n occasions are heard or read by somebody who knows the craft */
    VRK_SETTLE_ASSESS,  /* a work sample or test of the competence, and ratings */
    VRK_SETTLE_WAIT,    /* n weeks more of the same data */
    VRK_SETTLE_COUNT
} vrk_settle_kind;

typedef struct {
    vrk_settle_kind kind;
    int64_t n;          /* occasions, or weeks */
    double probability; /* that it settles the verdict */
} vrk_settle;

extern const char *const vrk_settle_names[VRK_SETTLE_COUNT];

/* `weeks` that the data span. VRK_EMEMORY. */
VRK_MUST vrk_status vrk_settle_of(vrk_ctx *ctx, const vrk_moments *m, int64_t moment,
                                  int64_t seller, const vrk_verdict_opt *opt, double weeks,
                                  vrk_settle *out);

#endif
