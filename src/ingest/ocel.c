#include "ingest/ocel.h"

#include "base/str.h"
#include "ingest/json_part.h"

#include <string.h>
#include <strings.h>

json_t *vrk_ocel_new(void)
{
    return json_pack("{s:{}, s:[]}", "objects", "events");
}

json_t *vrk_ocel_object(json_t *log, const char *id, const char *type)
{
    json_t *all = json_object_get(log, "objects");
    json_t *one = json_pack("{s:s, s:{}, s:{}, s:[]}", "type", type, "attributes", "times", "to");
    return one && !json_object_set_new(all, id, one) ? json_object_get(all, id) : NULL;
}

bool vrk_ocel_attribute(json_t *object, const char *name, const char *value, const char *time)
{
    json_t *times = json_object_get(object, "times");
    const char *before = json_string_value(json_object_get(times, name));
    if (before && strcmp(before, time) > 0)
        return true;
    return !json_object_set_new(json_object_get(object, "attributes"), name, json_string(value)) &&
           !json_object_set_new(times, name, json_string(time));
}

json_t *vrk_ocel_event(json_t *log, const char *type, const char *time)
{
    json_t *all = json_object_get(log, "events");
    json_t *one = json_pack("{s:s, s:s, s:[]}", "type", type, "time", time, "objects");
    return one && !json_array_append_new(all, one) ? one : NULL;
}

bool vrk_ocel_relate(json_t *thing, const char *list, const char *id)
{
    json_t *all = json_object_get(thing, list), *v;
    size_t i;
    json_array_foreach(all, i, v)
    {
        if (!strcmp(json_string_value(v), id))
            return true; /* named twice, as some logs do */
    }
    return !json_array_append_new(all, json_string(id));
}

