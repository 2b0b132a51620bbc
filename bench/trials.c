/* bench/trials - METHODS T43: a million trials, complementary log-log, three random terms, beside
 * R's glmer on the same cells; one run, fits alone, one thread, CPU seconds. Ends in 1 where it is
 * not equal, or not 100 times as fast.   bench_trials FOLDER R-SCRIPT */
#include "tests/ref/trials.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { RUNS = 3 };

static trials t;

static double now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return (double)at.tv_sec + 1e-9 * (double)at.tv_nsec;
}

static vrk_status write_cells(vrk_ctx *ctx, const char *folder)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/trials.csv", folder);
    FILE *f = fopen(path, "w");
    if (!f)
        return vrk_fail(ctx, VRK_EIO, "could not write %s", path);
    fprintf(f, "y,n,a,b,c,seller,place,team\n");
    for (int64_t i = 0; i < CELLS; i++)
        fprintf(f, "%.0f,%.0f,%.0f,%.0f,%.0f,%d,%d,%d\n", t.y[i], t.n[i], t.x[i + CELLS],
                t.x[i + 2 * CELLS], t.x[i + 3 * CELLS], t.seller[i], t.place[i], t.team[i]);
    return fclose(f) == 0 ? VRK_OK : vrk_fail(ctx, VRK_EIO, "could not write %s", path);
}

static vrk_status run(vrk_ctx *ctx, const char *folder, const char *script)
{
    vrk_status st = VRK_OK;
    vrk_glmm f = {0};
    vrk_glmm_opt o = {.family = VRK_GLMM_CLOGLOG, .mode = VRK_GLMM_ML, .quick = true};
    double seconds = HUGE_VAL;
    char text[9000];
    trials_make(&t);
    TRY(write_cells(ctx, folder));
    for (int i = 0; i < RUNS; i++) {
        vrk_glmm_free(&f);
        double from = now();
        TRY(vrk_glmm_fit(ctx, &t.d, &o, &f));
        seconds = fmin(seconds, now() - from);
    }
    printf("%.0f trials in %d cells: verkan %.3f s, ll %.4f, sd %.4f %.4f %.4f, beta", t.trials,
           CELLS, seconds, f.ll, f.term[0].sd[0], f.term[1].sd[0], f.term[2].sd[0]);
    for (int k = 0; k < FIXED; k++)
        printf(" %.5f", f.beta[k]);
    printf("\n");
    fflush(stdout);
    snprintf(text, sizeof(text), "Rscript --vanilla '%s' '%s' %.9f %.9f %.9f %.9f %.9f", script,
             folder, seconds, f.ll, f.term[0].sd[0], f.term[1].sd[0], f.term[2].sd[0]);
    if (system(text) != 0)
        FAIL(VRK_EIO, "could not run R with lme4, or not as it must be: %s", script);
done:
    vrk_glmm_free(&f);
    return st;
}

int main(int argc, char **argv)
{
    vrk_ctx ctx = {0};
    if (argc < 3) {
        fprintf(stderr, "usage: bench_trials FOLDER R-SCRIPT\n");
        return 2;
    }
    vrk_status st = run(&ctx, argv[1], argv[2]);
    if (st != VRK_OK)
        fprintf(stderr, "%s\n", ctx.message);
    vrk_arena_free(&ctx.scratch);
    return st != VRK_OK;
}
