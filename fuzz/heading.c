/* Headings and names of outcomes: a normal form is its own normal form. */
#include "base/str.h"
#include "fuzz/fuzz.h"
#include "ingest/headings.h"
#include "ingest/outcome.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    vrk_ctx ctx = {0};
    vrk_arena mem = {0};
    vrk_meaning *meaning = NULL;
    int64_t meanings = 0;
    char *text = vrk_text_copy_n(&mem, (const char *)bytes, n);
    const char *once = text ? vrk_heading_normal(&mem, text) : NULL;
    const char *twice = once ? vrk_heading_normal(&mem, once) : NULL;
    assert(twice && !strcmp(once, twice));
    vrk_headings h;
    assert(vrk_headings_make(&ctx, &mem, &h) == VRK_OK);
    assert(vrk_meanings_of(&ctx, &h, &mem, text, &meaning, &meanings) == VRK_OK);
    for (int64_t i = 0; i < meanings; i++)
        assert(meaning[i].confidence > 0 && meaning[i].confidence <= 1);
    vrk_outcome outcome = vrk_outcome_of(text);
    assert((outcome == VRK_NO_OUTCOME) == !vrk_outcome_text(outcome));
    vrk_arena_free(&mem);
    vrk_arena_free(&ctx.scratch);
    return 0;
}
