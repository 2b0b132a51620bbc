/* A text file of any kind becomes a clean CSV: of UTF-8, as wide as its headings in every record,
 * and no more rows than lines; or it is refused with a sentence. */
#include "ingest/tidy.h"
#include "fuzz/fuzz.h"
#include "ingest/csv_scan.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct {
    int64_t columns, records;
} seen;

static vrk_status take(vrk_ctx *ctx, const vrk_rec *rec, void *arg)
{
    seen *s = arg;
    (void)ctx;
    assert(rec->state == VRK_REC_GOOD && rec->fields == s->columns + 1);
    s->records++;
    return VRK_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    vrk_ctx ctx = {0};
    vrk_arena mem = {0};
    vrk_headings known;
    vrk_tidy tidy;
    char path[32], folder[] = "/tmp/verkan-fuzz-XXXXXX";
    int fd = fuzz_file(bytes, n, path);
    assert(mkdtemp(folder));
    assert(vrk_headings_make(&ctx, &mem, &known) == VRK_OK);
    vrk_status st = vrk_tidy_file(&ctx, &known, path, "a.csv", folder, 1, NULL, &mem, &tidy);
    assert(st == VRK_OK || (st == VRK_EINPUT && ctx.message[0]));
    if (st == VRK_OK) {
        seen s = {.columns = tidy.csv.columns};
        assert(vrk_csv_scan(&ctx, tidy.csv.read, ',', take, &s) == VRK_OK);
        assert(s.records - 1 == tidy.csv.records - tidy.csv.left_out - tidy.csv.skipped);
        (void)unlink(tidy.csv.read);
    }
    close(fd);
    (void)rmdir(folder);
    vrk_arena_free(&mem);
    vrk_arena_free(&ctx.scratch);
    return 0;
}
