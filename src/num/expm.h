/* num/expm.h - the exponential of matrices of rates: chances of being in each state after a time.
 * By a series whose terms are all of one sign, so that small chances are right to the last digits
 * as well as large ones (uniformisation, with scaling and squaring). */
#ifndef VRK_NUM_EXPM_H
#define VRK_NUM_EXPM_H

#include "base/base.h"

/* p [k x k] = exp(t q), t >= 0. q [k x k] column-major, off its diagonal not negative. work
 * [4 k k]. Not finite where q is not. Relative error about 1e-15 (1 + t |q|), of small chances too.
 * O(k^3 log(t |q|)). */
void vrk_expm_rates(const double *q, int64_t k, double t, double *work, double *p);

/* out [k x k] = d/dq of sum w p, with p as above and w [k x k] not negative: the pull of every rate
 * on a sum of chances in one go. work [8 k k]. O(k^3 log(t |q|)). */
void vrk_expm_pull(const double *q, int64_t k, double t, const double *w, double *work,
                   double *out);

#endif
