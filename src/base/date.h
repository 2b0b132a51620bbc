/* base/date.h - the proleptic Gregorian calendar as day numbers, and public holidays. Time zones
 * are not here: facts are kept in the organisation's local time, and the database converts. */
#ifndef VRK_BASE_DATE_H
#define VRK_BASE_DATE_H

#include "base/base.h"

typedef struct {
    int year, month, day; /* month 1-12, day 1-31 */
} vrk_date;

/* Days since 1970-01-01 and back; any year in [-9999, 9999]. O(1), Hinnant's algorithm. */
int64_t vrk_day_of(vrk_date d);
vrk_date vrk_date_of(int64_t day);

int vrk_weekday(int64_t day);    /* 1 = Monday ... 7 = Sunday (ISO 8601) */
int64_t vrk_monday(int64_t day); /* the Monday of its week */
int64_t vrk_easter(int year);    /* Easter Sunday, Western; day number */

/* Is it a public holiday of Sweden that people are off (with Christmas, Midsummer's and New Year's
 * Eve, which agreements make free)? Weekends are not holidays in themselves. */
bool vrk_holiday_se(int64_t day);

/* "2026-11-24" and a NUL into `text` [11]. */
void vrk_day_text(int64_t day, char *text);

/* Parses "YYYY-MM-DD" exactly; false if it is not such a day. */
bool vrk_day_parse(const char *text, int64_t *day);

#endif
