/* diag/league.h - an order among sellers, and whether there is one: won money a week as it would
 * be with the organisation's market and mix, ranked within each joint draw. METHODS 2.4 and R3.
 * doc/attribution.md. */
#ifndef VRK_DIAG_LEAGUE_H
#define VRK_DIAG_LEAGUE_H

#include "diag/results.h"

typedef struct {
    int64_t seller_key;
    double lo, hi;          /* 90 % interval of the rank, 1 = most */
    double above;           /* probability of more than the mean of all */
    double contacts, money; /* as they were, a working week: prospecting recorded, money won */
} vrk_league_row;

typedef struct {
    int64_t n;
    vrk_league_row *row; /* [n] by seller key */
    double reliability;  /* median over sellers */
    double width;        /* mean width of the intervals, in shares of n */
    bool ordered;        /* both carry a list in order (vrk_league_table) */
    vrk_arena mem;
} vrk_league;

/* n = 0 where results have no draws. O(draws sellers (kinds places + log sellers)). On failure *out
 * is empty. VRK_EMEMORY. */
VRK_MUST vrk_status vrk_league_make(vrk_ctx *ctx, const vrk_seller_results *r, vrk_league *out);
void vrk_league_free(vrk_league *l);

#endif
