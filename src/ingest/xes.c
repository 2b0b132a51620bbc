#include "ingest/xes.h"

#include "base/str.h"
#include "base/sys.h"
#include "ingest/xml.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 1 << 16 };

/* A CSV on its way to a file. */
typedef struct {
    const char *path;
    int fd;
    vrk_str text;
} sheet;

/* The attributes that have a column of their own. */
enum { NAME, LIFECYCLE, TIMESTAMP, RESOURCE, FIELDS };
static const char *const field_key[FIELDS] = {"concept:name", "lifecycle:transition",
                                              "time:timestamp", "org:resource"};

/* What is open: a trace, or an event in it. */
typedef struct {
    bool open;
    int64_t line;
    size_t size;         /* [byte] of keys and values so far */
    char *field[FIELDS]; /* malloc */
    json_t *rest;
} thing;

typedef struct {
    vrk_ctx *ctx;
    vrk_xml *xml;
    const char *path;
    sheet events, cases;
    thing trace, event;
    vrk_xes count;
} reader;

static void stop(reader *r, vrk_status st, const char *why)
{
    vrk_xml_stop(r->xml, st, why);
}

static void thing_end(thing *t)
{
    for (int i = 0; i < FIELDS; i++)
        free(t->field[i]);
    json_decref(t->rest);
    *t = (thing){0};
}

static void thing_start(reader *r, thing *t)
{
    thing_end(t);
    *t = (thing){.open = true, .line = vrk_xml_line(r->xml), .rest = json_object()};
    if (!t->rest)
        stop(r, VRK_EMEMORY, "out of memory");
}

/* A trace or an event has a key once: the first stands. */
static void thing_set(reader *r, thing *t, const char *key, const char *value)
{
    t->size += strlen(key) + strlen(value);
    if (t->size > VRK_XES_LONGEST) {
        stop(r, VRK_EINPUT, "one trace or event holds more than 256 KiB");
        return;
    }
    for (int i = 0; i < FIELDS; i++) {
        if (strcmp(key, field_key[i]) != 0)
            continue;
        if (!t->field[i] && !(t->field[i] = strdup(value)))
            stop(r, VRK_EMEMORY, "out of memory");
        return;
    }
    if (!*key || json_object_get(t->rest, key))
        return;
    if (json_object_size(t->rest) >= VRK_XES_ATTRIBUTES)
        stop(r, VRK_EINPUT, "more than 1000 attributes on one trace or event");
    else if (json_object_set_new(t->rest, key, json_string(value)))
        stop(r, VRK_EMEMORY, "out of memory");
}

static void add_cell(sheet *s, const char *text, char end)
{
    if (text && *text) {
        vrk_str_add(&s->text, "\"");
        for (const char *p = text; *p; p++)
            vrk_str_add_n(&s->text, *p == '"' ? "\"\"" : p, *p == '"' ? 2 : 1);
        vrk_str_add(&s->text, "\"");
    }
    vrk_str_add_n(&s->text, &end, 1);
}

static vrk_status flush(vrk_ctx *ctx, sheet *s)
{
    vrk_status st = VRK_OK;
    if (s->text.mem->failed)
        FAIL(VRK_EMEMORY, "out of memory");
    TRY(vrk_file_write_all(ctx, s->fd, s->path, vrk_str_of(&s->text), s->text.n));
    s->text.n = 0;
done:
    return st;
}

static void row_end(reader *r, sheet *s, const thing *t)
{
    char *rest = json_dumps(t->rest, JSON_COMPACT | JSON_PRESERVE_ORDER);
    if (!rest)
        stop(r, VRK_EMEMORY, "out of memory");
    add_cell(s, rest, '\n');
    free(rest);
    if (s->text.n > PIECE && !vrk_xml_stopped(r->xml)) {
        vrk_status st = flush(r->ctx, s);
        if (st != VRK_OK)
            stop(r, st, NULL);
    }
}

