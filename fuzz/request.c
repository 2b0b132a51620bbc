/* What a stranger may send to the server: a Cookie header and a JSON body. A token that is taken is
 * 64 hex digits; an object that is taken has no member twice, and comes out the same when it is
 * written and read again. */
#include "fuzz/fuzz.h"
#include "http/app.h"

#include <assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    vrk_ctx ctx = {0};
    vrk_arena mem = {0};
    char token[VRK_HEX] = "";
    json_t *value = NULL, *again = NULL;
    char *cookie = vrk_text_copy_n(&mem, (const char *)bytes, n);

    const vrk_app app = {.secure = n % 2 != 0};
    if (vrk_gate_token(&app, cookie, token))
        assert(strlen(token) == 64 && strspn(token, "0123456789abcdef") == 64 &&
               strstr(cookie, token));
    if (vrk_json_strict(&ctx, (const char *)bytes, n, &value) == VRK_OK) {
        char *text = json_dumps(value, JSON_COMPACT);
        assert(json_is_object(value) && text);
        assert(vrk_json_strict(&ctx, text, strlen(text), &again) == VRK_OK);
        assert(json_equal(value, again));
        free(text);
    }
    json_decref(value);
    json_decref(again);
    vrk_arena_free(&mem);
    vrk_arena_free(&ctx.scratch);
    return 0;
}
