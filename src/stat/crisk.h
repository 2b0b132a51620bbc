/* stat/crisk.h - several ends at once: rates of each from cells, and the chance of each by time
 * that follows from all of them together. Kalbfleisch & Prentice (2002), ch. 8; Cheng, Fine & Wei
 * (1998), Biometrics 54:219-228. doc/crisk.md. */
#ifndef VRK_STAT_CRISK_H
#define VRK_STAT_CRISK_H

#include "stat/poisson.h"

/* Cells of exposure and events by end. A view: owns nothing. */
typedef struct {
    int64_t n, p;
    int32_t ends;           /* >= 1 */
    const double *x;        /* [n x p] as in vrk_cells */
    const double *events;   /* [n x ends] column-major */
    const double *exposure; /* [n] [day] */
    const double *weight;   /* [n] NULL = all 1 */
} vrk_crisk_data;

/* A fit for each end; they are independent of each other (the likelihood is a product). */
typedef struct {
    int64_t p;
    int32_t ends;
    vrk_poisson *end; /* [ends] */
    double *beta;     /* [p x ends] */
    double *vcov;     /* [p ends x p ends] */
    vrk_arena mem;
} vrk_crisk;

/* `opt` may be NULL. On failure *out is empty. VRK_EINPUT: as vrk_poisson_fit, the end named. */
VRK_MUST vrk_status vrk_crisk_fit(vrk_ctx *ctx, const vrk_crisk_data *data,
                                  const vrk_poisson_opt *opt, vrk_crisk *out);
void vrk_crisk_free(vrk_crisk *fit); /* safe on an empty fit */

/* Log rates and the covariance of their betas: of a vrk_crisk (rates per day), or of a vrk_grouped
 * with link HAZARD (rates per interval: lengths 1). A view. */
typedef struct {
    int64_t p;
    int32_t ends;
    const double *beta; /* [p x ends] */
    const double *vcov; /* [p ends x p ends] */
} vrk_rates;

/* What a deal goes through: intervals one after the other, with their covariates. A view. */
typedef struct {
    int64_t m;
    const double *length; /* [m] > 0 [day] */
    const double *x;      /* [m x p] column-major */
} vrk_course;

/* Chances by the end of each interval. */
typedef struct {
    int64_t m;
    int32_t ends;
    double *stay, *stay_se; /* [m] neither end yet, and its standard error */
    double *met, *met_se;   /* [m x ends] met[j + c*m]: end c met; stay and met add up to 1 */
    vrk_arena mem;
} vrk_chances;

/* Exact for rates constant within intervals; errors by the delta method. O(m ends (p ends)^2).
 * VRK_EINPUT: an interval that cannot be, named by its number. On failure *out is empty. */
VRK_MUST vrk_status vrk_crisk_chances(vrk_ctx *ctx, const vrk_rates *rates,
                                      const vrk_course *course, vrk_chances *out);
void vrk_chances_free(vrk_chances *c); /* safe on an empty result */

#endif
