/* diag/beyond.h - what is not the sellers': teams that fall short as a whole (process), and
 * segments that weakened from some time on (market). Findings of their own, and taken out of the
 * sellers' account. */
#ifndef VRK_DIAG_BEYOND_H
#define VRK_DIAG_BEYOND_H

#include "diag/moments.h"

/* Effects in log odds against the median team or the segment's own past; 90 % intervals. */
typedef struct {
    int64_t team;   /* index into the cells' teams */
    int64_t moment; /* number */
    bool doing;     /* it is not done; else it goes badly */
    double mean, lo, hi;
    double probability; /* that it is short by delta or more */
} vrk_process_finding;

typedef struct {
    int64_t segment, quarter; /* indices; the first quarter in which it is weaker */
    double mean, lo, hi;
    double probability; /* that it is weaker by delta or more from some quarter on */
} vrk_market_finding;

typedef struct {
    int64_t processes, markets;
    vrk_process_finding *process; /* [processes] by team and moment; those likelier than not */
    vrk_market_finding *market;   /* [markets] by segment */
    int64_t tried;                /* how many were looked at */
    vrk_arena mem;
} vrk_beyond;

/* `delta` 0 = 0.5. O(teams moments grid + segments quarters^2). VRK_EMEMORY. */
VRK_MUST vrk_status vrk_beyond_find(vrk_ctx *ctx, const vrk_moments *m, double delta,
                                    vrk_beyond *out);
void vrk_beyond_free(vrk_beyond *b);

#endif
