/* XML: what a document may not do. The oracle is the limits in xml.h. */
#include "ingest/xml.h"
#include "base/str.h"
#include "tests/t.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    int starts, ends;
    size_t text;
    const char *stop_at;
} seen;

static void start(vrk_xml *x, const char *name, const char **attribute, void *arg)
{
    seen *s = arg;
    (void)attribute;
    s->starts++;
    if (s->stop_at && !strcmp(name, s->stop_at))
        vrk_xml_stop(x, VRK_EINPUT, "enough");
}

static void end(vrk_xml *x, const char *name, void *arg)
{
    (void)x, (void)name;
    ((seen *)arg)->ends++;
}

static void text(vrk_xml *x, const char *bytes, size_t n, void *arg)
{
    (void)x, (void)bytes;
    ((seen *)arg)->text += n;
}

static vrk_status read_it(vrk_ctx *ctx, const char *document, size_t n, vrk_xml_job job, seen *s)
{
    job.name = "a.xml";
    job.what = "test";
    job.arg = s;
    job.start = start;
    job.end = end;
    job.text = text;
    return vrk_xml_read_text(ctx, &job, document, n);
}

static bool refused(const char *document, const char *why)
{
    vrk_ctx ctx = {0};
    seen s = {0};
    vrk_status st = read_it(&ctx, document, strlen(document), (vrk_xml_job){0}, &s);
    bool so = st == VRK_EINPUT && strstr(ctx.message, why) && strstr(ctx.message, "a.xml, line ");
    if (!so)
        printf("# %d %s\n", st, ctx.message);
    return so;
}

static void entities_are_refused_before_they_grow(void)
{
    T_OK(refused("<!DOCTYPE a [<!ENTITY l 'ha'><!ENTITY m '&l;&l;&l;&l;&l;&l;&l;&l;&l;&l;'>"
                 "<!ENTITY n '&m;&m;&m;&m;&m;&m;&m;&m;&m;&m;'>]><a>&n;&n;&n;</a>",
                 "declares entities"));
    T_OK(refused("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
                 "declares entities"));
    T_OK(refused("<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://127.0.0.1/x.dtd'> %p;]><a/>",
                 "declares entities"));
    T_OK(refused("<a>&undefined;</a>", "not well-formed"));
}

/* A DTD elsewhere is not fetched, and what it would define is left out. */
static void nothing_outside_is_fetched(void)
{
    vrk_ctx ctx = {0};
    seen s = {0};
    const char *d = "<!DOCTYPE a SYSTEM 'http://127.0.0.1:1/x.dtd'><a>&y;b</a>";
    T_OK(read_it(&ctx, d, strlen(d), (vrk_xml_job){0}, &s) == VRK_OK && s.text == 1);
}

static void nesting_and_tags_have_a_limit(void)
{
    static char document[1 << 20];
    vrk_ctx ctx = {0};
    seen s = {0};
    size_t n = 0;
    for (int i = 0; i < 101; i++)
        n += (size_t)sprintf(document + n, "<a>");
    T_OK(read_it(&ctx, document, n, (vrk_xml_job){0}, &s) == VRK_EINPUT);
    T_OK(strstr(ctx.message, "more than 100 deep") && s.starts == 100);
    n = (size_t)sprintf(document, "<a b='");
    memset(document + n, 'x', sizeof(document) - n);
    T_OK(read_it(&ctx, document, sizeof(document), (vrk_xml_job){0}, &s) == VRK_EINPUT);
    T_OK(strstr(ctx.message, "longer than 256 KiB"));
    /* text of any length is no tag: it comes in pieces */
    n = (size_t)sprintf(document, "<a>");
    memset(document + n, 'x', sizeof(document) - n);
    memcpy(document + sizeof(document) - 4, "</a>", 4);
    s = (seen){0};
    T_OK(read_it(&ctx, document, sizeof(document), (vrk_xml_job){0}, &s) == VRK_OK);
    T_OK(s.text == sizeof(document) - 7);
}

static void a_handler_may_stop_and_the_first_reason_stands(void)
{
    vrk_ctx ctx = {0};
    seen s = {.stop_at = "c"};
    const char *d = "<a><b/>\n<x:c><d/></x:c></a>";
    T_OK(read_it(&ctx, d, strlen(d), (vrk_xml_job){0}, &s) == VRK_EINPUT && s.starts == 3);
    T_OK(!strcmp(ctx.message, "a.xml, line 2: enough"));
    T_OK(refused("<a><b></a>", "not well-formed"));
    T_OK(refused("<a><b>", "ends too early"));
    T_OK(refused("", "ends too early"));
}

static int cancels(void *arg, const char *what, double done)
{
    (void)arg, (void)what, (void)done;
    return 1;
}

static void reading_can_be_cancelled(void)
{
    vrk_ctx ctx = {.tick = cancels};
    seen s = {0};
    T_OK(read_it(&ctx, "<a/>", 4, (vrk_xml_job){0}, &s) == VRK_ECANCEL);
}

static void attributes_are_found_by_local_name(void)
{
    const char *list[] = {"r:id", "1", "id", "2", "x", "", NULL};
    T_OK(!strcmp(vrk_xml_attribute(list, "id"), "1") && !*vrk_xml_attribute(list, "x"));
    T_OK(!vrk_xml_attribute(list, "y") && !vrk_xml_attribute(list + 6, "id"));
}

T_MAIN(T_CASE(entities_are_refused_before_they_grow), T_CASE(nothing_outside_is_fetched),
       T_CASE(nesting_and_tags_have_a_limit),
       T_CASE(a_handler_may_stop_and_the_first_reason_stands), T_CASE(reading_can_be_cancelled),
       T_CASE(attributes_are_found_by_local_name))
