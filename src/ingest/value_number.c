#include "ingest/value_part.h"

#include <string.h>
#include <strings.h>

/* What may stand before or behind a number, and by how many places it moves the point. */
static const struct {
    const char *word;
    int places;
} units[] = {
    {"kr.", 0},  {"kr", 0},   {"sek", 0},      {"eur", 0},  {"euro", 0}, {"usd", 0},
    {"nok", 0},  {"dkk", 0},  {"gbp", 0},      {"chf", 0},  {"pln", 0},  {"\xE2\x82\xAC", 0},
    {"us$", 0},  {"$", 0},    {"\xC2\xA3", 0}, {":-", 0},   {"tkr", 3},  {"tsek", 3},
    {"ksek", 3}, {"mkr", 6},  {"msek", 6},     {"meur", 6}, {"musd", 6}, {"%", 0},
    {"min", 0},  {"min.", 0},
};

typedef struct {
    char digit[40]; /* with the separators left in as '.' and ',' */
    size_t n;
    bool minus, blanks; /* blanks: thousands are parted by blanks or apostrophes */
    int places;
    int exponent;
    bool percent;
} written;

/* The word at the start (or the end) of *text, taken off; false = none is known there. */
static bool take_unit(const char **text, size_t *n, bool front, written *w)
{
    size_t best = 0, at = 0;
    if (*n && vrk_is_digit(front ? **text : (*text)[*n - 1]))
        return false; /* most numbers are bare, and no unit has a digit at either end */
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        size_t k = strlen(units[i].word);
        const char *there = front ? *text : *text + *n - k;
        if (k <= *n && k > best && !strncasecmp(there, units[i].word, k)) {
            best = k;
            at = i;
        }
    }
    if (!best)
        return false;
    w->places += units[at].places;
    w->percent |= !strcmp(units[at].word, "%");
    *text += front ? best : 0;
    *n -= best;
    vrk_text_trim(text, n);
    return true;
}

static bool take_minus(const char **text, size_t *n)
{
    static const char minus[] = "\xE2\x88\x92";
    bool front = *n && **text == '-', wide = *n > 3 && !memcmp(*text, minus, 3);
    bool back = *n > 1 && (*text)[*n - 1] == '-' && (*text)[*n - 2] != ':'; /* 500:- */
    if (!front && !wide && !back)
        return false;
    *text += front ? 1 : wide ? 3 : 0;
    *n -= wide && !front ? 3 : 1;
    vrk_text_trim(text, n);
    return true;
}

/* Digits, with blanks and apostrophes between them, a point or a comma, and an exponent. */
static bool take_digits(const char *text, size_t n, written *w)
{
    const char *end = text + n;
    bool any = false;
    while (text < end) {
        size_t blank = vrk_blank_at(text, end);
        size_t quote = *text == '\''                                         ? 1
                       : end - text >= 3 && !memcmp(text, "\xE2\x80\x99", 3) ? 3
                                                                             : 0;
        if (vrk_is_digit(*text) || *text == '.' || *text == ',') {
            if (w->n + 1 >= sizeof(w->digit))
                return false;
            any |= vrk_is_digit(*text);
            w->digit[w->n++] = *text++;
        } else if (any && (blank || quote)) {
            size_t k = blank ? blank : quote, run = 0;
            while (text + k + run < end && vrk_is_digit(text[k + run]))
                run++;
            if (run != 3 || memchr(w->digit, '.', w->n) || memchr(w->digit, ',', w->n))
                return false; /* "12 34" and "1,2 345" are no numbers */
            w->blanks = true;
            text += k;
        } else if (any && (*text == 'e' || *text == 'E')) {
            vrk_cursor c = {text + 1, end};
            int64_t exponent;
            size_t k;
            bool below = c.at < c.end && *c.at == '-';
            (void)(vrk_cursor_take(&c, '+') || vrk_cursor_take(&c, '-'));
            if (!vrk_cursor_number(&c, 2, &exponent, &k) || c.at != c.end)
                return false;
            w->exponent = below ? -(int)exponent : (int)exponent;
            text = end;
        } else {
            return false;
        }
    }
    return any;
}

/* No digit, or one behind what no number goes on after: a letter, a colon, a dash. */
static bool is_none(const char *text, size_t n)
{
    bool digit = false, ended = false;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        if (vrk_is_digit(text[i])) {
            if (ended)
                return true;
            digit = true;
        } else if (digit && c > ' ' && c < 0x80 && c != '.' && c != ',' && c != '\'' && c != '+' &&
                   c != 'e' && c != 'E') {
            ended = ended || c != '-' || (text[i - 1] != 'e' && text[i - 1] != 'E');
        }
    }
    return !digit;
}

