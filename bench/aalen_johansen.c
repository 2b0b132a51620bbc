/* bench/aalen_johansen - how long a curve with its errors takes, and one for each of 5,000 sellers,
 * beside R's survfit on the same whole weeks in memory: one run, fits alone, both on one thread,
 * CPU seconds. Prints them, the ratio and the largest difference. bench_aalen_johansen FOLDER
 * R-SCRIPT [DEALS] */
#include "base/rng.h"
#include "stat/aj.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SELLERS = 5000, AS_OF = 156, RUNS = 5, K = 3 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Deals begun over three years, each with its own speed; won 1, lost 2, or open at the as-of date.
 */
static void make(int64_t n, int32_t *week, int8_t *end, int32_t *seller)
{
    vrk_rng r = vrk_rng_of(20261124, 0, 0);
    for (int64_t i = 0; i < n; i++) {
        seller[i] = (int32_t)vrk_rng_below(&r, SELLERS);
        double speed = vrk_rng_gamma(&r, 3) / 3, mean = 4 + seller[i] % 5;
        int64_t weeks = 1 + (int64_t)(mean * vrk_rng_exponential(&r) / speed);
        int64_t open = 1 + vrk_rng_below(&r, AS_OF);
        end[i] = weeks > open ? VRK_CENSORED : vrk_rng_chance(&r, .3) ? 1 : 2;
        week[i] = (int32_t)(weeks > open ? open : weeks);
    }
}

static vrk_status write_curve(vrk_ctx *ctx, FILE *f, int32_t g, const vrk_aj *a, const double *se)
{
    for (int64_t j = 1; j < a->m; j++) {
        fprintf(f, "%d,%.17g", g, a->time[j]);
        for (int s = 0; s < K; s++)
            fprintf(f, ",%.17g", a->p[j * K + s]);
        for (int s = 0; s < K; s++)
            fprintf(f, ",%.17g", se[j * K + s]);
        fputc('\n', f);
    }
    return ferror(f) ? vrk_fail(ctx, VRK_EIO, "could not write a curve") : VRK_OK;
}

/* From the columns to curves with errors, `strata` of them; writes them if f is given. */
static vrk_status curves(vrk_ctx *ctx, const vrk_spell_days *d, bool errors, FILE *f)
{
    vrk_status st = VRK_OK;
    vrk_spell_set set = {0};
    vrk_transitions c = {0};
    vrk_aj a = {0};
    vrk_aj_errors e = {0};
    TRY(vrk_spells_merge(ctx, d, &set));
    for (int32_t g = 0; g < set.strata; g++) {
        vrk_spells spells = vrk_spells_of(&set, g);
        TRY(vrk_transitions_count(ctx, &spells, &c));
        TRY(vrk_aj_fit(ctx, &c, NULL, &a));
        if (errors)
            TRY(vrk_aj_ij(ctx, &spells, &c, NULL, &a, &e));
        if (f)
            TRY(write_curve(ctx, f, g, &a, e.se));
        vrk_aj_errors_free(&e);
        vrk_aj_free(&a);
        vrk_transitions_free(&c);
    }
done:
    vrk_aj_errors_free(&e);
    vrk_aj_free(&a);
    vrk_transitions_free(&c);
    vrk_spell_set_free(&set);
    return st;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Median seconds of RUNS. */
static vrk_status clock_it(vrk_ctx *ctx, const vrk_spell_days *d, bool errors, double *seconds)
{
    vrk_status st = VRK_OK;
    double took[RUNS];
    for (int i = 0; i < RUNS; i++) {
        double from = now();
        TRY(curves(ctx, d, errors, NULL));
        took[i] = now() - from;
    }
    qsort(took, RUNS, sizeof(double), by_size);
    *seconds = took[RUNS / 2];
done:
    return st;
}

static vrk_status write_deals(vrk_ctx *ctx, const char *folder, const vrk_spell_days *d)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/deals.bin", folder);
    FILE *f = fopen(path, "wb");
    if (!f)
        return vrk_fail(ctx, VRK_EIO, "could not write %s", path);
    size_t n = (size_t)d->n;
    bool whole = fwrite(d->exit, sizeof(int32_t), n, f) == n &&
                 fwrite(d->stratum, sizeof(int32_t), n, f) == n && fwrite(d->to, 1, n, f) == n;
    return fclose(f) == 0 && whole ? VRK_OK : vrk_fail(ctx, VRK_EIO, "could not write %s", path);
}

static vrk_status run(vrk_ctx *ctx, const char *folder, const char *script, int64_t n)
{
    vrk_status st = VRK_OK;
    int32_t *week = calloc((size_t)n, sizeof(int32_t)),
            *seller = calloc((size_t)n, sizeof(int32_t));
    int8_t *end = calloc((size_t)n, 1);
    FILE *f = NULL;
    char text[9000];
    double one, one_bare, each;
    if (!week || !seller || !end)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " deals", n);
    make(n, week, end, seller);
    vrk_spell_days all = {.n = n, .states = K, .exit = week, .to = end};
    vrk_spell_days by_seller = all;
    by_seller.stratum = seller;
    by_seller.strata = SELLERS;
    TRY(write_deals(ctx, folder, &by_seller));
    TRY(clock_it(ctx, &all, false, &one_bare));
    TRY(clock_it(ctx, &all, true, &one));
    TRY(clock_it(ctx, &by_seller, true, &each));
    snprintf(text, sizeof(text), "%s/verkan.csv", folder);
    f = fopen(text, "w");
    if (!f)
        FAIL(VRK_EIO, "could not write %s", text);
    fprintf(f, "g,time,p1,p2,p3,se1,se2,se3\n");
    TRY(curves(ctx, &by_seller, true, f));
    all.strata = 1;
    TRY(curves(ctx, &all, true, f)); /* after the sellers: the curve of all comes last */
    if (fclose(f) != 0) {
        f = NULL;
        FAIL(VRK_EIO, "could not write %s", text);
    }
    f = NULL;
    snprintf(text, sizeof(text), "Rscript --vanilla '%s' '%s' %" PRId64 " %.9f %.9f %.9f", script,
             folder, n, one_bare, one, each);
    if (system(text) != 0)
        FAIL(VRK_EIO, "could not run R with survival: %s", script);
done:
    if (f)
        fclose(f);
    free(week);
    free(seller);
    free(end);
    return st;
}

int main(int argc, char **argv)
{
    vrk_ctx ctx = {0};
    int64_t n = argc > 3 ? strtoll(argv[3], NULL, 10) : 1000000;
    if (argc < 3 || n < 1) {
        fprintf(stderr, "usage: bench_aalen_johansen FOLDER R-SCRIPT [DEALS]\n");
        return 2;
    }
    vrk_status st = run(&ctx, argv[1], argv[2], n);
    if (st != VRK_OK)
        fprintf(stderr, "%s\n", ctx.message);
    vrk_arena_free(&ctx.scratch);
    return st != VRK_OK;
}
