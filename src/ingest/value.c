#include "ingest/outcome.h"
#include "ingest/value_part.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

bool vrk_cursor_number(vrk_cursor *c, size_t most, int64_t *value, size_t *digits)
{
    size_t k = 0;
    *value = 0;
    while (c->at + k < c->end && vrk_is_digit(c->at[k]) && k <= most)
        *value = 10 * *value + (c->at[k++] - '0');
    *digits = k;
    if (k == 0 || k > most)
        return false;
    c->at += k;
    return true;
}

bool vrk_cursor_take(vrk_cursor *c, char one)
{
    if (c->at == c->end || *c->at != one)
        return false;
    c->at++;
    return true;
}

bool vrk_cursor_word(vrk_cursor *c, const char *word)
{
    if (c->at == c->end || (*c->at | 0x20) != (*word | 0x20))
        return false; /* as a rule; the bit is that of lower case, and 0 in no first letter here */
    size_t n = strlen(word);
    if ((size_t)(c->end - c->at) < n || strncasecmp(c->at, word, n) != 0)
        return false;
    c->at += n;
    return true;
}

size_t vrk_blank_at(const char *text, const char *end)
{
    static const char *const wide[] = {"\xC2\xA0", "\xE2\x80\x89", "\xE2\x80\xAF", "\xE2\x80\x8B",
                                       "\xEF\xBB\xBF"};
    if (text < end && (*text == ' ' || *text == '\t' || *text == '\n' || *text == '\r'))
        return 1;
    if (text < end && (unsigned char)*text < 0x80)
        return 0;
    for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
        size_t n = strlen(wide[i]);
        if ((size_t)(end - text) >= n && !memcmp(text, wide[i], n))
            return n;
    }
    return 0;
}

void vrk_cursor_blanks(vrk_cursor *c)
{
    for (size_t k; (k = vrk_blank_at(c->at, c->end)) > 0;)
        c->at += k;
}

void vrk_text_trim(const char **text, size_t *n)
{
    const char *at = *text, *end = *text + *n;
    if (at<end && * at> ' ' && end[-1] > ' ')
        return; /* as a rule: letters of ASCII at both ends */
    for (size_t k; (k = vrk_blank_at(at, end)) > 0;)
        at += k;
    for (bool more = true; more;) {
        more = false;
        for (size_t k = 1; k <= 3 && !more; k++) {
            if (end - at >= (ptrdiff_t)k && vrk_blank_at(end - k, end) == k) {
                end -= k;
                more = true;
            }
        }
    }
    *text = at;
    *n = (size_t)(end - at);
}

static bool is_among(const char *text, size_t n, const char *const *words, size_t count)
{
    int first = n ? tolower((unsigned char)text[0]) : 0;
    for (size_t i = 0; i < count; i++) {
        bool begins = tolower((unsigned char)words[i][0]) == first;
        if (begins && strlen(words[i]) == n && !strncasecmp(words[i], text, n))
            return true;
    }
    return false;
}

bool vrk_is_nothing(const char *text, size_t n)
{
    static const char *const words[] = {
        "null",   "n/a",   "#n/a",         "none",       "nan",
        "-",      "--",    "\xE2\x80\x93", "0000-00-00", "1900-01-00",
        "(none)", "(tom)", "(blank)",      "\\N",        "0000-00-00 00:00:00"};
    enum { LONGEST = 19 };
    return n == 0 || (n <= LONGEST &&
                      strchr("nN#-\xE2"
                             "01(\\",
                             text[0]) &&
                      text[0] && is_among(text, n, words, sizeof(words) / sizeof(words[0])));
}

static const char *const yes_words[] = {"true", "1", "yes", "ja", "sant", "y", "sand", "wahr"};
static const char *const no_words[] = {"false", "0", "no", "nej", "falskt", "n", "usand", "nei"};

vrk_read vrk_flag_read(const char *text, size_t n, char out[VRK_VALUE_ROOM])
{
    vrk_text_trim(&text, &n);
    if (vrk_is_nothing(text, n))
        return VRK_READ_NOTHING;
    enum { LONGEST = 6 };
    if (n > LONGEST)
        return VRK_READ_BAD;
    bool yes = is_among(text, n, yes_words, sizeof(yes_words) / sizeof(yes_words[0]));
    if (!yes && !is_among(text, n, no_words, sizeof(no_words) / sizeof(no_words[0])))
        return VRK_READ_BAD;
    memcpy(out, yes ? "1" : "0", 2);
    return VRK_READ_VALUE;
}

vrk_read vrk_clock_read(const char *text, size_t n, char out[VRK_VALUE_ROOM])
{
    vrk_clock clock;
    vrk_text_trim(&text, &n);
    if (vrk_is_nothing(text, n))
        return VRK_READ_NOTHING;
    vrk_cursor c = {text, text + n};
    if (!vrk_cursor_clock(&c, &clock) || c.at != c.end)
        return VRK_READ_BAD;
    (void)snprintf(out, VRK_VALUE_ROOM, "%02d:%02d:%02d", clock.hour, clock.minute, clock.second);
    return VRK_READ_VALUE;
}

