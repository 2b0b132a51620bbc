#include "base/date.h"
#include "tests/t.h"

#include <string.h>
#include <time.h>

/* The C library is the oracle: timegm knows the same calendar. */
static void agrees_with_the_c_library_on_every_day_of_400_years(void)
{
    for (int64_t day = -80000; day < 80000; day++) {
        time_t t = (time_t)(day * 86400);
        struct tm tm;
        gmtime_r(&t, &tm);
        vrk_date d = vrk_date_of(day);
        T_OK(d.year == tm.tm_year + 1900 && d.month == tm.tm_mon + 1 && d.day == tm.tm_mday);
        T_OK(vrk_day_of(d) == day);
        T_OK(vrk_weekday(day) == (tm.tm_wday + 6) % 7 + 1);
    }
}

static void puts_weeks_from_monday_to_sunday(void)
{
    int64_t tuesday = 0, monday = 0;
    T_OK(vrk_day_parse("2026-11-24", &tuesday) && vrk_day_parse("2026-11-23", &monday));
    T_OK(vrk_monday(tuesday) == monday && vrk_monday(monday) == monday);
    T_OK(vrk_monday(monday + 6) == monday && vrk_monday(monday - 1) == monday - 7);
}

/* Published dates of Easter Sunday. */
static void finds_easter(void)
{
    const char *sundays[] = {"2000-04-23", "2008-03-23", "2011-04-24", "2024-03-31",
                             "2025-04-20", "2026-04-05", "2038-04-25"};
    for (size_t i = 0; i < sizeof(sundays) / sizeof(sundays[0]); i++) {
        int64_t day;
        T_OK(vrk_day_parse(sundays[i], &day) && vrk_easter(vrk_date_of(day).year) == day);
    }
}

/* The public holidays of Sweden in 2026 by Lag (1989:253), and the three eves. */
static void knows_the_swedish_holidays_of_2026(void)
{
    const char *days[] = {"2026-01-01", "2026-01-06", "2026-04-03", "2026-04-05",
                          "2026-04-06", "2026-05-01", "2026-05-14", "2026-05-24",
                          "2026-06-06", "2026-06-19", "2026-06-20", "2026-10-31",
                          "2026-12-24", "2026-12-25", "2026-12-26", "2026-12-31"};
    int64_t first = vrk_day_of((vrk_date){2026, 1, 1}), next = first + 365;
    size_t n = 0;
    for (int64_t day = first; day < next; day++) {
        char text[11];
        vrk_day_text(day, text);
        if (vrk_holiday_se(day)) {
            T_OK(n < sizeof(days) / sizeof(days[0]) && !strcmp(text, days[n]));
            n++;
        }
    }
    T_OK(n == sizeof(days) / sizeof(days[0]));
}

static void reads_only_days_that_exist(void)
{
    int64_t day;
    T_OK(vrk_day_parse("2024-02-29", &day) && day == 19782);
    T_OK(!vrk_day_parse("2023-02-29", &day) && !vrk_day_parse("2024-13-01", &day));
    T_OK(!vrk_day_parse("2024-2-29", &day) && !vrk_day_parse("2024-02-2x", &day));
    T_OK(!vrk_day_parse("", &day) && !vrk_day_parse("2024-02-290", &day));
}

T_MAIN(T_CASE(agrees_with_the_c_library_on_every_day_of_400_years),
       T_CASE(puts_weeks_from_monday_to_sunday), T_CASE(finds_easter),
       T_CASE(knows_the_swedish_holidays_of_2026), T_CASE(reads_only_days_that_exist))
