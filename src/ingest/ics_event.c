#include "ingest/ics_event.h"

#include "base/date.h"
#include "base/str.h"
#include "ingest/ical.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool digits(const char *text, int n, int *out)
{
    *out = 0;
    for (int i = 0; i < n; i++) {
        if (!isdigit((unsigned char)text[i]))
            return false;
        *out = 10 * *out + (text[i] - '0');
    }
    return true;
}

bool vrk_ics_time_read(const char *text, vrk_ics_time *out)
{
    vrk_date d;
    int hour = 0, minute = 0, second = 0;
    *out = (vrk_ics_time){.date = true};
    while (*text == ' ')
        text++;
    if (!digits(text, 4, &d.year) || !digits(text + 4, 2, &d.month) ||
        !digits(text + 6, 2, &d.day) || d.year < 1900 || d.year > 2199 || d.month < 1 ||
        d.month > 12 || d.day < 1 || d.day > 31)
        return false;
    int64_t day = vrk_day_of(d);
    vrk_date back = vrk_date_of(day);
    if (back.day != d.day)
        return false;
    text += 8;
    if (*text == 'T' || *text == 't') {
        if (!digits(text + 1, 2, &hour) || !digits(text + 3, 2, &minute) ||
            !digits(text + 5, 2, &second) || hour > 24 || minute > 59 || second > 60)
            return false;
        text += 7;
        out->date = false;
        out->utc = *text == 'Z' || *text == 'z';
        text += out->utc;
    }
    while (*text == ' ')
        text++;
    out->wall = day * 86400 + hour * 3600 + minute * 60 + second;
    return !*text;
}

static bool take_time(const vrk_ics_property *p, const char *text, vrk_arena *mem,
                      vrk_ics_time *out)
{
    char zone[256];
    if (!vrk_ics_time_read(text, out))
        return false;
    if (!out->utc && !out->date && vrk_ics_param(p, "TZID", zone, sizeof(zone))) {
        vrk_ics_unescape(zone);
        out->zone = vrk_text_copy(mem, zone);
    }
    return true;
}

/* Room for one more in a list of `most`, by doubling from 8. False: full, or no memory. */
static bool grow(vrk_arena *mem, void **list, int64_t n, int64_t most, size_t size)
{
    if (n == most)
        return false;
    if (n && (n < 8 || (n & (n - 1)) != 0))
        return true;
    void *more = vrk_alloc(mem, n ? 2 * n : 8, size);
    if (more && n)
        memcpy(more, *list, (size_t)n * size);
    *list = more ? more : *list;
    return more != NULL;
}

/* A list of times, commas between; of a period its start. Those that are none are left out. */
static void take_times(const vrk_ics_property *p, vrk_arena *mem, vrk_ics_time **list, int64_t *n)
{
    char *rest = NULL;
    for (char *text = strtok_r(p->value, ",", &rest); text; text = strtok_r(NULL, ",", &rest)) {
        vrk_ics_time t;
        text[strcspn(text, "/")] = 0;
        if (take_time(p, text, mem, &t) && grow(mem, (void **)list, *n, VRK_ICS_DATES, sizeof(t)))
            (*list)[(*n)++] = t;
    }
}

static void take_guest(const vrk_ics_property *p, bool organizer, vrk_arena *mem, vrk_ics_event *e)
{
    char answer[64], kind[64];
    if (vrk_ics_param(p, "CUTYPE", kind, sizeof(kind)) &&
        (!strcasecmp(kind, "RESOURCE") || !strcasecmp(kind, "ROOM")))
        return;
    if (!grow(mem, (void **)&e->guest, e->guests, VRK_ICS_GUESTS, sizeof(*e->guest)))
        return;
    vrk_ics_guest *g = &e->guest[e->guests++];
    *g = (vrk_ics_guest){.organizer = organizer};
    if (!strncasecmp(p->value, "mailto:", 7) && strchr(p->value, '@')) {
        char *mail = vrk_text_copy(mem, p->value + 7);
        for (char *c = mail; c && *c; c++)
            *c = (char)tolower((unsigned char)*c);
        g->mail = mail;
    }
    if (vrk_ics_param(p, "PARTSTAT", answer, sizeof(answer)))
        g->answer = vrk_text_copy(mem, answer);
}

