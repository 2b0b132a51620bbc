#include "diag/words.h"

#include "base/str.h"
#include "mo.h"

#include <stdarg.h>
#include <string.h>

/* A compiled catalogue (.mo): GNU gettext manual, "The Format of GNU MO Files". msgfmt writes it
 * little-endian unless told otherwise; the bytes are put together here, so any machine reads it. */
enum { MO_MAGIC = (int)0x950412deu, MO_COUNT = 8, MO_ORIGINAL = 12, MO_TRANSLATED = 16 };

static uint32_t word_at(const vrk_mo_file *mo, size_t at)
{
    const unsigned char *p = (const unsigned char *)mo->bytes + at;
    if (at + 4 > mo->n)
        return 0;
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Text i of the table that starts at byte `table`; plural forms follow it, each after a NUL. */
static const char *text_at(const vrk_mo_file *mo, uint32_t table, uint32_t i, uint32_t *n)
{
    uint32_t length = word_at(mo, table + 8 * (size_t)i);
    uint32_t at = word_at(mo, table + 8 * (size_t)i + 4);
    if ((size_t)at + length >= mo->n)
        return NULL;
    if (n)
        *n = length;
    return mo->bytes + at;
}

/* The translation of `msgid` [n bytes], NULL where there is none. Originals are sorted; a plural
 * entry's key is its singular. */
static const char *look_up(const vrk_mo_file *mo, const char *msgid, uint32_t *n)
{
    uint32_t original = word_at(mo, MO_ORIGINAL), translated = word_at(mo, MO_TRANSLATED);
    uint32_t low = 0, high = word_at(mo, MO_COUNT);
    if (word_at(mo, 0) != (uint32_t)MO_MAGIC || !*msgid)
        return NULL;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const char *key = text_at(mo, original, middle, NULL);
        int order = key ? strcmp(msgid, key) : -1;
        if (!order)
            return text_at(mo, translated, middle, n);
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

bool vrk_lang_parse(const char *text, vrk_lang *lang)
{
    static const char *const names[] = {[VRK_EN] = "en", [VRK_SV] = "sv"};
    for (int i = 0; text && i < 2; i++) {
        if (!strncmp(text, names[i], 2) && (!text[2] || strchr("_-.@", text[2]))) {
            *lang = (vrk_lang)i;
            return true;
        }
    }
    return false;
}

const char *vrk_tr(vrk_lang lang, const char *msgid)
{
    uint32_t n = 0;
    const char *text = lang == VRK_SV ? look_up(&vrk_embed_mo[VRK_MO_SV], msgid, &n) : NULL;
    return text && n ? text : msgid;
}

/* What the machine says of files and networks (strerror), for po/ to find. */
extern const char *const vrk_machine_says[];
const char *const vrk_machine_says[] = {
    VRK_N("No such file or directory"),
    VRK_N("Permission denied"),
    VRK_N("Is a directory"),
    VRK_N("Not a directory"),
    VRK_N("File exists"),
    VRK_N("Directory not empty"),
    VRK_N("No space left on device"),
    VRK_N("Disk quota exceeded"),
    VRK_N("File too large"),
    VRK_N("Read-only file system"),
    VRK_N("Input/output error"),
    VRK_N("Too many open files"),
    VRK_N("File name too long"),
    VRK_N("Too many levels of symbolic links"),
    VRK_N("Operation not permitted"),
    VRK_N("Cannot allocate memory"),
    VRK_N("Resource temporarily unavailable"),
    VRK_N("Address already in use"),
    VRK_N("Cannot assign requested address"),
    VRK_N("Broken pipe"),
    NULL,
};

const char *vrk_said_sv(const char *fmt)
{
    return vrk_tr(VRK_SV, fmt);
}

/* Both languages have two forms, one for exactly 1; a test holds sv.po's Plural-Forms to that. */
const char *vrk_trn(vrk_lang lang, const char *one, const char *many, int64_t n)
{
    uint32_t length = 0;
    const char *text = lang == VRK_SV ? look_up(&vrk_embed_mo[VRK_MO_SV], one, &length) : NULL;
    if (!text || !length)
        return n == 1 ? one : many;
    size_t first = strlen(text);
    return n == 1 || first >= length ? text : text + first + 1;
}

/* The text that belongs to {name} (n bytes) among pairs; NULL where it is not given. */
static const char *given(const char *const *pairs, const char *name, size_t n)
{
    for (; pairs[0] && pairs[1]; pairs += 2) {
        if (strlen(pairs[0]) == n && !memcmp(pairs[0], name, n))
            return pairs[1];
    }
    return NULL;
}

static const char *fill(vrk_arena *mem, const char *at, const char *const *pairs)
{
    vrk_str out = {.mem = mem};
    while (*at) {
        const char *open = strchr(at, '{'), *shut = open ? strchr(open, '}') : NULL;
        if (!shut)
            break;
        const char *text = given(pairs, open + 1, (size_t)(shut - open) - 1);
        vrk_str_add_n(&out, at, (size_t)(open - at));
        if (text)
            vrk_str_add(&out, text);
        else
            vrk_str_add_n(&out, open, (size_t)(shut - open) + 1);
        at = shut + 1;
    }
    vrk_str_add(&out, at);
    return vrk_str_of(&out);
}

enum { MOST_PAIRS = 24 };

/* Gives how many texts were taken. */
static int take_pairs(va_list ap, const char **pairs)
{
    int n = 0;
    const char *name;
    while (n < MOST_PAIRS && (name = va_arg(ap, const char *)) != NULL) {
        pairs[n++] = name;
        pairs[n++] = va_arg(ap, const char *);
    }
    return n;
}

const char *vrk_say(const vrk_words *w, const char *msgid, ...)
{
    const char *pairs[MOST_PAIRS + 3] = {0};
    va_list ap;
    va_start(ap, msgid);
    take_pairs(ap, pairs);
    va_end(ap);
    return fill(w->mem, vrk_tr(w->lang, msgid), pairs);
}

const char *vrk_say_n(const vrk_words *w, const char *one, const char *many, int64_t n, ...)
{
    const char *pairs[MOST_PAIRS + 3] = {0};
    va_list ap;
    va_start(ap, n);
    int taken = take_pairs(ap, pairs);
    va_end(ap);
    pairs[taken] = "n"; /* last, so that a {n} of the caller's stands before it */
    pairs[taken + 1] = vrk_say_int(w, n);
    return fill(w->mem, vrk_trn(w->lang, one, many, n), pairs);
}

const char *vrk_certainty(vrk_lang lang, double probability)
{
    if (probability >= 0.95)
        return vrk_tr(lang, VRK_N("Almost certain"));
    if (probability >= 0.85)
        return vrk_tr(lang, VRK_N("Very likely"));
    return probability >= 0.70 ? vrk_tr(lang, VRK_N("Likely")) : NULL;
}
