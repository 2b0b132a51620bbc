/* ingest/value.h - one cell of a foreign table: is it a date, a number, something else, and what
 * does it say? A cell tells what it can by itself; what it cannot (is 3/4/2026 in March? is 1,250
 * a thousand?) is decided for its column (profile.h) and given back to the reading. */
#ifndef VRK_INGEST_VALUE_H
#define VRK_INGEST_VALUE_H

#include "base/base.h"

/* What a cell looks like; several can hold. */
enum {
    VRK_LOOK_NOTHING = 1 << 0, /* a word for no value: null, N/A, 0000-00-00, a dash */
    VRK_LOOK_DATE = 1 << 1,    /* a date with or without time, in a form made for dates */
    VRK_LOOK_SPLIT = 1 << 2,   /* of these: day and month cannot be told apart (3/4/2026) */
    VRK_LOOK_DAY = 1 << 3,     /* the day comes first, it is over 12 (25/3/2026) */
    VRK_LOOK_MONTH = 1 << 4,   /* the month does (3/25/2026) */
    VRK_LOOK_DOTS = 1 << 5,    /* 4.3.2026 */
    VRK_LOOK_LOOSE = 1 << 6,   /* a plain number that can be a date: 20260304, 46085, 1772626500 */
    VRK_LOOK_TIMED = 1 << 7,   /* a date with a time of day other than midnight */
    VRK_LOOK_NUMBER = 1 << 8,  /* a number, in whatever notation */
    VRK_LOOK_COMMA = 1 << 9,   /* of these: its comma must be the decimal sign */
    VRK_LOOK_POINT = 1 << 10,  /* its point must be */
    VRK_LOOK_THREE = 1 << 11,  /* 1,250 or 1.250: cannot be told */
    VRK_LOOK_MAIL = 1 << 12,
    VRK_LOOK_CURRENCY = 1 << 13, /* three capitals */
    VRK_LOOK_FLAG = 1 << 14,     /* true, nej, 1 ... */
    VRK_LOOK_CLOCK = 1 << 15,    /* 9:30, 01:30:00, 9:30 AM */
    VRK_LOOK_PERCENT = 1 << 16,
    VRK_LOOK_NO_DATE = 1 << 17, /* has a date's form, but there is no such day */
    VRK_LOOK_ZONED = 1 << 18,   /* a date with a zone */
    VRK_LOOK_SFID = 1 << 19,    /* an id of Salesforce: 15 or 18 characters */
    VRK_LOOK_PERSON = 1 << 20,  /* two to four words with capitals, no digits */
    VRK_LOOK_COMPANY = 1 << 21, /* ends in AB, GmbH, Ltd ... */
    VRK_LOOK_CODE = 1 << 22,    /* one word with a digit in it, no number: A-001 */
    VRK_LOOK_CLOSED = 1 << 23,  /* says won or lost */
};
enum { VRK_LOOKS = 24 };

typedef enum { VRK_ORDER_NONE, VRK_ORDER_DAY, VRK_ORDER_MONTH } vrk_date_order;
typedef enum { VRK_DECIMAL_NONE, VRK_DECIMAL_POINT, VRK_DECIMAL_COMMA } vrk_decimal;

/* The bits of VRK_LOOK_ that hold. Cost: a few passes over the text. */
uint32_t vrk_look_of(const char *text, size_t n);

typedef enum {
    VRK_READ_VALUE,   /* `out` is it, in ISO form */
    VRK_READ_NOTHING, /* a word for no value */
    VRK_READ_OPEN,    /* cannot be told without `order` or `decimal` */
    VRK_READ_BAD,     /* is none */
} vrk_read;

enum { VRK_VALUE_ROOM = 64 }; /* [byte] enough for every `out` here, its NUL too */

/* 2026-03-04, 2026-03-04T13:15:00, the same with Z or +01:00. Reads ISO and its kin, 3/4/2026,
 * 4.3.26, 1:15 PM, 4 mars 2026, den 4 mars 2026 kl. 13:15, Mar 4, 2026, 20260304, days since 1900
 * as spreadsheets count (20000 ... 60000), seconds and milliseconds since 1970. Two-digit years
 * are 1970 ... 2069. With `utc` a time without zone is one of UTC. */
vrk_read vrk_date_read(const char *text, size_t n, vrk_date_order order, bool utc,
                       char out[VRK_VALUE_ROOM]);

/* A decimal number with a point. Reads thousands by blanks, apostrophes, points and commas,
 * currency words and signs, tkr and MSEK (times 1e3, 1e6), minus as -, U+2212, behind, or by
 * parentheses, and %. */
vrk_read vrk_number_read(const char *text, size_t n, vrk_decimal decimal, char out[VRK_VALUE_ROOM]);

/* Minutes: a number, or 1:30 for an hour and a half. */
vrk_read vrk_minutes_read(const char *text, size_t n, vrk_decimal decimal,
                          char out[VRK_VALUE_ROOM]);

/* "1" or "0" for true, sant, ja ... */
vrk_read vrk_flag_read(const char *text, size_t n, char out[VRK_VALUE_ROOM]);

/* Salesforce's id of 15 characters, in which case matters, as the one of 18, in which it does not
 * (the last three say which letters are capitals). All else is no value of that kind. */
vrk_read vrk_sfid_read(const char *text, size_t n, char out[VRK_VALUE_ROOM]);

/* The three letters of a currency: SEK, svensk krona, the EUR of "74 250,75 EUR", the sign of
 * "\u20ac74". "kr" alone says nothing: there are several. */
vrk_read vrk_currency_read(const char *text, size_t n, char out[VRK_VALUE_ROOM]);

/* 13:15:00 for 1:15 PM. */
vrk_read vrk_clock_read(const char *text, size_t n, char out[VRK_VALUE_ROOM]);

#endif
