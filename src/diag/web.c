#include "diag/web.h"

#include "diag/document.h"
#include "diag/json.h"
#include "pages.h"

#include <stdlib.h>
#include <string.h>

static const vrk_pages_file *const page = &vrk_embed_pages[VRK_PAGES_PAGE];

bool vrk_web_built(void)
{
    return page->n > 0;
}

/* Texts of `b` that differ from those of `a`, in the same places: objects keep their keys, arrays
 * become objects by index. NULL in *out where nothing differs. False when out of memory. */
static bool differing(const json_t *a, const json_t *b, json_t **out)
{
    *out = NULL;
    if (json_is_string(a) && json_is_string(b)) {
        if (strcmp(json_string_value(a), json_string_value(b)) != 0)
            *out = json_incref((json_t *)(intptr_t)b);
        return true;
    }
    bool object = json_is_object(a) && json_is_object(b);
    if (!object && !(json_is_array(a) && json_is_array(b)))
        return true;
    json_t *patch = json_object();
    bool ok = patch != NULL;
    void *iter = object ? json_object_iter((json_t *)(intptr_t)a) : NULL;
    for (size_t i = 0; ok && (object ? iter != NULL : i < json_array_size(a)); i++) {
        char index[24];
        snprintf(index, sizeof index, "%zu", i);
        const char *key = object ? json_object_iter_key(iter) : index;
        json_t *part = NULL;
        ok = differing(object ? json_object_iter_value(iter) : json_array_get(a, i),
                       object ? json_object_get(b, key) : json_array_get(b, i), &part) &&
             (!part || json_object_set_new(patch, key, part) == 0);
        if (object)
            iter = json_object_iter_next((json_t *)(intptr_t)a, iter);
    }
    if (ok && json_object_size(patch)) {
        *out = patch;
        return true;
    }
    json_decref(patch);
    return ok;
}

/* JSON for a script element. What is escaped can only stand inside strings. */
static bool add_escaped(vrk_str *out, const json_t *value)
{
    char *dump = json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(9));
    const char *from = dump, *at = dump;
    for (; at && *at; at++) {
        bool line = !strncmp(at, "\xe2\x80\xa8", 3), paragraph = !strncmp(at, "\xe2\x80\xa9", 3);
        if (*at != '<' && *at != '>' && *at != '&' && !line && !paragraph)
            continue;
        vrk_str_add_n(out, from, (size_t)(at - from));
        if (line || paragraph)
            vrk_str_add(out, line ? "\\u2028" : "\\u2029");
        else
            vrk_str_addf(out, "\\u%04x", (unsigned)*at);
        at += line || paragraph ? 2 : 0;
        from = at + 1;
    }
    if (dump)
        vrk_str_add_n(out, from, (size_t)(at - from));
    free(dump);
    return dump != NULL;
}

/* The sentences in the other language, as a patch of the document. */
static vrk_status spoken(vrk_ctx *ctx, const json_t *document, vrk_lang other, vrk_say_more more,
                         json_t **patch)
{
    vrk_status st = VRK_OK;
    json_t *copy = json_deep_copy(document);
    if (!copy)
        FAIL(VRK_EMEMORY, "out of memory for the page");
    TRY(vrk_document_say(ctx, copy, other));
    TRY(more(ctx, copy, other));
    if (!differing(document, copy, patch))
        FAIL(VRK_EMEMORY, "out of memory for the page");
    if (!*patch)
        *patch = json_object();
done:
    json_decref(copy);
    return st;
}

vrk_status vrk_web_page(vrk_ctx *ctx, const json_t *document, vrk_say_more more, vrk_str *out)
{
    vrk_status st = VRK_OK;
    static const char *const place[] = {"@DOCUMENT@", "@SPOKEN@"};
    json_t *patch = NULL;
    const char *at = page->bytes;
    vrk_lang lang;

    if (!vrk_web_built())
        FAIL(VRK_EINPUT, "this build has no pages: install what is missing and build again, "
                         "./start --build");
    if (!vrk_lang_parse(vrk_json_text(document, "language"), &lang))
        FAIL(VRK_EINPUT, "the result document has no known language");
    TRY(spoken(ctx, document, lang == VRK_SV ? VRK_EN : VRK_SV, more, &patch));
    for (int i = 0; i < 2; i++) {
        const char *end = strstr(at, place[i]);
        if (!end)
            FAIL(VRK_EINPUT, "the page has no place %s", place[i]);
        vrk_str_add_n(out, at, (size_t)(end - at));
        if (!add_escaped(out, i == 0 ? document : patch))
            FAIL(VRK_EMEMORY, "out of memory for the page");
        at = end + strlen(place[i]);
    }
    vrk_str_add(out, at);
    if (out->mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for the page");
done:
    json_decref(patch);
    return st;
}
