/* What the document's own words are called: moments, verdicts, advice and the like. */
#include "diag/document_parts.h"

#include <string.h>

typedef struct {
    const char *id, *name;
} naming;

static const char *find(vrk_lang lang, const naming *list, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++) {
        if (!strcmp(list[i].id, id))
            return vrk_tr(lang, list[i].name);
    }
    return id;
}

#define NAME(lang, list, id) find(lang, list, sizeof(list) / sizeof((list)[0]), id)

const char *vrk_say_moment(vrk_lang lang, const char *moment)
{
    static const naming list[] = {{"prospecting", VRK_N("Prospecting")},
                                  {"qualification", VRK_N("Qualification")},
                                  {"decision_steering", VRK_N("Steering to a decision")},
                                  {"objection_handling", VRK_N("Meeting objections")},
                                  {"next_step", VRK_N("Next step")}};
    return NAME(lang, list, moment);
}

const char *vrk_say_verdict(vrk_lang lang, const char *verdict)
{
    static const naming list[] = {
        {"fine", VRK_N("In order")},       {"competence", VRK_N("Competence")},
        {"execution", VRK_N("Execution")}, {"pressure", VRK_N("Load")},
        {"process", VRK_N("Process")},     {"market", VRK_N("Market")},
        {"unclear", VRK_N("Unclear")}};
    return NAME(lang, list, verdict);
}

const char *vrk_say_advice(vrk_lang lang, const char *advice)
{
    static const naming list[] = {
        {"drive_on", VRK_N("Drive on")},      {"next_step", VRK_N("Agree on a next step")},
        {"ask", VRK_N("Ask for yes or no")},  {"drop", VRK_N("Let go")},
        {"leave", VRK_N("Leave until then")}, {"", "\u2013"}};
    return NAME(lang, list, advice);
}

const char *vrk_say_advisable(vrk_lang lang, const char *verdict)
{
    static const naming list[] = {{"right", VRK_N("Do it")},
                                  {"wrong", VRK_N("Do not")},
                                  {"too_early", VRK_N("Too early to say")}};
    return NAME(lang, list, verdict);
}

const char *vrk_say_status(vrk_lang lang, const char *status)
{
    static const naming list[] = {{"answered", VRK_N("Answered")},
                                  {"weak", VRK_N("Weakly")},
                                  {"cannot", VRK_N("Cannot be answered")}};
    return NAME(lang, list, status);
}

const char *vrk_say_category(vrk_lang lang, const char *category)
{
    static const naming list[] = {{"customer", VRK_N("Customers")}, {"internal", VRK_N("Internal")},
                                  {"admin", VRK_N("Admin")},        {"travel", VRK_N("Travel")},
                                  {"focus", VRK_N("Focus")},        {"other", VRK_N("Other")},
                                  {"absence", VRK_N("Absence")}};
    return NAME(lang, list, category);
}
