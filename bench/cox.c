/* bench/cox - how long Cox regression takes, beside R's coxph on the same rows in memory: deals in
 * 36 situations by week, Efron; one run, fits alone, both on one thread. Prints seconds, the ratio
 * and the largest differences.   bench_cox FOLDER R-SCRIPT [DEALS] */
#include "stat/cox.h"
#include "base/rng.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { P = 7, RUNS = 5 };

typedef struct {
    int64_t n;
    double *x, *week; /* [n x P], [n] */
    uint8_t *won;     /* [n] */
} deals;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Complexity of three levels, decision structure of three, source of four: dummies. */
static void make(deals *d)
{
    const double beta[P] = {-.3, -.7, .2, -.4, .5, .1, -.2};
    vrk_rng r = vrk_rng_of(20261127, 0, 0);
    for (int64_t i = 0; i < d->n; i++) {
        int64_t level[] = {vrk_rng_below(&r, 3), vrk_rng_below(&r, 3), vrk_rng_below(&r, 4)};
        double eta = 0;
        for (int64_t j = 0; j < P; j++) {
            int64_t of = j < 2 ? 0 : j < 4 ? 1 : 2, k = j < 2 ? j + 1 : j < 4 ? j - 1 : j - 3;
            d->x[i + j * d->n] = level[of] == k;
            eta += beta[j] * d->x[i + j * d->n];
        }
        double won = vrk_rng_exponential(&r) / (.04 * exp(eta)),
               lost = vrk_rng_exponential(&r) / .1, open = 104 * vrk_rng_uniform(&r);
        d->won[i] = won < lost && won < open;
        d->week[i] = 1 + floor(fmin(won, fmin(lost, open)));
    }
}

static vrk_status write_deals(vrk_ctx *ctx, const char *folder, const deals *d)
{
    char path[4096];
    size_t n = (size_t)d->n;
    snprintf(path, sizeof(path), "%s/cox.bin", folder);
    FILE *f = fopen(path, "wb");
    if (!f)
        return vrk_fail(ctx, VRK_EIO, "could not write %s", path);
    bool whole = fwrite(d->x, sizeof(double), n * P, f) == n * P &&
                 fwrite(d->week, sizeof(double), n, f) == n && fwrite(d->won, 1, n, f) == n;
    return fclose(f) == 0 && whole ? VRK_OK : vrk_fail(ctx, VRK_EIO, "could not write %s", path);
}

static vrk_status fit(vrk_ctx *ctx, const deals *d, vrk_cox *out, double *seconds)
{
    vrk_status st = VRK_OK;
    vrk_cox_data c = {.n = d->n, .p = P, .x = d->x, .exit = d->week, .event = d->won};
    *seconds = HUGE_VAL;
    for (int i = 0; i < RUNS; i++) {
        vrk_cox_free(out);
        double from = now();
        TRY(vrk_cox_fit(ctx, &c, NULL, out));
        *seconds = fmin(*seconds, now() - from);
    }
done:
    return st;
}

static vrk_status write_fit(vrk_ctx *ctx, const char *folder, const vrk_cox *f)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/cox.csv", folder);
    FILE *to = fopen(path, "w");
    if (!to)
        return vrk_fail(ctx, VRK_EIO, "could not write %s", path);
    fprintf(to, "beta,se,ll,rows\n");
    for (int j = 0; j < P; j++)
        fprintf(to, "%.17g,%.17g,%.17g,%" PRId64 "\n", f->beta[j], f->se[j], f->ll, f->rows);
    return fclose(to) == 0 ? VRK_OK : vrk_fail(ctx, VRK_EIO, "could not write %s", path);
}

static vrk_status run(vrk_ctx *ctx, const char *folder, const char *script, int64_t n)
{
    vrk_status st = VRK_OK;
    vrk_cox f = {0};
    char text[9000];
    double seconds;
    deals d = {.n = n};
    d.x = calloc((size_t)n * P, sizeof(double));
    d.week = calloc((size_t)n, sizeof(double));
    d.won = calloc((size_t)n, 1);
    if (!d.x || !d.week || !d.won)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " deals", n);
    make(&d);
    TRY(write_deals(ctx, folder, &d));
    TRY(fit(ctx, &d, &f, &seconds));
    TRY(write_fit(ctx, folder, &f));
    snprintf(text, sizeof(text), "Rscript --vanilla '%s' '%s' %" PRId64 " %d %.9f", script, folder,
             n, P, seconds);
    if (system(text) != 0)
        FAIL(VRK_EIO, "could not run R with survival, or not as it must be: %s", script);
done:
    vrk_cox_free(&f);
    free(d.x);
    free(d.week);
    free(d.won);
    return st;
}

int main(int argc, char **argv)
{
    vrk_ctx ctx = {0};
    int64_t n = argc > 3 ? strtoll(argv[3], NULL, 10) : 1000000;
    if (argc < 3 || n < 1) {
        fprintf(stderr, "usage: bench_cox FOLDER R-SCRIPT [DEALS]\n");
        return 2;
    }
    vrk_status st = run(&ctx, argv[1], argv[2], n);
    if (st != VRK_OK)
        fprintf(stderr, "%s\n", ctx.message);
    vrk_arena_free(&ctx.scratch);
    return st != VRK_OK;
}
