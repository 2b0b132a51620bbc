/* people/worth.h - what choosing by a test is worth in money, and whether it tells the same of
 * every group. doc/recruit.md. */
#ifndef VRK_PEOPLE_WORTH_H
#define VRK_PEOPLE_WORTH_H

#include "base/base.h"

enum { VRK_LINE_LEAST = 30 }; /* in each group, before lines are compared (R9) */

/* Brogden-Cronbach-Gleser. All zero but the first four is the default. */
typedef struct {
    double hired, share; /* persons; share of the applicants who are hired, in (0,1) */
    double years;        /* that they stay */
    double sd_worth; /* [money a year] a good one (1 SD) is worth so much more than a mean one */
    double cost;     /* [money] per applicant */
    double validity; /* how the test tells results; 0 = .26 with spread .12 (role.h) */
    double people;   /* whom the validity was seen on; 0 = stated, known exactly */
    double present;  /* validity of what is done today: the gain is over that */
    double discount; /* a year; 0 = .05 */
} vrk_worth_of;

typedef struct {
    double mean, lo, hi; /* [money] 90 % interval; validity, sd_worth and years are drawn */
    double p_pays;       /* P(worth > 0) */
    double break_even;   /* the sd_worth at which it just pays; NaN = never */
} vrk_worth;

/* sd_worth and years are taken as known to within a quarter (log-normal, SD .25). VRK_EINPUT: a
 * number that cannot be. */
VRK_MUST vrk_status vrk_worth_make(vrk_ctx *ctx, const vrk_worth_of *w, vrk_worth *out);

/* Cleary (1968): does one line predict the result in two groups? */
typedef struct {
    const double *predictor, *result; /* [n]; rows with NaN are left out */
    const int64_t *group;             /* [n] 0 or 1; others are left out */
    int64_t n;
} vrk_lines_data;

typedef struct {
    int64_t n[2];
    bool judged;             /* VRK_LINE_LEAST in each, and the predictor differs within each */
    double above, lo, hi;    /* [result] group 1 does so much better than one line says; 95 % */
    double p_above, p_slope; /* chance gives as much: of that, and of how steep the lines are */
    double detectable;       /* [result] the least `above` found in four of five cases */
} vrk_lines;

VRK_MUST vrk_status vrk_lines_compare(vrk_ctx *ctx, const vrk_lines_data *d, vrk_lines *out);

#endif
