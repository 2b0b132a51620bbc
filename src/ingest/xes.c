#include "ingest/xes.h"

#include "base/str.h"
#include "base/sys.h"

#include <errno.h>
#include <expat.h>
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
    XML_Parser parser;
    const char *path;
    sheet events, cases;
    int depth;
    thing trace, event;
    vrk_xes count;
    vrk_status st;
} reader;

static int64_t line_of(const reader *r)
{
    return (int64_t)XML_GetCurrentLineNumber(r->parser);
}

/* Stops the parser; the first reason stands. */
static void stop(reader *r, vrk_status st, const char *why)
{
    if (r->st != VRK_OK)
        return;
    r->st = why ? vrk_fail(r->ctx, st, "%s, line %" PRId64 ": %s", r->path, line_of(r), why) : st;
    XML_StopParser(r->parser, XML_FALSE);
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
    *t = (thing){.open = true, .line = line_of(r), .rest = json_object()};
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
    if (s->text.n > PIECE && r->st == VRK_OK) {
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

/* The name without its namespace's prefix. */
static const char *local(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon ? colon + 1 : name;
}

static void XMLCALL start(void *arg, const char *name, const char **attribute)
{
    reader *r = arg;
    const char *key = NULL, *value = NULL;

    if (++r->depth > VRK_XES_DEEPEST)
        stop(r, VRK_EINPUT, "elements are nested more than 100 deep");
    else if (r->depth == 1 && strcmp(local(name), "log") != 0)
        stop(r, VRK_EINPUT, "this is no event log: the first element is not <log>");
    else if (r->depth == 2 && !strcmp(local(name), "trace")) {
        r->count.traces++;
        thing_start(r, &r->trace);
    } else if (r->depth == 3 && r->trace.open && !strcmp(local(name), "event"))
        thing_start(r, &r->event);
    else if (r->trace.open && r->depth == (r->event.open ? 4 : 3)) {
        for (; *attribute; attribute += 2) {
            key = strcmp(attribute[0], "key") ? key : attribute[1];
            value = strcmp(attribute[0], "value") ? value : attribute[1];
        }
        if (key && value)
            thing_set(r, r->event.open ? &r->event : &r->trace, key, value);
    }
}

static void XMLCALL end(void *arg, const char *name)
{
    reader *r = arg;
    (void)name;
    if (r->depth == 3 && r->event.open) {
        write_event(r);
        thing_end(&r->event);
    } else if (r->depth == 2 && r->trace.open) {
        write_case(r);
        thing_end(&r->trace);
    }
    r->depth--;
}

static void XMLCALL entity(void *arg, const char *name, int is_parameter, const char *value, int n,
                           const char *base, const char *system, const char *public,
                           const char *notation)
{
    (void)name, (void)is_parameter, (void)value, (void)n, (void)base;
    (void)system, (void)public, (void)notation;
    stop(arg, VRK_EINPUT,
         "the file declares entities, which an event log has no need of; "
         "they are not read");
}

static vrk_status sheet_open(vrk_ctx *ctx, sheet *s, const char *headings)
{
    const vrk_sys *sys = vrk_sys_of(ctx);
    s->fd = sys->open(sys->arg, s->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (s->fd < 0)
        return vrk_fail(ctx, VRK_EIO, "could not write %s: %s", s->path, strerror(errno));
    vrk_str_add(&s->text, headings);
    return VRK_OK;
}

/* Feeds the file piece by piece. An element that the parser still holds when much more has been
 * fed is too long. */
static vrk_status feed(vrk_ctx *ctx, reader *r, int fd)
{
    vrk_status st = VRK_OK;
    const vrk_sys *sys = vrk_sys_of(ctx);
    int64_t fed = 0;
    ssize_t n = 1;

    while (n > 0) {
        void *piece = XML_GetBuffer(r->parser, PIECE);
        if (!piece)
            FAIL(VRK_EMEMORY, "out of memory");
        n = sys->read(sys->arg, fd, piece, PIECE);
        if (n < 0)
            FAIL(VRK_EIO, "could not read %s: %s", r->path, strerror(errno));
        enum XML_Status got = XML_ParseBuffer(r->parser, (int)n, n == 0);
        TRY(r->st);
        if (got != XML_STATUS_OK)
            FAIL(VRK_EINPUT, "%s, line %" PRId64 ": %s%s", r->path, line_of(r),
                 n ? "not well-formed XML: " : "the file ends too early: ",
                 XML_ErrorString(XML_GetErrorCode(r->parser)));
        fed += n;
        if (fed - (int64_t)XML_GetCurrentByteIndex(r->parser) > VRK_XES_LONGEST + PIECE && n)
            FAIL(VRK_EINPUT, "%s, line %" PRId64 ": one element is longer than 256 KiB", r->path,
                 line_of(r));
        TRY(vrk_tick(ctx, "reading the event log", fed, 0));
    }
done:
    return st;
}

vrk_status vrk_xes_read(vrk_ctx *ctx, const char *path, const char *events, const char *cases,
                        vrk_xes *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    const vrk_sys *sys = vrk_sys_of(ctx);
    reader r = {.ctx = ctx, .path = path};
    int fd = -1;

    *out = (vrk_xes){0};
    r.events = (sheet){.path = events, .fd = -1, .text.mem = &ctx->scratch};
    r.cases = (sheet){.path = cases, .fd = -1, .text.mem = &ctx->scratch};
    fd = sys->open(sys->arg, path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
        FAIL(VRK_EIO, "could not open %s: %s", path, strerror(errno));
    TRY(sheet_open(ctx, &r.events,
                   "trace,line,activity,lifecycle,timestamp,resource,attributes\n"));
    TRY(sheet_open(ctx, &r.cases, "trace,case_id,attributes\n"));
    r.parser = XML_ParserCreate(NULL);
    if (!r.parser)
        FAIL(VRK_EMEMORY, "out of memory");
    XML_SetUserData(r.parser, &r);
    XML_SetElementHandler(r.parser, start, end);
    XML_SetEntityDeclHandler(r.parser, entity);
    TRY(feed(ctx, &r, fd));
    TRY(flush(ctx, &r.events));
    TRY(flush(ctx, &r.cases));
    *out = r.count;
done:
    thing_end(&r.event);
    thing_end(&r.trace);
    if (r.parser)
        XML_ParserFree(r.parser);
    for (int *f = (int[]){fd, r.events.fd, r.cases.fd, -1}, i = 0; i < 3; i++) {
        if (f[i] >= 0)
            sys->close(sys->arg, f[i]);
    }
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
