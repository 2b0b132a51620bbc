/* ingest/ical.h - the rules of iCalendar (RFC 5545) that are more than text: recurrences, durations
 * and time zones given as rules. The only door to libical. */
#ifndef VRK_INGEST_ICAL_H
#define VRK_INGEST_ICAL_H

#include "base/base.h"

/* Wall times are seconds since 1970-01-01 00:00 by the event's own clock. */

/* Asked for each occurrence in order, false ends. */
typedef bool (*vrk_ical_next)(int64_t wall, void *arg);

/* The occurrences by an RRULE (without its UNTIL: time zones are no matter of wall times) from
 * `start` on. False: the rule cannot be read. */
bool vrk_ical_recur(const char *rule, int64_t start, bool is_date, vrk_ical_next next, void *arg);

/* "PT1H30M" [s]; false: it is none. */
bool vrk_ical_duration(const char *text, int64_t *seconds);

/* A VTIMEZONE block, for zones that no list has. NULL: it cannot be read. */
typedef struct vrk_ical_zone vrk_ical_zone;
vrk_ical_zone *vrk_ical_zone_new(const char *block);
void vrk_ical_zone_free(vrk_ical_zone *z);
int64_t vrk_ical_zone_utc(vrk_ical_zone *z, int64_t wall);

#endif
