/* The CSV scan: records come in the order of their lines, and none is longer than the file. The
 * check: who watches sees every cell of every row that is kept, in order and without outer blanks.
 */
#include "base/sys.h"
#include "fuzz/fuzz.h"
#include "ingest/csv_scan.h"

#include <assert.h>
#include <stdlib.h>
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

typedef struct {
    int64_t columns, next, cells;
} watched;

static void start(void *arg, int64_t columns)
{
    *(watched *)arg = (watched){.columns = columns};
}

static void see(void *arg, int64_t column, const char *text, size_t n)
{
    watched *w = arg;
    const char *inner = text ? text : "";
    size_t left = n;
    vrk_trim_blanks(&inner, &left);
    assert(column == w->next && (text != NULL) == (n > 0) && left == n);
    assert(n == 0 || vrk_is_utf8(text, n));
    w->next = (column + 1) % w->columns;
    w->cells++;
}

static void check(vrk_ctx *ctx, const char *path, char delimiter)
{
    vrk_arena mem = {0};
    watched w = {0};
    const vrk_watch watch = {start, see, &w};
    vrk_csv csv;
    char folder[] = "/tmp/verkan-fuzz-XXXXXX";
    assert(mkdtemp(folder));
    vrk_status st = vrk_csv_check(ctx, path, delimiter, folder, 1, NULL, &watch, &mem, &csv);
    assert(st == VRK_OK || (st == VRK_EINPUT && ctx->message[0]));
    if (st == VRK_OK)
        assert(w.next == 0 && w.cells == csv.columns * (csv.records - csv.left_out));
    assert(vrk_folder_remove(ctx, folder) == VRK_OK);
    vrk_arena_free(&mem);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    vrk_ctx ctx = {0};
    char path[32];
    seen s = {.n = n};
    int fd = fuzz_file(bytes, n, path);
    char delimiter = n && bytes[0] % 2 ? ';' : ',';
    vrk_status st = vrk_csv_scan(&ctx, path, delimiter, take, &s);
    assert(st == VRK_OK || st == VRK_EINPUT);
    check(&ctx, path, delimiter);
    close(fd);
    vrk_arena_free(&ctx.scratch);
    return 0;
}
