/* OCEL 1.0 and 2.0 as JSON. */
#include "ingest/ocel.h"

#include "ingest/json_part.h"

#include <string.h>
#include <strings.h>

static bool is_first(const json_t *all)
{
    return json_is_object(json_object_get(all, "ocel:events")) &&
           json_is_object(json_object_get(all, "ocel:objects"));
}

bool vrk_json_is_ocel(const json_t *all)
{
    return is_first(all) || (json_is_array(json_object_get(all, "objectTypes")) &&
                             json_is_array(json_object_get(all, "events")));
}

static bool leads_to(const char *name)
{
    return !strcasecmp(name, "to") || !strcasecmp(name, "to_stage") ||
           !strcasecmp(name, "new_stage");
}

static bool relate(json_t *thing, const char *list, const json_t *relations)
{
    size_t i;
    json_t *v;
    json_array_foreach(relations, i, v)
    {
        const char *id = json_string_value(json_is_object(v) ? json_object_get(v, "objectId") : v);
        if (id && !vrk_ocel_relate(thing, list, id))
            return false;
    }
    return true;
}

static bool set(vrk_ctx *ctx, json_t *object, const char *name, const json_t *value,
                const char *time)
{
    const char *text = vrk_json_plain(value, &ctx->scratch);
    return !name || !text || vrk_ocel_attribute(object, name, text, time ? time : "");
}

/* OCEL 2.0. False: no memory. */
static bool take_second(vrk_ctx *ctx, const json_t *all, json_t *log)
{
    size_t i, k;
    json_t *v, *a;
    bool fine = true;
    json_array_foreach(json_object_get(all, "objects"), i, v)
    {
        const char *id = json_string_value(json_object_get(v, "id")),
                   *type = json_string_value(json_object_get(v, "type"));
        json_t *object = id && type ? vrk_ocel_object(log, id, type) : NULL;
        fine = fine && (object || !id || !type) &&
               (!object || relate(object, "to", json_object_get(v, "relationships")));
        json_array_foreach(json_object_get(v, "attributes"), k, a)
        {
            fine =
                fine && (!object || set(ctx, object, json_string_value(json_object_get(a, "name")),
                                        json_object_get(a, "value"),
                                        json_string_value(json_object_get(a, "time"))));
        }
    }
    json_array_foreach(json_object_get(all, "events"), i, v)
    {
        const char *type = json_string_value(json_object_get(v, "type")),
                   *time = json_string_value(json_object_get(v, "time"));
        json_t *event = type && time ? vrk_ocel_event(log, type, time) : NULL;
        fine = fine && (event || !type || !time) &&
               (!event || relate(event, "objects", json_object_get(v, "relationships")));
        json_array_foreach(json_object_get(v, "attributes"), k, a)
        {
            const char *name = json_string_value(json_object_get(a, "name"));
            const char *text = vrk_json_plain(json_object_get(a, "value"), &ctx->scratch);
            if (event && name && text && *text && leads_to(name))
                fine = fine && !json_object_set_new(event, "to_stage", json_string(text));
        }
    }
    return fine;
}

/* OCEL 1.0. */
static bool take_first(vrk_ctx *ctx, const json_t *all, json_t *log)
{
    const char *id, *name;
    json_t *v, *a;
    bool fine = true;
    json_object_foreach(json_object_get(all, "ocel:objects"), id, v)
    {
        const char *type = json_string_value(json_object_get(v, "ocel:type"));
        json_t *object = type ? vrk_ocel_object(log, id, type) : NULL;
        fine = fine && (object || !type);
        json_object_foreach(json_object_get(v, "ocel:ovmap"), name, a)
        {
            fine = fine && (!object || set(ctx, object, name, a, NULL));
        }
    }
    json_object_foreach(json_object_get(all, "ocel:events"), id, v)
    {
        const char *type = json_string_value(json_object_get(v, "ocel:activity")),
                   *time = json_string_value(json_object_get(v, "ocel:timestamp"));
        json_t *event = type && time ? vrk_ocel_event(log, type, time) : NULL;
        fine = fine && (event || !type || !time) &&
               (!event || relate(event, "objects", json_object_get(v, "ocel:omap")));
        json_object_foreach(json_object_get(v, "ocel:vmap"), name, a)
        {
            const char *text = vrk_json_plain(a, &ctx->scratch);
            if (event && text && *text && leads_to(name))
                fine = fine && !json_object_set_new(event, "to_stage", json_string(text));
        }
    }
    return fine;
}

vrk_status vrk_json_ocel(vrk_ctx *ctx, vrk_reading *r, const json_t *all)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    json_t *log = vrk_ocel_new();
    bool fine = log && (is_first(all) ? take_first(ctx, all, log) : take_second(ctx, all, log));

    if (!fine || ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
    TRY(vrk_ocel_write(ctx, r, log));
done:
    json_decref(log);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
