#include "ingest/ical.h"

#include "base/date.h"

#include <libical/ical.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_YEAR = 1900, LAST_YEAR = 2200 };

static int64_t floor_day(int64_t wall)
{
    return wall / 86400 - (wall % 86400 < 0);
}

static icaltimetype time_of(int64_t wall, bool is_date)
{
    int64_t day = floor_day(wall);
    int second = (int)(wall - day * 86400);
    vrk_date d = vrk_date_of(day);
    icaltimetype t = icaltime_null_time();
    t.year = d.year;
    t.month = d.month;
    t.day = d.day;
    t.hour = second / 3600;
    t.minute = second / 60 % 60;
    t.second = second % 60;
    t.is_date = is_date;
    return t;
}

static int64_t wall_of(icaltimetype t)
{
    int64_t day = vrk_day_of((vrk_date){t.year, t.month, t.day});
    return day * 86400 + (t.is_date ? 0 : t.hour * 3600 + t.minute * 60 + t.second);
}

/* Values that a calendar can hold; libical reckons with int. */
static bool is_sane(const struct icalrecurrencetype *r)
{
    return r->freq != ICAL_NO_RECURRENCE && r->interval >= 1 && r->interval <= 10000 &&
           r->count >= 0;
}

bool vrk_ical_recur(const char *rule, int64_t start, bool is_date, vrk_ical_next next, void *arg)
{
    icalerror_set_errors_are_fatal(false);
    struct icalrecurrencetype r = icalrecurrencetype_from_string(rule);
    bool fine = is_sane(&r);
    icaltimetype from = time_of(start, is_date);
    icalrecur_iterator *all = NULL;
    if (fine && from.year >= FIRST_YEAR && from.year <= LAST_YEAR)
        all = icalrecur_iterator_new(r, from);
    if (all) {
        icaltimetype t = icalrecur_iterator_next(all);
        while (!icaltime_is_null_time(t) && t.year <= LAST_YEAR && next(wall_of(t), arg))
            t = icalrecur_iterator_next(all);
        icalrecur_iterator_free(all);
    }
    free(r.rscale);
    return all != NULL;
}

bool vrk_ical_duration(const char *text, int64_t *seconds)
{
    icalerror_set_errors_are_fatal(false);
    struct icaldurationtype d = icaldurationtype_from_string(text);
    if (icaldurationtype_is_bad_duration(d) || strlen(text) < 3)
        return false;
    int64_t days = (int64_t)d.weeks * 7 + d.days;
    *seconds = days * 86400 + (int64_t)d.hours * 3600 + (int64_t)d.minutes * 60 + d.seconds;
    *seconds = d.is_neg ? -*seconds : *seconds;
    return true;
}

struct vrk_ical_zone {
    icaltimezone *zone;
};

vrk_ical_zone *vrk_ical_zone_new(const char *block)
{
    icalerror_set_errors_are_fatal(false);
    vrk_ical_zone *z = calloc(1, sizeof(*z));
    icalcomponent *c = z ? icalparser_parse_string(block) : NULL;
    bool fine = c && icalcomponent_isa(c) == ICAL_VTIMEZONE_COMPONENT;
    if (fine) {
        z->zone = icaltimezone_new();
        fine = z->zone && icaltimezone_set_component(z->zone, c); /* takes the component */
    }
    if (fine)
        return z;
    if (z && z->zone)
        icaltimezone_free(z->zone, 1);
    else if (c)
        icalcomponent_free(c);
    free(z);
    return NULL;
}

void vrk_ical_zone_free(vrk_ical_zone *z)
{
    if (!z)
        return;
    icaltimezone_free(z->zone, 1);
    free(z);
}

int64_t vrk_ical_zone_utc(vrk_ical_zone *z, int64_t wall)
{
    icaltimetype t = time_of(wall, false);
    int is_daylight;
    return wall - icaltimezone_get_utc_offset(z->zone, &t, &is_daylight);
}
