/* diag/decide.h - what to do and what not to: actions against the leaks, with what each is worth
 * after its cost. Question 5. Costs and prior effects stand in verkan.toml, their
 * sources in doc/decisions.md. */
#ifndef VRK_DIAG_DECIDE_H
#define VRK_DIAG_DECIDE_H

#include "diag/own_effects.h"
#include "diag/redeploy.h"

typedef enum { VRK_RIGHT, VRK_WRONG, VRK_TOO_EARLY } vrk_advisable;

extern const char *const vrk_action_names[VRK_ACTIONS]; /* as the document has them */
extern const char *const vrk_advisable_names[VRK_TOO_EARLY + 1];

enum { VRK_EVERYBODY = -2 }; /* as a team */

typedef struct {
    vrk_action action;
    vrk_advisable advisable;
    int64_t team;        /* index into the cells' teams, -1 = without one, or VRK_EVERYBODY */
    int64_t moment;      /* number; 0 = none */
    int64_t persons, of; /* sellers it is for; of how many there */
    bool priced;         /* value and cost can be said */
    vrk_worth value;     /* margin over the year less cost; p_positive: it pays */
    double cost;         /* money out, and sellers' hours at what they bring in */
    double p_best;       /* it is worth most of all, doing nothing among them */
    double knowing;      /* what it is worth at most to know beforehand whether it pays (EVPI): what
                            a trial or a measurement may cost; NaN = not priced */
    double break_even;   /* share of the leak that it must close to pay; NaN = no leak */
    int64_t own;         /* own follow-ups that the effect rests on; 0 = as assumed */
    vrk_verdict cause;   /* of the leak that it answers, and the share of it; FINE = no leak */
    double share;
    vrk_shift shift;              /* what it is expected to change at its moment */
    const vrk_redeployment *swap; /* of deals; NULL = none. Borrowed */
} vrk_decision;

typedef struct {
    int64_t n;
    vrk_decision *decision; /* [n] right, wrong, too early; each by value */
    const char *currency;
    vrk_arena mem;
} vrk_decisions;

/* Actions against the leaks that are kept, training of everybody, stopping bad deals sooner, and
 * the swaps of deals, which must outlive *out. An unusable twin gives none. `own` NULL: nothing was
 * followed up. Two runs of the twin. VRK_EMEMORY, VRK_ECANCEL. On failure *out is empty. */
VRK_MUST vrk_status vrk_decide(vrk_ctx *ctx, const vrk_twin *t, const vrk_leaks *l,
                               const vrk_redeployments *swaps, const vrk_own_effects *own,
                               const vrk_action_settings *terms, vrk_decisions *out);
void vrk_decisions_free(vrk_decisions *d);

/* Sets question 5's answer: cannot, where no action could be priced. */
void vrk_decisions_answer(const vrk_decisions *d, vrk_answer *answer);

#endif
