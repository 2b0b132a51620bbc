/* OCEL 2.0 as XML. */
#include "ingest/ocel.h"

#include "base/str.h"
#include "ingest/xml.h"

#include <string.h>

enum { MOST_OBJECTS = 2000000, MOST_VALUE = 4095 };

bool vrk_ocel_xml_is(const char *start, size_t n, const char *name)
{
    static const char kinds[] = "<object-types";
    (void)name;
    return memmem(start, n, kinds, sizeof(kinds) - 1) != NULL;
}

typedef struct {
    json_t *log, *object, *event; /* what is open */
    char name[256], time[64];     /* of the attribute that is open */
    char value[MOST_VALUE + 1];
    size_t n;
    bool in_attribute;
    int64_t things;
} reader;

static void copy(char *to, size_t room, const char *from)
{
    size_t n = from ? strnlen(from, room - 1) : 0;
    if (n)
        memcpy(to, from, n);
    to[n] = 0;
}

static void start_thing(vrk_xml *x, reader *o, const char *name, const char **attribute)
{
    const char *id = vrk_xml_attribute(attribute, "id");
    const char *type = vrk_xml_attribute(attribute, "type");
    const char *time = vrk_xml_attribute(attribute, "time");
    bool object = !strcmp(name, "object");
    o->object = o->event = NULL;
    if (++o->things > MOST_OBJECTS) {
        vrk_xml_stop(x, VRK_EINPUT, "more than 2,000,000 objects and events");
        return;
    }
    if (!type || (object ? !id : !time))
        return;
    if (object)
        o->object = vrk_ocel_object(o->log, id, type);
    else
        o->event = vrk_ocel_event(o->log, type, time);
    if (!o->object && !o->event)
        vrk_xml_stop(x, VRK_EINPUT, "a name that is no UTF-8, or out of memory");
}

static void start(vrk_xml *x, const char *name, const char **attribute, void *arg)
{
    reader *o = arg;
    const char *to = vrk_xml_attribute(attribute, "object-id");
    if (vrk_xml_depth(x) == 1 && strcmp(name, "log") != 0)
        vrk_xml_stop(x, VRK_EINPUT, "the first element is not <log>");
    else if (vrk_xml_depth(x) == 3 && (!strcmp(name, "object") || !strcmp(name, "event")))
        start_thing(x, o, name, attribute);
    else if (!strcmp(name, "attribute")) {
        copy(o->name, sizeof(o->name), vrk_xml_attribute(attribute, "name"));
        copy(o->time, sizeof(o->time), vrk_xml_attribute(attribute, "time"));
        o->n = 0;
        o->in_attribute = o->object || o->event;
    } else if (!strcmp(name, "relationship") && to && (o->object || o->event)) {
        if (!vrk_ocel_relate(o->object ? o->object : o->event, o->object ? "to" : "objects", to))
            vrk_xml_stop(x, VRK_EMEMORY, "out of memory");
    }
}

static void text(vrk_xml *x, const char *bytes, size_t n, void *arg)
{
    reader *o = arg;
    (void)x;
    if (!o->in_attribute)
        return;
    n = n > MOST_VALUE - o->n ? MOST_VALUE - o->n : n;
    memcpy(o->value + o->n, bytes, n);
    o->n += n;
}

static void end(vrk_xml *x, const char *name, void *arg)
{
    reader *o = arg;
    bool fine = true;
    if (o->in_attribute && !strcmp(name, "attribute")) {
        o->value[o->n] = 0;
        if (o->object && *o->name)
            fine = vrk_ocel_attribute(o->object, o->name, o->value, o->time);
        else if (o->event && (!strcmp(o->name, "to") || !strcmp(o->name, "to_stage")))
            fine = !json_object_set_new(o->event, "to_stage", json_string(o->value));
        o->in_attribute = false;
    }
    if (vrk_xml_depth(x) == 3)
        o->object = o->event = NULL;
    if (!fine)
        vrk_xml_stop(x, VRK_EINPUT, "a value was cut in a letter, or out of memory");
}

vrk_status vrk_ocel_xml_read(vrk_ctx *ctx, vrk_reading *r)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    reader *o = VRK_NEW(&ctx->scratch, 1, reader);
    json_t *log = vrk_ocel_new();

    if (!o || !log)
        FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
    o->log = log;
    TRY(vrk_xml_read_file(ctx,
                          &(vrk_xml_job){.name = r->name,
                                         .what = "reading the event log",
                                         .arg = o,
                                         .start = start,
                                         .end = end,
                                         .text = text},
                          r->path));
    TRY(vrk_ocel_write(ctx, r, log));
done:
    json_decref(log);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
