/* diag/own_effects.h - what the organisation's own follow-ups say that a kind of action does, to be
 * weighed with what is assumed of it. METHODS 7.3; doc/decisions.md. */
#ifndef VRK_DIAG_OWN_EFFECTS_H
#define VRK_DIAG_OWN_EFFECTS_H

#include "diag/follow_up.h"
#include "diag/leaks.h"
#include "store/settings.h"

typedef enum {
    VRK_DO_TRAIN,
    VRK_DO_COACH,
    VRK_DO_PROCESS,  /* change the way of working */
    VRK_DO_FREE,     /* free sellers of internal work */
    VRK_DO_DROP,     /* stop bad deals sooner */
    VRK_DO_REDEPLOY, /* deals change hands by who is strong in them */
    VRK_DO_MEASURE,  /* first */
    VRK_DO_NOTHING,
    VRK_ACTIONS
} vrk_action;

/* Over interventions of one kind, whatever their moment: a random-effects mean (DerSimonian and
 * Laird 1986) of the change in log odds that is left when what would have come by itself is taken
 * away, and how far single ones lie from it. */
typedef struct {
    int64_t n; /* interventions; 0 = none could be evaluated */
    double effect, se;
    double between; /* SD of the true effects of single interventions; 0 where n < 2 */
} vrk_own_effect;

typedef struct {
    vrk_own_effect doing[VRK_ACTIONS], going[VRK_ACTIONS];
} vrk_own_effects;

/* The action that an intervention's kind names; VRK_DO_NOTHING: another one, or none. */
vrk_action vrk_action_of_kind(const char *kind);

/* Reads the kind of each intervention's words ("training", "utbildning"); others are left out. */
void vrk_own_effects_of(const vrk_follow_ups *f, vrk_own_effects *out);

/* What an action against a leak is expected to do: the terms' effect and sd, weighed by precision
 * with own follow-ups, which close the share effect / gap, at most all, of the leak's parts that
 * they reach. The next one is another than those before: their spread counts, 0.25 at least.
 * Fewer than three say nothing.
 * `leak` NULL: for everybody, as assumed. *n: own interventions that it rests on. */
typedef struct {
    double mean, sd;
    int64_t n;
} vrk_expected;
vrk_expected vrk_expected_of(const vrk_own_effects *own, vrk_action action,
                             const vrk_action_terms *terms, const vrk_leak *leak);

/* The same as the change at the leak's moment that a follow-up measures: the share of what the
 * action reaches of the shortfall that it closes, and by how much the moment is then done more
 * often, and goes well more often once done. 90 % intervals. The other way round as own follow-ups
 * are weighed: all that is reached is closed alike. */
typedef struct {
    bool told;           /* false: no such part */
    double mean, lo, hi; /* [log odds] */
} vrk_shift_part;
typedef struct {
    bool told; /* false: such an action is not about a moment, or nothing is known of it */
    double closes, closes_lo, closes_hi; /* in [-1, 1] */
    vrk_shift_part doing, going;
} vrk_shift;
vrk_shift vrk_shift_of(vrk_action action, const vrk_expected *e, const vrk_leak *leak);

#endif
