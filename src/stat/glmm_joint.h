/* stat/glmm_joint.h - the joint posterior kept for draws. Not for others. */
#ifndef VRK_STAT_GLMM_JOINT_H
#define VRK_STAT_GLMM_JOINT_H

#include "stat/glmm_parts.h"

/* Keeps what draws need; takes over the state's factor. The k outer parameters have covariance cov
 * [k x k], the mode moves by slope [(m+p) x k] with them; slope NULL = held. */
VRK_MUST vrk_status vrk_glmm_joint_new(vrk_ctx *ctx, glmm_state *s, int64_t k, const double *cov,
                                       const double *slope, vrk_glmm *out);

#endif
