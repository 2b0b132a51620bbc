/* people/impact.h - does a step of recruitment fall unevenly on groups? Rates, ratio to the highest
 * rate, the four-fifths rule in whole numbers, exact test, and what flips the flag. TRUST.md 3.1;
 * Uniform Guidelines 29 CFR 1607.4(D). doc/recruit.md. */
#ifndef VRK_PEOPLE_IMPACT_H
#define VRK_PEOPLE_IMPACT_H

#include "base/base.h"

enum { VRK_GROUP_LEAST = 30 }; /* under it nothing is judged (R9) */

typedef struct {
    const char *name; /* NULL or "" = not known: counted, and in no ratio */
    int64_t selected, applied;
} vrk_impact_group;

typedef enum {
    VRK_IMPACT_HIGHEST = 0, /* has the highest rate: the others are held against it */
    VRK_IMPACT_UNDEFINED,   /* nobody was selected anywhere, or nobody applied */
    VRK_IMPACT_SMALL,       /* fewer than VRK_GROUP_LEAST in a group: cannot be judged */
    VRK_IMPACT_WITHIN,      /* four fifths or more */
    VRK_IMPACT_UNCLEAR,     /* below four fifths, but chance gives as much */
    VRK_IMPACT_FLAGGED,     /* below four fifths, and more than chance gives */
} vrk_impact_verdict;

typedef struct {
    const char *name;
    int64_t applied, selected;
    bool known;
    double rate;
    double ratio, lo, hi; /* to the highest rate, 95 % interval; NaN = undefined */
    double z, p_fisher;   /* against the group of the highest rate */
    double p_under;       /* P(ratio < 4/5) */
    bool below;           /* ratio < 4/5, in whole numbers */
    bool few;             /* under 30, or an expected count under 5: the tests find little */
    int64_t flips;        /* so many more (or fewer) selected change `below`; 0 = none can */
    vrk_impact_verdict verdict;
} vrk_impact_row;

typedef struct {
    int64_t n, unknown;  /* unknown: persons of no known group */
    int64_t reference;   /* row of the highest rate; -1 = there is none */
    vrk_impact_row *row; /* [n] as given */
    vrk_arena mem;
} vrk_impact;

/* VRK_EINPUT: counts that cannot be, a group named twice. On failure *out is empty. */
VRK_MUST vrk_status vrk_impact_make(vrk_ctx *ctx, const vrk_impact_group *group, int64_t n,
                                    vrk_impact *out);
void vrk_impact_free(vrk_impact *i); /* safe on an empty one */

/* For scores: selected [groups] = those strictly above the median of all whose group is known;
 * group [n] is -1 where it is not. */
VRK_MUST vrk_status vrk_impact_scored(vrk_ctx *ctx, const double *score, const int64_t *group,
                                      int64_t n, int64_t groups, int64_t *applied,
                                      int64_t *selected);

#endif
