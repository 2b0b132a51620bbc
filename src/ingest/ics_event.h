/* ingest/ics_event.h - one event of a calendar, as it stands. */
#ifndef VRK_INGEST_ICS_EVENT_H
#define VRK_INGEST_ICS_EVENT_H

#include "ingest/ics_lines.h"

typedef struct {
    int64_t wall; /* [s] since 1970-01-01 00:00 by its own clock */
    bool date;    /* a day: 00:00 */
    bool utc;
    const char *zone; /* TZID as it stands; NULL = none: UTC, a day, or floating */
} vrk_ics_time;

enum { VRK_ICS_DATES = 1000, VRK_ICS_GUESTS = 500, VRK_ICS_RULES = 4 };

typedef struct {
    const char *mail;   /* small letters; NULL = an address of another kind */
    const char *answer; /* PARTSTAT: "DECLINED"; NULL = none */
    bool organizer;
} vrk_ics_guest;

typedef struct {
    int64_t line;
    const char *uid;                     /* NULL = none */
    vrk_ics_time start, end, instead_of; /* instead_of: RECURRENCE-ID */
    bool has_end, has_duration, is_override;
    int64_t duration; /* [s] */
    const char *rule[VRK_ICS_RULES];
    vrk_ics_time *without, *also; /* EXDATE, RDATE: [withouts] [alsos] */
    int64_t rules, withouts, alsos;
    int64_t sequence, stamp; /* which of two of the same is newer */
    const char *title, *status, *transparency, *privacy, *busy; /* NULL = not said */
    vrk_ics_guest *guest;                                       /* [guests] */
    int64_t guests;
} vrk_ics_event;

/* Reads a VEVENT block. Memory from `mem`. NULL, or a code and a sentence of what is wrong with it,
 * in *code and as the value returned. A failed allocation is remembered by `mem`. */
const char *vrk_ics_event_read(const vrk_ics_block *block, vrk_arena *mem, vrk_ics_event *out,
                               const char **code);

/* 20260304, 20260304T131500, with Z; false: none. The years 1900 to 2199. */
bool vrk_ics_time_read(const char *text, vrk_ics_time *out);

#endif
