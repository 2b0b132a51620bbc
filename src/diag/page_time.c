/* Time on the page: hours by kind of the organisation and its teams, and what internal work takes.
 */
#include "diag/document_parts.h"
#include "diag/page_parts.h"

#include <math.h>
#include <string.h>

enum { TEAMS_MOST = 12, KINDS = 7 };

static bool is_whole(const json_t *row)
{
    return !json_object_get(row, "team_id") && !json_object_get(row, "seller_key") &&
           !json_object_get(row, "seller_id");
}

/* A line of hours: those that rows i, i + 1 ... give, one a kind. */
static void hours_line(vrk_layout *l, const char *name, const json_t *list, size_t i,
                       const char *key)
{
    vrk_lay_cell(l, name, 14, false);
    for (size_t k = 0; k < KINDS; k++)
        vrk_lay_cell(
            l, vrk_say_number(&l->words, vrk_json_number(json_array_get(list, i + k), key), 1), 10,
            true);
    vrk_lay_end(l);
}

static void table(vrk_layout *l, const json_t *list, size_t first)
{
    int64_t shown = 0, more = 0;
    vrk_lay_cell(l, vrk_tr(l->words.lang, "Hours a week"), 14, false);
    for (int k = 0; k < KINDS; k++)
        vrk_lay_cell(
            l,
            vrk_say_category(l->words.lang,
                             vrk_json_text(json_array_get(list, first + (size_t)k), "category")),
            10, true);
    vrk_lay_end(l);
    hours_line(l, vrk_tr(l->words.lang, "Together"), list, first, "hours_per_week");
    hours_line(l, vrk_tr(l->words.lang, "Median seller"), list, first, "usual");
    for (size_t i = 0; i < json_array_size(list); i += KINDS) {
        const char *team = vrk_json_text(json_array_get(list, i), "team_id");
        if (*team && shown++ < TEAMS_MOST)
            hours_line(l, team, list, i, "hours_per_week");
        else
            more += *team != 0;
    }
    if (more)
        vrk_lay_text(l, 0, NULL,
                     vrk_say_n(&l->words, "{n} more stands in the document (--json).",
                               "{n} more stand in the document (--json).", more, NULL));
}

void vrk_page_time(vrk_layout *l, const json_t *document)
{
    const vrk_words *w = &l->words;
    const json_t *list = json_object_get(document, "time"), *row = NULL;
    size_t n = json_array_size(list), first = 0, i, k;
    json_t *item;
    while (first < n && !is_whole(json_array_get(list, first)))
        first += KINDS;
    if (first >= n)
        return;
    double internal = vrk_json_number(json_array_get(list, first + 1), "hours_per_week") +
                      vrk_json_number(json_array_get(list, first + 2), "hours_per_week");
    vrk_lay_heading(
        l, vrk_say(
               w,
               "Time: {internal} hours of a working week go to internal work and "
               "administration, {customer} to customers.",
               "internal", vrk_say_number(w, internal, 1), "customer",
               vrk_say_number(w, vrk_json_number(json_array_get(list, first), "hours_per_week"), 1),
               NULL));
    table(l, list, first);
    vrk_lay_gap(l);
    for (i = first; i < first + KINDS; i++) {
        row = json_array_get(list, i);
        json_array_foreach(json_object_get(row, "displaced"), k, item)
            vrk_lay_text(l, 2, "- ", vrk_json_text(item, "text"));
    }
    const char *dent = vrk_json_text(json_object_get(document, "postponed"), "text");
    if (*dent)
        vrk_lay_text(l, 2, "- ", dent);
    vrk_lay_text(l, 0, NULL,
                 vrk_tr(w->lang, "Each seller's weeks are held against that seller's other weeks; "
                                 "what all share in a week is taken off. Interval: 90 %."));
}
