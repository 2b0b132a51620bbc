#include "ingest/json.h"

#include "base/str.h"
#include "ingest/json_part.h"
#include "ingest/textfile.h"

#include <string.h>

bool vrk_json_is(const char *start, size_t n, const char *name)
{
    const char *end = start + n;
    (void)name;
    if (n > 3 && !memcmp(start, "\xEF\xBB\xBF", 3))
        start += 3;
    while (start < end && *start && strchr(" \t\r\n", *start))
        start++;
    if (start == end || (*start != '{' && *start != '['))
        return false;
    for (start++; start < end && *start && strchr(" \t\r\n", *start);)
        start++;
    return start < end && *start && strchr("\"{}[]", *start);
}

/* The document, or the records of one a line as a list. */
static vrk_status parse(vrk_ctx *ctx, const vrk_reading *r, const char *text, size_t n,
                        json_t **out)
{
    vrk_status st = VRK_OK;
    json_error_t error;
    json_t *list = NULL, *one = json_loadb(text, n, JSON_DISABLE_EOF_CHECK, &error);
    size_t at = one ? (size_t)error.position : 0;

    while (one) {
        while (at < n && strchr(" \t\r\n", text[at]) && text[at])
            at++;
        if (at >= n)
            break;
        if (!list)
            list = json_pack("[O]", one);
        else if (json_array_append(list, one))
            FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
        json_decref(one);
        one = json_loadb(text + at, n - at, JSON_DISABLE_EOF_CHECK, &error);
        at += one ? (size_t)error.position : 0;
        TRY(vrk_tick(ctx, "reading JSON", (int64_t)at, (int64_t)n));
    }
    if (!one)
        FAIL(json_error_code(&error) == json_error_out_of_memory ? VRK_EMEMORY : VRK_EINPUT,
             "%s, line %d: no JSON: %s%s", r->name, error.line, error.text,
             list ? " (lines are counted from the record that is wrong)" : "");
    if (list && json_array_append(list, one))
        FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
    *out = json_incref(list ? list : one);
done:
    json_decref(one);
    json_decref(list);
    return st;
}

/* The list of records of an API's answer. */
static const json_t *records_of(const json_t *all)
{
    static const char *const names[] = {"results", "value",  "records", "data", "list",
                                        "objects", "result", "items",   "rows", "orders"};
    if (json_is_array(all))
        return all;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        const json_t *list = json_object_get(all, names[i]);
        if (json_is_array(list) &&
            (!json_array_size(list) || json_is_object(json_array_get(list, 0))))
            return list;
    }
    return NULL;
}

static const char *type_of(const json_t *record)
{
    const char *type =
        json_string_value(json_object_get(json_object_get(record, "attributes"), "type"));
    return type ? type : json_string_value(json_object_get(record, "type"));
}

/* Upsales: an order is won at 100 %, lost at 0. */
static const char *status_by_probability(const json_t *record)
{
    const json_t *p = json_object_get(record, "probability");
    if (!json_is_number(p))
        return NULL;
    return json_number_value(p) >= 100 ? "won" : json_number_value(p) <= 0 ? "lost" : "open";
}

/* The number of some pair [7, "name"] in the record. */
static bool has_pair(const json_t *record)
{
    const char *key;
    json_t *v;
    json_object_foreach((json_t *)(uintptr_t)record, key, v)
    {
        if (json_array_size(v) == 2 && json_is_integer(json_array_get(v, 0)) &&
            json_is_string(json_array_get(v, 1)))
            return true;
    }
    return false;
}

static vrk_json_shape shape_of(const json_t *all, const json_t *one)
{
    if (json_object_get(all, "@odata.context") && json_object_get(one, "opportunityid"))
        return (vrk_json_shape){.source = "dynamics", .object = "opportunity", .odata = true};
    if (json_object_get(all, "@odata.context"))
        return (vrk_json_shape){.odata = true};
    if (json_is_object(json_object_get(one, "properties")) && json_object_get(one, "id"))
        return (vrk_json_shape){.source = "hubspot",
                                .object =
                                    json_object_get(json_object_get(one, "properties"), "dealstage")
                                        ? "opportunity"
                                        : NULL,
                                .inside = "properties"};
    if (json_object_get(all, "records") && type_of(one))
        return (vrk_json_shape){.source = "salesforce",
                                .object =
                                    strcmp(type_of(one), "Opportunity") ? NULL : "opportunity"};
    if (json_object_get(one, "probability") && json_object_get(one, "client"))
        return (vrk_json_shape){.source = "upsales",
                                .object = "opportunity",
                                .more = status_by_probability,
                                .more_name = "status"};
    if (json_object_get(all, "success") && json_object_get(one, "stage_change_time"))
        return (vrk_json_shape){.source = "pipedrive", .object = "opportunity", .utc = true};
    if (json_object_get(all, "list") && json_object_get(all, "total"))
        return (vrk_json_shape){.source = "espocrm", .utc = true};
    if (json_object_get(all, "jsonrpc") || has_pair(one))
        return (vrk_json_shape){.source = "odoo", .utc = true, .pairs = true};
    return (vrk_json_shape){.inside = json_is_object(json_object_get(one, "attributes"))
                                          ? "attributes" /* JSON:API */
                                          : NULL};
}

static vrk_status read_records(vrk_ctx *ctx, vrk_reading *r, const json_t *all)
{
    vrk_status st = VRK_OK;
    const json_t *records = records_of(all);
    const json_t *one = json_array_get(records, 0);

    if (!records)
        FAIL(VRK_EINPUT,
             "%s: JSON without a list of records (expected what an API answers: "
             "results, value, records, data ...)",
             r->name);
    if (vrk_json_is_history(all, records)) {
        TRY(vrk_json_history(ctx, r, all, records));
        goto done;
    }
    vrk_json_shape shape = shape_of(all, one);
    bool history = shape.inside && json_object_get(one, "propertiesWithHistory");
    shape.part = history ? "deals" : NULL;
    TRY(vrk_json_table(ctx, r, records, &shape));
    if (history)
        TRY(vrk_json_hubspot(ctx, r, records));
done:
    return st;
}

vrk_status vrk_json_read(vrk_ctx *ctx, vrk_reading *r)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    json_t *all = NULL;
    char *text;
    size_t n;

    TRY(vrk_textfile_read(ctx, r->path, r->name, VRK_JSON_MOST, &ctx->scratch, &text, &n));
    TRY(parse(ctx, r, text, n, &all));
    vrk_rewind(&ctx->scratch, mark);
    if (vrk_json_is_ocel(all))
        TRY(vrk_json_ocel(ctx, r, all));
    else if (vrk_json_is_xapi(all))
        TRY(vrk_json_xapi(ctx, r, all));
    else
        TRY(read_records(ctx, r, all));
    if (r->mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
done:
    json_decref(all);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
