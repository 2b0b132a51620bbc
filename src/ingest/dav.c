#include "ingest/dav.h"

#include "base/str.h"
#include "ingest/http.h"
#include "ingest/xml.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { CALENDARS = 500, PREFIX = 7 }; /* "caldav+" */

static const char find_body[] =
    "<?xml version=\"1.0\"?><D:propfind xmlns:D=\"DAV:\" "
    "xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><D:prop><D:resourcetype/><C:calendar-home-set/>"
    "</D:prop></D:propfind>";
static const char events_body[] =
    "<?xml version=\"1.0\"?><C:calendar-query xmlns:D=\"DAV:\" "
    "xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><D:prop><D:getetag/><C:calendar-data/></D:prop>"
    "<C:filter><C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"/></C:comp-filter>"
    "</C:filter></C:calendar-query>";

bool vrk_dav_is(const char *address)
{
    return vrk_starts_with(address, "caldav+http://") ||
           vrk_starts_with(address, "caldav+https://");
}

/* Where the host begins, and with it its path. */
static const char *host_of(const char *url)
{
    const char *from = strstr(url, "://") + 3;
    const char *at = strpbrk(from, "@/");
    return at && *at == '@' ? at + 1 : from;
}

const char *vrk_dav_name(vrk_arena *mem, const char *address)
{
    const char *url = address + PREFIX;
    return vrk_text_f(mem, "%.*s%s", (int)(strstr(url, "://") + 3 - url), url, host_of(url));
}

/* An href is a path on the same server; one on another is not followed. */
static const char *url_of(vrk_arena *mem, const char *base, const char *href)
{
    const char *host = host_of(base);
    size_t n = strcspn(host, "/");
    if (href[0] == '/')
        return vrk_text_f(mem, "%.*s%s", (int)(host + n - base), base, href);
    const char *other = strstr(href, "://") ? host_of(href) : NULL;
    if (!other || strncmp(other, host, n) != 0 || other[n] != '/')
        return NULL;
    return vrk_text_f(mem, "%.*s%s", (int)(host + n - base), base, other + n);
}

/* What a PROPFIND found. */
typedef struct {
    vrk_arena *mem;
    vrk_str href;
    bool in_href, in_home, is_calendar, in_type;
    const char *calendar[CALENDARS], *home;
    int64_t calendars;
} found;

static void start(vrk_xml *x, const char *name, const char **attribute, void *arg)
{
    found *f = arg;
    (void)x, (void)attribute;
    if (!strcmp(name, "response"))
        f->is_calendar = false;
    f->in_home |= !strcmp(name, "calendar-home-set");
    f->in_type |= !strcmp(name, "resourcetype");
    f->is_calendar |= f->in_type && !strcmp(name, "calendar");
    f->in_href = !strcmp(name, "href");
    if (f->in_href)
        f->href.n = f->in_home ? f->href.n : 0;
}

static void text(vrk_xml *x, const char *bytes, size_t n, void *arg)
{
    found *f = arg;
    (void)x;
    if (f->in_href && f->in_home && !f->home)
        f->home = vrk_text_copy_n(f->mem, bytes, n);
    else if (f->in_href && !f->in_home)
        vrk_str_add_n(&f->href, bytes, n);
}

static void end(vrk_xml *x, const char *name, void *arg)
{
    found *f = arg;
    (void)x;
    f->in_href = false;
    f->in_home &= strcmp(name, "calendar-home-set") != 0;
    f->in_type &= strcmp(name, "resourcetype") != 0;
    if (!strcmp(name, "response") && f->is_calendar && f->calendars < CALENDARS)
        f->calendar[f->calendars++] = vrk_text_copy(f->mem, vrk_str_of(&f->href));
}

/* One request; the server must have said 207. */
static vrk_status ask(vrk_ctx *ctx, vrk_reading *r, const char *method, const char *url,
                      const char *body, const char **path)
{
    vrk_status st = VRK_OK;
    long status;
    *path = vrk_text_f(r->mem, "%s/answer-%" PRId64 ".xml", r->staging, (*r->number)++);
    if (!*path || !url)
        FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
    st = vrk_http_fetch(ctx, &(vrk_http){.method = method, .url = url, .depth = "1", .body = body},
                        *path, &status);
    if (st == VRK_EIO) {
        char why[512];
        snprintf(why, sizeof(why), "%.500s", ctx->message);
        FAIL(VRK_EIO, "%s: %s", r->name, why);
    }
    TRY(st);
    if (status == 401 || status == 403)
        FAIL(VRK_EINPUT,
             "%s: the server wants another user or password (%ld); give them in the address "
             "(user:password@) or in ~/.netrc",
             r->name, status);
    if (status != 207)
        FAIL(VRK_EINPUT, "%s: the server answered %ld, as no calendar server does there", r->name,
             status);
done:
    return st;
}

static vrk_status find(vrk_ctx *ctx, vrk_reading *r, const char *url, found *f)
{
    vrk_status st = VRK_OK;
    const char *path;
    *f = (found){.mem = r->mem, .href.mem = r->mem};
    TRY(ask(ctx, r, "PROPFIND", url, find_body, &path));
    TRY(vrk_xml_read_file(ctx,
                          &(vrk_xml_job){.name = r->name,
                                         .what = "asking the server",
                                         .arg = f,
                                         .start = start,
                                         .end = end,
                                         .text = text},
                          path));
done:
    return st;
}

vrk_status vrk_dav_fetch(vrk_ctx *ctx, const char *address, vrk_reading *r)
{
    vrk_status st = VRK_OK;
    const char *url = address + PREFIX, *path;
    found *f = VRK_NEW(r->mem, 1, found);

    if (!f)
        FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
    TRY(find(ctx, r, url, f));
    if (!f->calendars && f->home) {
        const char *home = url_of(r->mem, url, f->home);
        if (home)
            TRY(find(ctx, r, home, f));
    }
    if (!f->calendars)
        FAIL(VRK_EINPUT, "%s: there is no calendar here", r->name);
    for (int64_t i = 0; i < f->calendars; i++) {
        const char *at = url_of(r->mem, url, f->calendar[i] ? f->calendar[i] : "");
        if (!at)
            continue; /* on another server */
        TRY(ask(ctx, r, "REPORT", at, events_body, &path));
        vrk_reading_inner(r, path, vrk_text_f(r->mem, "%s (%s)", r->name, f->calendar[i]));
    }
    if (r->mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
done:
    return st;
}
