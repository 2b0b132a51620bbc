#include "ingest/xlsx_part.h"

#include <stdlib.h>
#include <string.h>

bool vrk_xlsx_grow(vrk_xlsx_strings *s, const char *bytes, size_t n)
{
    if (s->used + n > VRK_XLSX_TEXT)
        return false;
    if (s->used + n > s->size) {
        size_t to = 2 * (s->used + n) + 4096;
        char *at = realloc(s->at, to);
        if (!at)
            return false;
        s->at = at;
        s->size = to;
    }
    if (n)
        memcpy(s->at + s->used, bytes, n);
    s->used += n;
    return true;
}

bool vrk_xlsx_next(vrk_xlsx_strings *s)
{
    if (s->n + 2 > s->room) {
        int64_t to = s->room ? 2 * s->room : 256;
        size_t *start = realloc(s->start, (size_t)to * sizeof(*start));
        if (!start)
            return false;
        s->start = start;
        s->room = to;
    }
    if (s->n == 0)
        s->start[0] = 0;
    size_t from = s->start[s->n];
    s->used = from + vrk_xlsx_unescape(s->at ? s->at + from : NULL, s->used - from);
    s->start[++s->n] = s->used;
    return true;
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits of _xHHHH_ at `text`, or -1. */
static int escaped(const char *text, size_t n)
{
    int code = 0;
    if (n < 7 || text[0] != '_' || text[1] != 'x' || text[6] != '_')
        return -1;
    for (int i = 2; i < 6; i++) {
        int digit = hex(text[i]);
        if (digit < 0)
            return -1;
        code = 16 * code + digit;
    }
    return code;
}

/* Control signs only are written that way, and the underscore that would look so itself. */
size_t vrk_xlsx_unescape(char *text, size_t n)
{
    size_t to = 0;
    for (size_t i = 0; i < n; i++) {
        int code = text[i] == '_' ? escaped(text + i, n - i) : -1;
        if (code < 0 || (code >= 0x20 && code != '_')) {
            text[to++] = text[i];
            continue;
        }
        text[to++] = code ? (char)code : ' ';
        i += 6;
    }
    return to;
}

typedef struct {
    vrk_xlsx_strings *to;
    bool in_text, in_sound; /* <t>, and <rPh>: how Japanese is read aloud */
} shared;

static void start(vrk_xml *x, const char *name, const char **attribute, void *arg)
{
    shared *s = arg;
    (void)x, (void)attribute;
    s->in_sound |= !strcmp(name, "rPh");
    s->in_text = !strcmp(name, "t") && !s->in_sound;
}

static void end(vrk_xml *x, const char *name, void *arg)
{
    shared *s = arg;
    if (!strcmp(name, "rPh"))
        s->in_sound = false;
    s->in_text = false;
    if (!strcmp(name, "si") && !vrk_xlsx_next(s->to))
        vrk_xml_stop(x, VRK_EMEMORY, "out of memory");
}

static void text(vrk_xml *x, const char *bytes, size_t n, void *arg)
{
    shared *s = arg;
    if (s->in_text && !vrk_xlsx_grow(s->to, bytes, n))
        vrk_xml_stop(x, VRK_EINPUT, "more text than the 256 MiB that are read");
}

vrk_status vrk_xlsx_strings_read(vrk_ctx *ctx, vrk_xlsx_book *b, const char *part)
{
    shared s = {.to = &b->strings};
    int64_t i = vrk_zip_find(b->zip, part);
    if (i < 0)
        return VRK_OK;
    return vrk_xlsx_xml(ctx, b, i,
                        &(vrk_xml_job){.arg = &s, .start = start, .end = end, .text = text});
}
