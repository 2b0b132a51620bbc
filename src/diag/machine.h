/* diag/machine.h - on what a result was made: the same facts, program and seed give the same bits
 * on the same machine only. */
#ifndef VRK_DIAG_MACHINE_H
#define VRK_DIAG_MACHINE_H

#include "base/base.h"

/* "Intel(R) Xeon(R) Gold 6130, BLAS kernel SkylakeX"; what is not known is left out. In mem. */
const char *vrk_machine(vrk_ctx *ctx, vrk_arena *mem);

/* The id that the linker gave the program, or the library, that this code stands in: it changes
 * with any change of it. Hexadecimal; "" where it has none. In mem. */
const char *vrk_build_id(vrk_arena *mem);

#endif
