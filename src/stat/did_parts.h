/* stat/did_parts.h - private to did*.c. */
#ifndef VRK_STAT_DID_PARTS_H
#define VRK_STAT_DID_PARTS_H

#include "stat/did.h"

typedef struct {
    const vrk_did_data *d;
    const int64_t *first; /* [n] as given, or permuted */
    bool not_yet;
    int64_t q;                                      /* p + 1 */
    double *x, *dy, *ps, *w, *part, *fit;           /* [n x q], [n] ... of the units compared */
    int64_t *unit;                                  /* [n] which they are */
    bool *treated, *dropped;                        /* [n], [q] */
    double *gram_c, *gram_ps, *beta, *gamma, *work; /* [q x q] x 2, [q] x 2, [block x q] */
    double *m1, *m2, *m3;                           /* [q] */
} did_work;

/* The effect of one (group, period) against base; psi [n] may be NULL. *controls = 0: cannot be. */
VRK_MUST vrk_status vrk_did_cell(vrk_ctx *ctx, did_work *w, int64_t group, int64_t period,
                                 vrk_did_effect *out, double *psi);

#endif
