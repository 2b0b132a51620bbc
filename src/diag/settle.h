/* diag/settle.h - what would settle an unclear verdict: over what could be observed, how often the
 * posterior would then pass the confidence asked for, and what the better decision that follows is
 * worth in money (a preposterior analysis; Raiffa & Schlaifer 1961). doc/voi.md. */
#ifndef VRK_DIAG_SETTLE_H
#define VRK_DIAG_SETTLE_H

#include "diag/verdict.h"

typedef enum {
    VRK_SETTLE_NOTHING, /* none of these settles it in half of the cases */
    VRK_SETTLE_REVIEW,  /* n occasions are heard or read by somebody who knows the craft */
    VRK_SETTLE_ASSESS,  /* a work sample or test of the competence, and ratings */
    VRK_SETTLE_LOG,     /* each occasion and how it went is written down for n weeks */
    VRK_SETTLE_WAIT,    /* n weeks more of the same data */
    VRK_SETTLE_COUNT
} vrk_settle_kind;

enum { VRK_SETTLE_OPTIONS = 7 };

/* One thing that could be observed: what it tells of e and q, and its noise [log odds]; HUGE_VAL:
 * nothing. */
typedef struct {
    vrk_settle_kind kind;
    int64_t n; /* occasions, or weeks */
    double noise_e, noise_q;
    double probability; /* that it settles the verdict */
    double cost, value; /* money; value: expected, of the sample information. Where priced */
} vrk_settle_option;

typedef struct {
    vrk_settle_kind kind; /* the largest net value; where none is worth it, or nothing is priced,
                             the cheapest that settles it */
    int64_t n;
    double probability;
    bool priced;        /* options have money */
    bool pays;          /* its net value is large enough to be worth it */
    double cost, value; /* of the one above */
    int64_t options;
    vrk_settle_option option[VRK_SETTLE_OPTIONS]; /* in order of what they cost */
} vrk_settle;

extern const char *const vrk_settle_names[VRK_SETTLE_COUNT];

/* Equally likely states, with the region each is in and what each action would give there, beside
 * doing nothing. Views. */
typedef struct {
    int64_t draws, actions;
    const double *e, *q; /* [draws] */
    const vrk_verdict *is;
    const double *net; /* [actions x draws] money */
} vrk_settle_states;

/* Over `trials` of what could be seen: o->probability and o->value. Every call sees the same truths
 * and the same standard noise, so options can be compared. O(trials draws). */
void vrk_settle_look(const vrk_settle_states *s, uint64_t seed, int64_t trials, double confidence,
                     vrk_settle_option *o);

/* Without money. `weeks` that the data span, with `occasions`. VRK_EMEMORY. */
VRK_MUST vrk_status vrk_settle_of(vrk_ctx *ctx, const vrk_moments *m, int64_t moment,
                                  int64_t seller, const vrk_verdict_opt *opt, double weeks,
                                  int64_t occasions, vrk_settle *out);

#endif
