/* stat/glmm_joint.h - the joint posterior kept for draws. Not for others. */
#ifndef VRK_STAT_GLMM_JOINT_H
#define VRK_STAT_GLMM_JOINT_H

#include "stat/glmm_parts.h"

/* Keeps what draws need; takes over the state's factor. The k outer parameters have covariance cov
 * [k x k], the mode moves by slope [(m+p) x k] with them; slope NULL = held. */
VRK_MUST vrk_status vrk_glmm_joint_new(vrk_ctx *ctx, glmm_state *s, int64_t k, const double *cov,
                                       const double *slope, vrk_glmm *out);
/* Adds one point of a mixture: the fit as the state has it, its hyperparameters held, which is
 * drawn from in proportion to `share`. Takes over the state's factor. */
VRK_MUST vrk_status vrk_glmm_joint_add(vrk_ctx *ctx, glmm_state *s, double share, vrk_glmm *out);

/* glmm_integrate.c: the fixed and random effects in `out` become those integrated over
 * hyperparameters, whose posterior has its top at `top` [h] (minus its log there: f) and covariance
 * cov [h x h]; and what draws need. At most 8 of them; 81 evaluations for two, 25 for four, 145 for
 * eight, and two for each before. */
VRK_MUST vrk_status vrk_glmm_integrate(vrk_ctx *ctx, glmm_state *s, const double *top, double f,
                                       const double *cov, vrk_glmm *out);

#endif
