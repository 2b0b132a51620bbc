/* Encodings: whatever the bytes are, the text is UTF-8, and the same whether it is decoded whole or
 * in two pieces. */
#include "ingest/decode.h"
#include "fuzz/fuzz.h"
#include "ingest/csv_scan.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { ENCODINGS = VRK_ENC_MIXED + 1 };

static void decode(vrk_encoding e, const char *bytes, size_t n, size_t cut)
{
    char *whole = malloc(3 * n + 4), *parts = malloc(3 * n + 8);
    size_t used, first;
    int64_t line[4], repaired;
    assert(whole && parts);
    size_t k = vrk_decode(e, bytes, n, true, whole, &used);
    assert(used == n && k <= 3 * n + 4);
    assert(e == VRK_ENC_UTF8 || vrk_is_utf8(whole, k));
    size_t j = vrk_decode(e, bytes, cut, false, parts, &first);
    assert(first <= cut);
    j += vrk_decode(e, bytes + first, n - first, true, parts + j, &used);
    assert(used == n - first);
    assert(j == k && !memcmp(whole, parts, k));
    assert(vrk_mixed_lines(bytes, n, line, 4) >= 0);
    if (vrk_is_utf8(whole, k)) {
        size_t shorter = vrk_demojibake(whole, k, &repaired);
        assert(shorter <= k && repaired >= 0 && vrk_is_utf8(whole, shorter));
        assert((shorter < k) == (repaired > 0));
    }
    free(whole);
    free(parts);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    const char *text = (const char *)bytes;
    size_t bom = 0, cut = n ? bytes[0] % (n + 1) : 0;
    vrk_encoding e = vrk_encoding_of(text, n, true, &bom);
    assert(bom <= n && vrk_encoding_name(e)[0]);
    decode(e, text + bom, n - bom, cut < n - bom ? cut : n - bom);
    for (int i = VRK_ENC_UTF16LE; i < ENCODINGS; i++)
        decode((vrk_encoding)i, text, n, cut);
    return 0;
}
