/* bench/frontier - half-normal frontier on 100 000 made rows, fit alone, one thread. R's `frontier`
 * (not in Debian 12) took 67 s for as many rows of the same model.   bench_frontier [ROWS] */
#include "stat/frontier.h"
#include "base/rng.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { P = 4, RUNS = 5 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void make(int64_t n, double *y, double *x)
{
    const double beta[P] = {1, .4, .3, .2};
    vrk_rng r = vrk_rng_of(20261127, 0, 0);
    for (int64_t i = 0; i < n; i++) {
        y[i] = .3 * vrk_rng_normal(&r) - fabs(.5 * vrk_rng_normal(&r));
        for (int64_t j = 0; j < P; j++) {
            x[i + j * n] = j == 0 ? 1 : vrk_rng_normal(&r);
            y[i] += beta[j] * x[i + j * n];
        }
    }
}

int main(int argc, char **argv)
{
    vrk_ctx ctx = {0};
    int64_t n = argc > 1 ? strtoll(argv[1], NULL, 10) : 100000;
    if (n < 100) {
        fprintf(stderr, "usage: bench_frontier [ROWS]\n");
        return 2;
    }
    double *y = calloc((size_t)n, sizeof(double)), *x = calloc((size_t)n * P, sizeof(double));
    double best = HUGE_VAL;
    vrk_status st = VRK_OK;
    if (!y || !x)
        st = vrk_fail(&ctx, VRK_EMEMORY, "out of memory for %" PRId64 " rows", n);
    else
        make(n, y, x);
    for (int run = 0; run < RUNS && st == VRK_OK; run++) {
        vrk_frontier f;
        vrk_frontier_data d = {.n = n, .p = P, .y = y, .x = x};
        double from = now();
        st = vrk_frontier_fit(&ctx, &d, NULL, &f);
        best = fmin(best, now() - from);
        if (run == RUNS - 1 && st == VRK_OK)
            printf("%" PRId64
                   " rows: %.3f s CPU, %d iterations, ll %.4f, gamma %.4f (made 0.7353), "
                   "gradient %.1e\n",
                   n, best, f.iterations, f.ll, f.coef[P + 1], f.gradient);
        vrk_frontier_free(&f);
    }
    if (st != VRK_OK)
        fprintf(stderr, "%s\n", ctx.message);
    vrk_arena_free(&ctx.scratch);
    free(y);
    free(x);
    return st != VRK_OK;
}
