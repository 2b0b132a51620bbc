/* diag/twin_base.h - what the twin knows besides who does what how well: how deals come, go through
 * the stages and end, how much time there is, and what stands in the pipeline now. */
#ifndef VRK_DIAG_TWIN_BASE_H
#define VRK_DIAG_TWIN_BASE_H

#include "diag/moments.h"

enum {
    VRK_TWIN_STATES = 8, /* places in the process; later ones count as the last */
    VRK_TWIN_KINDS = 2,  /* simple, complex */
    VRK_TWIN_LOADS = 3,  /* levels of load that stand for the seller's weeks, a third each */
};

/* One place of one kind of deals: per week that a deal stands there. */
typedef struct {
    double weeks;                    /* exposure */
    double forward, won, lost, back; /* exits per week of it; forward: past a place too */
    double skip;                     /* of those going forward, share past the next place */
} vrk_twin_place;

typedef struct {
    bool there;                  /* at the as-of date */
    double working;              /* share of weeks that are working weeks */
    double load[VRK_TWIN_LOADS]; /* [SD] */
    double crowding;             /* mean, natural logarithm */
    double open;                 /* mean number of open deals */
    double free_h;               /* [h/week] mean of what internal work leaves */
    double touches; /* mean log of outbound touches when prospecting is done, less all sellers' */
    double inbound; /* deals a week that come by themselves, shrunken */
    double standing[VRK_TWIN_STATES][VRK_TWIN_KINDS]; /* open deals now */
} vrk_twin_seller;

typedef struct {
    bool usable; /* stages, won deals with amounts and sellers are there */
    int64_t states;
    bool decision[VRK_TWIN_STATES];
    vrk_twin_place place[VRK_TWIN_STATES][VRK_TWIN_KINDS];
    int64_t sellers;
    vrk_twin_seller *seller;       /* [sellers] as in the moments' cells */
    double complex_share;          /* of new deals */
    double amount[VRK_TWIN_KINDS]; /* mean of won deals [main currency] */
    const char *currency;
    double won;               /* deals, all time */
    double own, own_missed;   /* own deals per working week, and per one without prospecting */
    double objections;        /* per week of a deal after its first place */
    double dated, kept;       /* what a dated next step, and one that is kept, add to moving on */
    double dated_se, kept_se; /* [log odds] */
    double undone[VRK_AT_MOMENTS +
                  1];      /* success where it was not done, less what only was not logged */
    double stopped_undone; /* share stopped of deals that were not qualified */
    vrk_arena mem;
} vrk_twin_base;

/* Reads it from facts whose ledger is built. On failure *out is empty. VRK_EDB, VRK_EMEMORY. */
VRK_MUST vrk_status vrk_twin_base_read(vrk_ctx *ctx, vrk_facts *facts, const vrk_moments *m,
                                       double load_mean_min, double load_sd_min,
                                       vrk_twin_base *out);

/* The part of it that is learnt from what came after meetings: dated and kept. */
VRK_MUST vrk_status vrk_twin_steps(vrk_ctx *ctx, vrk_facts *facts, const vrk_moments *m,
                                   vrk_twin_base *out);
void vrk_twin_base_free(vrk_twin_base *b);

#endif
