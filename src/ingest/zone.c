#include "ingest/zone.h"

#include "base/date.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

enum { NAME = 128 };

struct vrk_zone {
    UCalendar *calendar;
};

/* Is it a name of IANA's list? ICU itself takes any name, for GMT. */
static bool is_known(const UChar *name)
{
    UErrorCode e = U_ZERO_ERROR;
    UChar canonical[NAME];
    UBool system = false;
    ucal_getCanonicalTimeZoneID(name, -1, canonical, NAME, &system, &e);
    return U_SUCCESS(e) && system;
}

static bool to_utf16(const char *name, UChar out[NAME])
{
    UErrorCode e = U_ZERO_ERROR;
    int32_t n;
    u_strFromUTF8(out, NAME, &n, name, -1, &e);
    return U_SUCCESS(e) && n < NAME;
}

/* The name in IANA's list, also behind a prefix with slashes. */
static bool iana_of(const char *name, UChar out[NAME])
{
    for (const char *p = name; p; p = strchr(p, '/')) {
        p += *p == '/';
        if (*p && to_utf16(p, out) && is_known(out))
            return true;
        if (*name != '/')
            return false;
    }
    return false;
}

static bool windows_of(const char *name, const char *region, UChar out[NAME])
{
    UErrorCode e = U_ZERO_ERROR;
    UChar id[NAME];
    if (!to_utf16(name, id))
        return false;
    int32_t n = ucal_getTimeZoneIDForWindowsID(id, -1, region ? region : "SE", out, NAME, &e);
    return U_SUCCESS(e) && n > 0 && n < NAME;
}

vrk_status vrk_zone_open(vrk_ctx *ctx, const char *name, const char *region, vrk_zone **out)
{
    UErrorCode e = U_ZERO_ERROR;
    UChar id[NAME];

    *out = NULL;
    if (!iana_of(name, id) && !windows_of(name, region, id))
        return VRK_OK;
    vrk_zone *z = calloc(1, sizeof(*z));
    if (!z)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for the time zone %s", name);
    z->calendar = ucal_open(id, -1, "en_US", UCAL_GREGORIAN, &e);
    if (U_FAILURE(e)) {
        free(z);
        return vrk_fail(ctx, VRK_EMEMORY, "could not open the time zone %s: %s", name,
                        u_errorName(e));
    }
    ucal_setGregorianChange(z->calendar, -9e15, &e); /* dates of old rules are Gregorian too */
    ucal_setAttribute(z->calendar, UCAL_REPEATED_WALL_TIME, UCAL_WALLTIME_FIRST);
    ucal_setAttribute(z->calendar, UCAL_SKIPPED_WALL_TIME, UCAL_WALLTIME_LAST);
    *out = z;
    return VRK_OK;
}

void vrk_zone_close(vrk_zone *z)
{
    if (!z)
        return;
    ucal_close(z->calendar);
    free(z);
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int64_t vrk_zone_utc(vrk_zone *z, int64_t wall)
{
    UErrorCode e = U_ZERO_ERROR;
    int64_t day = floor_div(wall, 86400);
    int second = (int)(wall - day * 86400);
    vrk_date d = vrk_date_of(day);
    ucal_setDateTime(z->calendar, d.year, d.month - 1, d.day, second / 3600, second / 60 % 60,
                     second % 60, &e);
    double ms = ucal_getMillis(z->calendar, &e);
    return U_SUCCESS(e) ? floor_div((int64_t)ms, 1000) : wall;
}

int64_t vrk_zone_wall(vrk_zone *z, int64_t utc)
{
    UErrorCode e = U_ZERO_ERROR;
    ucal_setMillis(z->calendar, 1000.0 * (double)utc, &e);
    int32_t ms =
        ucal_get(z->calendar, UCAL_ZONE_OFFSET, &e) + ucal_get(z->calendar, UCAL_DST_OFFSET, &e);
    return U_SUCCESS(e) ? utc + ms / 1000 : utc;
}
