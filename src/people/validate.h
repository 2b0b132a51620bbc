/* people/validate.h - does something that is known of applicants tell how they do later, here?
 * Correlation with its interval, corrected for range and for the result's own unreliability beside
 * the plain one, what it adds to what is known, and its worth. doc/recruit.md. */
#ifndef VRK_PEOPLE_VALIDATE_H
#define VRK_PEOPLE_VALIDATE_H

#include "base/base.h"

enum { VRK_VALIDATE_LEAST = 10, VRK_INCUMBENTS = 50 };

/* Of those who were hired. A view: owns nothing. Rows with NaN are left out and counted. */
typedef struct {
    int64_t n;
    const double *predictor, *result; /* [n] */
    const double *known;              /* [n] what is known of them anyway; NULL = nothing */
    double restriction; /* SD of the predictor among all who apply / among these; 0 = not known:
                           no correction */
    double reliability; /* of the result; 0 = not known */
} vrk_validate_data;

typedef enum {
    VRK_VALID_TOLD = 0, /* the interval is above zero, from VRK_INCUMBENTS on */
    VRK_VALID_FEW,      /* fewer than VRK_INCUMBENTS: weak (R10) */
    VRK_VALID_NOTHING,  /* the interval covers zero: this tells nothing here yet */
    VRK_VALID_AGAINST,  /* the interval is below zero */
    VRK_VALID_CANNOT,   /* fewer than VRK_VALIDATE_LEAST, or no spread */
} vrk_valid;

typedef struct {
    vrk_valid state;
    int64_t n, left_out;
    double r, lo, hi; /* 95 % interval, Fisher's z */
    double corrected; /* NaN where neither ratio nor reliability is known */
    double increment, increment_lo, increment_hi; /* partial correlation given `known`; NaN */
    double detectable; /* the least r that n would find in four of five cases */
} vrk_validated;

/* VRK_EINPUT: a ratio under 0 or a reliability out of [0,1]. */
VRK_MUST vrk_status vrk_validate(vrk_ctx *ctx, const vrk_validate_data *d, vrk_validated *out);

#endif
