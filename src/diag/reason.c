#include "diag/reason.h"

#include <math.h>
#include <string.h>

typedef struct {
    const char *name, *rule, *one, *many; /* one: for n = 1, NULL where `many` serves both */
    const char *record, *record_more;     /* record_more: where `more` is known */
} wording;

/* The texts name {n}, {all}, {share} = n / all, {more} and {weeks}. */
static const wording words_of[VRK_WHY_COUNT] = {
    [VRK_WHY_NO_MODEL] =
        {"no_model", "", NULL,
         VRK_N("It is answered beside this result, not in it: verkan assess and verkan recruit, "
               "and their pages."),
         NULL, NULL},
    [VRK_WHY_NO_DEALS] = {"no_deals", "", NULL, VRK_N("There are no deals in the data."),
                          VRK_N("Export the deals: seller, created, closed, outcome and amount."),
                          NULL},
    [VRK_WHY_NO_DATES] = {"no_dates", "",
                          VRK_N2("{n} deal of {all} has no date.",
                                 "{n} deals of {all} have no date."),
                          VRK_N("Export when each deal was created and closed."), NULL},
    [VRK_WHY_NO_HISTORY] = {"no_history", "R4", NULL,
                            VRK_N("When deals moved from stage to stage is not in the data."),
                            VRK_N("Export the stage changes: deal, stage, time. Most CRM systems "
                                  "keep them."),
                            NULL},
    [VRK_WHY_THIN_HISTORY] = {"thin_history", "R4",
                              VRK_N2(
                                  "{n} deal of {all} has a stage history; six in ten are needed.",
                                  "{n} deals of {all} ({share}) have a stage history; six in ten "
                                  "are needed."),
                              VRK_N("Record every stage change of every deal."),
                              VRK_N(
                                  "Record every stage change of every deal. {more} more deals are "
                                  "enough, {weeks}.")},
    [VRK_WHY_BULK_EDITS] = {"bulk_edits", "R4", NULL,
                            VRK_N("{share} of the stage changes were made many at a time, so their "
                                  "times are not the times when things happened."),
                            VRK_N("Move each deal when it moves, not in batches."), NULL},
    [VRK_WHY_NO_CLOSED] = {"no_closed", "", NULL, VRK_N("No deal is closed yet."),
                           VRK_N("Close deals as won or lost, with the date."), NULL},
    [VRK_WHY_FEW_CLOSED] = {"few_closed", "",
                            VRK_N2("{n} deal is closed; at least {all} are needed.",
                                   "{n} deals are closed; at least {all} are needed."),
                            VRK_N("Close deals as won or lost, with the date."),
                            VRK_N("Close deals as won or lost, with the date. {more} more are "
                                  "enough, {weeks}.")},
    [VRK_WHY_ALL_LOST] = {"all_lost", "",
                          VRK_N2(
                              "The only closed deal is lost, so there is no result to explain.",
                              "All {n} closed deals are lost, so there is no difference in result "
                              "to explain."),
                          VRK_N("Export the won deals too."), NULL},
    [VRK_WHY_ALL_WON] =
        {"all_won", "",
         VRK_N2("The only closed deal is won, so there is no difference in result to explain.",
                "All {n} closed deals are won, so there is no difference in result "
                "to explain."),
         VRK_N("Export the lost deals too."), NULL},
    [VRK_WHY_NO_SELLERS] = {"no_sellers", "", NULL, VRK_N("The deals do not say whose they are."),
                            VRK_N("Export the owner of each deal, and changes of owner."), NULL},
    [VRK_WHY_ONE_SELLER] = {"one_seller", "", NULL,
                            VRK_N("All deals belong to one seller, so there is nobody to compare "
                                  "with."),
                            VRK_N("Export the deals of all sellers."), NULL},
    [VRK_WHY_NO_ACTIVITIES] =
        {"no_activities", "", NULL, VRK_N("There are no activities in the data."),
         VRK_N("Export calls, mails and meetings with seller, deal and time."), NULL},
    [VRK_WHY_UNLINKED] = {"unlinked_activities", "",
                          VRK_N2(
                              "{n} of {all} activities belongs to no deal in the data, so nothing "
                              "can be said about what activity leads to.",
                              "{n} of {all} activities belong to no deal in the data, so nothing "
                              "can be said about what activity leads to."),
                          VRK_N(
                              "Link each activity to its deal or account, and export both for the "
                              "same period."),
                          NULL},
    [VRK_WHY_NO_BEHAVIOUR] = {"no_behaviour", "R1", NULL,
                              VRK_N("Results alone cannot tell competence from execution, and "
                                    "neither behaviour nor assessments are in the data."),
                              VRK_N(
                                  "Record next steps with a due date, who decides at the customer, "
                                  "and which meetings were held; or assess the sellers."),
                              NULL},
    [VRK_WHY_ONLY_LOGGED] = {"only_logged", "R2", NULL,
                             VRK_N(
                                 "What sellers do is known only from what they log themselves, and "
                                 "logging is not doing."),
                             VRK_N(
                                 "Import calendars or customers' mail, which are captured without "
                                 "the seller."),
                             NULL},
    [VRK_WHY_NO_ASSESSMENTS] = {"no_assessments", "", NULL, VRK_N("No competence is assessed."),
                                VRK_N("Let managers and colleagues rate what they observe, or give "
                                      "the sellers situational tests."),
                                NULL},
    [VRK_WHY_FEW_ASSESSED] = {"few_assessed", "",
                              VRK_N2("{n} of {all} sellers is assessed.",
                                     "{n} of {all} sellers are assessed."),
                              VRK_N("Assess the others too."),
                              VRK_N("Assess {more} more sellers.")},
    [VRK_WHY_ONE_COMPETENCY] = {"one_competency", "R7", NULL,
                                VRK_N(
                                    "The assessments tell one general competence, not one for each "
                                    "moment."),
                                VRK_N("Assess the competences of each moment separately."), NULL},
    [VRK_WHY_NO_CALENDAR] = {"no_calendar", "", NULL, VRK_N("There is no calendar in the data."),
                             VRK_N("Export the calendars: seller, start, end and kind of time."),
                             NULL},
    [VRK_WHY_THIN_CALENDAR] = {"thin_calendar", "",
                               VRK_N2("{n} of {all} sellers has a calendar in the data.",
                                      "{n} of {all} sellers have a calendar in the data."),
                               VRK_N("Export the calendars of all sellers."),
                               VRK_N("Export the calendars of {more} more sellers.")},
    [VRK_WHY_NO_INBOUND] = {"no_inbound", "R11", NULL,
                            VRK_N(
                                "What customers do is not recorded, and only that tells whether a "
                                "deal still lives."),
                            VRK_N("Record the customers' mails, calls and visits as inbound."),
                            NULL},
    [VRK_WHY_NO_INTERVENTIONS] = {"no_interventions", "", NULL,
                                  VRK_N("No action is logged, so there is nothing to follow up."),
                                  VRK_N("Log each action: what, who, from when, and why they were "
                                        "chosen."),
                                  NULL},
    [VRK_WHY_FEW_INTERVENTIONS] = {"no_comparison", "R8", NULL,
                                   VRK_N("Every seller got the same action, so there is nobody to "
                                         "compare with."),
                                   VRK_N("Start the next action with some of the teams."), NULL},
    [VRK_WHY_SINGLE_INTERVENTIONS] =
        {"single_interventions", "", NULL,
         VRK_N("No action can be followed up that several sellers had, with eight weeks before and "
               "after it."),
         VRK_N("Give the same action to several sellers, in an order drawn by lot, and log it."),
         NULL},
    [VRK_WHY_NO_CANDIDATES] = {"no_candidates", "", NULL,
                               VRK_N("There are no candidates in the data."),
                               VRK_N("Export candidates, with their assessments and the decision."),
                               NULL},
    [VRK_WHY_FEW_INCUMBENTS] =
        {"few_incumbents", "R10",
         VRK_N2("{n} seller is assessed; {all} are needed before candidates can "
                "be held against your own results.",
                "{n} sellers are assessed; {all} are needed before candidates "
                "can be held against your own results."),
         VRK_N("Assess more of the sellers."), VRK_N("Assess {more} more sellers.")},
    [VRK_WHY_TERRITORY] = {"territory", "R6", NULL,
                           VRK_N(
                               "{n} of {all} sellers work in more than one segment, so seller and "
                               "segment cannot be told apart."),
                           VRK_N("Let some sellers work in two segments."), NULL},
    [VRK_WHY_SMALL_SEGMENTS] =
        {"small_segments", "R13", NULL,
         VRK_N("{n} of {all} segments have 30 closed deals or more; less is too "
               "little to say what should never have been started."),
         VRK_N("Wait for more closed deals, or use broader segments."), NULL},
    [VRK_WHY_PROCESS_ONLY] = {"process_only", "", NULL,
                              VRK_N("Where deals stop is answered. What a leak costs and what "
                                    "causes it cannot be told from these data."),
                              VRK_N("Record stages, amounts, and what is done at the moments: "
                                    "meetings, next steps, decision makers."),
                              NULL},
    [VRK_WHY_ENTRY_TO_CLOSE] = {"entry_to_close", "R4", NULL,
                                VRK_N("Only the way from start to close can be judged, not the "
                                      "stages between."),
                                NULL, NULL},
    [VRK_WHY_FEW_OCCASIONS] = {"few_occasions", "",
                               VRK_N2("{n} occasion is too few to judge; {all} are needed.",
                                      "{n} occasions are too few to judge; {all} are needed."),
                               VRK_N("More will come with time."), NULL},
    [VRK_WHY_FEW_SELLERS] =
        {"few_sellers", "",
         VRK_N2("{n} seller has sold for half a year; {all} are needed to compare.",
                "{n} sellers have sold for half a year; {all} are needed to compare."),
         VRK_N("Export more sellers and a longer time."), NULL},
    [VRK_WHY_NO_AMOUNTS] = {"no_amounts", "", NULL, VRK_N("The deals have no amounts."),
                            VRK_N("Export the amount of each deal."), NULL},
    [VRK_WHY_TOGETHER] = {"together", "R14", NULL,
                          VRK_N("Some causes of differences move together, so their shares are a "
                                "range."),
                          NULL, NULL},
    [VRK_WHY_FEW_WEEKS] = {"few_weeks", "",
                           VRK_N2("{n} working week is too little to tell what changes from week "
                                  "to week; {all} are needed, of five sellers at least.",
                                  "{n} working weeks are too little to tell what changes from week "
                                  "to week; {all} are needed, of five sellers at least."),
                           VRK_N("More will come with time."), NULL},
    [VRK_WHY_FEW_OWN] =
        {"few_own_deals", "",
         VRK_N2("{n} deal came from the sellers' own prospecting; {all} are needed to tell what "
                "more of it would give.",
                "{n} deals came from the sellers' own prospecting; {all} are needed to tell what "
                "more of it would give."),
         VRK_N("Record where each deal came from: own prospecting or inbound; and prospecting as "
               "outbound activities."),
         NULL},
    [VRK_WHY_TEMPO_UNCLEAR] = {"tempo_unclear", "R5", NULL,
                               VRK_N("The same seller's weeks differ too little to tell whether "
                                     "more tempo would help; that active sellers sell more does "
                                     "not tell it."),
                               VRK_N("Let some sellers prospect more for a quarter, and compare."),
                               NULL},
    [VRK_WHY_NO_OBJECTIONS] = {"few_objections", "",
                               VRK_N2("{n} of {all} lost deals ({share}) has a logged objection.",
                                      "{n} of {all} lost deals ({share}) have a logged objection."),
                               VRK_N("Log objections when they come."),
                               VRK_N("Log objections when they come. {more} more are enough, "
                                     "{weeks}.")},
};

