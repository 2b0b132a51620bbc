/* diag/verdict.h - competence, execution, pressure, process, market, or fine: which region of
 * DESIGN 5.4 a seller is in at a moment, as probabilities. */
#ifndef VRK_DIAG_VERDICT_H
#define VRK_DIAG_VERDICT_H

#include "diag/moments.h"

typedef enum {
    VRK_IS_FINE,
    VRK_IS_COMPETENCE,
    VRK_IS_EXECUTION,
    VRK_IS_PRESSURE,
    VRK_IS_PROCESS,
    VRK_IS_MARKET,
    VRK_VERDICTS
} vrk_verdict;

extern const char *const vrk_verdict_names[VRK_VERDICTS];

/* All zero is the default. */
typedef struct {
    double delta;      /* smallest difference that matters; 0 = 0.5 [log odds] */
    double confidence; /* a verdict is given from this probability on; 0 = 0.7 */
    int64_t draws;     /* 0 = 1000 */
} vrk_verdict_opt;

/* One seller at one moment, or in one situation of it. */
typedef struct {
    double probability[VRK_VERDICTS]; /* sum 1 */
    vrk_verdict likeliest;
    bool given; /* at the confidence asked for; else "unclear" */
} vrk_judgement;

typedef struct {
    vrk_judgement all, simple, complex;
    double e, e_lo, e_hi; /* doing it at normal load, against the median [log odds], 90 % */
    double pressed, pressed_lo, pressed_hi; /* at the seller's own 80th percentile of load */
    double high;                            /* that load [SD] */
    double q, q_lo, q_hi;                   /* success at the usual mix */
    double team_e, team_q, market;          /* of these the team's and the market's part, means */
} vrk_seller_verdict;

/* Judges one seller at one moment; both parts must have models. VRK_EMEMORY. */
VRK_MUST vrk_status vrk_verdict_of(vrk_ctx *ctx, const vrk_moments *m, int64_t moment,
                                   int64_t seller, const vrk_verdict_opt *opt,
                                   vrk_seller_verdict *out);

/* The same draw by draw: e, q at the usual mix and the region, each [draws]. VRK_EMEMORY. */
VRK_MUST vrk_status vrk_verdict_states(vrk_ctx *ctx, const vrk_moments *m, int64_t moment,
                                       int64_t seller, const vrk_verdict_opt *opt, int64_t draws,
                                       double *e, double *q, vrk_verdict *is);

#endif
