/* diag/process_parts.h - the parts of diag/process.h that stand in files of their own. */
#ifndef VRK_DIAG_PROCESS_PARTS_H
#define VRK_DIAG_PROCESS_PARTS_H

#include "diag/process.h"

/* The whole way and the cohorts, from the deals' own dates. */
VRK_MUST vrk_status vrk_process_whole(vrk_ctx *ctx, vrk_facts *facts, vrk_process *p);

/* State occupation by age; `stages` as sql/query/stages.sql gives them, in order. */
VRK_MUST vrk_status vrk_process_occupation(vrk_ctx *ctx, vrk_facts *facts, const vrk_frame *stages,
                                           vrk_process *p);

#endif
