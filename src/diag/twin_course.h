/* diag/twin_course.h - one seller's weeks ahead, in expectation: deals come, pass the stages by
 * what the seller does and how it goes, are won, or lost. No single deal is drawn, so there is no
 * noise of simulation; what is uncertain are the effects and the rates, and these come as draws.
 * doc/twin.md.
 */
#ifndef VRK_DIAG_TWIN_COURSE_H
#define VRK_DIAG_TWIN_COURSE_H

#include "diag/twin_base.h"

enum {
    VRK_TWIN_FITS = 2, /* deals that can be won, and those that hardly can */
    VRK_TWIN_LANES = VRK_TWIN_KINDS * VRK_TWIN_FITS, /* kind x fit, fit fastest */
};

/* One seller at every moment, against the organisation's median [log odds]; team and market in. */
typedef struct {
    double e, p, q, qx;
} vrk_twin_trait;

/* What nobody sees is assumed, a scenario for each set of assumptions, and then set so that the
 * organisation's own exits per stage come out. */
typedef struct {
    double fit;   /* share of new deals that can be won */
    double shift; /* these have so much better odds of moving on in decision stages */
    double slow,
        leak; /* the others' rates before those stages: of moving on, of being lost, times */
    double forward[VRK_TWIN_STATES]
                  [VRK_TWIN_KINDS];                /* log odds in decision stages, else log rate */
    double lost[VRK_TWIN_STATES][VRK_TWIN_KINDS];  /* a week, beside objections */
    double share[VRK_TWIN_STATES][VRK_TWIN_KINDS]; /* of those standing that can be won */
    double own;                                    /* own deals per odds of a prospecting week */
    /* The same by place and lane, as a course needs it: share not lost in a week beside objections,
     * rate of moving on, and odds against it in decision stages when steered and when not. */
    double leaving[VRK_TWIN_KINDS]; /* the first place, share a week */
    double kept[VRK_TWIN_STATES][VRK_TWIN_LANES], rate[VRK_TWIN_STATES][VRK_TWIN_LANES];
    double against[VRK_TWIN_STATES][VRK_TWIN_LANES], otherwise[VRK_TWIN_STATES][VRK_TWIN_LANES];
    /* Of those who move on, the share that is won and that skips a place; those who go back. */
    double wins[VRK_TWIN_STATES][VRK_TWIN_LANES], skips[VRK_TWIN_STATES][VRK_TWIN_LANES];
    double back[VRK_TWIN_STATES][VRK_TWIN_LANES];
} vrk_twin_scenario;

/* Coefficients of a draw. */
typedef struct {
    double crowding[VRK_AT_MOMENTS + 1], crowded[VRK_AT_MOMENTS + 1]; /* on doing */
    double qualified, dated, kept, squeezed; /* on moving on; squeezed: by crowding */
    double touches;                          /* on prospecting's success */
    double climate;                          /* what the year adds to all success */
} vrk_twin_effects;

/* What is different: as vrk_change, per seller. */
typedef struct {
    double touches;   /* outbound touches, times */
    double less_load; /* [SD] */
    double more_h;    /* [h/week] */
    double complex;   /* new deals a week that are complex and were simple, as far as there are */
} vrk_twin_shift;

typedef struct {
    const vrk_twin_base *base;
    const vrk_moments *m;
    const vrk_twin_scenario *scenario;
    const vrk_twin_effects *effects;
    const vrk_twin_seller *seller;
    const vrk_twin_trait *trait; /* [VRK_AT_MOMENTS + 1] */
    vrk_twin_shift shift;
} vrk_twin_course;

/* Deals that stand, and what came of the weeks so far. */
typedef struct {
    double n[VRK_TWIN_STATES + 1][VRK_TWIN_LANES]; /* nothing stands past the last place */
    double won;                                    /* money */
    /* Sums over weeks, for setting a scenario: stood, moved on, and lost. */
    double stood[VRK_TWIN_STATES][VRK_TWIN_LANES];
    double moved[VRK_TWIN_STATES][VRK_TWIN_KINDS], gone[VRK_TWIN_STATES][VRK_TWIN_KINDS];
} vrk_twin_pipeline;

/* The coefficients as estimated. */
vrk_twin_effects vrk_twin_effects_of(const vrk_moments *m, const vrk_twin_base *base);

/* Runs `weeks` weeks on from *p; sums are kept only where `count`. About 10 us for a year. */
void vrk_twin_run(const vrk_twin_course *c, int64_t weeks, bool count, vrk_twin_pipeline *p);

/* New deals a week as it stands now. */
double vrk_twin_inflow(const vrk_twin_course *c);

/* The pipeline as it stands now. */
void vrk_twin_start(const vrk_twin_course *c, vrk_twin_pipeline *p);

/* Sets forward, lost, share and own of a scenario, whose assumptions are given, so that traits at
 * their means [sellers x (VRK_AT_MOMENTS + 1)] give the exits that were seen. */
void vrk_twin_fit(const vrk_twin_base *base, const vrk_moments *m, const vrk_twin_trait *trait,
                  vrk_twin_scenario *s);

#endif
