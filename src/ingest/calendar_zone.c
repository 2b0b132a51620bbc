/* Which zone a calendar means by a name, and whose calendar it is. */
#include "ingest/calendar_part.h"

#include "base/str.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static vrk_zone *zone_by_name(vrk_calendar *c, const char *name)
{
    vrk_zone *z;
    if (!name || vrk_zone_open(c->ctx, name, NULL, &z) != VRK_OK)
        return NULL; /* no memory: the zone then is one that is not known, and said so */
    return z;
}

/* By its name; by the place in its VTIMEZONE; by the rules there; by what the user confirmed. */
static vrk_named_zone *zone_of(vrk_calendar *c, const char *name)
{
    for (int64_t i = 0; i < c->zones; i++) {
        if (!strcmp(c->zone[i].name, name))
            return &c->zone[i];
    }
    if (c->zones == VRK_CALENDAR_ZONES)
        return NULL;
    vrk_named_zone *z = &c->zone[c->zones++];
    *z = (vrk_named_zone){.name = name, .zone = zone_by_name(c, name)};
    for (int64_t i = 0; i < c->givens && !z->zone && !z->rules; i++) {
        if (strcmp(c->given[i].name, name) != 0)
            continue;
        z->zone = zone_by_name(c, c->given[i].location);
        if (!z->zone)
            z->rules = vrk_ical_zone_new(c->given[i].block);
    }
    if (!z->zone && !z->rules)
        z->zone = zone_by_name(c, c->r->zone);
    return z;
}

bool vrk_calendar_floats(const vrk_ics_time *t)
{
    return !t->utc && !t->zone;
}

bool vrk_calendar_instant(vrk_calendar *c, const vrk_ics_time *t, int64_t *instant)
{
    const vrk_named_zone *z = t->zone ? zone_of(c, t->zone) : NULL;
    *instant = t->wall;
    if (!t->zone)
        return true;
    if (!z || (!z->zone && !z->rules))
        return false;
    *instant = z->zone ? vrk_zone_utc(z->zone, t->wall) : vrk_ical_zone_utc(z->rules, t->wall);
    return true;
}

int64_t vrk_calendar_wall(vrk_calendar *c, const vrk_ics_time *like, int64_t instant)
{
    const vrk_named_zone *z = like->zone ? zone_of(c, like->zone) : NULL;
    if (z && z->zone)
        return vrk_zone_wall(z->zone, instant);
    if (z && z->rules) /* the offset at that wall time: right but within an hour of a change */
        return 2 * instant - vrk_ical_zone_utc(z->rules, instant);
    return instant;
}

void vrk_calendar_zones_free(vrk_calendar *c)
{
    for (int64_t i = 0; i < c->zones; i++) {
        vrk_zone_close(c->zone[i].zone);
        vrk_ical_zone_free(c->zone[i].rules);
    }
    c->zones = 0;
}

enum { PEOPLE = 1000 };

typedef struct {
    const char *mail;
    int64_t points;
} person;

/* Who is in most events; who organizes counts half as much again. NULL: nobody stands out. */
static const char *most_frequent(const vrk_calendar *c, person *p)
{
    int64_t n = 0, best = -1, second = -1;
    for (int64_t i = 0; i < c->events; i++) {
        const vrk_ics_event *e = c->event[i];
        for (int64_t k = 0; k < e->guests; k++) {
            const char *mail = e->guest[k].mail;
            int64_t j = 0;
            while (mail && j < n && strcmp(p[j].mail, mail) != 0)
                j++;
            if (!mail || (j == n && n == PEOPLE))
                continue;
            if (j == n)
                p[n++] = (person){.mail = mail};
            p[j].points += e->guest[k].organizer ? 3 : 2;
        }
    }
    for (int64_t j = 0; j < n; j++) {
        if (best < 0 || p[j].points > p[best].points) {
            second = best;
            best = j;
        } else if (second < 0 || p[j].points > p[second].points) {
            second = j;
        }
    }
    return best >= 0 && (second < 0 || p[best].points > p[second].points) ? p[best].mail : NULL;
}

/* The file's name without folders and ending. */
static const char *stem_of(vrk_arena *mem, const char *name)
{
    const char *slash = strrchr(name, '/'), *from = slash ? slash + 1 : name;
    const char *dot = strrchr(from, '.');
    return vrk_text_copy_n(mem, from, dot && dot > from ? (size_t)(dot - from) : strlen(from));
}

void vrk_calendar_find_owner(vrk_calendar *c)
{
    person *p = VRK_NEW(&c->mem, PEOPLE, person);
    const char *how = "by the calendar's name";
    if (!p)
        return;
    if (c->name && strchr(c->name, '@') && !strchr(c->name, ' ')) {
        char *mail = vrk_text_copy(&c->mem, c->name);
        for (char *s = mail; s && *s; s++)
            *s = (char)tolower((unsigned char)*s);
        c->owner = mail;
    }
    if (!c->owner) {
        c->owner = most_frequent(c, p);
        how = "who is in most of its events";
    }
    c->owner_is_mail = c->owner != NULL;
    if (!c->owner) {
        c->owner = c->hint ? c->hint : stem_of(&c->mem, c->r->name);
        how = c->hint ? "by the address it stands at" : "by the file's name";
    }
    if (c->events && c->owner)
        vrk_reading_note(c->r, "%s: the calendar of %s (%s)", c->r->name, c->owner, how);
}