static const char *member(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static bool has_word(const char *type, const char *const *words)
{
    for (; type && *words; words++) {
        if (strcasestr(type, *words))
            return true;
    }
    return false;
}

static const char *const deal_words[] = {"deal", "opportunit", "affär", "ärende", "case", NULL};
static const char *const order_words[] = {"order", NULL}; /* next best */
static const char *const person_words[] = {"seller",    "säljare", "user",  "employee", "resource",
                                           "recruiter", "agent",   "owner", "rep",      NULL};

/* How events use a kind of object. */
typedef struct {
    const char *type;
    double events, objects; /* events that have one, and how many they have in all */
    int64_t last;           /* event that was last counted */
} usage;

enum { KINDS = 200 };

static usage *usage_of(usage *list, int64_t *n, const char *type)
{
    for (int64_t i = 0; i < *n; i++) {
        if (!strcmp(list[i].type, type))
            return &list[i];
    }
    if (*n == KINDS)
        return NULL;
    list[*n] = (usage){.type = type, .last = -1};
    return &list[(*n)++];
}

static const char *type_of(const json_t *log, const json_t *id)
{
    return member(json_object_get(json_object_get(log, "objects"), json_string_value(id)), "type");
}

/* The kind of object that is the deal. NULL: no event has an object. */
static const char *kind_of_deals(const json_t *log)
{
    usage list[KINDS];
    int64_t n = 0;
    size_t i, k;
    json_t *event, *id;
    json_array_foreach(json_object_get(log, "events"), i, event)
    {
        json_array_foreach(json_object_get(event, "objects"), k, id)
        {
            const char *type = type_of(log, id);
            usage *u = type ? usage_of(list, &n, type) : NULL;
            if (!u)
                continue;
            u->events += u->last != (int64_t)i;
            u->objects++;
            u->last = (int64_t)i;
        }
    }
    const usage *best = NULL;
    double most = 0;
    for (int64_t j = 0; j < n; j++) {
        double score = list[j].events * list[j].events / list[j].objects;
        score *= has_word(list[j].type, deal_words)     ? 1e6
                 : has_word(list[j].type, order_words)  ? 1e3
                 : has_word(list[j].type, person_words) ? 1e-6
                                                        : 1;
        best = score > most ? &list[j] : best;
        most = score > most ? score : most;
    }
    return best ? best->type : NULL;
}

/* What an object is called: its attribute name, else its id. */
static const char *name_of(const json_t *log, const char *id)
{
    const json_t *object = json_object_get(json_object_get(log, "objects"), id);
    const char *name = member(json_object_get(object, "attributes"), "name");
    return name ? name : id;
}

static const char *resource_of(const json_t *log, const json_t *event)
{
    size_t k;
    json_t *id;
    json_array_foreach(json_object_get(event, "objects"), k, id)
    {
        if (has_word(type_of(log, id), person_words))
            return name_of(log, json_string_value(id));
    }
    return member(event, "resource");
}

static vrk_status write_events(vrk_ctx *ctx, vrk_reading *r, const json_t *log, const char *kind)
{
    static const char *const headings[] = {"case_id", "activity", "timestamp", "resource", NULL};
    vrk_status st = VRK_OK;
    vrk_json_sheet s;
    size_t i, k;
    json_t *event, *id;
    int64_t others = 0;

    TRY(vrk_json_sheet_open(ctx, r, headings, &s));
    json_array_foreach(json_object_get(log, "events"), i, event)
    {
        int64_t rows = s.rows;
        const char *to = member(event, "to_stage");
        json_array_foreach(json_object_get(event, "objects"), k, id)
        {
            const char *type = type_of(log, id);
            if (type && !strcmp(type, kind))
                vrk_json_sheet_row(
                    &s,
                    (const char *const[]){json_string_value(id), to ? to : member(event, "type"),
                                          member(event, "time"), resource_of(log, event)},
                    4);
        }
        others += rows == s.rows;
    }
    st = vrk_json_sheet_close(&s, st, &(vrk_sheet){.part = "events", .object = "event"});
    if (others)
        vrk_reading_note(r, "%s: %d events have no %s: left out", r->name, (int)others, kind);
done:
    return st;
}

/* One deal as a flat record. */
static json_t *case_of(const json_t *log, const char *id, const json_t *object)
{
    json_t *record = json_pack("{s:s}", "case_id", id), *value;
    const char *key;
    size_t i;
    bool fine =
        record && !json_object_update_missing(record, json_object_get(object, "attributes"));
    json_array_foreach(json_object_get(object, "to"), i, value)
    {
        key = has_word(type_of(log, value), person_words) ? "owner" : type_of(log, value);
        const char *name = name_of(log, json_string_value(value));
        if (fine && key && !json_object_get(record, key))
            fine = !json_object_set_new(record, key, json_string(name));
    }
    if (fine)
        return record;
    json_decref(record);
    return NULL;
}

static vrk_status write_cases(vrk_ctx *ctx, vrk_reading *r, const json_t *log, const char *kind)
{
    vrk_status st = VRK_OK;
    json_t *records = json_array(), *object;
    const char *id;
    bool told = false; /* the log says more of some case than its id */
    json_object_foreach(json_object_get(log, "objects"), id, object)
    {
        if (strcmp(member(object, "type"), kind) != 0)
            continue;
        json_t *one = case_of(log, id, object);
        if (!one || json_array_append_new(records, one))
            FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
        told |= json_object_size(one) > 1;
    }
    if (told)
        TRY(vrk_json_table(ctx, r, records, &(vrk_json_shape){.part = "cases", .object = "case"}));
done:
    json_decref(records);
    return st;
}

vrk_status vrk_ocel_write(vrk_ctx *ctx, vrk_reading *r, const json_t *log)
{
    vrk_status st = VRK_OK;
    const char *kind = kind_of_deals(log);

    if (!kind)
        FAIL(VRK_EINPUT, "%s: an event log whose events name no objects that are in it", r->name);
    vrk_reading_note(r, "%s: an event log of several kinds of objects; '%s' is taken for the deal",
                     r->name, kind);
    TRY(write_events(ctx, r, log, kind));
    TRY(write_cases(ctx, r, log, kind));
done:
    return st;
}
