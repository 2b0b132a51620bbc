/* num/stop.h - why an iteration ended: information, not failure. */
#ifndef VRK_NUM_STOP_H
#define VRK_NUM_STOP_H

typedef enum {
    VRK_STOP_GRAD = 1, /* converged: no step improves by more than the tolerance */
    VRK_STOP_BOUNDARY, /* the optimum is at infinity: what is reported there has no finite value */
    VRK_STOP_STEP,     /* no step improves, but the gradient is not yet small */
    VRK_STOP_ITER,     /* out of iterations */
} vrk_stop;

#endif
