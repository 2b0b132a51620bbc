/* diag/open_deals.h - of every open deal: does it still live, will it be won, what is it worth
 * against the hours it takes, and what should be done about it. doc/open_deals.md. */
#ifndef VRK_DIAG_OPEN_DEALS_H
#define VRK_DIAG_OPEN_DEALS_H

#include "diag/open_parts.h"

typedef enum {
    VRK_ADVICE_NONE,      /* nothing can be said */
    VRK_ADVICE_DRIVE_ON,  /* as it goes */
    VRK_ADVICE_NEXT_STEP, /* agree on one */
    VRK_ADVICE_ASK,       /* for a yes or a no */
    VRK_ADVICE_DROP,
    VRK_ADVICE_LEAVE, /* until what is agreed */
    VRK_ADVICES
} vrk_deal_advice;

typedef enum {
    VRK_DEAL_NOT_RECORDED, /* what customers do is not recorded */
    VRK_DEAL_STEP_SOON,    /* a next step is due within two weeks */
    VRK_DEAL_STEP_LATER,   /* something is agreed for later: a known reason to wait */
    VRK_DEAL_STEP_LATE,    /* the next step was due and is not done */
    VRK_DEAL_NO_STEP,
    VRK_DEAL_SILENT, /* less likely than not to live */
    VRK_DEAL_DEAD,
    VRK_DEAL_POOR, /* too little for the hours it takes */
    VRK_DEAL_AGED, /* has stood so long that half its chance is gone */
    VRK_DEAL_LIVES,
    VRK_DEAL_GROUNDS
} vrk_deal_ground;

extern const char *const vrk_advice_names[VRK_ADVICES]; /* "" for none */
extern const char *const vrk_ground_names[VRK_DEAL_GROUNDS];

enum { VRK_DEAL_WEEKS = 12 };

/* NaN = not known or not said. Money in the deal's own currency. */
typedef struct {
    const char *deal_id, *team_id, *stage, *currency;
    int64_t seller_key;
    double days_in_stage, silent; /* [day] since the stage was entered, since a sign or that */
    int64_t due, late;            /* days: next step due, or overdue; 0 = none */
    double amount, p_alive;
    double p_win;        /* if it lives; if `told` is false, of all that are as old and open */
    double p_win_fresh;  /* what it was when it entered the stage */
    double value, hours; /* expected money; hours of the seller's until it ends */
    char week[VRK_DEAL_WEEKS]; /* up to the as-of date, the first first: 2 = the customer was heard
                                * of, 1 = only the seller, 0 = silence */
    double at_stake;           /* what acting on it may bring: the order of the list */
    vrk_deal_advice advice;
    vrk_deal_ground ground;
} vrk_open_deal;

typedef struct {
    bool told;          /* signs of customers are recorded */
    double hour_brings; /* money won per hour on deals, main currency; NaN = not known */
    const char *currency;
    int64_t n;
    vrk_open_deal *row; /* [n] most worth acting on first */
    vrk_arena mem;
} vrk_open_deals;

/* Judges the open deals of facts whose ledger is built. `told`: customers' own contact is in the
 * data (coverage). VRK_EDB, VRK_EMEMORY, VRK_ECANCEL. On failure *out is empty. */
VRK_MUST vrk_status vrk_open_deals_make(vrk_ctx *ctx, vrk_facts *facts, bool told,
                                        vrk_open_deals *out);
void vrk_open_deals_free(vrk_open_deals *d);

#endif
