/* stat/transitions.h - from spells in states to counts per time: how many were at risk of leaving
 * each state, and how many went where. The counts are all that Aalen-Johansen needs. */
#ifndef VRK_STAT_TRANSITIONS_H
#define VRK_STAT_TRANSITIONS_H

#include "base/base.h"

enum { VRK_CENSORED = -1 };

/* Spells: each is someone in state from[i] over (entry, exit], who then went to to[i]. Someone with
 * several spells (a deal that steps back) has several rows. A view: owns nothing.
 * Ties: at time t those with entry < t <= exit are at risk; all transitions at t happen at once,
 * and those censored at t are still at risk at t. Times are tied when they are exactly equal, so
 * give whole days where days are what is known. */
typedef struct {
    int64_t n;
    int32_t states;         /* k >= 2, numbered 0 ... k-1 */
    const double *entry;    /* [n] under observation after this time [day]; NULL = always, and
                             * then a transition at time 0 counts */
    const double *exit;     /* [n] >= 0, finite, > entry [day] */
    const int32_t *from;    /* [n] in [0,k); NULL = all 0 */
    const int32_t *to;      /* [n] in [0,k), other than from, or VRK_CENSORED */
    const double *weight;   /* [n] >= 0, case weights; NULL = all 1 */
    const double *count;    /* [n] >= 1, this many spells alike; NULL = all 1 */
    const int32_t *cluster; /* [n] in [0,clusters): spells of one deal or one seller, which are not
                             * independent; NULL = each spell on its own. Used by vrk_aj_ij only */
    int32_t clusters;
} vrk_spells;

/* The same on whole days, as they come from a table of deals. A view: owns nothing. */
typedef struct {
    int64_t n;
    int32_t states;
    const int32_t *entry;   /* [n] >= -1 [day]; -1 = from the beginning, so that a transition on day
                             * 0 counts; NULL = all -1 */
    const int32_t *exit;    /* [n] > entry [day] */
    const int8_t *from;     /* [n]; NULL = all 0 */
    const int8_t *to;       /* [n] a state or VRK_CENSORED */
    const int32_t *stratum; /* [n] in [0,strata); NULL = all 0 */
    int32_t strata;         /* 0 = 1 */
} vrk_spell_days;

/* Spells ordered by stratum. */
typedef struct {
    vrk_spells all;
    int32_t strata;
    int64_t *first; /* [strata+1] spells of stratum g are first[g] ... first[g+1]-1 */
    vrk_arena mem;
} vrk_spell_set;

/* Counts per time. A caller who has counts already (a table from the database) fills it in. */
typedef struct {
    int32_t states;      /* k */
    int32_t kinds;       /* q kinds of transition */
    const int32_t *from; /* [q] */
    const int32_t *to;   /* [q] */
    int64_t m;           /* times */
    const double *time;  /* [m] strictly ascending [day] */
    const double *risk; /* [m x k] risk[j*k+s]: number in state s and at risk just before time[j] */
    const double *moved; /* [m x q] moved[j*q+c]: number of transitions of kind c at time[j] */
    double last;         /* last time anyone is under observation [day]; 0 = time[m-1] */
    vrk_arena mem;       /* empty if the caller owns the arrays */
} vrk_transitions;

/* Merges equal spells on whole days into one row with a count: O(n) over the columns; what comes
 * out has at most (days x states x (states+1)) rows a stratum without late entry. VRK_EINPUT names
 * the row. On failure *out is empty. */
VRK_MUST vrk_status vrk_spells_merge(vrk_ctx *ctx, const vrk_spell_days *days, vrk_spell_set *out);

/* Orders spells by stratum[i] in [0,strata). O(n). VRK_EINPUT: a stratum out of range. */
VRK_MUST vrk_status vrk_spells_split(vrk_ctx *ctx, const vrk_spells *spells, const int32_t *stratum,
                                     int32_t strata, vrk_spell_set *out);

vrk_spells vrk_spells_of(const vrk_spell_set *set, int32_t stratum);
void vrk_spell_set_free(vrk_spell_set *set); /* safe on an empty set */

/* Counts transitions and numbers at risk at every time with a transition. O(n log n).
 * VRK_EINPUT: no spells, or a spell that is not as above (named by its row). */
VRK_MUST vrk_status vrk_transitions_count(vrk_ctx *ctx, const vrk_spells *spells,
                                          vrk_transitions *out);
void vrk_transitions_free(vrk_transitions *t); /* safe on empty counts */

#endif
