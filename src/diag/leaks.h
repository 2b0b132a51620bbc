/* diag/leaks.h - where deals are lost or slowed, time after time: moment x team, priced by the
 * twin, with the likeliest cause. Question 2. doc/leaks.md. */
#ifndef VRK_DIAG_LEAKS_H
#define VRK_DIAG_LEAKS_H

#include "diag/seller_moments.h"
#include "diag/twin.h"

/* A stage's share of a leak. */
typedef struct {
    const char *name;
    double share;
} vrk_leak_stage;

/* What a team loses at a moment over the year to come, of what sellers who truly fall short lose.
 */
typedef struct vrk_leak {
    int64_t team;   /* index into the cells' teams; -1 = sellers without a team, together */
    int64_t moment; /* number */
    int64_t persons, short_of;   /* sellers; of these more likely than not short by delta */
    double money;                /* what those short win over the year on the present course */
    double gap_doing, gap_going; /* [log odds] mean of how far they are short, where they are */
    bool complex_only;           /* most of it where only complex deals fall short */
    vrk_worth value;
    double probability;         /* that it is half a percent of the year's money or more */
    double share[VRK_VERDICTS]; /* of the value, by cause; fine is 0; sum 1 */
    vrk_verdict cause;          /* the largest of them */
    const double *lost;         /* [draws] */
    int64_t stages;
    vrk_leak_stage
        *stage;           /* [stages] in the order of the process, shares sum to 1; leak_places.h */
    const char *segment;  /* where they fall short by most more than elsewhere; NULL = in none */
    double segment_worse; /* [log odds] by how much */
    /* The same without one of its sellers, for each who is a part of it; lost is NULL there. */
    int64_t parts;
    int64_t *part_key;      /* [parts] */
    struct vrk_leak *other; /* [parts] */
} vrk_leak;

typedef struct {
    int64_t tried;  /* moments x teams that were looked at */
    int64_t kept;   /* the most probable, of which a tenth or fewer are expected to be none */
    vrk_leak *leak; /* [tried] the kept first, dearest first; then the others, likeliest first */
    int64_t segments_tried; /* leaks told x segments that could be compared */
    vrk_worth present;      /* money won over the year on the present course */
    const char *currency;
    double *part[VRK_AT_MOMENTS + 1]; /* [draws x sellers] of the value, what each falls short by;
                                       * NULL = no model */
    vrk_arena mem;
} vrk_leaks;

/* An unusable twin gives none. About ten runs of the twin. VRK_EMEMORY, VRK_ECANCEL. On failure
 * *out is empty. */
VRK_MUST vrk_status vrk_leaks_find(vrk_ctx *ctx, const vrk_twin *t, const vrk_seller_moments *s,
                                   vrk_leaks *out);
void vrk_leaks_free(vrk_leaks *l);

/* Takes from question 2's answer that prices and causes are missing, where they are not. */
void vrk_leaks_answer(const vrk_leaks *l, vrk_answer *answer);

#endif
