#include "ingest/value_sql.h"

#include "ingest/category.h"
#include "ingest/score.h"
#include "ingest/value_part.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* The text as it stands, as long as there is room: what cannot be read is passed on. */
static bool pass_on(const char *text, size_t n, char *out)
{
    size_t k = n < VRK_DUCK_OUT - 1 ? n : VRK_DUCK_OUT - 1;
    while (k < n && k > 0 && ((unsigned char)text[k] & 0xC0) == 0x80)
        k--; /* never half a letter */
    memcpy(out, text, k);
    out[k] = 0;
    return true;
}

static bool give(vrk_read how, const char *text, size_t n, char *out)
{
    switch (how) {
    case VRK_READ_VALUE:
        return true;
    case VRK_READ_NOTHING:
        return false;
    case VRK_READ_OPEN:
    case VRK_READ_BAD:
        break;
    }
    return pass_on(text, n, out);
}

static bool look(const void *arg, const char *const *text, const size_t *n, int64_t *out)
{
    (void)arg;
    *out = vrk_look_of(text[0], n[0]);
    return true;
}

static bool date(const char *const *text, const size_t *n, char *out)
{
    vrk_date_order order = *text[1] == 'd'   ? VRK_ORDER_DAY
                           : *text[1] == 'm' ? VRK_ORDER_MONTH
                                             : VRK_ORDER_NONE;
    return give(vrk_date_read(text[0], n[0], order, *text[2] == 'u', out), text[0], n[0], out);
}

static vrk_decimal decimal_of(const char *word)
{
    return *word == '.' ? VRK_DECIMAL_POINT : *word == ',' ? VRK_DECIMAL_COMMA : VRK_DECIMAL_NONE;
}

static bool number(const char *const *text, const size_t *n, char *out)
{
    return give(vrk_number_read(text[0], n[0], decimal_of(text[1]), out), text[0], n[0], out);
}

static bool minutes(const char *const *text, const size_t *n, char *out)
{
    return give(vrk_minutes_read(text[0], n[0], decimal_of(text[1]), out), text[0], n[0], out);
}

static bool flag(const char *const *text, const size_t *n, char *out)
{
    return give(vrk_flag_read(text[0], n[0], out), text[0], n[0], out);
}

static bool time_of_day(const char *const *text, const size_t *n, char *out)
{
    return give(vrk_clock_read(text[0], n[0], out), text[0], n[0], out);
}

/* An id as all files of its system write it: of Salesforce in 18 characters, of Odoo the number in
 * __export__.crm_lead_12_9e3779b1, of Zoho without zcrm_. */
static bool key(const char *const *text, const size_t *n, char *out)
{
    static const char odoo[] = "__export__.", zoho[] = "zcrm_";
    const char *at = text[0], *end = at + n[0];
    if (n[0] > sizeof(odoo) && !memcmp(at, odoo, sizeof(odoo) - 1)) {
        const char *last = end - 1;
        while (last > at && *last != '_')
            last--;
        const char *first = last;
        while (first > at && vrk_is_digit(first[-1]))
            first--;
        if (first < last)
            return pass_on(first, (size_t)(last - first), out);
    }
    if (n[0] > sizeof(zoho) && !memcmp(at, zoho, sizeof(zoho) - 1)) {
        size_t k = n[0] - sizeof(zoho) + 1;
        at += sizeof(zoho) - 1;
        vrk_text_trim(&at, &k);
        return k && pass_on(at, k, out);
    }
    enum { SHORT = 15 }; /* the only one that is written in another way */
    return n[0] == SHORT ? give(vrk_sfid_read(at, n[0], out), at, n[0], out)
                         : pass_on(at, n[0], out);
}

/* What persons are called, without what a system adds to those who have left. */
static bool person(const char *const *text, const size_t *n, char *out)
{
    static const char *const added[] = {"(Deactivated User)", "(Deactivated)", "(Inactive)",
                                        "(Inaktiv)",          "(inaktiverad)", "(Former)"};
    const char *at = text[0];
    size_t k = n[0];
    vrk_text_trim(&at, &k);
    for (size_t i = 0; i < sizeof(added) / sizeof(added[0]) && k && at[k - 1] == ')'; i++) {
        size_t m = strlen(added[i]);
        if (k > m && !strncasecmp(at + k - m, added[i], m))
            k -= m;
    }
    vrk_text_trim(&at, &k);
    return k && key(&at, &k, out);
}