/* Properties that are kept as text. */
static const char **text_of(vrk_ics_event *e, const char *name)
{
    return !strcmp(name, "UID")                          ? &e->uid
           : !strcmp(name, "SUMMARY")                    ? &e->title
           : !strcmp(name, "STATUS")                     ? &e->status
           : !strcmp(name, "TRANSP")                     ? &e->transparency
           : !strcmp(name, "CLASS")                      ? &e->privacy
           : !strcmp(name, "X-MICROSOFT-CDO-BUSYSTATUS") ? &e->busy
                                                         : NULL;
}

/* A property of an event; the sentence if it spoils it. */
static const char *take(const vrk_ics_property *p, vrk_arena *mem, vrk_ics_event *e, bool *started)
{
    vrk_ics_time t;
    const char **text = text_of(e, p->name);
    if (text && *p->value) {
        vrk_ics_unescape(p->value);
        *text = vrk_text_copy(mem, p->value);
    } else if (!strcmp(p->name, "DTSTART")) {
        if (!take_time(p, p->value, mem, &e->start))
            return "its start is no time";
        *started = true;
    } else if (!strcmp(p->name, "DTEND")) {
        if (!take_time(p, p->value, mem, &e->end))
            return "its end is no time";
        e->has_end = true;
    } else if (!strcmp(p->name, "DURATION")) {
        if (!vrk_ical_duration(p->value, &e->duration))
            return "its duration is none";
        e->has_duration = true;
    } else if (!strcmp(p->name, "RECURRENCE-ID")) {
        if (!take_time(p, p->value, mem, &e->instead_of))
            return "the occurrence that it replaces (RECURRENCE-ID) is no time";
        e->is_override = true;
    } else if (!strcmp(p->name, "RRULE")) {
        if (e->rules < VRK_ICS_RULES)
            e->rule[e->rules++] = vrk_text_copy(mem, p->value);
    } else if (!strcmp(p->name, "EXDATE")) {
        take_times(p, mem, &e->without, &e->withouts);
    } else if (!strcmp(p->name, "RDATE")) {
        take_times(p, mem, &e->also, &e->alsos);
    } else if (!strcmp(p->name, "ATTENDEE") || !strcmp(p->name, "ORGANIZER")) {
        take_guest(p, *p->name == 'O', mem, e);
    } else if (!strcmp(p->name, "SEQUENCE")) {
        e->sequence = strtoll(p->value, NULL, 10);
    } else if (!strcmp(p->name, "LAST-MODIFIED") || !strcmp(p->name, "DTSTAMP")) {
        if (vrk_ics_time_read(p->value, &t) && t.wall > e->stamp)
            e->stamp = t.wall;
    }
    return NULL;
}

/* An end before the start, whichever way it is told. */
static bool ends_before(const vrk_ics_event *e)
{
    bool same = e->start.utc == e->end.utc && e->start.date == e->end.date &&
                (!e->start.zone || !e->end.zone || !strcmp(e->start.zone, e->end.zone)) &&
                !e->start.zone == !e->end.zone;
    return e->has_end ? same && e->end.wall < e->start.wall : e->has_duration && e->duration < 0;
}

const char *vrk_ics_event_read(const vrk_ics_block *block, vrk_arena *mem, vrk_ics_event *out,
                               const char **code)
{
    vrk_ics_property p;
    const char *at = block->at, *end = block->at + block->n, *wrong = NULL;
    char *room = VRK_NEW(mem, (int64_t)block->n + 1, char);
    bool started = false;
    int depth = 0;

    *out = (vrk_ics_event){.line = block->line};
    *code = "ICS_BAD_COMPONENT";
    if (block->cut)
        return "the event is cut off: it has no end";
    while (room && !wrong && vrk_ics_property_next(&at, end, room, &p)) {
        depth += !strcmp(p.name, "BEGIN");
        depth -= !strcmp(p.name, "END");
        if (depth == 1)
            wrong = take(&p, mem, out, &started);
    }
    if (wrong)
        return wrong;
    if (!started)
        return "the event has no start";
    if (ends_before(out)) {
        *code = "ICS_NEG_DURATION";
        return "the event ends before it starts";
    }
    return NULL;
}
