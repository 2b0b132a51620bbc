/* stat/keyed_parts.h - what the files of keyed.h share. Not for use from outside stat/. */
#ifndef VRK_STAT_KEYED_PARTS_H
#define VRK_STAT_KEYED_PARTS_H

#include "stat/keyed.h"

enum { KEYED_POINTS = 61, KEYED_MOST = 16, KEYED_OF = 3 };

/* Parameters: log a, b, e of each item, then mean and log spread of the focal group. */
enum { LOG_SLOPE = 0, DIFFICULTY, HARDER };

typedef struct {
    const vrk_keyed_data *d;
    vrk_keyed_opt o;
    int64_t params;
    double z[KEYED_POINTS];
    double *log_many, *half; /* [items x (steps + 1)], [items] */
    double *theta;           /* [params] */
    bool *free;              /* [params] estimated */
    double *log_p;           /* [points] of (group, item, points) */
    double *count;           /* same: expected answers */
    double weight[2][KEYED_POINTS], log_weight[2][KEYED_POINTS], post[2][KEYED_POINTS];
    double *gradient, *up, *down;                      /* [params] */
    double *info, *square;                             /* [params x params] */
    double slope_mean, slope_sd, shift, difficulty_sd; /* of the prior, slopes in logs */
    double ll, objective;
} keyed;

/* Fills weights, log_p, count, post, ll, objective and the gradient at theta. */
void vrk_keyed_pass(keyed *w);

/* -d2 objective of all parameters [params x params], exact; with a pass. */
VRK_MUST vrk_status vrk_keyed_information(vrk_ctx *ctx, keyed *w);

/* Climbs from theta over what is free; where `look`, on the information there, else on the last. */
VRK_MUST vrk_status vrk_keyed_climb(vrk_ctx *ctx, keyed *w, bool look, vrk_keyed *out);

/* square = the inverse of info among the free, 0 elsewhere; false: not definite. */
bool vrk_keyed_invert(keyed *w);

/* Tests items against the groups: score test of those held alike, Wald's of those set free. */
VRK_MUST vrk_status vrk_keyed_compare(vrk_ctx *ctx, keyed *w, vrk_keyed *out);

#endif
