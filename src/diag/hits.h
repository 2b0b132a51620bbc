/* diag/hits.h - the program's own hit rate: chances that stored diagnoses gave open deals, held
 * against what became of these deals. */
#ifndef VRK_DIAG_HITS_H
#define VRK_DIAG_HITS_H

#include "store/facts.h"
#include "store/results.h"

/* One stored diagnosis. A chance is p_alive x p_win, p_win alone where life could not be told.
 * Deals that still stand are not scored, so what closes quickly counts first. */
typedef struct {
    int64_t snapshot, made_at; /* [us since 1970 UTC] */
    const char *as_of;         /* the day that it tells of, 2026-11-20; "" = not said */
    int64_t told, closed;      /* open deals with a chance; of these, closed in the facts now */
    int64_t won;               /* of those closed */
    double expected;           /* wins among those closed, by the chances told */
    double variance;           /* of the wins, were these chances right: sum of p (1 - p) */
    double brier;              /* mean of (chance - won)^2 over those closed; NaN: none */
    double same;               /* the same, had all been told the share that was won; NaN: none */
} vrk_hit;

/* Chances from one limit up to the next. */
enum { VRK_HIT_BANDS = 6 };
extern const double vrk_hit_limit[VRK_HIT_BANDS + 1];

typedef struct {
    int64_t n;
    vrk_hit *hit; /* [n] newest first; those that told no deal a chance are left out */
    /* Each deal once, at the chance that it was told first; snapshot 0. */
    vrk_hit once, band[VRK_HIT_BANDS];
    vrk_arena mem;
} vrk_hits;

/* Scores every stored diagnosis that still has its document against `facts`. Reads one document at
 * a time. On failure *out is empty. VRK_EDB, VRK_EMEMORY; VRK_EINPUT: a document is no JSON. */
VRK_MUST vrk_status vrk_hits_count(vrk_ctx *ctx, vrk_records *records, vrk_facts *facts,
                                   vrk_hits *out);
void vrk_hits_free(vrk_hits *h); /* safe on an empty one */

#endif
