/* sim/truth.h - what was planted, as one JSON document. */
#ifndef VRK_SIM_TRUTH_H
#define VRK_SIM_TRUTH_H

#include "base/str.h"
#include "sim/value.h"
#include "sim/world.h"

/* How the world came out, counted while it was written. */
typedef struct {
    int64_t deals, won, lost, activities;
} vrk_tally;

/* Appends the document (verkan.truth/1; its keys: doc/simulate.md). `value` may be NULL. */
VRK_MUST vrk_status vrk_truth_write(vrk_ctx *ctx, const vrk_world *world, const vrk_tally *tally,
                                    const vrk_value *value, vrk_str *out);

#endif
