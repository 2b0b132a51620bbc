#include "fuzz/plan.h"

#include "base/str.h"
#include "base/sys.h"
#include "ingest/plan.h"
#include "ingest/value_sql.h"
#include "store/duck.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_FILES = 4 };

/* The SELECT of each source must be one that DuckDB takes. */
static void run_sources(vrk_ctx *ctx, const vrk_plan *plan)
{
    vrk_duck *duck = NULL;
    assert(vrk_duck_open(ctx, &(vrk_duck_opt){0}, &duck) == VRK_OK);
    assert(vrk_value_functions(ctx, duck) == VRK_OK);
    for (int64_t i = 0; i < plan->sources; i++) {
        vrk_frame rows = {0};
        const char *sql =
            vrk_text_f(&ctx->scratch, "SELECT count(*) FROM (%s)", plan->source[i].select);
        assert(sql && vrk_duck_run(ctx, duck, "fuzzing", sql, NULL, 0, &rows) == VRK_OK);
        assert(rows.rows == 1 && rows.column[0].i[0] >= 0);
        vrk_frame_free(&rows);
    }
    vrk_duck_close(duck);
}

void fuzz_plan(const uint8_t *bytes, size_t n, const char *const *name)
{
    vrk_ctx ctx = {0};
    vrk_arena mem = {0};
    vrk_plan plan;
    char folder[] = "/tmp/verkan-fuzz-XXXXXX";
    const char *path[MOST_FILES];
    const char *at = (const char *)bytes, *end = at + n;
    int64_t files = 0;

    assert(mkdtemp(folder));
    const char *staging = vrk_text_f(&mem, "%s/staging", folder);
    assert(staging && !mkdir(staging, 0700));
    for (; name[files] && files < MOST_FILES; files++) {
        const char *stop = name[files + 1] ? memchr(at, '\x1e', (size_t)(end - at)) : NULL;
        stop = stop ? stop : end;
        path[files] = vrk_text_f(&mem, "%s/%s", folder, name[files]);
        assert(path[files]);
        assert(vrk_file_replace(&ctx, path[files], at, (size_t)(stop - at)) == VRK_OK);
        at = stop < end ? stop + 1 : end;
    }
    vrk_status st = vrk_plan_make(&ctx, path, files, &(vrk_plan_opt){.staging = staging}, &plan);
    assert(st == VRK_OK || (st == VRK_EINPUT && ctx.message[0]));
    if (st == VRK_OK) {
        run_sources(&ctx, &plan);
        vrk_plan_free(&plan);
    }
    assert(vrk_folder_remove(&ctx, folder) == VRK_OK);
    vrk_arena_free(&mem);
    vrk_arena_free(&ctx.scratch);
}
