/* diag/process.h - how deals flow: per stage and situation how long they stand, where they go, and
 * where they stop; the deals' states by age; results by the quarter in which deals began. The
 * estimator is Aalen-Johansen on whole days (stat/aj.h), so deals that are still open, or that came
 * under observation late, count for what is known of them. METHODS 1.3 and 1.4. */
#ifndef VRK_DIAG_PROCESS_H
#define VRK_DIAG_PROCESS_H

#include "stat/curve.h"
#include "store/facts.h"

enum { VRK_TIMES = 5 }; /* 10, 25, 50, 75 and 90 % of them */
enum { VRK_COURSE_DAYS = 13, VRK_COURSE_STATES = 5 };

/* One stage, or (stage "") the whole way from start to close. Shares are of those that enter, at
 * the horizon; forward + back + won + lost + stalled = 1. Days HUGE_VAL: not reached in what was
 * observed. All intervals are 90 %. */
typedef struct {
    const char *stage, *situation; /* situation "" = all */
    int64_t entered;               /* visits that were seen to begin; of the whole, deals that were
                                    * seen at all */
    int64_t standing;              /* visits that are open at the as-of date */
    vrk_interval median_days, p90_days;         /* time in the stage, calendar days */
    vrk_interval median_workdays, p90_workdays; /* working days */
    vrk_interval forward;                       /* on to a later stage (skipped stages too) */
    vrk_interval back;                          /* to an earlier stage */
    vrk_interval won, lost;
    vrk_interval stalled;        /* still there at the horizon */
    vrk_interval days_in;        /* of the horizon's days, how many are spent in the stage (RMST) */
    vrk_interval days_lost;      /* and how many after being lost (RMTL) [day] */
    double stop_se;              /* standard error of lost + stalled */
    double on_days[VRK_TIMES];   /* when those went on or were won that did by the horizon [day] */
    double lost_days[VRK_TIMES]; /* and those were lost that were; NaN where fewer than 20 */
    double turn_day; /* from which on one still there will almost surely rather not; NaN: none */
    bool beyond;     /* the data do not reach the horizon; the curve is continued level */
    double horizon;  /* [day] of the shares and the course; 0: there are none */
    /* where those are that entered, at days evenly from 0 to the horizon; by state as diag/flow.h
     * counts them, still in the stage first. Each day sums to 1. */
    double course[VRK_COURSE_DAYS][VRK_COURSE_STATES];
} vrk_flow;

/* Deals by the quarter in which they were created. */
typedef struct {
    const char *quarter; /* "2026-Q3" */
    int64_t created, won, lost, open;
    vrk_interval win; /* share won at the horizon of the whole way */
    bool beyond;      /* the quarter's deals are younger than the horizon */
} vrk_cohort;

/* Shares of deals by state at some ages. */
typedef struct {
    int64_t ages, states;
    const double *age;         /* [ages] days since the deal was created */
    const char *const *state;  /* [states] stages in order, then "won", "lost" */
    const vrk_interval *share; /* [ages x states], row after row */
    const vrk_interval *mean;  /* [states] mean days in the state up to the last age */
} vrk_occupation;

typedef struct {
    bool by_stage;        /* false: no stage history that carries it; only `whole` is given */
    double horizon;       /* [day] of the stages */
    double whole_horizon; /* [day] of the whole way */
    vrk_flow whole;       /* stage "": start to close; forward and back are 0 */
    int64_t stages;
    vrk_flow *stage; /* [stages] in order, all situations */
    int64_t situations;
    vrk_flow *situation;       /* [situations] by stage, then situation */
    vrk_occupation occupation; /* ages 0 where not by stage */
    int64_t cohorts;
    vrk_cohort *cohort; /* [cohorts] in time order */
    int64_t stop;       /* stage where most deals stop (lost or stalled); -1 = none */
    int64_t next_stop;  /* the runner-up, -1 = none */
    double stop_p;      /* probability that more stop there than in any other stage */
    vrk_arena mem;
} vrk_process;

/* The process answers of facts whose ledger is built (vrk_ledger_build), by stage where `by_stage`
 * says that the stage history carries it. A few seconds on a million deals, nearly all of it in the
 * database. VRK_EDB, VRK_EMEMORY, VRK_ECANCEL. On failure *out is empty. */
VRK_MUST vrk_status vrk_process_make(vrk_ctx *ctx, vrk_facts *facts, bool by_stage,
                                     vrk_process *out);

void vrk_process_free(vrk_process *p); /* safe on an empty one */

#endif
