/* stat/cox_parts.h - between the files of cox: rows alike added up and ordered, and one pass over
 * them from the last time to the first. */
#ifndef VRK_STAT_COX_PARTS_H
#define VRK_STAT_COX_PARTS_H

#include "stat/cox.h"

/* Rows in the order of the pass: by stratum, then time of exit, the last first. */
typedef struct {
    int64_t n, p;
    double *x;            /* [p x n] row i at x + i*p, less center */
    double *entry, *exit; /* [n] */
    double *offset;       /* [n] */
    double *count;        /* [n] rows alike */
    double *weight;       /* [n] sum of their weights */
    double *square;       /* [n] sum of squares of their weights */
    uint8_t *event;       /* [n] */
    int32_t *stratum;     /* [n] */
    int32_t *cluster;     /* [n] */
    const int64_t
        *by_entry;  /* [n] rows by stratum, then entry, the last first; NULL = no late entry */
    double *center; /* [p] */
} cox_rows;

VRK_MUST vrk_status vrk_cox_rows_of(vrk_ctx *ctx, const vrk_cox_data *d, cox_rows *out);

/* Results of a pass at eta. The last three only if not NULL. */
typedef struct {
    double ll;
    double *gradient; /* [p] */
    double *info;     /* [p x p] lower triangle */
    double *moment;   /* [p] the part of info's diagonal before means are taken away */
    double *residual; /* [p x n] influence of a row of weight 1 on the gradient (score residual) */
    int64_t *times;   /* number of times with events; NULL = baseline not wanted */
    struct vrk_cox_time *at; /* [times] the last first */
    double *drift;           /* [p x times] */
} cox_pass;

/* One time with events. */
typedef struct vrk_cox_time {
    double time, hazard, variance; /* increments */
    int32_t stratum;
} cox_time;

/* Room for the sums of a pass. */
typedef struct {
    double *risk, *low; /* [1 + p + p(p+1)/2] sums of w exp(eta) (1, x, xx') over those at risk; and
                         * what rounding lost of them */
    double *dead;       /* the same over those with the event now */
    double *first;      /* [p] sum of w x over them */
    double *drift;      /* [p] */
    double *eta;        /* [n] */
} cox_room;

VRK_MUST vrk_status vrk_cox_room_of(vrk_ctx *ctx, const cox_rows *r, cox_room *out);

/* O(n p^2). Not finite eta gives an ll that is not finite. */
void vrk_cox_run(const cox_rows *r, const cox_room *room, vrk_ties ties, const double *beta,
                 cox_pass *out);

/* Those with the event at one time, numbered q = 0 ... d-1: with c = q/d by Efron and 0 by Breslow,
 * a = 1 / (S0 - c D0). */
typedef struct {
    double d, mean;                   /* number, mean weight */
    double log, a, ca, aa, caa, ccaa; /* sums of log(1/a), a, ca, aa, caa, ccaa */
} cox_tie;

cox_tie vrk_cox_tie_of(double d, double weight, double risk, double dead, vrk_ties ties);

/* v to *sum, with what it lost to *low (Knuth's two-sum). */
static inline void vrk_add_exactly(double *sum, double *low, double v)
{
    double s = *sum + v, b = s - *sum;
    *low += (*sum - (s - b)) + (v - b);
    *sum = s;
}

/* The likelihood as a function of the rows' eta [n], whatever they are made of: log-likelihood;
 * its gradient g [n]; the hazard each row met, times its weight and exp(eta), in met [n]; and with
 * `way` [n], minus the second derivative times it in turned [n] (both NULL = not wanted). O(n). */
double vrk_cox_of_eta(const cox_rows *r, vrk_ties ties, const double *eta, const double *way,
                      double *g, double *met, double *turned);

#endif
