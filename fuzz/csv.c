/* The CSV scan: records come in the order of their lines, and none is longer than the file. */
#include "fuzz/fuzz.h"
#include "ingest/csv_scan.h"

#include <assert.h>
#include <unistd.h>

typedef struct {
    int64_t line;
    size_t n;
} seen;

static vrk_status take(vrk_ctx *ctx, const vrk_rec *rec, void *arg)
{
    seen *s = arg;
    (void)ctx;
    assert(rec->line > s->line && rec->n <= s->n);
    assert(rec->state != VRK_REC_GOOD || vrk_is_utf8(rec->bytes, rec->n));
    s->line = rec->line;
    return VRK_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    vrk_ctx ctx = {0};
    char path[32];
    seen s = {.n = n};
    int fd = fuzz_file(bytes, n, path);
    vrk_status st = vrk_csv_scan(&ctx, path, n && bytes[0] % 2 ? ';' : ',', take, &s);
    assert(st == VRK_OK || st == VRK_EINPUT);
    close(fd);
    vrk_arena_free(&ctx.scratch);
    return 0;
}
