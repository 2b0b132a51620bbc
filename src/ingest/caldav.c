#include "ingest/caldav.h"

#include "base/str.h"
#include "ingest/calendar.h"
#include "ingest/xml.h"

#include <inttypes.h>
#include <string.h>

enum { MOST_ITEM = 64 << 20 };

bool vrk_caldav_is(const char *start, size_t n, const char *name)
{
    static const char root[] = "multistatus";
    (void)name;
    return memmem(start, n, root, sizeof(root) - 1) && memchr(start, '<', n) &&
           memmem(start, n, "DAV:", 4);
}

typedef struct {
    vrk_ctx *ctx;
    vrk_calendar *calendar;
    vrk_str data, status, href;
    bool in_data, in_status, in_href, in_response;
    int64_t line, gone;
} answer;

static void start(vrk_xml *x, const char *name, const char **attribute, void *arg)
{
    answer *a = arg;
    (void)attribute;
    if (vrk_xml_depth(x) == 1 && strcmp(name, "multistatus") != 0)
        vrk_xml_stop(x, VRK_EINPUT, "the first element is not <multistatus>");
    a->in_data = !strcmp(name, "calendar-data");
    a->in_status = !strcmp(name, "status");
    a->in_href = !strcmp(name, "href");
    if (!strcmp(name, "response"))
        a->data.n = a->status.n = a->href.n = 0;
    if (a->in_data) {
        a->data = (vrk_str){.mem = &a->ctx->scratch}; /* the events keep the text */
        a->line = vrk_xml_line(x);
    }
}

static void text(vrk_xml *x, const char *bytes, size_t n, void *arg)
{
    answer *a = arg;
    vrk_str *s = a->in_data ? &a->data : a->in_status ? &a->status : a->in_href ? &a->href : NULL;
    if (!s)
        return;
    vrk_str_add_n(s, bytes, n);
    if (s->n > MOST_ITEM)
        vrk_xml_stop(x, VRK_EINPUT, "one item is bigger than 64 MiB");
}

/* The first part of /anna/kalender/r1.ics: on most servers the person. */
static const char *owner_of(answer *a)
{
    const char *p = vrk_str_of(&a->href);
    p += *p == '/';
    size_t n = strcspn(p, "/");
    return p[n] == '/' && n && !memchr(p, ':', n) ? vrk_text_copy_n(&a->ctx->scratch, p, n) : NULL;
}

static void end(vrk_xml *x, const char *name, void *arg)
{
    answer *a = arg;
    a->in_data = a->in_status = a->in_href = false;
    if (strcmp(name, "response") != 0)
        return;
    if (strstr(vrk_str_of(&a->status), " 404"))
        a->gone += a->data.n == 0;
    if (!a->data.n || a->ctx->scratch.failed)
        return;
    vrk_status st = vrk_calendar_add(a->calendar, a->data.at, a->data.n, a->line, owner_of(a));
    if (st != VRK_OK)
        vrk_xml_stop(x, st, NULL);
}

vrk_status vrk_caldav_read(vrk_ctx *ctx, vrk_reading *r)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    answer a = {.ctx = ctx};

    a.data.mem = a.status.mem = a.href.mem = &ctx->scratch;
    TRY(vrk_calendar_new(ctx, r, &a.calendar));
    TRY(vrk_xml_read_file(ctx,
                          &(vrk_xml_job){.name = r->name,
                                         .what = "reading the calendar",
                                         .arg = &a,
                                         .start = start,
                                         .end = end,
                                         .text = text},
                          r->path));
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
    if (a.gone)
        vrk_reading_note(r,
                         "%s: gone from the server: %" PRId64 "; what was read of them before "
                         "stays",
                         r->name, a.gone);
done:
    st = vrk_calendar_end(a.calendar, st);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
