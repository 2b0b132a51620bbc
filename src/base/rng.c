#include "base/rng.h"

#include <math.h>

static void philox(vrk_rng *r)
{
    uint32_t c0 = r->counter[0], c1 = r->counter[1], c2 = r->counter[2], c3 = r->counter[3];
    uint32_t k0 = r->key[0], k1 = r->key[1];
    for (int round = 0; round < 10; round++) {
        uint64_t a = (uint64_t)0xD2511F53 * c0, b = (uint64_t)0xCD9E8D57 * c2;
        uint32_t x = (uint32_t)(b >> 32) ^ c1 ^ k0, y = (uint32_t)(a >> 32) ^ c3 ^ k1;
        c0 = x;
        c1 = (uint32_t)b;
        c2 = y;
        c3 = (uint32_t)a;
        k0 += 0x9E3779B9;
        k1 += 0xBB67AE85;
    }
    r->block[0] = c0;
    r->block[1] = c1;
    r->block[2] = c2;
    r->block[3] = c3;
    r->left = 4;
    r->counter[0]++; /* 2^32 blocks a substream: more than any use here */
}

vrk_rng vrk_rng_of(uint64_t seed, uint64_t stream, uint32_t substream)
{
    return (vrk_rng){.key = {(uint32_t)seed, (uint32_t)(seed >> 32)},
                     .counter = {0, substream, (uint32_t)stream, (uint32_t)(stream >> 32)}};
}

uint32_t vrk_rng_u32(vrk_rng *r)
{
    if (r->left == 0)
        philox(r);
    return r->block[4 - r->left--];
}

uint64_t vrk_rng_u64(vrk_rng *r)
{
    uint64_t high = vrk_rng_u32(r);
    return high << 32 | vrk_rng_u32(r);
}

double vrk_rng_uniform(vrk_rng *r)
{
    double u = ((double)(vrk_rng_u64(r) >> 11) + 0.5) * 0x1p-53;
    return u < 1 ? u : 1 - 0x1p-53; /* the largest rounds up */
}

double vrk_rng_normal(vrk_rng *r)
{
    if (r->has_spare) {
        r->has_spare = false;
        return r->spare;
    }
    double radius = sqrt(-2 * log(vrk_rng_uniform(r)));
    double angle = 6.283185307179586 * vrk_rng_uniform(r);
    r->spare = radius * sin(angle);
    r->has_spare = true;
    return radius * cos(angle);
}

double vrk_rng_exponential(vrk_rng *r)
{
    return -log(vrk_rng_uniform(r));
}

int64_t vrk_rng_poisson(vrk_rng *r, double mean)
{
    if (mean > 700) {
        double x = mean + sqrt(mean) * vrk_rng_normal(r) + 0.5;
        return x > 0 ? (int64_t)x : 0;
    }
    double p = exp(-mean), sum = p, u = vrk_rng_uniform(r);
    int64_t k = 0;
    /* By inversion: one uniform, so common draws stay common. Past the mode, when a term no longer
     * changes the sum, what is left of 1 is rounding. */
    while (u > sum && ((double)k < mean || p > sum * 0x1p-53)) {
        p *= mean / (double)++k;
        sum += p;
    }
    return k;
}

double vrk_rng_gamma(vrk_rng *r, double shape)
{
    if (shape < 1)
        return vrk_rng_gamma(r, shape + 1) * pow(vrk_rng_uniform(r), 1 / shape);
    double d = shape - 1. / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double x = vrk_rng_normal(r), v = 1 + c * x;
        if (v <= 0)
            continue;
        v = v * v * v;
        if (log(vrk_rng_uniform(r)) < 0.5 * x * x + d - d * v + d * log(v))
            return d * v;
    }
}

bool vrk_rng_chance(vrk_rng *r, double p)
{
    return vrk_rng_uniform(r) < p;
}

int64_t vrk_rng_below(vrk_rng *r, int64_t n)
{
    /* Reject the low remainder, so that every value has the same number of sources. */
    uint64_t m = (uint64_t)n, floor = -m % m, x;
    do {
        x = vrk_rng_u64(r);
    } while (x < floor);
    return (int64_t)(x % m);
}
