/* The numbers of diag/words.h. */
#include "base/date.h"
#include "base/str.h"
#include "diag/words.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define NBSP "\u00a0"
#define MINUS "\u2212"
#define DASH "\u2013"

static const char *kept(const vrk_words *w, vrk_str *s)
{
    return w->mem->failed ? "" : vrk_str_of(s);
}

/* Digits grouped by three, four-digit numbers too, as the tables of a page need. */
static void add_grouped(vrk_str *s, vrk_lang lang, const char *digits)
{
    size_t n = strlen(digits);
    for (size_t i = 0; i < n; i++) {
        if (i && (n - i) % 3 == 0)
            vrk_str_add(s, lang == VRK_SV ? NBSP : ",");
        vrk_str_add_n(s, digits + i, 1);
    }
}

static void add_number(vrk_str *s, vrk_lang lang, double x, int decimals)
{
    char text[400];
    snprintf(text, sizeof(text), "%.*f", decimals, fabs(x));
    /* What rounds to zero has no sign. */
    bool zero = strspn(text, "0.") == strlen(text);
    char *point = strchr(text, '.');
    if (point)
        *point = 0;
    if (x < 0 && !zero)
        vrk_str_add(s, MINUS);
    add_grouped(s, lang, text);
    if (point) {
        vrk_str_add(s, lang == VRK_SV ? "," : ".");
        vrk_str_add(s, point + 1);
    }
}

const char *vrk_say_int(const vrk_words *w, int64_t n)
{
    char text[32];
    vrk_str s = {.mem = w->mem};
    snprintf(text, sizeof(text), "%" PRIu64, n < 0 ? 0 - (uint64_t)n : (uint64_t)n);
    if (n < 0)
        vrk_str_add(&s, MINUS);
    add_grouped(&s, w->lang, text);
    return kept(w, &s);
}

const char *vrk_say_number(const vrk_words *w, double x, int decimals)
{
    vrk_str s = {.mem = w->mem};
    if (isfinite(x))
        add_number(&s, w->lang, x, decimals);
    else
        vrk_str_add(&s, DASH);
    return kept(w, &s);
}

const char *vrk_say_percent(const vrk_words *w, double share)
{
    vrk_str s = {.mem = w->mem};
    if (!isfinite(share))
        return DASH;
    add_number(&s, w->lang, 100 * share, 0);
    vrk_str_add(&s, w->lang == VRK_SV ? NBSP "%" : "%");
    return kept(w, &s);
}

/* A dash between the ends; a word where an end is negative, for a dash would look like a minus. */
static void add_range(vrk_str *s, vrk_lang lang, double lo, double hi, int decimals)
{
    add_number(s, lang, lo, decimals);
    if (lo < 0 || hi < 0)
        vrk_str_addf(s, NBSP "%s" NBSP, lang == VRK_SV ? "till" : "to");
    else
        vrk_str_add(s, DASH);
    add_number(s, lang, hi, decimals);
}

const char *vrk_say_range(const vrk_words *w, double lo, double hi, int decimals)
{
    vrk_str s = {.mem = w->mem};
    if (!isfinite(lo) || !isfinite(hi))
        return DASH;
    add_range(&s, w->lang, lo, hi, decimals);
    return kept(w, &s);
}

const char *vrk_say_percent_range(const vrk_words *w, double lo, double hi)
{
    vrk_str s = {.mem = w->mem};
    if (!isfinite(lo) || !isfinite(hi))
        return DASH;
    add_range(&s, w->lang, 100 * lo, 100 * hi, 0);
    vrk_str_add(&s, w->lang == VRK_SV ? NBSP "%" : "%");
    return kept(w, &s);
}

const char *vrk_say_days(const vrk_words *w, double days)
{
    if (!isfinite(days))
        return DASH;
    if (floor(days) == days || days >= 10)
        return vrk_say_n(w, "{n} day", "{n} days", (int64_t)llround(days), NULL);
    return vrk_say(w, "{x} days", "x", vrk_say_number(w, days, 1), NULL);
}

const char *vrk_say_date(const vrk_words *w, int64_t day)
{
    static const char *const en[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    static const char *const sv[] = {"jan",  "feb", "mars", "apr", "maj", "juni",
                                     "juli", "aug", "sep",  "okt", "nov", "dec"};
    vrk_date d = vrk_date_of(day);
    vrk_str s = {.mem = w->mem};
    vrk_str_addf(&s, "%d" NBSP "%s" NBSP "%d", d.day, (w->lang == VRK_SV ? sv : en)[d.month - 1],
                 d.year);
    return kept(w, &s);
}

const char *vrk_say_tenths(const vrk_words *w, double share)
{
    static const char *const words[] = {
        VRK_N("hardly any"),   VRK_N("one in ten"),  VRK_N("two in ten"), VRK_N("three in ten"),
        VRK_N("four in ten"),  VRK_N("five in ten"), VRK_N("six in ten"), VRK_N("seven in ten"),
        VRK_N("eight in ten"), VRK_N("nine in ten"), VRK_N("nearly all"),
    };
    double tenths = isfinite(share) ? floor(10 * fmin(fmax(share, 0), 1) + 0.5) : 0;
    return vrk_tr(w->lang, words[(int)tenths]);
}

const char *vrk_say_probability(const vrk_words *w, double probability)
{
    if (probability > 0.99)
        return vrk_say(w, "over {p}", "p", vrk_say_percent(w, 0.99), NULL);
    if (probability < 0.01)
        return vrk_say(w, "under {p}", "p", vrk_say_percent(w, 0.01), NULL);
    return vrk_say_percent(w, probability);
}

int64_t vrk_columns(const char *text)
{
    int64_t n = 0;
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        /* Lead bytes count; four-byte characters and E2 BA-ED 9F (CJK, Hangul) are two wide. */
        if ((*p & 0xC0) != 0x80)
            n += 1 + (*p >= 0xF0 || (*p >= 0xE3 && *p <= 0xED));
    }
    return n;
}
