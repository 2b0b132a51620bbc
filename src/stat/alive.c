#include "stat/alive.h"

#include <math.h>

/* (exp(z) - 1) / z. */
static double mean_growth(double z)
{
    return fabs(z) < 1e-5 ? 1 + z / 2 + z * z / 6 : expm1(z) / z;
}

/* d log((exp(z) - 1) / z) / dz, from 0 far below to 1 far above. */
static double growth_slope(double z)
{
    return fabs(z) < 1e-2 ? .5 + z / 12 - z * z * z / 720 + z * z * z * z * z / 30240
                          : -1 / expm1(-z) - 1 / z;
}

/* The odds of death are the integral of death exp(a u) du from 0 to silence, with a what an alive
 * deal would have shown by more than a dead one. */
double vrk_alive(const vrk_life *r, double silence, double *slope)
{
    double a = r->death + r->contact + r->exit - r->cleaning, z = a * silence;
    bool good = r->death >= 0 && r->contact >= 0 && r->exit >= 0 && r->cleaning >= 0 &&
                silence >= 0 && isfinite(r->cleaning) && isfinite(a) && isfinite(silence);
    double growth = silence * mean_growth(z), odds = r->death > 0 ? r->death * growth : 0;
    double p = good ? 1 / (1 + odds) : nan(""), dead = good ? 1 / (1 + 1 / odds) : p;
    if (slope) {
        double by_a = -p * dead * silence * growth_slope(z);
        slope[0] = by_a - (r->death > 0 ? p * dead / r->death : growth);
        slope[1] = slope[2] = by_a;
        slope[3] = -by_a;
    }
    return p;
}