static bool parse(const char *text, size_t n, written *w)
{
    *w = (written){0};
    if (is_none(text, n))
        return false;
    vrk_text_trim(&text, &n);
    if (n > 2 && text[0] == '(' && text[n - 1] == ')') {
        w->minus = true;
        text++;
        n -= 2;
    }
    w->minus |= take_minus(&text, &n);
    if (n && *text == '+')
        text++, n--;
    bool front = take_unit(&text, &n, true, w);
    if (front && !w->minus)
        w->minus = take_minus(&text, &n);
    (void)(take_unit(&text, &n, false, w) && take_unit(&text, &n, false, w));
    if (!w->minus && n && text[n - 1] == '-')
        w->minus = take_minus(&text, &n);
    return n && (vrk_is_digit(*text) || *text == '.' || *text == ',') && take_digits(text, n, w);
}

/* Are the digits between separators `sep` groups of three, the first of one to three? */
static bool in_threes(const written *w, char sep, size_t until)
{
    size_t run = 0;
    bool first = true;
    for (size_t i = 0; i <= until; i++) {
        if (i < until && w->digit[i] != sep) {
            run++;
            continue;
        }
        if (first ? run < 1 || run > 3 : run != 3)
            return false;
        first = false;
        run = 0;
    }
    return true;
}

typedef enum { NO_NUMBER, PLAIN, DECIMAL_POINT, DECIMAL_COMMA, OPEN } notation;

/* Which sign is the decimal one. *at: where it stands, w->n = nowhere. */
static notation judge(const written *w, size_t *at)
{
    size_t points = 0, commas = 0, last = w->n;
    for (size_t i = 0; i < w->n; i++) {
        points += w->digit[i] == '.';
        commas += w->digit[i] == ',';
        if (!vrk_is_digit(w->digit[i]))
            last = i;
    }
    *at = w->n;
    if (!points && !commas)
        return PLAIN;
    char sign = w->digit[last], other = sign == '.' ? ',' : '.';
    size_t count = sign == '.' ? points : commas, others = sign == '.' ? commas : points;
    notation decimal = sign == '.' ? DECIMAL_POINT : DECIMAL_COMMA;
    notation thousand = sign == '.' ? DECIMAL_COMMA : DECIMAL_POINT;
    if (count > 1) /* 1.250.000: thousands */
        return !others && !w->blanks && in_threes(w, sign, w->n) ? thousand : NO_NUMBER;
    *at = last;
    if (others)
        return in_threes(w, other, last) && !w->blanks ? decimal : NO_NUMBER;
    size_t behind = w->n - last - 1;
    if (w->blanks || behind != 3 || last == 0 || last > 3 || (last == 1 && w->digit[0] == '0') ||
        w->exponent)
        return decimal;
    return OPEN;
}

uint32_t vrk_number_look(const char *text, size_t n)
{
    written w;
    size_t at;
    if (!parse(text, n, &w))
        return 0;
    uint32_t percent = w.percent ? VRK_LOOK_PERCENT : 0u;
    switch (judge(&w, &at)) {
    case NO_NUMBER:
        return 0;
    case PLAIN:
        return VRK_LOOK_NUMBER | percent;
    case DECIMAL_POINT:
        return VRK_LOOK_NUMBER | VRK_LOOK_POINT | percent;
    case DECIMAL_COMMA:
        return VRK_LOOK_NUMBER | VRK_LOOK_COMMA | percent;
    case OPEN:
        break;
    }
    return VRK_LOOK_NUMBER | VRK_LOOK_THREE | percent;
}

/* The digits with the point moved `places` to the right. */
static void put(const written *w, size_t at, int places, char out[VRK_VALUE_ROOM])
{
    char digits[64];
    int n = 0, point = 0;
    size_t k = 0;
    for (size_t i = 0; i < w->n; i++) {
        if (i == at)
            point = n;
        if (vrk_is_digit(w->digit[i]))
            digits[n++] = w->digit[i];
    }
    point = (at >= w->n ? n : point) + places;
    if (w->minus)
        out[k++] = '-';
    if (point <= 0)
        out[k++] = '0';
    for (int i = 0; i < point && k < VRK_VALUE_ROOM - 2; i++)
        out[k++] = i < n ? digits[i] : '0';
    if (point < n)
        out[k++] = '.';
    for (int i = point; i < 0 && k < VRK_VALUE_ROOM - 2; i++)
        out[k++] = '0';
    for (int i = point > 0 ? point : 0; i < n && k < VRK_VALUE_ROOM - 1; i++)
        out[k++] = digits[i];
    out[k] = 0;
}

vrk_read vrk_number_read(const char *text, size_t n, vrk_decimal decimal, char out[VRK_VALUE_ROOM])
{
    written w;
    size_t at;
    vrk_text_trim(&text, &n);
    if (vrk_is_nothing(text, n))
        return VRK_READ_NOTHING;
    if (!parse(text, n, &w))
        return VRK_READ_BAD;
    notation how = judge(&w, &at);
    if (how == NO_NUMBER)
        return VRK_READ_BAD;
    if (how == OPEN && decimal == VRK_DECIMAL_NONE)
        return VRK_READ_OPEN;
    if (how == OPEN && (w.digit[at] == '.') != (decimal == VRK_DECIMAL_POINT))
        at = w.n; /* thousands */
    int places = w.places + w.exponent;
    if (places > 20 || places < -20)
        return VRK_READ_BAD;
    put(&w, at, places, out);
    return VRK_READ_VALUE;
}
