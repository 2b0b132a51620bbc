/* The mapping file: what is read has a section and a key on a line that there is. */
#include "ingest/map.h"
#include "base/str.h"
#include "fuzz/fuzz.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    vrk_ctx ctx = {0};
    vrk_arena mem = {0};
    vrk_map map = {0};
    char *text = vrk_text_copy_n(&mem, (const char *)bytes, n);
    int64_t line = 0;
    assert(text);
    vrk_status st = vrk_map_parse(&ctx, "map", text, &mem, &map);
    assert(st == VRK_OK || (st == VRK_EINPUT && strstr(ctx.message, "map")));
    for (int64_t i = 0; st == VRK_OK && i < map.lines; i++) {
        const char **part = NULL;
        int64_t parts = 0;
        assert(map.line[i].section && map.line[i].key && map.line[i].line > line);
        line = map.line[i].line;
        assert(vrk_map_list(&ctx, map.line[i].value, &mem, &part, &parts) == VRK_OK);
    }
    vrk_arena_free(&mem);
    vrk_arena_free(&ctx.scratch);
    return 0;
}
