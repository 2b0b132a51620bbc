#include "bench/beside.h"

#include "base/str.h"
#include "base/sys.h"
#include "store/duck.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

bench_cost bench_measure(bench_phase run, const char *folder, const char *work)
{
    struct rusage used = {0};
    int how = 1;
    double start = now();
    pid_t pid = fork();
    if (pid == 0) {
        vrk_ctx ctx = {0};
        vrk_status st = run(&ctx, folder, work);
        if (st != VRK_OK)
            fprintf(stderr, "%s\n", ctx.message);
        vrk_arena_free(&ctx.scratch);
        _exit(st != VRK_OK);
    }
    if (pid < 0 || wait4(pid, &how, 0, &used) != pid || how != 0)
        exit(1);
    double cpu = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                 1e-6 * (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
    return (bench_cost){now() - start, cpu, (double)used.ru_maxrss / (1 << 20)};
}

vrk_status bench_bare(vrk_ctx *ctx, const char *folder, const char *work)
{
    vrk_status st = VRK_OK;
    vrk_duck *d = NULL;
    char **names;
    int64_t n;

    TRY(vrk_duck_open(ctx, &(vrk_duck_opt){.temp = work}, &d));
    TRY(vrk_folder_list(ctx, folder, &ctx->scratch, &names, &n));
    for (int64_t i = 0; i < n; i++) {
        if (!vrk_ends_with(names[i], ".csv"))
            continue;
        char *path = vrk_text_f(&ctx->scratch, "%s/%s", folder, names[i]);
        char *to = vrk_text_f(&ctx->scratch, "%s/%s.parquet", work, names[i]);
        if (ctx->scratch.failed)
            FAIL(VRK_EMEMORY, "out of memory");
        char *sql = vrk_text_f(
            &ctx->scratch,
            "COPY (SELECT * FROM read_csv(%s, all_varchar = true)) TO %s (FORMAT parquet)",
            vrk_sql_quote(&ctx->scratch, path), vrk_sql_quote(&ctx->scratch, to));
        if (ctx->scratch.failed)
            FAIL(VRK_EMEMORY, "out of memory");
        TRY(vrk_duck_run(ctx, d, names[i], sql, NULL, 0, NULL));
    }
done:
    vrk_duck_close(d);
    return st;
}