/* A title's category (category.h). */
static bool category(const char *const *text, const size_t *n, char *out)
{
    const char *is = vrk_category_of(&(vrk_event_signs){.title = text[0], .external = -1});
    (void)n;
    return is && pass_on(is, strlen(is), out);
}

/* An answer's score, or the answer itself. */
static bool score(const char *const *text, const size_t *n, char *out)
{
    double value;
    if (!vrk_score_read(text[0], n[0], &value))
        return pass_on(text[0], n[0], out);
    snprintf(out, VRK_DUCK_OUT, "%.10g", value);
    return true;
}

static bool currency(const char *const *text, const size_t *n, char *out)
{
    return give(vrk_currency_read(text[0], n[0], out), text[0], n[0], out);
}

/* The currency that an amount names, if it does. */
static bool currency_in(const char *const *text, const size_t *n, char *out)
{
    return vrk_currency_read(text[0], n[0], out) == VRK_READ_VALUE;
}

/* Why a date or a number could not be read. */
static bool why_date(const char *const *text, const size_t *n, char *out)
{
    char value[VRK_VALUE_ROOM];
    bool open = vrk_date_read(text[0], n[0], VRK_ORDER_NONE, false, value) == VRK_READ_OPEN;
    bool none = vrk_look_of(text[0], n[0]) & VRK_LOOK_NO_DATE;
    const char *code = open ? "DATE_AMBIGUOUS" : none ? "DATE_IMPOSSIBLE" : "DATE_BAD";
    return pass_on(code, strlen(code), out);
}

static bool why_number(const char *const *text, const size_t *n, char *out)
{
    char value[VRK_VALUE_ROOM];
    bool open = vrk_number_read(text[0], n[0], VRK_DECIMAL_NONE, value) == VRK_READ_OPEN;
    const char *code = open ? "NUM_AMBIGUOUS" : "NUM_BAD";
    return pass_on(code, strlen(code), out);
}

/* key:"value" of JSON. Not for control characters but line ends and tabs, nor for long values. */
static bool member(const char *const *text, const size_t *n, char *out)
{
    static const char escaped[256] = {
        ['"'] = '"', ['\\'] = '\\', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'};
    const unsigned char *p = (const unsigned char *)text[1];
    if (n[0] + 2 * n[1] + 4 > VRK_DUCK_OUT)
        return false;
    memcpy(out, text[0], n[0]);
    char *at = out + n[0];
    *at++ = ':';
    *at++ = '"';
    for (size_t i = 0; i < n[1]; i++) {
        if (!escaped[p[i]] && p[i] >= 0x20) {
            *at++ = (char)p[i];
            continue;
        }
        if (!escaped[p[i]])
            return false;
        *at++ = '\\';
        *at++ = escaped[p[i]];
    }
    *at++ = '"';
    *at = 0;
    return true;
}

static const vrk_duck_fn functions[] = {
    {"vrk_why_date", 1, why_date, NULL, NULL}, {"vrk_why_number", 1, why_number, NULL, NULL},
    {"vrk_category", 1, category, NULL, NULL}, {"vrk_score", 1, score, NULL, NULL},
    {"vrk_currency", 1, currency, NULL, NULL}, {"vrk_currency_in", 1, currency_in, NULL, NULL},
    {"vrk_key", 1, key, NULL, NULL},           {"vrk_person", 1, person, NULL, NULL},
    {"vrk_look", 1, NULL, look, NULL},         {"vrk_date", 3, date, NULL, NULL},
    {"vrk_number", 2, number, NULL, NULL},     {"vrk_minutes", 2, minutes, NULL, NULL},
    {"vrk_member", 2, member, NULL, NULL},     {"vrk_flag", 1, flag, NULL, NULL},
    {"vrk_clock", 1, time_of_day, NULL, NULL},
};

vrk_status vrk_value_functions(vrk_ctx *ctx, vrk_duck *duck)
{
    vrk_status st = VRK_OK;
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
        TRY(vrk_duck_function(ctx, duck, &functions[i]));
done:
    return st;
}
