/* people/rater_parts.h - what the files of rater.h share. Not for use from elsewhere. */
#ifndef VRK_PEOPLE_RATER_PARTS_H
#define VRK_PEOPLE_RATER_PARTS_H

#include "people/rater.h"

enum { RATER_LEVELS = 5 };

/* A fitted scale. Numbers are those of the data; NaN for what had no ratings. */
typedef struct {
    int64_t persons, raters, items;
    int categories;
    int8_t category[RATER_LEVELS + 1]; /* of each level; rare ones share one */
    double value[RATER_LEVELS];        /* [categories] the level that each stands for, on average */
    double below[RATER_LEVELS];        /* [categories] sum of the steps up to it */
    double spread;
    double *item, *severity; /* [items], [raters] logit */
    double *eap;             /* [persons] */
} vrk_rater_scale;

/* Of the rows with use [n] set. *ok = false: the design does not carry it. Arrays in `mem`. */
VRK_MUST vrk_status vrk_rater_scale_fit(vrk_ctx *ctx, const vrk_rated *d, const bool *use,
                                        vrk_arena *mem, vrk_rater_scale *out, bool *ok);

/* Mean level at eta = person - item - severity, its variance, and its slope along eta. */
typedef struct {
    double mean, variance, slope;
} vrk_rater_level;
vrk_rater_level vrk_rater_level_at(const vrk_rater_scale *s, double eta);

/* Level of a person at theta by a rater of that severity, mean of all items. */
double vrk_rater_level_of(const vrk_rater_scale *s, double theta, double severity);

/* [raters] in levels and in logits; 0 for those not used. */
typedef struct {
    double *strict, *strict_se, *severity_se;
} vrk_rater_error;
VRK_MUST vrk_status vrk_rater_error_of(vrk_ctx *ctx, const vrk_rated *d, const bool *use,
                                       const vrk_rater_scale *s, vrk_rater_error *out, bool *ok);

/* Fills halo of each rater, and profile. */
VRK_MUST vrk_status vrk_rater_halo(vrk_ctx *ctx, const vrk_rated *d, const bool *use,
                                   const vrk_rater_scale *s, vrk_rated_model *out);

/* Fills the persons; se_severity [raters] in logits. */
VRK_MUST vrk_status vrk_rater_persons(vrk_ctx *ctx, const vrk_rated *d, const bool *use,
                                      const vrk_rater_scale *s, const double *se_severity,
                                      vrk_rated_model *out);

#endif
