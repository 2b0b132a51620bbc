#include "ingest/competency.h"

#include "base/str.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Parts of words, the first that is in the name stands. */
static const char *const known[][2] = {
    {"prospekt", "prospecting"},
    {"prospect", "prospecting"},
    {"kvalific", "qualification"},
    {"qualif", "qualification"},
    {"behovsanalys", "business_questions"},
    {"discovery", "business_questions"},
    {"business_quest", "business_questions"},
    {"affärsfråg", "business_questions"},
    {"frågeteknik", "business_questions"},
    {"relation", "relationship"},
    {"present", "presentation"},
    {"beslutsstyrning", "decision_steering"},
    {"decision", "decision_steering"},
    {"köpgrupp", "decision_steering"},
    {"buying", "decision_steering"},
    {"beslutsfattare", "decision_steering"},
    {"invändning", "objection_handling"},
    {"objection", "objection_handling"},
    {"förhandl", "negotiation"},
    {"negotiat", "negotiation"},
    {"nästa steg", "next_step"},
    {"next step", "next_step"},
    {"next_step", "next_step"},
    {"priorit", "prioritisation"},
    {"planering", "prioritisation"},
    {"planning", "prioritisation"},
};

const char *vrk_competency_of(vrk_arena *mem, const char *name)
{
    size_t n = strlen(name), to = 0;
    char *id = VRK_NEW(mem, (int64_t)n + 1, char);
    if (!id)
        return NULL;
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
        if (strcasestr(name, known[i][0]))
            return known[i][1];
    }
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)name[i];
        bool letter = c >= 0x80 || isalnum(c);
        if (letter)
            id[to++] = (char)tolower(c);
        else if (to && id[to - 1] != '_')
            id[to++] = '_';
    }
    while (to && id[to - 1] == '_')
        to--;
    id[to] = 0;
    return to ? id : "unknown";
}