static void write_event(reader *r)
{
    vrk_str_addf(&r->events.text, "%" PRId64 ",%" PRId64 ",", r->count.traces, r->event.line);
    for (int i = 0; i < FIELDS; i++)
        add_cell(&r->events, r->event.field[i], ',');
    row_end(r, &r->events, &r->event);
    r->count.events++;
}

static void write_case(reader *r)
{
    vrk_str_addf(&r->cases.text, "%" PRId64 ",", r->count.traces);
    add_cell(&r->cases, r->trace.field[NAME], ',');
    row_end(r, &r->cases, &r->trace);
}

static void start(vrk_xml *xml, const char *name, const char **attribute, void *arg)
{
    reader *r = arg;
    const char *key = NULL, *value = NULL;
    int depth = vrk_xml_depth(xml);

    r->xml = xml;
    if (depth == 1 && strcmp(name, "log") != 0)
        stop(r, VRK_EINPUT, "this is no event log: the first element is not <log>");
    else if (depth == 2 && !strcmp(name, "trace")) {
        r->count.traces++;
        thing_start(r, &r->trace);
    } else if (depth == 3 && r->trace.open && !strcmp(name, "event"))
        thing_start(r, &r->event);
    else if (r->trace.open && depth == (r->event.open ? 4 : 3)) {
        for (; *attribute; attribute += 2) {
            key = strcmp(attribute[0], "key") ? key : attribute[1];
            value = strcmp(attribute[0], "value") ? value : attribute[1];
        }
        if (key && value)
            thing_set(r, r->event.open ? &r->event : &r->trace, key, value);
    }
}

static void end(vrk_xml *xml, const char *name, void *arg)
{
    reader *r = arg;
    int depth = vrk_xml_depth(xml);
    (void)name;
    if (depth == 3 && r->event.open) {
        write_event(r);
        thing_end(&r->event);
    } else if (depth == 2 && r->trace.open) {
        write_case(r);
        thing_end(&r->trace);
    }
}

static vrk_status sheet_open(vrk_ctx *ctx, sheet *s, const char *headings)
{
    const vrk_sys *sys = vrk_sys_of(ctx);
    s->fd = sys->open(sys->arg, s->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (s->fd < 0)
        return vrk_fail(ctx, VRK_EIO, "could not write %s: %s", s->path,
                        vrk_said(ctx, strerror(errno)));
    vrk_str_add(&s->text, headings);
    return VRK_OK;
}

vrk_status vrk_xes_read(vrk_ctx *ctx, const char *path, const char *events, const char *cases,
                        vrk_xes *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    const vrk_sys *sys = vrk_sys_of(ctx);
    reader r = {.ctx = ctx, .path = path};

    *out = (vrk_xes){0};
    r.events = (sheet){.path = events, .fd = -1, .text.mem = &ctx->scratch};
    r.cases = (sheet){.path = cases, .fd = -1, .text.mem = &ctx->scratch};
    TRY(sheet_open(ctx, &r.events,
                   "trace,line,activity,lifecycle,timestamp,resource,attributes\n"));
    TRY(sheet_open(ctx, &r.cases, "trace,case_id,attributes\n"));
    TRY(vrk_xml_read_file(ctx,
                          &(vrk_xml_job){.name = path,
                                         .what = "reading the event log",
                                         .deepest = VRK_XES_DEEPEST,
                                         .longest = VRK_XES_LONGEST,
                                         .arg = &r,
                                         .start = start,
                                         .end = end},
                          path));
    TRY(flush(ctx, &r.events));
    TRY(flush(ctx, &r.cases));
    *out = r.count;
done:
    thing_end(&r.event);
    thing_end(&r.trace);
    for (int *f = (int[]){r.events.fd, r.cases.fd}, i = 0; i < 2; i++) {
        if (f[i] >= 0)
            sys->close(sys->arg, f[i]);
    }
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
