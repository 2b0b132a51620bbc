/* base/rng.h - random numbers by counter: Philox 4x32-10 (Salmon, Moraes, Dror & Shaw 2011,
 * "Parallel random numbers: as easy as 1, 2, 3", SC11). A stream is (seed, stream, substream): the
 * same numbers on any number of threads, and two worlds that differ in one thing can share all
 * other draws. */
#ifndef VRK_BASE_RNG_H
#define VRK_BASE_RNG_H

#include "base/base.h"

typedef struct {
    uint32_t key[2], counter[4], block[4];
    int left;     /* numbers of `block` not yet used */
    double spare; /* second half of the last normal pair */
    bool has_spare;
} vrk_rng;

/* Stream and substream name what is drawn (a seller, a week); any values. O(1). */
vrk_rng vrk_rng_of(uint64_t seed, uint64_t stream, uint32_t substream);

uint32_t vrk_rng_u32(vrk_rng *r);
uint64_t vrk_rng_u64(vrk_rng *r);
double vrk_rng_uniform(vrk_rng *r);               /* in (0,1), 53 bits, never an end */
double vrk_rng_normal(vrk_rng *r);                /* mean 0, SD 1 (Box-Muller) */
double vrk_rng_exponential(vrk_rng *r);           /* mean 1 */
int64_t vrk_rng_poisson(vrk_rng *r, double mean); /* mean >= 0; normal approximation over 700 */
double vrk_rng_gamma(vrk_rng *r, double shape);   /* scale 1, shape > 0 (Marsaglia & Tsang 2000) */
bool vrk_rng_chance(vrk_rng *r, double p);        /* true with probability p */
int64_t vrk_rng_below(vrk_rng *r, int64_t n);     /* 0 ... n-1, n >= 1, unbiased */

#endif
