/* diag/activity.h - would more tempo help (Q3): what the same seller gets in weeks of more
 * prospecting, how far it saturates, what it does to the rest of the work, and what 20 % more of it
 * is worth over 52 weeks. Differences between sellers are told apart and never sold as effects.
 * doc/activity.md. */
#ifndef VRK_DIAG_ACTIVITY_H
#define VRK_DIAG_ACTIVITY_H

#include "diag/coverage.h"
#include "diag/moments.h"
#include "diag/weeks.h"

typedef enum {
    VRK_TEMPO_UNKNOWN, /* nothing can be estimated: `n` and `why` say why */
    VRK_TEMPO_RAISE,   /* at least half of the extra work comes back as result */
    VRK_TEMPO_LITTLE,  /* less than half does */
    VRK_TEMPO_UNCLEAR, /* the interval is too wide to tell */
} vrk_tempo;
extern const char *const vrk_tempo_names[]; /* unknown, raise, little, unclear */

enum { VRK_QUALITIES = 3 };
/* next_step (agreed after a held meeting), next_step_kept, qualification (done). */
extern const char *const vrk_quality_names[VRK_QUALITIES];

typedef struct {
    double mean, lo, hi; /* 90 % */
} vrk_activity_estimate;

typedef struct {
    vrk_tempo tempo;
    vrk_why why;            /* where unknown */
    int64_t n, needed;      /* what the reason names */
    int64_t weeks, sellers; /* weeks in which prospecting was done, and whose */
    double recorded;        /* share of prospecting that is written down, mean of sellers */
    double told;            /* share of the recorded differences that are differences of deed */
    vrk_activity_estimate elasticity; /* of new own deals by prospecting, within sellers */
    double between;                   /* slope of logs between sellers: not an effect */
    bool saturated;             /* elasticity under 1 almost surely: each contact gives less */
    bool curved;                /* the curve below is known */
    double contacts, low, high; /* recorded in such a week: mean, 5 and 95 % */
    double marginal;            /* [own deals per recorded contact] at the mean, of the curve */
    double base;                /* [own deals per 52 weeks] from these weeks, sellers still there */
    double yield;               /* [money] of an own deal in its first 52 weeks */
    const char *currency;
    vrk_activity_estimate extra;    /* [own deals in the 52 weeks after as-of] of 20 % more */
    vrk_activity_estimate value;    /* [money] the same, net of what it costs elsewhere */
    double in_proportion;           /* [money] value, did results rise as work does */
    vrk_activity_estimate net;      /* value by what it were, did results rise as work does */
    double cost;                    /* [money >= 0] taken off for the fuller calendar */
    double more;                    /* [contacts a week] 20 % more is, of a seller, all told */
    double minutes;                 /* that one takes */
    bool timed;                     /* by recorded durations; else assumed */
    double p_half;                  /* probability that net is half or more */
    vrk_activity_estimate crowding; /* elasticity of the share won by the owner's open deals */
    vrk_week_effect quality[VRK_QUALITIES]; /* share of occasions per recorded contact, same week */
    const int64_t *seller_key;              /* [all] ascending: of the weeks */
    double *level; /* [all] own deals in a week = level contacts^elasticity; 0: none */
    double *share; /* [all] of the seller's prospecting that is written down */
    int64_t all;
    vrk_arena mem;
} vrk_activity;

/* `m` gives how much is written down; NULL: all of it. On failure *out is empty. O(weeks).
 * VRK_EDB, VRK_EMEMORY, VRK_ECANCEL. */
VRK_MUST vrk_status vrk_activity_find(vrk_ctx *ctx, vrk_facts *facts, const vrk_weeks *weeks,
                                      const vrk_moments *m, vrk_activity *out);
void vrk_activity_free(vrk_activity *a);

/* [own deals] that seller `s` of seller_key starts in a week of so many recorded contacts; known
 * between a->low and a->high. */
double vrk_activity_response(const vrk_activity *a, int64_t s, double contacts);

/* Takes what the twin says that 20 % more brings, draw by draw, for value, net and tempo: one
 * simulator prices all changes, and it sees what a fuller pipeline does to every moment. value [n]
 * in a->currency; put in order. Nothing where tempo is unknown. */
void vrk_activity_price(vrk_activity *a, double *value, int64_t n);

/* Q3's status from what was found. */
void vrk_activity_answer(const vrk_activity *a, vrk_answer *answer);

#endif
