/* diag/follow_up.h - did it work: each intervention, and all of one kind at one moment, against
 * sellers who had none there. The outcome is the moment's own: the share of occasions on which it
 * was done, and of those done that went well. doc/follow_up.md. METHODS 7.1. */
#ifndef VRK_DIAG_FOLLOW_UP_H
#define VRK_DIAG_FOLLOW_UP_H

#include "diag/coverage.h"

/* Why it can be evaluated or not. */
typedef enum {
    VRK_FOLLOWED = 0,
    VRK_FOLLOW_NO_MOMENT,    /* it names no moment that is counted */
    VRK_FOLLOW_FOR_EVERYONE, /* nobody is left to compare with */
    VRK_FOLLOW_FEW_BEFORE,   /* too few weeks or occasions before */
    VRK_FOLLOW_TOO_EARLY,    /* too few weeks or occasions after; perhaps later */
    VRK_FOLLOW_FEW_CONTROLS, /* fewer than VRK_FOLLOW_CONTROLS sellers to compare with */
    VRK_FOLLOW_CODES
} vrk_follow_code;

enum { VRK_FOLLOW_CONTROLS = 6, VRK_FOLLOW_OCCASIONS = 5, VRK_FOLLOW_PERMUTATIONS = 999 };

/* Shares are in [0, 1], their differences in (-1, 1). */
typedef struct {
    int64_t
        intervention; /* index; -1 = all of its kind at its moment, of `team` where one is said */
    const char *kind;
    const char *team; /* the one it was for, or its sellers'; "" = none, or several */
    int64_t moment;   /* number; 0 = none */
    bool doing;       /* was it done; else: did it go well once done */
    int64_t from;     /* day it began; of all: the first */
    vrk_follow_code code;
    int64_t rows;                              /* interventions in it */
    int64_t treated, controls;                 /* sellers compared */
    int64_t occasions_before, occasions_after; /* of the treated */
    double before, after;                      /* share of the treated */
    double control_before, control_after;
    double effect, se;  /* change of the treated less that of the controls; NaN: not evaluated */
    double p;           /* that a change as large comes by dealing out who is treated; in (0, 1] */
    double reliability; /* of the share before, between sellers, in [0, 1] */
    double by_itself;   /* regression to the mean: what comes without any action */
} vrk_follow;

typedef struct {
    int64_t interventions;
    const char **id; /* [interventions] */
    int64_t n;
    vrk_follow *row; /* [n] those of all of a kind first, then team by team */
    vrk_arena mem;
} vrk_follow_ups;

/* Facts whose ledger is built; as_of_s [s] as the ledger has it. O(interventions x sellers x
 * weeks). On failure *out is empty. VRK_EDB, VRK_EMEMORY, VRK_ECANCEL. */
VRK_MUST vrk_status vrk_follow_up_make(vrk_ctx *ctx, vrk_facts *facts, int64_t as_of_s,
                                       vrk_follow_ups *out);
void vrk_follow_up_free(vrk_follow_ups *f); /* safe on an empty one */

/* Question 11: answered where something could be evaluated, weak where only single sellers'. The
 * answer as the data judge it stays where they refuse. */
void vrk_follow_up_answer(const vrk_follow_ups *f, vrk_answer *answer);

const char *vrk_follow_code_name(vrk_follow_code code); /* "too_early" */

#endif
