#include "fuzz/reader.h"

#include "base/sys.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/verkan-fuzz-XXXXXX";

static void clean(void)
{
    vrk_ctx ctx = {0};
    if (vrk_folder_remove(&ctx, folder) != VRK_OK)
        abort();
}

int64_t fuzz_read(vrk_status (*read)(vrk_ctx *ctx, vrk_reading *r), const char *path,
                  const char *name)
{
    vrk_ctx ctx = {0};
    vrk_arena mem = {0};
    int64_t number = 0;
    vrk_reading r = {.path = path, .name = name, .staging = folder, .number = &number, .mem = &mem};
    if (folder[sizeof(folder) - 2] == 'X' && access(folder, F_OK)) {
        assert(mkdtemp(folder) != NULL);
        atexit(clean);
    }
    ctx.scratch.limit = mem.limit = 256 << 20;
    vrk_status st = read(&ctx, &r);
    assert(st == VRK_OK || ((st == VRK_EINPUT || st == VRK_EMEMORY) && *ctx.message));
    assert(ctx.scratch.used == 0);
    for (int64_t i = 0; i < r.sheets; i++)
        assert(r.sheet[i].path && !strncmp(r.sheet[i].path, folder, strlen(folder)));
    for (int64_t i = 0; i < r.inners; i++)
        assert(r.inner[i].path && !strncmp(r.inner[i].path, folder, strlen(folder)));
    vrk_arena_free(&mem);
    vrk_arena_free(&ctx.scratch);
    return st == VRK_OK ? r.sheets : 0;
}

int64_t fuzz_reader(vrk_status (*read)(vrk_ctx *ctx, vrk_reading *r), const uint8_t *bytes,
                    size_t n, const char *name)
{
    char path[32];
    int fd = fuzz_file(bytes, n, path);
    int64_t sheets = fuzz_read(read, path, name);
    close(fd);
    return sheets;
}
