#include "ingest/xml.h"

#include "base/sys.h"

#include <errno.h>
#include <expat.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PIECE = 1 << 16, DEEPEST = 100, LONGEST = 1 << 18 };

struct vrk_xml {
    vrk_ctx *ctx;
    const vrk_xml_job *job;
    XML_Parser parser;
    int depth;
    vrk_status st;
};

int64_t vrk_xml_line(const vrk_xml *x)
{
    return (int64_t)XML_GetCurrentLineNumber(x->parser);
}

int vrk_xml_depth(const vrk_xml *x)
{
    return x->depth;
}

bool vrk_xml_stopped(const vrk_xml *x)
{
    return x->st != VRK_OK;
}

void vrk_xml_stop(vrk_xml *x, vrk_status st, const char *why)
{
    if (x->st != VRK_OK)
        return;
    x->st = why ? vrk_fail(x->ctx, st, "%s, line %" PRId64 ": %s", x->job->name, vrk_xml_line(x),
                           vrk_said(x->ctx, why))
                : st;
    XML_StopParser(x->parser, XML_FALSE);
}

/* The name without its namespace's prefix. */
static const char *local(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon ? colon + 1 : name;
}

const char *vrk_xml_attribute(const char **attribute, const char *name)
{
    for (; *attribute; attribute += 2) {
        if (!strcmp(local(attribute[0]), name))
            return attribute[1];
    }
    return NULL;
}

static void XMLCALL start(void *arg, const char *name, const char **attribute)
{
    vrk_xml *x = arg;
    int deepest = x->job->deepest ? x->job->deepest : DEEPEST;
    if (x->st != VRK_OK)
        return;
    if (++x->depth > deepest) {
        char why[64];
        snprintf(why, sizeof(why), "elements are nested more than %d deep", deepest);
        vrk_xml_stop(x, VRK_EINPUT, why);
    } else {
        x->job->start(x, local(name), attribute, x->job->arg);
    }
}

static void XMLCALL end(void *arg, const char *name)
{
    vrk_xml *x = arg;
    if (x->job->end && x->st == VRK_OK)
        x->job->end(x, local(name), x->job->arg);
    x->depth--;
}

static void XMLCALL text(void *arg, const char *bytes, int n)
{
    vrk_xml *x = arg;
    if (x->st == VRK_OK)
        x->job->text(x, bytes, (size_t)n, x->job->arg);
}

static void XMLCALL entity(void *arg, const char *name, int is_parameter, const char *value, int n,
                           const char *base, const char *system, const char *public,
                           const char *notation)
{
    (void)name, (void)is_parameter, (void)value, (void)n, (void)base;
    (void)system, (void)public, (void)notation;
    vrk_xml_stop(arg, VRK_EINPUT,
                 "the file declares entities, which it has no need of; they are not read");
}

/* One piece, as far as it goes. */
static vrk_status parse(vrk_ctx *ctx, vrk_xml *x, int n)
{
    vrk_status st = VRK_OK;
    enum XML_Status got = XML_ParseBuffer(x->parser, n, n == 0);
    TRY(x->st);
    if (got != XML_STATUS_OK)
        FAIL(XML_GetErrorCode(x->parser) == XML_ERROR_NO_MEMORY ? VRK_EMEMORY : VRK_EINPUT,
             "%s, line %" PRId64 ": %s%s", x->job->name, vrk_xml_line(x),
             n ? "not well-formed XML: " : "the file ends too early: ",
             XML_ErrorString(XML_GetErrorCode(x->parser)));
done:
    return st;
}

/* Feeds the document piece by piece. A tag that the parser still holds when much more has been fed
 * is too long. */
static vrk_status feed(vrk_ctx *ctx, vrk_xml *x, vrk_xml_from read, void *from)
{
    vrk_status st = VRK_OK;
    int64_t fed = 0, longest = x->job->longest ? (int64_t)x->job->longest : LONGEST;
    size_t n = 1;

    while (n > 0) {
        void *piece = XML_GetBuffer(x->parser, PIECE);
        if (!piece)
            FAIL(VRK_EMEMORY, "out of memory for %s", x->job->name);
        TRY(read(ctx, from, piece, PIECE, &n));
        TRY(parse(ctx, x, (int)n));
        fed += (int64_t)n;
        if (fed - (int64_t)XML_GetCurrentByteIndex(x->parser) > longest + PIECE && n)
            FAIL(VRK_EINPUT, "%s, line %" PRId64 ": one element is longer than %" PRId64 " KiB",
                 x->job->name, vrk_xml_line(x), longest >> 10);
        TRY(vrk_tick(ctx, x->job->what, fed, 0));
    }
done:
    return st;
}

vrk_status vrk_xml_read(vrk_ctx *ctx, const vrk_xml_job *job, vrk_xml_from read, void *from)
{
    vrk_status st = VRK_OK;
    vrk_xml x = {.ctx = ctx, .job = job, .parser = XML_ParserCreate(NULL)};

    if (!x.parser)
        FAIL(VRK_EMEMORY, "out of memory for %s", job->name);
    XML_SetUserData(x.parser, &x);
    XML_SetElementHandler(x.parser, start, end);
    if (job->text)
        XML_SetCharacterDataHandler(x.parser, text);
    XML_SetEntityDeclHandler(x.parser, entity);
    TRY(feed(ctx, &x, read, from));
done:
    if (x.parser)
        XML_ParserFree(x.parser);
    return st;
}

typedef struct {
    const char *name;
    int fd;
} file;

static vrk_status from_file(vrk_ctx *ctx, void *from, void *bytes, size_t n, size_t *got)
{
    const file *f = from;
    const vrk_sys *sys = vrk_sys_of(ctx);
    ssize_t k = sys->read(sys->arg, f->fd, bytes, n);
    *got = k > 0 ? (size_t)k : 0;
    return k < 0 ? vrk_fail(ctx, VRK_EIO, "could not read %s: %s", f->name, strerror(errno))
                 : VRK_OK;
}

vrk_status vrk_xml_read_file(vrk_ctx *ctx, const vrk_xml_job *job, const char *path)
{
    vrk_status st = VRK_OK;
    const vrk_sys *sys = vrk_sys_of(ctx);
    file f = {.name = job->name};

    f.fd = sys->open(sys->arg, path, O_RDONLY | O_CLOEXEC, 0);
    if (f.fd < 0)
        return vrk_fail(ctx, VRK_EIO, "could not open %s: %s", job->name,
                        vrk_said(ctx, strerror(errno)));
    st = vrk_xml_read(ctx, job, from_file, &f);
    sys->close(sys->arg, f.fd);
    return st;
}

typedef struct {
    const char *text;
    size_t n;
} memory;

static vrk_status from_memory(vrk_ctx *ctx, void *from, void *bytes, size_t n, size_t *got)
{
    memory *m = from;
    (void)ctx;
    *got = n < m->n ? n : m->n;
    memcpy(bytes, m->text, *got);
    m->text += *got;
    m->n -= *got;
    return VRK_OK;
}

vrk_status vrk_xml_read_text(vrk_ctx *ctx, const vrk_xml_job *job, const char *bytes, size_t n)
{
    return vrk_xml_read(ctx, job, from_memory, &(memory){bytes, n});
}
