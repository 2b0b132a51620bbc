/* num/wide.h - the exponential in a form of which the compiler makes vectors: no call, no branch,
 * no table. For loops in VRK_WIDE functions; elsewhere libm's is as fast. */
#ifndef VRK_NUM_WIDE_H
#define VRK_NUM_WIDE_H

#include <stdint.h>
#include <string.h>

/* e^x, relative error under 2e-16, for x in [-708, 709] only: beyond, and for NaN, it is any number
 * (a bound in here would be a branch). Cody & Waite (1980), Software
 * Manual for the Elementary Functions, ch. 6: x = n log 2 + r, |r| <= log(2)/2, e^r by its series
 * to r^13 (what is left out is under 4e-18). */
static inline double vrk_wide_exp(double x)
{
    const double shift = 0x1.8p52; /* adding it rounds to a whole number, in the low bits */
    double n = x * 0x1.71547652b82fep0 + shift;
    int64_t bits;
    memcpy(&bits, &n, sizeof(bits));
    n -= shift;
    double r = (x - n * 0x1.62e42fee00000p-1) - n * 0x1.a39ef35793c76p-33;
    double p = 1. / 6227020800;
    p = p * r + 1. / 479001600;
    p = p * r + 1. / 39916800;
    p = p * r + 1. / 3628800;
    p = p * r + 1. / 362880;
    p = p * r + 1. / 40320;
    p = p * r + 1. / 5040;
    p = p * r + 1. / 720;
    p = p * r + 1. / 120;
    p = p * r + 1. / 24;
    p = p * r + 1. / 6;
    p = p * r + .5;
    p = p * r * r + r + 1;
    uint64_t power = ((uint64_t)bits + 1023) << 52;
    double scale;
    memcpy(&scale, &power, sizeof(scale));
    return p * scale;
}

#endif
