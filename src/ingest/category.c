#include "ingest/category.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Each begins a word of the title; with a blank before or behind it only a whole one counts.
 * Small letters: the title is made so. */
static const char *const absence[] = {
    "semester",  "ledig",         "sjuk",     "vab ",    "vård av barn", "tjänstledig",
    "föräldra",  "frånvar",       "vacation", "holiday", "annual leave", "parental leave",
    "sick",      "out of office", "ooo ",     "day off", "pto ",         "on leave",
    "kompledig", "helgdag",       "röd dag",  NULL};
static const char *const travel[] = {"resa ",   "restid",     "resdag",    "tåg ",   "flyg",
                                     "hotell",  "travel",     "flight",    "train ", "drive to",
                                     "driving", "bilkörning", "transport", NULL};
static const char *const focus[] = {"fokus",      "focus",       "blockad",     "blocked",
                                    "prospekter", "prospecting", "deep work",   "egen tid",
                                    "skrivtid",   "förbered",    "preparation", "prep ",
                                    "ringtid",    "call block",  "arbetspass",  NULL};
static const char *const customer[] = {
    "kund",         "customer",       "client",    "demo",        "besök",       "visit",
    "offert",       "quote",          "proposal",  "förhandling", "negotiation", "säljsamtal",
    "behovsanalys", "discovery call", "prospect ", "pitch",       NULL};
static const char *const admin[] = {"crm",     "rapport",    "report",    "admin",   "utlägg",
                                    "expense", "tidrapport", "timesheet", "lön ",    "faktur",
                                    "invoice", "pipeline",   "forecast",  "prognos", "mejl",
                                    "e-post",  "inbox",      NULL};
static const char *const internal[] = {"intern",
                                       "veckomöte",
                                       "avdelning",
                                       "säljmöte",
                                       "team ",
                                       "teammöte",
                                       "teamdag",
                                       "standup",
                                       "stand-up",
                                       "1:1",
                                       "one-on-one",
                                       "medarbetar",
                                       "enhet",
                                       "planering",
                                       "planning",
                                       "kickoff",
                                       "kick-off",
                                       "all hands",
                                       "all-hands",
                                       "workshop",
                                       "utbildning",
                                       "training",
                                       "retro",
                                       "avstämning",
                                       "sync ",
                                       "ledningsgrupp",
                                       "personalmöte",
                                       "utvecklingssamtal",
                                       "lönesamtal",
                                       "konferens",
                                       "konsultation",
                                       "onboarding",
                                       "town hall",
                                       "webinar",
                                       NULL};

static bool has(const char *title, const char *const *words)
{
    for (; *words; words++) {
        for (const char *p = strstr(title, *words); p; p = strstr(p + 1, *words)) {
            /* a letter before it makes it the end of another word, as in "intresse" for "resa " */
            unsigned char before = p > title ? (unsigned char)p[-1] : ' ';
            if (!isalnum(before) && before < 0x80)
                return true;
        }
    }
    return false;
}

/* The title in small letters (Å Ä Ö too), all but letters, digits, - and : as blanks, one at either
 * end. */
static void simplify(const char *title, char *out, size_t room)
{
    size_t n = 0;
    out[n++] = ' ';
    for (const unsigned char *p = (const unsigned char *)title; *p && n + 3 < room; p++) {
        if (*p == 0xC3 && p[1] >= 0x80 && p[1] <= 0x9E) {
            out[n++] = (char)*p++;
            out[n++] = (char)(*p + 0x20);
        } else if (*p >= 0x80 || isalnum(*p) || *p == '-' || *p == ':') {
            out[n++] = (char)tolower(*p);
        } else {
            out[n++] = ' ';
        }
    }
    out[n++] = ' ';
    out[n] = 0;
}

const char *vrk_category_of(const vrk_event_signs *e)
{
    char title[512];
    simplify(e->title ? e->title : "", title, sizeof(title));
    if (has(title, absence))
        return "absence";
    if (has(title, travel))
        return "travel";
    if (e->away)
        return "absence";
    if (e->external > 0)
        return "customer";
    if (has(title, focus))
        return "focus";
    if (has(title, customer))
        return "customer";
    if (has(title, admin))
        return "admin";
    if (has(title, internal))
        return "internal";
    return e->internal > 0 && e->external == 0 ? "internal" : NULL;
}
