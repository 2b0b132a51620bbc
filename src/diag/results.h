/* diag/results.h - what sellers' won money is made of: deals started, by how much outreach and by
 * whom, and deals won, by what they are like and by whom. For diag/attribution.h and diag/league.h.
 * doc/attribution.md. */
#ifndef VRK_DIAG_RESULTS_H
#define VRK_DIAG_RESULTS_H

#include "stat/glmm.h"
#include "store/facts.h"

/* What a seller's expected money is made of; a bit set in `on` is the seller's own, one not set is
 * the organisation's. */
enum {
    VRK_PART_ACTIVITY, /* weeks by outreach */
    VRK_PART_MARKET,   /* segments and periods sold in, and how much customers ask for */
    VRK_PART_MIX,      /* complexity and decision structure of the deals */
    VRK_PART_TEAM,
    VRK_PART_SELLER, /* what is left of starting and of winning deals, given the others */
    VRK_PART_CHANCE, /* not of the expected money: what happened less what was expected */
    VRK_PARTS
};
extern const char *const vrk_part_names[VRK_PARTS];

enum {
    VRK_RESULT_SELLERS_LEAST = 8,
    VRK_RESULT_SELLERS_MOST = 300 /* evenly spread; more would tell nothing new */
};

/* Money is in the main currency, a working week. Kinds: complexity x decision structure; places:
 * segment x quarter. */
typedef struct {
    int64_t sellers, teams, kinds, places, segments, draws;
    int64_t *seller_key, *team;  /* [sellers] */
    double *money;               /* [sellers] won a week */
    double *contacts;            /* [sellers] recorded of prospecting, a week */
    double *demand, demand_mean; /* [sellers] inbound deals a week; of all */
    double *outreach;            /* [sellers x draws] expected own deals a week at own outreach */
    double *outreach_mean;       /* [draws] at the organisation's */
    double *start;               /* [sellers x draws] the seller's part of log own deals */
    double *start_team;          /* [teams x draws] */
    double *win, *win_team;      /* the same of log odds of a win */
    double *odds;                /* [2 x kinds x places x draws] log odds of a win of anybody */
    double *worth;               /* [kinds x segments] mean amount of a won deal */
    double closed[2];            /* share of the started that are closed, own and inbound */
    double *kind, *kind_mean;    /* [sellers x 2 x kinds] shares of own and inbound deals; of all */
    double *place, *place_mean;  /* [sellers x 2 x places] */
    vrk_arena mem;
} vrk_seller_results;

/* Reads and fits; sellers are those with half a year of working weeks or more. About 1 s for 60
 * sellers. With fewer than 8 such sellers, no won deal or no own deal `sellers` may be small and
 * draws 0: nothing can be said. VRK_EDB, VRK_EMEMORY, VRK_ECANCEL. On failure *out is empty. */
VRK_MUST vrk_status vrk_seller_results_fit(vrk_ctx *ctx, vrk_facts *facts, vrk_seller_results *out);
void vrk_seller_results_free(vrk_seller_results *r);

/* Expected money a week of one seller in one draw, for each of the 32 subsets of own parts:
 * value [32]. O(kinds places). */
void vrk_seller_results_expected(const vrk_seller_results *r, int64_t seller, int64_t draw,
                                 double *value);

#endif
