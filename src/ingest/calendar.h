/* ingest/calendar.h - the events of a person's calendar (RFC 5545) as rows of the table calendar,
 * however many texts of iCalendar they come in. For ics.c and caldav.c. */
#ifndef VRK_INGEST_CALENDAR_H
#define VRK_INGEST_CALENDAR_H

#include "ingest/table.h"

/* A series runs to a year after the newest time that the calendar holds, or after the day as which
 * the facts are seen where that is later. A series gives at most so many rows (every day of a
 * century), all series together so many: more are no work of people. */
enum { VRK_CALENDAR_MOST = 40000, VRK_CALENDAR_MOST_ROWS = 1000000 };

/* What happens to an event:
 * - it counts, with its time as UTC (Z), without zone where it floats, as days where it is all day;
 * - a series gives a row for each occurrence but those left out (EXDATE) or replaced by an event of
 *   their own (RECURRENCE-ID, matched by instant or by wall time); of two events with one UID the
 *   newer stands (SEQUENCE, LAST-MODIFIED);
 * - cancelled, declined by the owner, or shown as free: left out, counted in a note;
 * - of a private event nothing but its time is looked at;
 * - broken, or in a time zone that cannot be known (TZ_UNKNOWN): refused with its line, and the
 *   others go on.
 * The owner is the calendar's name if that is an address; else who is in most of its events; else
 * `owner`; else the file's name; a note says which. The category is inferred (category.h). */
typedef struct vrk_calendar vrk_calendar;

VRK_MUST vrk_status vrk_calendar_new(vrk_ctx *ctx, vrk_reading *r, vrk_calendar **out);

/* Adds the events of a text, which must stay until the end. `line` is that of its first line in the
 * file. `owner` as told by where the text was; NULL = not. */
VRK_MUST vrk_status vrk_calendar_add(vrk_calendar *c, const char *text, size_t n, int64_t line,
                                     const char *owner);
int64_t vrk_calendar_events(const vrk_calendar *c); /* blocks of events so far, broken ones too */

/* Writes the sheet and frees the calendar, which may be NULL; with a failure it is only freed. */
VRK_MUST vrk_status vrk_calendar_end(vrk_calendar *c, vrk_status st);

#endif
