#include "diag/compare.h"

#include "base/str.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    vrk_arena *mem;
    vrk_difference *out;
    int64_t n;
} comparing;

static const char *text_of(comparing *c, const json_t *value)
{
    char *dump =
        value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(9)) : NULL;
    const char *text = vrk_text_f(c->mem, "%.200s", dump ? dump : "");
    c->mem->failed |= value && !dump;
    free(dump);
    return text;
}

static void differ(comparing *c, const char *path, const json_t *was, const json_t *is)
{
    if (c->n < VRK_DIFFERENCES)
        c->out[c->n] =
            (vrk_difference){vrk_text_copy(c->mem, path), text_of(c, was), text_of(c, is)};
    c->n++;
}

static bool same_number(const json_t *a, const json_t *b)
{
    char x[40], y[40];
    snprintf(x, sizeof(x), "%.9g", json_number_value(a));
    snprintf(y, sizeof(y), "%.9g", json_number_value(b));
    return !strcmp(x, y);
}

static void compare(comparing *c, const char *path, json_t *was, json_t *is);

static void compare_objects(comparing *c, const char *path, json_t *was, json_t *is)
{
    const char *key;
    json_t *value;
    json_object_foreach(was, key, value)
    {
        const char *inner = vrk_text_f(c->mem, "%s%s%s", path, *path ? "." : "", key);
        if (inner && strcmp(inner, "data.problems") != 0)
            compare(c, inner, value, json_object_get(is, key));
    }
    json_object_foreach(is, key, value)
    {
        if (json_object_get(was, key))
            continue;
        const char *inner = vrk_text_f(c->mem, "%s%s%s", path, *path ? "." : "", key);
        if (inner)
            differ(c, inner, NULL, value);
    }
}

static void compare_arrays(comparing *c, const char *path, json_t *was, json_t *is)
{
    size_t n = json_array_size(was), m = json_array_size(is);
    for (size_t i = 0; i < (n > m ? n : m); i++) {
        const char *inner = vrk_text_f(c->mem, "%s[%zu]", path, i);
        if (inner)
            compare(c, inner, json_array_get(was, i), json_array_get(is, i));
    }
}

static void compare(comparing *c, const char *path, json_t *was, json_t *is)
{
    if (json_is_object(was) && json_is_object(is))
        compare_objects(c, path, was, is);
    else if (json_is_array(was) && json_is_array(is))
        compare_arrays(c, path, was, is);
    else if (json_is_number(was) && json_is_number(is) ? !same_number(was, is)
                                                       : !json_equal(was, is))
        differ(c, path, was, is);
}

vrk_status vrk_document_compare(vrk_ctx *ctx, json_t *was, json_t *is, vrk_arena *mem,
                                vrk_difference *out, int64_t *n)
{
    comparing c = {mem, out, 0};
    compare(&c, "", was, is);
    *n = c.n;
    return mem->failed ? vrk_fail(ctx, VRK_EMEMORY, "out of memory for the comparison") : VRK_OK;
}