vrk_read vrk_minutes_read(const char *text, size_t n, vrk_decimal decimal, char out[VRK_VALUE_ROOM])
{
    int64_t hours, minutes, seconds = 0;
    size_t k;
    vrk_text_trim(&text, &n);
    vrk_cursor c = {text, text + n};
    if (vrk_cursor_number(&c, 4, &hours, &k) && vrk_cursor_take(&c, ':') &&
        vrk_cursor_number(&c, 2, &minutes, &k) && k == 2 && minutes < 60) {
        if (vrk_cursor_take(&c, ':') && (!vrk_cursor_number(&c, 2, &seconds, &k) || k != 2))
            return VRK_READ_BAD;
        if (c.at != c.end || seconds >= 60)
            return VRK_READ_BAD;
        (void)snprintf(out, VRK_VALUE_ROOM, "%.6g",
                       (double)(hours * 60 + minutes) + (double)seconds / 60);
        return VRK_READ_VALUE;
    }
    return vrk_number_read(text, n, decimal, out);
}

vrk_read vrk_sfid_read(const char *text, size_t n, char out[VRK_VALUE_ROOM])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    vrk_text_trim(&text, &n);
    bool good = (n == 15 || n == 18) && text[0] == '0';
    bool digits = false;
    for (size_t i = 0; i < n && good; i++) {
        good = vrk_is_digit(text[i]) || vrk_is_letter(text[i]);
        digits |= i > 3 && vrk_is_digit(text[i]);
    }
    if (!good || !digits)
        return VRK_READ_BAD;
    memcpy(out, text, n);
    for (size_t chunk = 0; chunk < 3; chunk++) {
        size_t bits = 0;
        for (size_t i = 0; i < 5; i++) {
            char c = text[5 * chunk + i];
            bits |= (size_t)(c >= 'A' && c <= 'Z') << i;
        }
        if (n == 15)
            out[15 + chunk] = letters[bits];
        else if (text[15 + chunk] != letters[bits])
            return VRK_READ_BAD;
    }
    out[18] = 0;
    return VRK_READ_VALUE;
}

static bool is_currency(const char *text, size_t n)
{
    return n == 3 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'A' && text[1] <= 'Z' &&
           text[2] >= 'A' && text[2] <= 'Z';
}

static bool is_company(const char *text, size_t n)
{
    static const char *const ends[] = {
        " AB",   " HB",   " KB",   " AS",   " A/S",  " ASA",   " Oy",   " ApS",   " GmbH",
        " Ltd",  " Ltd.", " Inc",  " Inc.", " LLC",  " BV",    " B.V.", " AG",    " SA",
        " S.A.", " Oyj",  " för.", " Co.",  " Corp", " Corp.", " plc",  " (publ)"};
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        size_t k = strlen(ends[i]);
        if (n > k && !memcmp(text + n - k, ends[i], k))
            return true;
    }
    return false;
}

/* Two to four words, the first and the last with a capital ("Emma de la Cruz"). */
static bool is_person(const char *text, size_t n)
{
    int words = 0, capitals = 0;
    bool start = true, last = false;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == ' ') {
            start = true;
            continue;
        }
        if (!vrk_is_letter((char)c) && c < 0x80 && c != '-' && c != '\'' && c != '.')
            return false;
        if (start) {
            words++;
            last = (c >= 'A' && c <= 'Z') ||
                   (c == 0xC3 && i + 1 < n && (unsigned char)text[i + 1] < 0x9F);
            capitals += last;
        }
        start = false;
    }
    return words >= 2 && words <= 4 && capitals >= 2 && last && !is_company(text, n);
}

static bool is_code(const char *text, size_t n)
{
    bool digit = false, other = false;
    for (size_t i = 0; i < n; i++) {
        if (((unsigned char)text[i] <= ' ' || (unsigned char)text[i] >= 0x80) &&
            vrk_blank_at(text + i, text + n))
            return false;
        digit |= vrk_is_digit(text[i]);
        other |= vrk_is_letter(text[i]);
    }
    return digit && other;
}

uint32_t vrk_look_of(const char *text, size_t n)
{
    char out[VRK_VALUE_ROOM];
    uint32_t look = 0;
    vrk_text_trim(&text, &n);
    if (vrk_is_nothing(text, n))
        return VRK_LOOK_NOTHING;
    if (n > 48)
        return 0;
    look |= vrk_date_look(text, n) | vrk_number_look(text, n);
    look |= memchr(text, '@', n) ? VRK_LOOK_MAIL : 0u;
    look |= is_currency(text, n) ? VRK_LOOK_CURRENCY : 0u;
    look |= vrk_flag_read(text, n, out) == VRK_READ_VALUE ? VRK_LOOK_FLAG : 0u;
    if (vrk_is_digit(text[0])) {
        look |= vrk_clock_read(text, n, out) == VRK_READ_VALUE ? VRK_LOOK_CLOCK : 0u;
        look |= vrk_sfid_read(text, n, out) == VRK_READ_VALUE ? VRK_LOOK_SFID : 0u;
    }
    if (look & (VRK_LOOK_DATE | VRK_LOOK_NUMBER | VRK_LOOK_NO_DATE))
        return look;
    if (memchr(text, ' ', n)) /* both are of several words */
        look |= is_company(text, n) ? VRK_LOOK_COMPANY : is_person(text, n) ? VRK_LOOK_PERSON : 0u;
    look |= is_code(text, n) ? VRK_LOOK_CODE : 0u;
    memcpy(out, text, n);
    out[n] = 0;
    vrk_outcome said = vrk_outcome_of(out);
    look |= said == VRK_WON || said == VRK_LOST ? VRK_LOOK_CLOSED : 0u;
    return look;
}
