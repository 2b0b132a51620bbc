/* sim/world.h - what is true of an organisation before its first week: who is how good at which
 * moment, what teams, segments and periods add, who is there when, and how loaded every week is. */
#ifndef VRK_SIM_WORLD_H
#define VRK_SIM_WORLD_H

#include "base/rng.h"
#include "sim/sim.h"

typedef enum {
    VRK_PROSPECTING,
    VRK_QUALIFICATION,
    VRK_STEERING,
    VRK_OBJECTION,
    VRK_NEXT_STEP,
    VRK_MOMENTS
} vrk_moment;

enum {
    VRK_SEGMENTS = 3,
    VRK_STAGES = 4,
    VRK_FIRST_DECISION = 2, /* the stage of the offer */
    VRK_FUTURE = 52,        /* weeks after the as-of date that values are counted over */
};

#define VRK_COMPLEX_SHARE 0.4 /* of all deals */

typedef enum {
    VRK_FAULT_NONE,
    VRK_FAULT_COMPETENCE,
    VRK_FAULT_EXECUTION,
    VRK_FAULT_PRESSURE,
    VRK_FAULT_SITUATIONAL, /* competence, in complex deals only */
    VRK_FAULTS
} vrk_fault;

/* One seller at one moment, against the organisation. */
typedef struct {
    double e;         /* doing it, at normal load [log odds] */
    double p;         /* what one SD more load adds to that [log odds] */
    double q;         /* success once done, simple deals [log odds] */
    double q_complex; /* added to q in complex deals [log odds] */
    double logging;   /* probability that what was done is written down */
    int64_t from;     /* an intervention changes e and q from this week on; -1 = none */
    double step_e, step_q;
    vrk_fault fault;
} vrk_trait;

typedef struct {
    int64_t team, hired, left; /* first week there, first week gone (past the end: stays) */
    double volume;             /* log of own outbound volume against the usual */
    double share[VRK_SEGMENTS];
    vrk_trait at[VRK_MOMENTS];
} vrk_person;

/* Shared by a team's sellers [log odds]. */
typedef struct {
    double e[VRK_MOMENTS], q[VRK_MOMENTS];
    bool faulty[VRK_MOMENTS];
    int64_t first, n; /* its sellers */
    int64_t tempo;    /* from this week on its target of activity is raised; -1 = never */
} vrk_team;

/* The constants of a kind; the same letters as in doc/simulate.md. */
typedef struct {
    double e0[VRK_MOMENTS], q0[VRK_MOMENTS], q0_complex[VRK_MOMENTS]; /* organisation [log odds] */
    double p0;                  /* load slope of all [log odds per SD] */
    double undone[VRK_MOMENTS]; /* success where it was not done [probability or deals a week] */
    double spread;              /* SD between sellers of e and q */
    double spread_p;            /* SD of p */
    double team_sd, segment_sd, quarter_sd;
    double fault_share;      /* of seller x moment */
    double volume_sd;        /* SD of log volume between sellers */
    double volume;           /* mean outbound touches above the four in a week when it is done */
    double gamma;            /* elasticity of new own deals to volume */
    double inbound;          /* deals a week that come by themselves */
    double crowding;         /* log odds lost per log of hours asked for over hours there */
    double log_mean, log_sd; /* logging [log odds], between sellers */
    double fit_own, fit_inbound;
    /* what earlier moments and the deal itself add to moving forward [log odds] */
    double step_missing, step_kept, qualified, committee, unfit, frailty_sd;
    double slow;         /* log hazard added to all exits of the offer stage (process) */
    double break_effect; /* on success of a segment (market) */
    int64_t break_segment, break_week; /* -1 = none */
    double tempo;                      /* volume where a target was raised, against before */
    /* Routine that looks like a moment: the decision maker happens to be in a meeting (a week), a
     * step is ticked off and was not done, a routine call connects (later, and in the first stage).
     */
    double mimic_boss, mimic_ticked, mimic_call, mimic_call_first;
    /* Recording (noisy; else 0): share of stage changes left out, typed in on Fridays, misdated; of
     * activities without their deal, and of those also without its account; of closings misdated.
     */
    bool noisy;
    double skipped, batched, misdated, loose, nowhere, misclosed;
} vrk_plan;

typedef struct {
    vrk_sim_opt opt;
    vrk_plan plan;
    int64_t sellers, teams, weeks, all_weeks; /* all_weeks = weeks + VRK_FUTURE */
    int64_t first_day, end_day;               /* Mondays: of week 0, and after the last one */
    vrk_person *person;                       /* [sellers] */
    vrk_team *team;                           /* [teams] */
    double segment_q[VRK_SEGMENTS];
    double *quarter_q;   /* [all_weeks / 13 + 1] */
    uint8_t *days;       /* [sellers x all_weeks] bit d: day d of the week is worked, 0 = Monday */
    uint8_t *away;       /* [sellers x all_weeks] bit d: absent that day */
    uint8_t *half_hours; /* [sellers x all_weeks] internal and administrative time */
    double load_mean, load_sd; /* [h], over working weeks of the history */
    vrk_arena mem;
} vrk_world;

extern const char *const vrk_moment_name[VRK_MOMENTS];
extern const char *const vrk_segment_name[VRK_SEGMENTS];
extern const char *const vrk_stage_name[VRK_STAGES];
extern const char *const vrk_fault_name[VRK_FAULTS];

/* What a stream of random numbers is for; with the thing drawn it makes the stream's number. */
typedef enum {
    VRK_DRAW_ORGANISATION = 1,
    VRK_DRAW_SELLER,
    VRK_DRAW_AWAY,
    VRK_DRAW_LOAD,
    VRK_DRAW_WEEK,
    VRK_DRAW_BIRTH,
    VRK_DRAW_LIFE,
    VRK_DRAW_RECORD,
    VRK_DRAW_CALENDAR,
    VRK_DRAW_ASSESSMENT,
} vrk_draw;

vrk_rng vrk_draw_of(uint64_t seed, vrk_draw what, uint64_t thing, int64_t week);

VRK_MUST vrk_status vrk_world_make(vrk_ctx *ctx, const vrk_sim_opt *opt, vrk_world *world);
void vrk_world_free(vrk_world *world);

/* Load of a seller's week: (hours - mean) / SD. */
double vrk_world_load(const vrk_world *world, int64_t seller, int64_t week);

/* Log odds that the seller does it in that week, before crowding; and that it succeeds once done,
 * in a deal of that kind (complex = -1, segment = -1: the seller's usual mix). */
double vrk_world_done(const vrk_world *world, const vrk_person *who, vrk_moment m, int64_t week,
                      double load);
double vrk_world_success(const vrk_world *world, const vrk_person *who, vrk_moment m, int64_t week,
                         int complex, int segment);

/* What the market adds to success in a segment in a week [log odds]. */
double vrk_world_market(const vrk_world *world, vrk_moment m, int64_t week, int segment);

#endif
