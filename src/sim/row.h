/* sim/row.h - one CSV row in the making: no printf, 25 million rows go through here. Texts given
 * are the program's own and hold no comma, quote or line break. */
#ifndef VRK_SIM_ROW_H
#define VRK_SIM_ROW_H

#include "base/date.h"
#include "base/str.h"

#include <string.h>

typedef struct {
    size_t n;
    char at[504];
} vrk_row;

static inline void vrk_row_text(vrk_row *r, const char *text)
{
    size_t n = strlen(text);
    memcpy(r->at + r->n, text, n);
    r->n += n;
}

/* The field's end. */
static inline void vrk_row_next(vrk_row *r)
{
    r->at[r->n++] = ',';
}

static inline void vrk_row_field(vrk_row *r, const char *text)
{
    vrk_row_text(r, text);
    vrk_row_next(r);
}

/* x >= 0 with at least `width` digits. */
static inline void vrk_row_digits(vrk_row *r, int64_t x, int width)
{
    char digit[20];
    int n = 0;
    do {
        digit[n++] = (char)('0' + x % 10);
        x /= 10;
    } while (x > 0 || n < width);
    while (n > 0)
        r->at[r->n++] = digit[--n];
}

static inline void vrk_row_day(vrk_row *r, int64_t day)
{
    vrk_day_text(day, r->at + r->n);
    r->n += 10;
    vrk_row_next(r);
}

/* Minutes since 1970 as 2026-11-24T10:00:00. */
static inline void vrk_row_time(vrk_row *r, int64_t minute)
{
    int64_t day = minute / 1440;
    int in_day = (int)(minute - day * 1440), h = in_day / 60, m = in_day % 60;
    char *at = r->at + r->n;
    vrk_day_text(day, at);
    memcpy(at + 10, "T00:00:00,", 10);
    at[11] = (char)('0' + h / 10);
    at[12] = (char)('0' + h % 10);
    at[14] = (char)('0' + m / 10);
    at[15] = (char)('0' + m % 10);
    r->n += 20;
}

static inline void vrk_row_int(vrk_row *r, int64_t x)
{
    vrk_row_digits(r, x, 1);
    vrk_row_next(r);
}

/* Hundredths as 1234.50 */
static inline void vrk_row_money(vrk_row *r, int64_t hundredths)
{
    vrk_row_digits(r, hundredths / 100, 1);
    r->at[r->n++] = '.';
    vrk_row_digits(r, hundredths % 100, 2);
    vrk_row_next(r);
}

/* An id of a thing of a team: prefix, team in 4 digits, number in `width`. */
static inline void vrk_row_id(vrk_row *r, char prefix, int64_t team, int64_t number, int width)
{
    r->at[r->n++] = prefix;
    vrk_row_digits(r, team + 1, 4);
    vrk_row_digits(r, number, width);
    vrk_row_next(r);
}

static inline void vrk_row_seller(vrk_row *r, int64_t seller)
{
    r->at[r->n++] = 'S';
    vrk_row_digits(r, seller + 1, 4);
    vrk_row_next(r);
}

/* The last comma becomes the line's end. */
static inline void vrk_row_end(vrk_row *r, vrk_str *to)
{
    r->at[r->n - 1] = '\n';
    vrk_str_add_n(to, r->at, r->n);
}

#endif
