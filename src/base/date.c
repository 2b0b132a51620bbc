#include "base/date.h"

#include <string.h>

/* Howard Hinnant, "chrono-compatible low-level date algorithms": years start in March, so that the
 * leap day is last, and 400 years are one era of 146 097 days. */
int64_t vrk_day_of(vrk_date d)
{
    int64_t y = d.month <= 2 ? d.year - 1 : d.year;
    int64_t era = (y >= 0 ? y : y - 399) / 400, yoe = y - era * 400;
    int64_t doy = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

vrk_date vrk_date_of(int64_t day)
{
    int64_t z = day + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097, doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);
    return (vrk_date){(int)(yoe + era * 400 + (month <= 2)), month,
                      (int)(doy - (153 * mp + 2) / 5 + 1)};
}

int vrk_weekday(int64_t day)
{
    int64_t w = (day + 3) % 7; /* 1970-01-01 was a Thursday */
    return (int)(w < 0 ? w + 7 : w) + 1;
}

int64_t vrk_monday(int64_t day)
{
    return day - vrk_weekday(day) + 1;
}

/* Meeus, Jones and Butcher's rule, as in Meeus (1991), Astronomical Algorithms, ch. 8. */
int64_t vrk_easter(int year)
{
    int a = year % 19, b = year / 100, c = year % 100, d = b / 4, e = b % 4, f = (b + 8) / 25;
    int g = (b - f + 1) / 3, h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4;
    int l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 22 * l) / 451;
    int month = (h + l - 7 * m + 114) / 31, day = (h + l - 7 * m + 114) % 31 + 1;
    return vrk_day_of((vrk_date){year, month, day});
}

bool vrk_holiday_se(int64_t day)
{
    static const int fixed[][2] = {{1, 1},   {1, 6},   {5, 1},   {6, 6},
                                   {12, 24}, {12, 25}, {12, 26}, {12, 31}};
    vrk_date d = vrk_date_of(day);
    int64_t since_easter = day - vrk_easter(d.year);
    int w = vrk_weekday(day);

    for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
        if (d.month == fixed[i][0] && d.day == fixed[i][1])
            return true;
    }
    if (since_easter == -2 || since_easter == 0 || since_easter == 1 || since_easter == 39 ||
        since_easter == 49) /* Good Friday, Easter and its Monday, Ascension, Whit Sunday */
        return true;
    if (d.month == 6 && ((w == 5 && d.day >= 19 && d.day <= 25) ||
                         (w == 6 && d.day >= 20 && d.day <= 26))) /* Midsummer's Eve and Day */
        return true;
    return w == 6 && ((d.month == 10 && d.day == 31) || (d.month == 11 && d.day <= 6));
}

void vrk_day_text(int64_t day, char *text)
{
    vrk_date d = vrk_date_of(day);
    const int part[] = {d.year / 1000 % 10,
                        d.year / 100 % 10,
                        d.year / 10 % 10,
                        d.year % 10,
                        -1,
                        d.month / 10,
                        d.month % 10,
                        -1,
                        d.day / 10,
                        d.day % 10};
    for (int i = 0; i < 10; i++)
        text[i] = (char)(part[i] < 0 ? '-' : '0' + part[i]);
    text[10] = 0;
}

bool vrk_day_parse(const char *text, int64_t *day)
{
    vrk_date d = {0};
    if (strlen(text) != 10)
        return false;
    for (int i = 0; i < 10; i++) {
        if (i == 4 || i == 7 ? text[i] != '-' : text[i] < '0' || text[i] > '9')
            return false;
    }
    for (int i = 0; i < 10; i++) {
        int *part = i < 4 ? &d.year : i < 7 ? &d.month : &d.day;
        if (text[i] != '-')
            *part = *part * 10 + (text[i] - '0');
    }
    *day = vrk_day_of(d);
    vrk_date back = vrk_date_of(*day);
    return back.year == d.year && back.month == d.month && back.day == d.day;
}
