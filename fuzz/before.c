/* What was kept of a file that was read: whatever stands in it, it is taken whole or not at all. */
#include "fuzz/fuzz.h"
#include "ingest/read_before.h"
#include "store/hash.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    enum { KEY = 8, FACTS = KEY + VRK_READ_KEY };
    vrk_arena mem = {0};
    vrk_read_before b = {0};
    char facts[VRK_HEX] = "";
    char *copy = vrk_alloc(&mem, (int64_t)n + 1, 1);

    assert(copy);
    if (n)
        memcpy(copy, bytes, n);
    if (n >= FACTS + VRK_HEX + 8) { /* as it would be if it were ours: what it says is then taken */
        uint64_t check = vrk_keyed_hash(bytes + KEY, copy, n - 8);
        memcpy(copy + n - 8, &check, 8);
        memcpy(facts, copy + FACTS, VRK_HEX);
    }
    if (vrk_read_before_take(copy, n, facts, &b)) {
        assert(strlen(b.headings) < n && b.groups >= 0 && (size_t)b.groups <= n / 8);
        assert(!b.groups || (const char *)(b.group + b.groups) <= copy + n);
    }
    vrk_arena_free(&mem);
    return 0;
}
