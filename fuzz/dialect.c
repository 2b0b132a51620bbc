/* What parts the fields: always one of the four signs, and rows without their quotes are no longer
 * than with them. */
#include "ingest/dialect.h"
#include "fuzz/fuzz.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void check(const vrk_dialect *d, size_t n)
{
    assert(d->delimiter && strchr(",;\t|", d->delimiter));
    assert(d->columns >= 0 && d->columns <= (int64_t)n + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char *text = malloc(n + 1);
    assert(text);
    if (n)
        memcpy(text, bytes, n);
    text[n] = 0;
    vrk_dialect d = vrk_dialect_of(text, n);
    check(&d, n);
    for (int layers = 0; layers < 2; layers++) {
        size_t less = vrk_unwrap_rows(text, n);
        assert(less <= n);
        d = vrk_dialect_of(text, less);
        check(&d, less);
        n = less;
    }
    free(text);
    return 0;
}
