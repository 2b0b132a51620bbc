/* stat/msm_parts.h - between the files of msm: pairs of rows as steps, steps alike together. */
#ifndef VRK_STAT_MSM_PARTS_H
#define VRK_STAT_MSM_PARTS_H

#include "stat/msm.h"

/* Steps with the same interval, covariates and kind share a matrix of chances. */
typedef struct {
    int64_t pattern; /* of covariates */
    double interval; /* [day] */
    vrk_sighting kind;
} msm_bucket;

/* A step of a chain: of known state only at its beginning (and perhaps its end). */
typedef struct {
    int64_t bucket;
    int32_t state; /* it goes to; k + c = one of a set */
} msm_step;

typedef struct {
    const vrk_msm_data *d;
    int64_t buckets, patterns, chains, steps;
    msm_bucket *bucket; /* [buckets] ordered by pattern */
    double *seen;       /* [k x k x buckets] numbers of steps from r to c, both known */
    msm_step *step;     /* of all chains */
    int64_t *first;     /* [chains+1] */
    int32_t *begin;     /* [chains] state it begins in */
    double *x;          /* [p x patterns] standardised covariates */
    double *mean, *sd;  /* [p] */
    bool *dropped;      /* [p] */
    int64_t skipped, single;
} msm_steps;

VRK_MUST vrk_status vrk_msm_steps_of(vrk_ctx *ctx, const vrk_msm_data *d, msm_steps *out);

/* Room for a likelihood. theta [(1+p) x q] on standardised covariates. */
typedef struct {
    const msm_steps *s;
    int32_t k;
    double *chance;                 /* [k x k x buckets] */
    double *weight;                 /* [k x k x buckets] d ll / d chance */
    double *rate, *pull, *p, *part; /* [k x k] */
    double *work;                   /* [8 k k] */
    double *ahead;                  /* [k x (longest chain + 1)] */
    double *scale;                  /* [longest chain] */
    const bool *fixed;              /* [(1+p) x q] parameters that stay; NULL = none */
} msm_room;

VRK_MUST vrk_status vrk_msm_room_of(vrk_ctx *ctx, const msm_steps *s, msm_room *out);

/* Minus the log-likelihood and its gradient: a vrk_objective; arg is the room. */
vrk_status vrk_msm_value(vrk_ctx *ctx, const double *theta, double *f, double *g, void *arg);

#endif
