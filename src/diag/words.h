/* diag/words.h - what is said to people, in Swedish and English. Sentences are whole templates with
 * named places, "{part} of {all} deals"; the English text is the key (gettext), po/sv.po has the
 * Swedish one and is compiled into the program, so that two languages can be answered at once on a
 * machine that has neither locale. Numbers are written as UI.md section 7 says: no-break spaces,
 * decimal comma in Swedish, a true minus. Nothing here keeps state; all is safe in any thread. */
#ifndef VRK_DIAG_WORDS_H
#define VRK_DIAG_WORDS_H

#include "base/base.h"

typedef enum { VRK_EN, VRK_SV } vrk_lang;

/* "sv", "en", or a locale's name such as "sv_SE.UTF-8"; false where it is neither language. */
bool vrk_lang_parse(const char *text, vrk_lang *lang);

/* The text in that language; `msgid` itself where there is no translation. O(log texts). */
const char *vrk_tr(vrk_lang lang, const char *msgid);
const char *vrk_trn(vrk_lang lang, const char *one, const char *many, int64_t n);

/* For vrk_ctx.said: what failed is told in Swedish. po/ keeps the places of each text the same. */
const char *vrk_said_sv(const char *fmt) VRK_FORMAT(1);

/* VRK_N of base/base.h marks a text for translation where it stands in a table. */
#define VRK_N2(one, many) one, many /* two members of the table: singular and plural */

/* A language and the arena that the texts below are written to. Out of memory they give "" and the
 * arena remembers it (mem->failed). */
typedef struct {
    vrk_lang lang;
    vrk_arena *mem;
} vrk_words;

/* The translated template with each {name} replaced; the rest of the arguments are name, text,
 * name, text ... NULL. A place without a text stays as it is. */
const char *vrk_say(const vrk_words *w, const char *msgid, ...) __attribute__((sentinel));
/* The same, the form chosen by n; {n} is filled with n unless given. */
const char *vrk_say_n(const vrk_words *w, const char *one, const char *many, int64_t n, ...)
    __attribute__((sentinel));

/* Numbers. Not finite gives an en dash, which stands for "no value". */
const char *vrk_say_int(const vrk_words *w, int64_t n);                 /* 1,250 | 1 250 */
const char *vrk_say_number(const vrk_words *w, double x, int decimals); /* 14.2 | 14,2 */
const char *vrk_say_percent(const vrk_words *w, double share);          /* 31% | 31 % */
const char *vrk_say_range(const vrk_words *w, double lo, double hi, int decimals); /* 9.1–19.8 */
const char *vrk_say_percent_range(const vrk_words *w, double lo, double hi);       /* 9–20% */
const char *vrk_say_money(const vrk_words *w, double x,
                          const char *currency); /* to three figures; currency may be "" */
/* How a sentence names the currency: "kr" in Swedish for SEK; else its code. */
const char *vrk_say_currency(const vrk_words *w, const char *currency);
const char *vrk_say_days(const vrk_words *w, double days); /* 12 days; one decimal under ten */
const char *vrk_say_date(const vrk_words *w, int64_t day); /* 3 Nov 2026 | 3 nov 2026 */
/* "four in ten": share rounded to tenths, in words; "nearly all" and "hardly any" at the ends. */
const char *vrk_say_tenths(const vrk_words *w, double share);

/* The one scale of certainty (UI.md section 6): "almost certain" from 0.95, "very likely" from
 * 0.85, "likely" from 0.70; NULL below, where nothing may be concluded. */
const char *vrk_certainty(vrk_lang lang, double probability);
/* The same probability as a percent: over 99 and under 1 are said so. */
const char *vrk_say_probability(const vrk_words *w, double probability);

/* Columns a text takes on a terminal (UTF-8, combining marks none; wide characters two). */
int64_t vrk_columns(const char *text);

#endif
