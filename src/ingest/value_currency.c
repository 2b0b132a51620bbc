#include "ingest/value_part.h"

#include <string.h>
#include <strings.h>

/* What currencies are called; the longer words first. */
static const struct {
    const char *word, *code;
} names[] = {
    {"svenska kronor", "SEK"},
    {"svensk krona", "SEK"},
    {"swedish krona", "SEK"},
    {"swedish kronor", "SEK"},
    {"norska kronor", "NOK"},
    {"norsk krona", "NOK"},
    {"norsk krone", "NOK"},
    {"norske kroner", "NOK"},
    {"norwegian krone", "NOK"},
    {"dansk krone", "DKK"},
    {"danska kronor", "DKK"},
    {"dansk krona", "DKK"},
    {"danish krone", "DKK"},
    {"us dollar", "USD"},
    {"amerikansk dollar", "USD"},
    {"pound sterling", "GBP"},
    {"brittiskt pund", "GBP"},
    {"british pound", "GBP"},
    {"schweizisk franc", "CHF"},
    {"swiss franc", "CHF"},
    {"polsk zloty", "PLN"},
    {"euro", "EUR"},
    {"tsek", "SEK"},
    {"ksek", "SEK"},
    {"msek", "SEK"},
    {"meur", "EUR"},
    {"musd", "USD"},
    {"\xE2\x82\xAC", "EUR"},
    {"\xC2\xA3", "GBP"},
    {"us$", "USD"},
    {"$", "USD"},
    {"SEK", "SEK"},
    {"EUR", "EUR"},
    {"USD", "USD"},
    {"NOK", "NOK"},
    {"DKK", "DKK"},
    {"GBP", "GBP"},
    {"CHF", "CHF"},
    {"PLN", "PLN"},
};

vrk_read vrk_currency_read(const char *text, size_t n, char out[VRK_VALUE_ROOM])
{
    vrk_text_trim(&text, &n);
    if (vrk_is_nothing(text, n))
        return VRK_READ_NOTHING;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        size_t k = strlen(names[i].word);
        if (k > n)
            continue;
        bool front = !strncasecmp(text, names[i].word, k) && (k == n || !vrk_is_letter(text[k]));
        bool back = !strncasecmp(text + n - k, names[i].word, k) &&
                    (k == n || !vrk_is_letter(text[n - k - 1]));
        if (front || back) {
            memcpy(out, names[i].code, 4);
            return VRK_READ_VALUE;
        }
    }
    return VRK_READ_BAD;
}
