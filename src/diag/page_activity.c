/* Activity and result on the page: would more tempo help, and why. */
#include "diag/page_parts.h"

void vrk_page_activity(vrk_layout *l, const json_t *document)
{
    const json_t *activity = json_object_get(document, "activity");
    size_t i;
    json_t *item;
    if (!json_is_object(activity))
        return;
    vrk_lay_heading(l, vrk_json_text(activity, "text"));
    vrk_lay_text(l, 0, NULL, vrk_json_text(activity, "because"));
    vrk_lay_text(
        l, 0, NULL,
        vrk_json_text(json_object_get(json_object_get(activity, "plus_20pct"), "takes"), "text"));
    vrk_lay_text(l, 0, NULL, vrk_json_text(activity, "between_text"));
    json_array_foreach(json_object_get(activity, "quality"), i, item)
        vrk_lay_text(l, 2, "- ", vrk_json_text(item, "text"));
    vrk_lay_text(l, 0, NULL,
                 vrk_say_n(&l->words,
                           "Based on {n} week with prospecting. Hours are not raised; what "
                           "the fuller calendar costs other deals is taken off.",
                           "Based on {n} weeks with prospecting. Hours are not raised; what "
                           "the fuller calendar costs other deals is taken off.",
                           vrk_json_int(activity, "weeks"), NULL));
}
