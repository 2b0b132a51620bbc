/* Leaks, and what to do and not to do, on the page. */
#include "diag/page_parts.h"

#include <string.h>

enum { LEAKS_MOST = 5, ACTIONS_MOST = 4 };

static const char *money_range(const vrk_words *w, const json_t *o, const char *key)
{
    const json_t *value = json_object_get(o, key);
    return vrk_say(w, "{mean} ({lo} to {hi})", "mean",
                   vrk_say_money(w, vrk_json_mean(o, key), vrk_json_text(o, "currency")), "lo",
                   vrk_say_money(w, vrk_json_number(value, "lo"), ""), "hi",
                   vrk_say_money(w, vrk_json_number(value, "hi"), ""), NULL);
}

void vrk_page_leaks(vrk_layout *l, const json_t *document)
{
    const vrk_words *w = &l->words;
    const json_t *leaks = json_object_get(document, "leaks");
    int64_t all = (int64_t)json_array_size(leaks);
    int64_t tried = (int64_t)vrk_json_number(json_object_get(document, "method"), "leaks_tried");
    size_t i;
    json_t *leak;
    if (tried < 1)
        return;
    vrk_lay_heading(l, vrk_tr(w->lang, "Where money is lost, time after time"));
    if (!all)
        vrk_lay_text(l, 0, NULL,
                     vrk_say_n(w, "Nowhere that can be told from chance, in {n} place looked at.",
                               "Nowhere that can be told from chance, in {n} places looked at.",
                               tried, NULL));
    json_array_foreach(leaks, i, leak)
    {
        if (i >= LEAKS_MOST)
            break;
        vrk_lay_text(l, 0, NULL, vrk_json_text(leak, "text"));
        vrk_lay_text(l, 2, NULL,
                     vrk_say(w, "{money} a year; a leak with probability {p}.", "money",
                             money_range(w, leak, "value_per_year"), "p",
                             vrk_say_probability(w, vrk_json_number(leak, "probability")), NULL));
    }
    if (!all)
        return;
    vrk_lay_gap(l);
    if (all > LEAKS_MOST)
        vrk_lay_text(
            l, 0, NULL,
            vrk_say_n(w, "And {n} smaller one.", "And {n} smaller ones.", all - LEAKS_MOST, NULL));
    vrk_lay_text(l, 0, NULL,
                 vrk_say(w,
                         "{tried} places, moment by team, were looked at; of the {n} told, at most "
                         "one in ten is expected to be none. The amounts do not overlap.",
                         "tried", vrk_say_int(w, tried), "n", vrk_say_int(w, all), NULL));
    int64_t segments =
        (int64_t)vrk_json_number(json_object_get(document, "method"), "leak_segments_tried");
    if (segments > 0)
        vrk_lay_text(l, 0, NULL,
                     vrk_say_n(w, "{n} segment of them was compared with the other segments.",
                               "{n} segments of them were compared with the other segments.",
                               segments, NULL));
}

static void actions(vrk_layout *l, const json_t *list, const char *verdict, const char *heading)
{
    const vrk_words *w = &l->words;
    int64_t shown = 0, all = 0;
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one)
    {
        if (strcmp(vrk_json_text(one, "verdict"), verdict) != 0 || ++all > ACTIONS_MOST)
            continue;
        if (!shown++)
            vrk_lay_text(l, 0, NULL, heading);
        vrk_lay_text(l, 2, NULL, vrk_json_text(one, "text"));
        if (json_is_object(json_object_get(one, "value")))
            vrk_lay_text(l, 4, NULL,
                         vrk_say(w, "{money} after a cost of {cost}; pays with probability {p}.",
                                 "money", money_range(w, one, "value"), "cost",
                                 vrk_say_money(w, vrk_json_number(one, "cost"), ""), "p",
                                 vrk_say_probability(w, vrk_json_number(one, "p_positive")), NULL));
        vrk_lay_text(l, 4, NULL, vrk_json_text(one, "why"));
    }
    if (all > ACTIONS_MOST)
        vrk_lay_text(l, 2, NULL,
                     vrk_say_n(w, "And {n} more.", "And {n} more.", all - ACTIONS_MOST, NULL));
    if (shown)
        vrk_lay_gap(l);
}

void vrk_page_decisions(vrk_layout *l, const json_t *document)
{
    const json_t *list = json_object_get(document, "decisions");
    const json_t *method = json_object_get(document, "method");
    vrk_lang lang = l->words.lang;
    if (!json_array_size(list))
        return;
    vrk_lay_heading(l, vrk_tr(lang, "What to do, and what not to do"));
    actions(l, list, "right", vrk_tr(lang, "Do:"));
    actions(l, list, "wrong", vrk_tr(lang, "Do not:"));
    actions(l, list, "too_early", vrk_tr(lang, "Too early to say:"));
    vrk_lay_text(
        l, 0, NULL,
        vrk_say(&l->words,
                "Over the year to come, at a margin of {margin}, against costs and "
                "effects that stand in verkan.toml; own follow-ups weigh in where there "
                "are any.",
                "margin",
                vrk_say_percent(&l->words,
                                vrk_json_number(json_object_get(method, "actions"), "margin")),
                NULL));
}
