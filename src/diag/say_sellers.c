/* The sentences about sellers at moments, from the figures that document_sellers.c wrote. */
#include "diag/document_parts.h"
#include "diag/json.h"

#include <math.h>
#include <string.h>

/* The two likeliest, in order. */
static void leading(const json_t *moment, const char **first, const char **second)
{
    const json_t *p = json_object_get(moment, "probability");
    *first = *second = "fine";
    double most = -1, next = -1;
    for (int k = 0; k < VRK_VERDICTS; k++) {
        double x = vrk_json_number(p, vrk_verdict_names[k]);
        if (x > most) {
            next = most;
            *second = *first;
            most = x;
            *first = vrk_verdict_names[k];
        } else if (x > next) {
            next = x;
            *second = vrk_verdict_names[k];
        }
    }
}

static const char *share(const vrk_words *w, const json_t *o, const char *key)
{
    return vrk_say_percent(w, vrk_json_number(o, key));
}

static const char *unclear(const vrk_words *w, const json_t *moment)
{
    const json_t *p = json_object_get(moment, "probability");
    const char *a, *b;
    leading(moment, &a, &b);
    return vrk_say(w, "Cannot be said: {a} ({pa}) or {b} ({pb}).", "a", vrk_say_verdict(w->lang, a),
                   "pa", share(w, p, a), "b", vrk_say_verdict(w->lang, b), "pb", share(w, p, b),
                   NULL);
}

static const char *why(const vrk_words *w, const json_t *moment)
{
    const char *verdict = vrk_json_text(moment, "verdict");
    const json_t *shares = json_object_get(json_object_get(moment, "figures"), "shares");
    const char *done = vrk_say_percent(w, vrk_json_mean(moment, "done_rate"));
    const char *good = vrk_say_percent(w, vrk_json_mean(moment, "success_rate"));

    if (!strcmp(verdict, "competence"))
        return vrk_say(w,
                       "When it is done it goes well in {own} of cases; {usual} is usual. That it "
                       "is done is not what is missing ({done}).",
                       "own", good, "usual", share(w, shares, "usual_success"), "done", done, NULL);
    if (!strcmp(verdict, "execution"))
        return vrk_say(w,
                       "It goes as well as for others when it is done ({good}), but it is done on "
                       "{own} of occasions; {usual} is usual.",
                       "good", good, "own", done, "usual", share(w, shares, "usual_done"), NULL);
    if (!strcmp(verdict, "pressure"))
        return vrk_say(w,
                       "In ordinary weeks it is done on {normal} of occasions, in heavy weeks on "
                       "{heavy}.",
                       "normal", share(w, shares, "normal_load"), "heavy",
                       share(w, shares, "heavy_load"), NULL);
    if (!strcmp(verdict, "process"))
        return vrk_tr(w->lang, "The whole team falls short here; it is not a matter for individual "
                               "sellers.");
    if (!strcmp(verdict, "market"))
        return vrk_tr(w->lang, "The segments sold to have weakened; colleagues who sell there meet "
                               "the same.");
    if (!strcmp(verdict, "fine"))
        return vrk_tr(w->lang, json_is_null(json_object_get(shares, "heavy_load"))
                                   ? VRK_N("Nothing that matters is short, as far as can be seen: "
                                           "whether other work presses shows only with a calendar.")
                                   : VRK_N("Nothing that matters is short."));
    return unclear(w, moment);
}

static bool put(json_t *list, const char *text)
{
    return json_array_append_new(list, json_string(text)) == 0;
}

/* What the verdict stands on, for and against, each with the numbers behind it. */
static json_t *evidence(const vrk_words *w, const json_t *moment)
{
    const json_t *figures = json_object_get(moment, "figures");
    const json_t *n = json_object_get(figures, "counts"), *s = json_object_get(figures, "shares");
    json_t *list = json_array();
    bool good = list != NULL;
    bool qualification = !strcmp(vrk_json_text(moment, "moment"), "qualification");

    good = good &&
           put(list, vrk_say(w, "Recorded as done on {n} of {all} occasions; {usual} is usual.",
                             "n", vrk_say_int(w, vrk_json_int(n, "done")), "all",
                             vrk_say_int(w, vrk_json_int(moment, "occasions")), "usual",
                             share(w, s, "usual_done"), NULL));
    if (qualification)
        good = good && put(list, vrk_say(w, "Of the deals that went on, {n} of {all} were won.",
                                         "n", vrk_say_int(w, vrk_json_int(n, "success")), "all",
                                         vrk_say_int(w, vrk_json_int(n, "known")), NULL));
    else
        good =
            good && put(list, vrk_say(w, "Of those done, {n} of {all} went well; {usual} is usual.",
                                      "n", vrk_say_int(w, vrk_json_int(n, "success")), "all",
                                      vrk_say_int(w, vrk_json_int(n, "known")), "usual",
                                      share(w, s, "usual_success"), NULL));
    if (isfinite(vrk_json_number(s, "heavy_load")))
        good = good &&
               put(list, vrk_say(w, "Done on {normal} at normal load, on {heavy} in heavy weeks.",
                                 "normal", share(w, s, "normal_load"), "heavy",
                                 share(w, s, "heavy_load"), NULL));
    if (isfinite(vrk_json_number(s, "rating")))
        good = good &&
               put(list, vrk_say(w, "Rated {own} of 5; {usual} is usual.", "own",
                                 vrk_say_number(w, vrk_json_number(s, "rating"), 1), "usual",
                                 vrk_say_number(w, vrk_json_number(s, "usual_rating"), 1), NULL));
    if (isfinite(vrk_json_number(s, "answers")))
        good = good && put(list, vrk_say(w, "{n} of {all} test answers right; {usual} is usual.",
                                         "n", vrk_say_number(w, vrk_json_number(s, "right"), 0),
                                         "all", vrk_say_number(w, vrk_json_number(s, "answers"), 0),
                                         "usual", share(w, s, "usual_right"), NULL));
    if (isfinite(vrk_json_number(s, "logged")))
        good =
            good && put(list, vrk_say(w,
                                      "{share} of the meetings in the calendar stand in the CRM; "
                                      "what is not written down is allowed for.",
                                      "share", share(w, s, "logged"), NULL));
    if (good)
        return list;
    json_decref(list);
    return NULL;
}

