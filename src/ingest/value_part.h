/* ingest/value_part.h - walking over the text of one cell. For value*.c only. */
#ifndef VRK_INGEST_VALUE_PART_H
#define VRK_INGEST_VALUE_PART_H

#include "ingest/value.h"

typedef struct {
    const char *at, *end;
} vrk_cursor;

typedef struct {
    int hour, minute, second;
    char fraction[7];
} vrk_clock;

static inline bool vrk_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool vrk_is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* At most `most` digits; false where there is none, or more. */
bool vrk_cursor_number(vrk_cursor *c, size_t most, int64_t *value, size_t *digits);
bool vrk_cursor_take(vrk_cursor *c, char one);
bool vrk_cursor_word(vrk_cursor *c, const char *word); /* without regard to ASCII case */
void vrk_cursor_blanks(vrk_cursor *c);                 /* no-break spaces too */
bool vrk_cursor_clock(vrk_cursor *c, vrk_clock *out);  /* 13:15, 1:15:30.25 PM */

/* Bytes of a blank at `text`: 0 = none. Blanks, tabs, U+00A0, U+2009, U+202F, U+200B, U+FEFF. */
size_t vrk_blank_at(const char *text, const char *end);
void vrk_text_trim(const char **text, size_t *n);
bool vrk_is_nothing(const char *text, size_t n);

uint32_t vrk_date_look(const char *text, size_t n);
uint32_t vrk_number_look(const char *text, size_t n);

#endif
