/* ingest/calendar_part.h - a calendar while it is read, for calendar*.c only. */
#ifndef VRK_INGEST_CALENDAR_PART_H
#define VRK_INGEST_CALENDAR_PART_H

#include "ingest/calendar.h"
#include "ingest/ical.h"
#include "ingest/ics_event.h"
#include "ingest/zone.h"

enum { VRK_CALENDAR_ZONES = 500, VRK_CALENDAR_FAULTS = 100000 };

/* A time zone by the name that the calendar has for it. */
typedef struct {
    const char *name;
    vrk_zone *zone;       /* by its name, or that of its VTIMEZONE; else NULL */
    vrk_ical_zone *rules; /* by the rules of its VTIMEZONE; else NULL */
} vrk_named_zone;

/* A VTIMEZONE of the calendar. */
typedef struct {
    const char *name, *location; /* TZID; X-LIC-LOCATION, NULL = none */
    const char *block;           /* NUL-terminated */
} vrk_zone_block;

struct vrk_calendar {
    vrk_ctx *ctx;
    vrk_reading *r;
    vrk_arena mem;         /* events, zones */
    vrk_ics_event **event; /* [events] those that can be read */
    int64_t events, room, blocks;
    vrk_named_zone zone[VRK_CALENDAR_ZONES];
    vrk_zone_block given[VRK_CALENDAR_ZONES];
    int64_t zones, givens;
    const char *name;  /* X-WR-CALNAME */
    const char *hint;  /* the owner by where the text was */
    const char *owner; /* decided at the end */
    bool owner_is_mail;
    int64_t newest;  /* [s] the newest time in it */
    int64_t repeats; /* rows of series so far */

    vrk_sheet_writer w;
    bool open;
    vrk_fault *fault;
    int64_t faults, left_out;
    int64_t cancelled, declined, shown_free, todos, endless, replaced;
};

/* A row left out (or kept with a warning), of the event at `line`. */
void vrk_calendar_fault(vrk_calendar *c, int64_t line, const char *value, const char *code,
                        const char *sentence, bool warning);

/* The instant of a time in UTC; of one without zone (a day, floating) its wall time. False: its
 * zone cannot be known. */
bool vrk_calendar_instant(vrk_calendar *c, const vrk_ics_time *t, int64_t *instant);
bool vrk_calendar_floats(const vrk_ics_time *t);

/* The wall time in the zone of `like` at an instant. */
int64_t vrk_calendar_wall(vrk_calendar *c, const vrk_ics_time *like, int64_t instant);
void vrk_calendar_zones_free(vrk_calendar *c);

/* Sets the owner. */
void vrk_calendar_find_owner(vrk_calendar *c);

/* Writes the rows of all events. */
VRK_MUST vrk_status vrk_calendar_write(vrk_calendar *c);

#endif
