#include "http/told.h"

#include "http/views.h"

#include "diag/document.h"
#include "diag/json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static bool same(const json_t *o, const char *name, const char *text)
{
    return !strcmp(vrk_json_text(o, name), text ? text : "");
}

static json_t *or_null(const json_t *o, const char *name)
{
    json_t *v = json_object_get(o, name);
    return v ? v : json_null();
}

static const json_t *find(const json_t *document, const char *action, const char *moment,
                          const char *team)
{
    const json_t *list = json_object_get(document, "decisions"), *one;
    size_t i;
    json_array_foreach(list, i, one)
    {
        if (same(one, "action", action) && same(one, "moment", moment) &&
            same(one, "team_id", team) && json_is_object(json_object_get(one, "value")))
            return one;
    }
    return NULL;
}

vrk_status vrk_told_of(vrk_worker *w, const vrk_request *r, int64_t snapshot, const char *action,
                       const char *moment, const char *team, const char **out)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    json_t *document = NULL, *told = NULL;
    const char *persons;
    char *text = NULL;

    *out = NULL;
    if (!snapshot)
        return VRK_OK; /* nothing is diagnosed yet */
    TRY(vrk_view_for(w, r, snapshot, VRK_TO_SCREEN, &document, &persons));
    const json_t *one = find(document, action, moment, team);
    if (!one)
        goto done;
    told = json_pack("{s:I,s:O,s:O,s:O,s:O,s:O,s:O}", "snapshot", (json_int_t)snapshot, "verdict",
                     or_null(one, "verdict"), "value", or_null(one, "value"), "cost",
                     or_null(one, "cost"), "currency", or_null(one, "currency"), "p_positive",
                     or_null(one, "p_positive"), "expects", or_null(one, "expects"));
    text = told ? json_dumps(told, JSON_COMPACT | JSON_REAL_PRECISION(9)) : NULL;
    *out = text ? vrk_text_copy(&ctx->scratch, text) : NULL;
    if (!*out)
        FAIL(VRK_EMEMORY, "out of memory for what was told");
done:
    free(text);
    json_decref(told);
    vrk_document_free(document);
    return st;
}
