/* Differences between sellers' results on the page. */
#include "diag/page_parts.h"

void vrk_page_attribution(vrk_layout *l, const json_t *document)
{
    const json_t *a = json_object_get(document, "attribution");
    const json_t *league = json_object_get(document, "league");
    if (!json_is_object(a))
        return;
    vrk_lay_heading(l, vrk_tr(l->words.lang, "Where differences in results come from"));
    vrk_lay_text(l, 2, NULL, vrk_json_text(a, "text"));
    if (!json_is_true(json_object_get(a, "separable")))
        vrk_lay_text(l, 2, NULL,
                     vrk_tr(l->words.lang, "Some of these move together, and their shares depend "
                                           "on which is taken first."));
    if (json_is_object(league))
        vrk_lay_text(l, 2, NULL, vrk_json_text(league, "text"));
}
