/* diag/stages.h - the order of a sales process: which stage comes before which, which is the first,
 * and from which on a decision is asked for. Inferred from the order in which deals first come to
 * the stages and from their names (Swedish and English), or set. */
#ifndef VRK_DIAG_STAGES_H
#define VRK_DIAG_STAGES_H

#include "data/frame.h"

/* A sentence for the user: `text` (English, the key of its translation) with %1, %2, %3 to be
 * replaced by arg. What was inferred is always said. */
typedef struct {
    const char *text;
    const char *arg[3];
} vrk_note;

typedef struct {
    const char *pipeline, *name; /* pipeline "" where deals have none */
    int64_t position;            /* 1, 2 ... within the pipeline */
    bool first, decision;
    int64_t deals, starts; /* of the deals looked at: came there; came there first */
} vrk_stage;

/* All zero: everything is inferred. */
typedef struct {
    const char *const *order; /* [n] names in order, for every pipeline that has them; stages that
                                 are not named come after, in inferred order */
    int64_t n;
    const char *decision; /* the first decision stage; NULL = by name, else the later half */
} vrk_stage_opt;

typedef struct {
    vrk_stage
        *stage; /* [n] by pipeline and position; its number in the tables is its place from 1 */
    int64_t n;
    vrk_note *note; /* [notes] */
    int64_t notes;
    vrk_arena mem;
} vrk_stages;

/* `seen`: pipeline, name, n, starts; `pair`: pipeline, a, b, n (sql/query/stage_seen, stage_pair).
 * A stage's score is the mean probability to come before each other one, with half a deal's weight
 * on what the names say; O(stages^2). VRK_EINPUT: a set decision stage that no deal has. */
VRK_MUST vrk_status vrk_stages_infer(vrk_ctx *ctx, const vrk_frame *seen, const vrk_frame *pair,
                                     const vrk_stage_opt *opt, vrk_stages *out);

void vrk_stages_free(vrk_stages *s);

#endif
