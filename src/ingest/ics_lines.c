#include "ingest/ics_lines.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *const kinds[] = {"VEVENT", "VTIMEZONE", "VTODO", "VJOURNAL", "VFREEBUSY"};
enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

/* Past the end of the line at `at`; lines end in CR, LF or both. */
static const char *next_line(const char *at, const char *end)
{
    while (at < end && *at != '\n' && *at != '\r')
        at++;
    if (at < end && *at == '\r' && at + 1 < end && at[1] == '\n')
        at++;
    return at < end ? at + 1 : end;
}

/* Is the line BEGIN:kind (or END:kind)? Blanks around it do no harm. */
static bool is_mark(const char *at, const char *end, const char *mark, const char *kind)
{
    size_t m = strlen(mark), k = strlen(kind);
    if ((size_t)(end - at) < m + k || strncasecmp(at, mark, m) != 0 ||
        strncasecmp(at + m, kind, k) != 0)
        return false;
    at += m + k;
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    return at == end || *at == '\r' || *at == '\n';
}

static const char *begun(const char *at, const char *end)
{
    for (int i = 0; i < KINDS; i++) {
        if (is_mark(at, end, "BEGIN:", kinds[i]))
            return kinds[i];
    }
    return NULL;
}

bool vrk_ics_next(const char **at, const char *end, int64_t *line, vrk_ics_block *out)
{
    const char *p = *at;
    *out = (vrk_ics_block){0};
    for (; p < end && !out->kind; p = next_line(p, end), ++*line) {
        if ((out->kind = begun(p, end))) {
            out->at = p;
            out->line = *line;
        }
    }
    if (!out->kind) {
        *at = end;
        return false;
    }
    out->cut = true;
    while (p < end && out->cut) {
        if (begun(p, end) || is_mark(p, end, "END:", "VCALENDAR"))
            break;
        out->cut = !is_mark(p, end, "END:", out->kind);
        p = next_line(p, end);
        ++*line;
    }
    out->n = (size_t)(p - out->at);
    *at = p;
    return true;
}

/* Copies one logical line without its folds; *at moves past it. */
static size_t unfold(const char **at, const char *end, char *room)
{
    size_t n = 0;
    const char *p = *at;
    for (;;) {
        while (p < end && *p != '\r' && *p != '\n')
            room[n++] = *p++;
        p = next_line(p, end);
        if (p >= end || (*p != ' ' && *p != '\t'))
            break;
        p++;
    }
    room[n] = 0;
    *at = p;
    return n;
}

/* The colon that ends the parameters: one in quotes does not. No date holds a colon, but names of
 * time zones do, and Outlook does not quote them. */
static char *value_of(char *line)
{
    bool quoted = false;
    if (!strncasecmp(line, "DT", 2) || !strncasecmp(line, "EXDATE", 6) ||
        !strncasecmp(line, "RDATE", 5) || !strncasecmp(line, "RECURRENCE-ID", 13))
        return strrchr(line, ':');
    for (char *p = line; *p; p++) {
        if (*p == '"')
            quoted = !quoted;
        else if (*p == ':' && !quoted)
            return p;
    }
    return strchr(line, ':'); /* a quote that is never closed */
}

bool vrk_ics_property_next(const char **at, const char *end, char *room, vrk_ics_property *out)
{
    static char none[1];
    while (*at < end) {
        unfold(at, end, room);
        char *colon = value_of(room);
        if (!colon)
            continue;
        *colon = 0;
        out->name = room;
        out->value = colon + 1;
        out->params = strchr(room, ';');
        if (out->params)
            *out->params++ = 0;
        else
            out->params = none;
        for (char *p = room; *p; p++)
            *p = (char)toupper((unsigned char)*p);
        return true;
    }
    return false;
}

bool vrk_ics_param(const vrk_ics_property *p, const char *name, char *out, size_t n)
{
    size_t k = strlen(name);
    for (const char *at = p->params; *at;) {
        bool quoted = false;
        const char *to = at;
        for (; *to && (quoted || *to != ';'); to++)
            quoted ^= *to == '"';
        if (!strncasecmp(at, name, k) && at[k] == '=') {
            const char *from = at + k + 1;
            if (*from == '"') {
                from++;
                to -= to > from && to[-1] == '"';
            }
            snprintf(out, n, "%.*s", (int)(to - from), from);
            return true;
        }
        at = *to ? to + 1 : to;
    }
    return false;
}

void vrk_ics_unescape(char *text)
{
    char *to = text;
    for (const char *p = text; *p; p++) {
        if (*p == '\\' && p[1]) {
            p++;
            *to++ = *p == 'n' || *p == 'N' ? '\n' : *p;
        } else {
            *to++ = *p;
        }
    }
    *to = 0;
}
