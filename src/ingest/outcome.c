#include "ingest/outcome.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

typedef struct {
    const char *word;
    vrk_outcome outcome;
} word;

/* Lower case. A filler says nothing by itself (VRK_NO_OUTCOME). */
static const word words[] = {
    {"won", VRK_WON},
    {"closedwon", VRK_WON},
    {"win", VRK_WON},
    {"approved", VRK_WON},
    {"sold", VRK_WON},
    {"order", VRK_WON},
    {"signed", VRK_WON},
    {"vunnen", VRK_WON},
    {"vunnet", VRK_WON},
    {"vunna", VRK_WON},
    {"såld", VRK_WON},
    {"sålt", VRK_WON},
    {"godkänd", VRK_WON},
    {"godkänt", VRK_WON},
    {"beviljad", VRK_WON},
    {"beviljat", VRK_WON},
    {"lost", VRK_LOST},
    {"closedlost", VRK_LOST},
    {"loss", VRK_LOST},
    {"declined", VRK_LOST},
    {"rejected", VRK_LOST},
    {"cancelled", VRK_LOST},
    {"canceled", VRK_LOST},
    {"denied", VRK_LOST},
    {"refused", VRK_LOST},
    {"withdrawn", VRK_LOST},
    {"disqualified", VRK_LOST},
    {"dead", VRK_LOST},
    {"förlorad", VRK_LOST},
    {"förlorat", VRK_LOST},
    {"förlorade", VRK_LOST},
    {"förlust", VRK_LOST},
    {"tappad", VRK_LOST},
    {"avbruten", VRK_LOST},
    {"avbrutet", VRK_LOST},
    {"avböjd", VRK_LOST},
    {"avslag", VRK_LOST},
    {"avslagen", VRK_LOST},
    {"nekad", VRK_LOST},
    {"återkallad", VRK_LOST},
    {"makulerad", VRK_LOST},
    {"open", VRK_OPEN},
    {"öppen", VRK_OPEN},
    {"öppet", VRK_OPEN},
    {"pågående", VRK_OPEN},
    {"pågår", VRK_OPEN},
    {"closed", VRK_NO_OUTCOME},
    {"deal", VRK_NO_OUTCOME},
    {"opportunity", VRK_NO_OUTCOME},
    {"stängd", VRK_NO_OUTCOME},
    {"stängda", VRK_NO_OUTCOME},
    {"avslutad", VRK_NO_OUTCOME},
    {"avslutat", VRK_NO_OUTCOME},
    {"affär", VRK_NO_OUTCOME},
};

/* Lower-cases ASCII and the Swedish letters ÅÄÖ (C3 85, 84, 96), which is all the words need. */
static unsigned char lower(unsigned char before, unsigned char c)
{
    if (before == 0xc3 && (c == 0x85 || c == 0x84 || c == 0x96))
        return (unsigned char)(c + 0x20);
    return (unsigned char)tolower(c);
}

static const word *find(const char *text, size_t n)
{
    enum { LONGEST = 16 };
    char low[LONGEST + 1];
    if (n > LONGEST)
        return NULL;
    for (size_t k = 0; k < n; k++)
        low[k] = (char)lower(k ? (unsigned char)text[k - 1] : 0, (unsigned char)text[k]);
    low[n] = 0;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (words[i].word[0] == low[0] && !strcmp(words[i].word, low))
            return &words[i];
    }
    return NULL;
}

/* Bytes of a dash or a no-break space, which part words; 0 = it is none. */
static size_t is_mark(const char *p)
{
    if (!strncmp(p, "\xE2\x80\x93", 3) || !strncmp(p, "\xE2\x80\x94", 3))
        return 3;
    return strncmp(p, "\xC2\xA0", 2) ? 0 : 2;
}

vrk_outcome vrk_outcome_of(const char *name)
{
    vrk_outcome found = VRK_NO_OUTCOME;
    for (const char *p = name; *p;) {
        size_t n = 0;
        while ((isalpha((unsigned char)p[n]) || (unsigned char)p[n] >= 0x80) && !is_mark(p + n))
            n++;
        if (!n && is_mark(p)) {
            p += is_mark(p);
            continue;
        }
        if (n > 1) {
            const word *w = find(p, n);
            if (!w || (w->outcome && found && w->outcome != found))
                return VRK_NO_OUTCOME;
            found = w->outcome ? w->outcome : found;
        }
        p += n ? n : 1;
    }
    return found;
}

const char *vrk_outcome_text(vrk_outcome outcome)
{
    static const char *const text[] = {NULL, "open", "won", "lost"};
    return text[outcome];
}