const char *vrk_why_name(vrk_why code)
{
    return words_of[code].name;
}

const char *vrk_why_rule(vrk_why code)
{
    return words_of[code].rule;
}

bool vrk_why_of(const char *name, vrk_why *code)
{
    for (int i = 0; i < VRK_WHY_COUNT; i++) {
        if (!strcmp(words_of[i].name, name)) {
            *code = (vrk_why)i;
            return true;
        }
    }
    return false;
}

const char *vrk_say_weeks(const vrk_words *w, double weeks)
{
    static const char *const few[] = {
        NULL,          VRK_N("two"), VRK_N("three"),  VRK_N("four"),
        VRK_N("five"), VRK_N("six"), VRK_N("seven"),  VRK_N("eight"),
        VRK_N("nine"), VRK_N("ten"), VRK_N("eleven"), VRK_N("twelve"),
    };
    if (!isfinite(weeks) || weeks < 0)
        return "";
    if (weeks > 104)
        return vrk_tr(w->lang, VRK_N("more than two years"));
    int64_t n = weeks < 1 ? 1 : (int64_t)ceil(weeks);
    if (n > 1 && n <= 12)
        return vrk_say_n(w, "about one week", "about {n} weeks", n, "n",
                         vrk_tr(w->lang, few[n - 1]), NULL);
    return vrk_say_n(w, "about one week", "about {n} weeks", n, NULL);
}

static const char *say(const vrk_words *w, const vrk_reason *r, const char *one, const char *many)
{
    double share = r->all > 0 ? (double)r->n / (double)r->all : nan("");
    return vrk_say_n(w, one ? one : many, many, one ? r->n : 2, "n", vrk_say_int(w, r->n), "all",
                     vrk_say_int(w, r->all), "share", vrk_say_percent(w, share), "more",
                     vrk_say_int(w, r->more), "weeks", vrk_say_weeks(w, r->weeks), NULL);
}

const char *vrk_reason_why(const vrk_words *w, const vrk_reason *r)
{
    return say(w, r, words_of[r->code].one, words_of[r->code].many);
}

const char *vrk_reason_record(const vrk_words *w, const vrk_reason *r)
{
    const wording *x = &words_of[r->code];
    bool known =
        x->record_more && r->more > 0 && (isfinite(r->weeks) || !strstr(x->record_more, "{weeks}"));
    const char *text = known ? x->record_more : x->record;
    return text ? say(w, r, NULL, text) : "";
}