static const char *would_settle(const vrk_words *w, const json_t *s)
{
    const char *kind = vrk_json_text(s, "kind");
    const char *cases = vrk_say_percent(w, vrk_json_number(s, "probability"));
    int64_t n = vrk_json_int(s, "n");
    if (!strcmp(kind, "review"))
        return vrk_say_n(w, "{n} observed occasion would settle it in {cases} of cases.",
                         "{n} observed occasions would settle it in {cases} of cases.", n, "cases",
                         cases, NULL);
    if (!strcmp(kind, "assess"))
        return vrk_say(w, "An assessment of the competence would settle it in {cases} of cases.",
                       "cases", cases, NULL);
    if (!strcmp(kind, "log"))
        return vrk_say_n(w,
                         "To write down each occasion and how it went for {n} week would settle it "
                         "in {cases} of cases.",
                         "To write down each occasion and how it went for {n} weeks would settle "
                         "it in {cases} of cases.",
                         n, "cases", cases, NULL);
    if (!strcmp(kind, "wait"))
        return vrk_say_n(w, "{n} more week of data would settle it in {cases} of cases.",
                         "{n} more weeks of data would settle it in {cases} of cases.", n, "cases",
                         cases, NULL);
    return vrk_tr(w->lang, "Nothing that is cheap to observe would settle it; ask the seller.");
}

/* With what it costs to know against what is won by deciding better. */
static const char *settle(const vrk_words *w, const json_t *figures)
{
    const json_t *s = json_object_get(figures, "settle");
    const char *text = would_settle(w, s), *currency = vrk_json_text(s, "currency");
    double cost = vrk_json_number(s, "cost"), value = vrk_json_number(s, "value");
    if (!isfinite(cost) || !isfinite(value))
        return text;
    return vrk_say(w,
                   json_is_true(json_object_get(s, "pays"))
                       ? cost > 0
                             ? VRK_N("{text} To know is worth {value}, and costs {cost}.")
                             : VRK_N("{text} To know is worth {value}, and costs but the time.")
                       : VRK_N("{text} But it would hardly change what is done: to know is worth "
                               "{value}, and costs {cost}."),
                   "text", text, "value", vrk_say_money(w, value, currency), "cost",
                   vrk_say_money(w, cost, currency), NULL);
}

static vrk_status say_judged(vrk_ctx *ctx, const vrk_words *w, json_t *moment)
{
    vrk_status st = VRK_OK;
    TRY(vrk_say_set(ctx, w, moment, "why", why(w, moment)));
    if (json_object_set_new(moment, "evidence", evidence(w, moment)))
        FAIL(VRK_EMEMORY, "out of memory for the sentences of the document");
    if (!strcmp(vrk_json_text(moment, "verdict"), "unclear"))
        TRY(vrk_say_set(ctx, w, moment, "would_settle",
                        settle(w, json_object_get(moment, "figures"))));
done:
    return st;
}

vrk_status vrk_say_seller(vrk_ctx *ctx, const vrk_words *w, json_t *seller)
{
    vrk_status st = VRK_OK;
    size_t i;
    json_t *moment;
    json_array_foreach(json_object_get(seller, "moments"), i, moment)
    {
        vrk_reason r;
        if (!*vrk_json_text(moment, "code")) {
            TRY(say_judged(ctx, w, moment));
            continue;
        }
        TRY(vrk_say_reason_of(ctx, moment, &r));
        TRY(vrk_say_set(ctx, w, moment, "why", vrk_reason_why(w, &r)));
    }
done:
    return st;
}
