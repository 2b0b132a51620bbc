/* stat/voi.h - what it is worth to know more before deciding. Money, from draws of the net benefit
 * of each action. doc/voi.md. */
#ifndef VRK_STAT_VOI_H
#define VRK_STAT_VOI_H

#include "base/base.h"

/* Two actions, the difference of their benefits ~ N(mean, sd^2). */
double vrk_evpi_normal(double mean, double sd);
/* The same after n observations with SD sd_obs each. */
double vrk_evsi_normal(double mean, double sd, double n, double sd_obs);

/* Draws. A view. */
typedef struct {
    int64_t draws, actions;
    const double *benefit; /* [draws x actions] column-major; take 4 000 draws or more: the mean of
                              the largest is too high by about 1/sqrt(draws) */
} vrk_benefits;

typedef struct {
    int64_t best;   /* action with the largest mean; the first of equals */
    double value;   /* what the knowledge is worth, >= 0 */
    double current; /* mean of the best action now */
} vrk_voi;

/* Of knowing everything. O(draws actions). VRK_EINPUT: no draws or actions, a value not finite. */
VRK_MUST vrk_status vrk_evpi(vrk_ctx *ctx, const vrk_benefits *b, vrk_voi *out);

/* Of knowing k parameters phi [draws x k]: each action's benefit is regressed on a smooth function
 * of them (Strong, Oakley & Brennan 2014, Med Decis Making 34:311-326): cubic splines with 5 inner
 * knots in each, and products of pairs. O(draws (8k + k^2)^2). */
VRK_MUST vrk_status vrk_evppi(vrk_ctx *ctx, const vrk_benefits *b, int64_t k, const double *phi,
                              vrk_voi *out);

/* Of a sample that says share[j] of the variance of each action's fitted benefit (0 nothing ... 1
 * everything): moment matching (Heath & Baio 2018) on the regression of EVPPI. For n observations
 * that know as much as n0 prior ones, share = n / (n + n0). */
VRK_MUST vrk_status vrk_evsi(vrk_ctx *ctx, const vrk_benefits *b, int64_t k, const double *phi,
                             double share, vrk_voi *out);

#endif
