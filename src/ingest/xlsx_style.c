#include "ingest/xlsx_part.h"

#include "base/str.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

vrk_xlsx_kind vrk_xlsx_builtin(int64_t id)
{
    if (id == 22)
        return VRK_XLSX_TIMED;
    if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47) || (id >= 32 && id <= 33) ||
        (id >= 55 && id <= 56))
        return VRK_XLSX_CLOCK;
    if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || (id >= 34 && id <= 36) ||
        (id >= 50 && id <= 54) || (id >= 57 && id <= 58))
        return VRK_XLSX_DATE;
    return VRK_XLSX_PLAIN;
}

/* Only the letters outside quotes, escapes and [colours] count, of the section for positive
 * numbers; [h] is elapsed time. */
vrk_xlsx_kind vrk_xlsx_format(const char *code)
{
    bool day = false, clock = false, month = false, digits = false;
    if (!strncasecmp(code, "general", 7))
        return VRK_XLSX_PLAIN;
    for (const char *p = code; *p && *p != ';'; p++) {
        if (*p == '"') {
            const char *close = strchr(p + 1, '"');
            if (!close)
                break;
            p = close;
        } else if ((*p == '\\' || *p == '_' || *p == '*') && p[1]) {
            p++;
        } else if (*p == '[') {
            const char *close = strchr(p, ']');
            if (!close)
                break;
            clock |= strchr("hHmMsS", p[1]) && p[1] && (p[2] == ']' || p[2] == p[1]);
            p = close;
        } else if (strchr("yYdD", *p)) {
            day = true;
        } else if (strchr("hHsS", *p)) {
            clock = true;
        } else if (strchr("mM", *p)) {
            month = true;
        } else if (strchr("#?%E", *p)) {
            digits = true;
        }
    }
    if (digits || (!day && !clock && !month))
        return VRK_XLSX_PLAIN;
    if (!clock)
        return VRK_XLSX_DATE;
    return day ? VRK_XLSX_TIMED : VRK_XLSX_CLOCK;
}

typedef struct {
    vrk_xlsx_book *book;
    int64_t *id; /* [n] number formats of this workbook */
    vrk_xlsx_kind *of;
    int64_t n, room;
    bool inside; /* <cellXfs> */
} styles;

static void *more(void *list, int64_t n, int64_t *room, size_t size)
{
    if (n < *room)
        return list;
    int64_t to = *room ? 2 * *room : 64;
    void *at = realloc(list, (size_t)to * size);
    *room = at ? to : *room;
    return at;
}

static void add_format(vrk_xml *x, styles *s, const char *id, const char *code)
{
    int64_t room = s->room;
    if (!id || !code)
        return;
    int64_t *ids = more(s->id, s->n, &room, sizeof(*ids));
    if (ids)
        s->id = ids;
    room = s->room;
    vrk_xlsx_kind *of = more(s->of, s->n, &room, sizeof(*of));
    if (of)
        s->of = of;
    if (!ids || !of) {
        vrk_xml_stop(x, VRK_EMEMORY, "out of memory");
        return;
    }
    s->room = room;
    s->id[s->n] = strtoll(id, NULL, 10);
    s->of[s->n++] = vrk_xlsx_format(code);
}

static void add_style(vrk_xml *x, styles *s, const char *id)
{
    vrk_xlsx_book *b = s->book;
    int64_t wanted = id ? strtoll(id, NULL, 10) : 0;
    vrk_xlsx_kind kind = vrk_xlsx_builtin(wanted);
    for (int64_t i = 0; i < s->n; i++)
        kind = s->id[i] == wanted ? s->of[i] : kind;
    if (b->kinds == VRK_XLSX_STYLES) {
        vrk_xml_stop(x, VRK_EINPUT, "more than 65536 cell styles");
        return;
    }
    if ((b->kinds & (b->kinds - 1)) == 0) {
        size_t room = b->kinds ? 2 * (size_t)b->kinds : 1;
        vrk_xlsx_kind *to = realloc(b->kind, room * sizeof(*to));
        if (!to) {
            vrk_xml_stop(x, VRK_EMEMORY, "out of memory");
            return;
        }
        b->kind = to;
    }
    b->kind[b->kinds++] = kind;
}

static void start(vrk_xml *x, const char *name, const char **attribute, void *arg)
{
    styles *s = arg;
    if (!strcmp(name, "numFmt") && s->n < VRK_XLSX_STYLES)
        add_format(x, s, vrk_xml_attribute(attribute, "numFmtId"),
                   vrk_xml_attribute(attribute, "formatCode"));
    else if (!strcmp(name, "cellXfs"))
        s->inside = true;
    else if (s->inside && !strcmp(name, "xf"))
        add_style(x, s, vrk_xml_attribute(attribute, "numFmtId"));
}

static void end(vrk_xml *x, const char *name, void *arg)
{
    styles *s = arg;
    (void)x;
    if (!strcmp(name, "cellXfs"))
        s->inside = false;
}

vrk_status vrk_xlsx_styles_read(vrk_ctx *ctx, vrk_xlsx_book *b, const char *part)
{
    styles s = {.book = b};
    int64_t i = vrk_zip_find(b->zip, part);
    vrk_status st = VRK_OK;
    if (i >= 0)
        st = vrk_xlsx_xml(ctx, b, i, &(vrk_xml_job){.arg = &s, .start = start, .end = end});
    free(s.id);
    free(s.of);
    return st;
}
