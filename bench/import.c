/* bench/import.c - how long an import takes beside what DuckDB alone needs to turn the same CSV
 * files into Parquet, all text; then how long it takes to bring the same files again with 1 % of
 * the rows of activities.csv changed, at its end and spread over all of it.
 *
 *   bench_import FOLDER WORK     FOLDER: interchange CSV files; WORK: a new folder, removed after
 *   bench_import FOLDER WORK SAME...     only how long it takes to import each SAME: a folder or
 *                                file with what is in FOLDER, in another encoding
 */
#include "bench/beside.h"

#include "base/str.h"
#include "base/sys.h"
#include "ingest/bring.h"
#include "store/duck.h"

#include <stdio.h>
#include <stdlib.h>

static vrk_status import(vrk_ctx *ctx, const char *folder, const char *work)
{
    vrk_status st = VRK_OK;
    vrk_workspace w;
    vrk_bring_report report = {0};

    TRY(vrk_workspace_open(ctx, vrk_text_f(&ctx->scratch, "%s/ws", work), true, &w));
    TRY(vrk_bring(ctx, &w, &folder, 1, NULL, &report));
done:
    vrk_bring_report_free(&report);
    vrk_workspace_close(&w);
    return st;
}

/* work/changed/activities.csv: duration_min is another in 1 % of the rows that `which` picks. */
static vrk_status change(vrk_ctx *ctx, const char *folder, const char *work, const char *which)
{
    vrk_status st = VRK_OK;
    vrk_duck *d = NULL;
    char *changed = vrk_text_f(&ctx->scratch, "%s/changed", work);
    char *sql = vrk_text_f(
        &ctx->scratch,
        "COPY (SELECT * EXCLUDE (r, n) REPLACE (CASE WHEN %s THEN '77' ELSE duration_min END AS "
        "duration_min) FROM (SELECT *, row_number() OVER () AS r, count(*) OVER () AS n FROM "
        "read_csv(%s, all_varchar = true)) ORDER BY r) TO %s (HEADER)",
        which, vrk_sql_quote(&ctx->scratch, vrk_text_f(&ctx->scratch, "%s/activities.csv", folder)),
        vrk_sql_quote(&ctx->scratch, vrk_text_f(&ctx->scratch, "%s/activities.csv", changed)));
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    TRY(vrk_folder_make(ctx, changed));
    TRY(vrk_duck_open(ctx, &(vrk_duck_opt){.temp = work}, &d));
    TRY(vrk_duck_run(ctx, d, "changing", sql, NULL, 0, NULL));
done:
    vrk_duck_close(d);
    return st;
}

static vrk_status change_end(vrk_ctx *ctx, const char *folder, const char *work)
{
    return change(ctx, folder, work, "r > n * 0.99");
}

static vrk_status change_all_over(vrk_ctx *ctx, const char *folder, const char *work)
{
    return change(ctx, folder, work, "r % 100 = 0");
}

static void tell(const char *what, bench_cost c, const char *beside, bench_cost other)
{
    printf("%-32s %8.2f s %8.2f s CPU %6.2f GiB   %5.2f x %s (CPU %5.2f x)\n", what, c.seconds,
           c.cpu, c.gib, c.seconds / other.seconds, beside, c.cpu / other.cpu);
    fflush(stdout);
}

static void change_and_import(const char *folder, const char *work, bench_cost bare_cost)
{
    char changed[4096];
    snprintf(changed, sizeof(changed), "%s/changed", work);
    bench_cost first = bench_measure(import, folder, work);
    tell("first import", first, "bare", bare_cost);
    bench_measure(change_end, folder, work);
    bench_cost end = bench_measure(import, changed, work);
    tell("again, the last 1 % changed", end, "first", first);
    bench_measure(change_all_over, folder, work);
    bench_cost all = bench_measure(import, changed, work);
    tell("again, every 100th row changed", all, "first", first);
}

/* The workspace of one import is not that of the next. */
static void import_same(vrk_ctx *ctx, const char *same, const char *work, bench_cost bare_cost)
{
    char inner[4096];
    snprintf(inner, sizeof(inner), "%s/same", work);
    if (vrk_folder_make(ctx, inner) != VRK_OK)
        exit(1);
    tell(same, bench_measure(import, same, inner), "bare", bare_cost);
    if (vrk_folder_remove(ctx, inner) != VRK_OK)
        exit(1);
}

int main(int argc, char **argv)
{
    vrk_ctx ctx = {0};
    if (argc < 3 || vrk_folder_make(&ctx, argv[2]) != VRK_OK)
        return fprintf(stderr, "usage: bench_import FOLDER WORK [SAME...]\n"), 2;
    const char *folder = argv[1], *work = argv[2];
    bench_cost b = bench_measure(bench_bare, folder, work);
    tell("bare read_csv -> Parquet", b, "itself", b);
    for (int i = 3; i < argc; i++)
        import_same(&ctx, argv[i], work, b);
    if (argc == 3)
        change_and_import(folder, work, b);
    if (vrk_folder_remove(&ctx, work) != VRK_OK)
        fprintf(stderr, "%s\n", ctx.message);
    vrk_arena_free(&ctx.scratch);
    return 0;
}
