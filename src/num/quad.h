/* num/quad.h - fixed points and weights for means over a normal distribution: Gauss-Hermite, and a
 * grid of equal steps. */
#ifndef VRK_NUM_QUAD_H
#define VRK_NUM_QUAD_H

#include "base/base.h"

/* Gauss-Hermite for the standard normal: the mean of f(Z) is the sum of weight[i] f(node[i]), exact
 * for polynomials up to degree 2n - 1. Nodes ascend and are symmetric, weights add up to 1 (for
 * physicists' weight exp(-x^2): x = node / sqrt 2, w = weight sqrt pi). Any n >= 1; weights under
 * 1e-308 become 0, from n about 370. Nodes and weights to about 1e-14 relative. O(n^2).
 * For adaptive quadrature around m with spread s the integral of g is the sum of
 * weight[i] s g(m + s node[i]) / phi(node[i]). */
void vrk_quad_hermite(int64_t n, double *node, double *weight); /* both [n] */

/* n >= 2 equal steps from -limit to limit (limit > 0), weight proportional to the normal density,
 * adding up to 1. Against smooth functions as good as Gauss-Hermite once steps are under one
 * standard deviation; its nodes do not move with n. O(n). */
void vrk_quad_grid(int64_t n, double limit, double *node, double *weight); /* both [n] */

#endif
