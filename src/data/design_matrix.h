/* data/design_matrix.h - the columns of terms. For design.c. */
#ifndef VRK_DATA_DESIGN_MATRIX_H
#define VRK_DATA_DESIGN_MATRIX_H

#include "data/design.h"

/* `var` by the formula's variables, those of the terms evaluated. VRK_EINPUT: a variable with one
 * level where contrasts are wanted; more than 100,000 columns. */
VRK_MUST vrk_status vrk_model_matrix_make(vrk_ctx *ctx, int64_t n, const vrk_variable *var,
                                          const vrk_terms *terms, vrk_arena *mem,
                                          vrk_model_matrix *out);

#endif
