/* XES: whatever is read, each event belongs to a trace, and what is refused says where. */
#include "ingest/xes.h"
#include "fuzz/fuzz.h"

#include <assert.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    vrk_ctx ctx = {0};
    vrk_xes got;
    char path[3][32];
    int fd[3];
    for (int k = 0; k < 3; k++)
        fd[k] = fuzz_file(bytes, k ? 0 : n, path[k]);
    vrk_status st = vrk_xes_read(&ctx, path[0], path[1], path[2], &got);
    assert(st == VRK_OK || (st == VRK_EINPUT && strstr(ctx.message, "line ")));
    assert(st == VRK_OK || (got.traces == 0 && got.events == 0));
    assert(got.events == 0 || got.traces > 0);
    assert(ctx.scratch.used == 0);
    for (int k = 0; k < 3; k++)
        close(fd[k]);
    vrk_arena_free(&ctx.scratch);
    return 0;
}
