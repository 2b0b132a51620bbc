/* diag/redeploy.h - where deals would go better with a colleague: sellers who fall short in complex
 * deals alone swap them for simple ones with colleagues of the team who are strong in them. Who is
 * strong where is named from evidence; nobody's pay or place is touched. doc/decisions.md. */
#ifndef VRK_DIAG_REDEPLOY_H
#define VRK_DIAG_REDEPLOY_H

#include "diag/seller_moments.h"
#include "diag/twin.h"

/* One seller who gives complex deals away, or takes them. */
typedef struct {
    int64_t seller_key;
    bool gives;
    int64_t moment;             /* at which the giver falls short; of a taker: the team's */
    double p_simple, p_complex; /* that it goes well enough there in these deals */
    double deals;               /* a year that are swapped */
} vrk_redeployed;

/* A team's swap. */
typedef struct {
    int64_t team;   /* index into the cells' teams; -1 = sellers without one */
    int64_t moment; /* of most givers */
    int64_t givers, n;
    vrk_redeployed *seller; /* [n] the givers first */
    double deals;           /* a year, each way */
    double money;           /* what these sellers win over the year on the present course */
    const double *gain;     /* [draws] money won more over the year */
} vrk_redeployment;

typedef struct {
    int64_t n;
    vrk_redeployment *team; /* [n] */
    vrk_arena mem;
} vrk_redeployments;

/* A giver: judged to lack competence in complex deals and to be in order in simple ones, at some
 * moment of deals, both with probability 0.8. A taker: in order in complex deals at every moment
 * that is judged, and there at least as good as the middle one at the giver's. A team without both
 * has no swap. One run of the twin. On failure *out is empty. VRK_EMEMORY, VRK_ECANCEL. */
VRK_MUST vrk_status vrk_redeploy_find(vrk_ctx *ctx, const vrk_twin *t, const vrk_seller_moments *s,
                                      vrk_redeployments *out);
void vrk_redeploy_free(vrk_redeployments *r);

#endif
