/* What interventions did, on the page. */
#include "diag/page_parts.h"

#include <string.h>

/* One sentence each: those of a kind together, and the single ones where all are asked for or there
 * are no others. */
void vrk_page_follow(vrk_layout *l, const json_t *document, bool all)
{
    const json_t *list = json_object_get(document, "follow_up");
    json_t *item;
    size_t i, together = 0, told = 0;
    json_array_foreach(list, i, item)
    {
        together += !*vrk_json_text(item, "intervention_id");
        told += json_is_true(json_object_get(item, "evaluable"));
    }
    if (!json_array_size(list) || (!all && !told))
        return;
    vrk_lay_heading(l, vrk_tr(l->words.lang, "Did what we did work?"));
    json_array_foreach(list, i, item)
    {
        if (all || !*vrk_json_text(item, "intervention_id") ||
            (!together && json_is_true(json_object_get(item, "evaluable"))))
            vrk_lay_text(l, 2, NULL, vrk_json_text(item, "text"));
    }
}

vrk_status vrk_page_follow_up(vrk_ctx *ctx, const json_t *document, const vrk_page_opt *opt,
                              vrk_str *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_layout l;
    size_t i;
    json_t *answer;
    TRY(vrk_page_start(ctx, document, opt, out, &l));
    vrk_page_scope(&l, document);
    json_array_foreach(json_object_get(document, "answers"), i, answer)
    {
        if (strcmp(vrk_json_text(answer, "question"), "Q11") != 0 || !*vrk_json_text(answer, "why"))
            continue;
        vrk_lay_gap(&l);
        vrk_lay_text(&l, 0, NULL, vrk_json_text(answer, "why"));
        vrk_lay_text(&l, 0, NULL, vrk_json_text(answer, "record"));
    }
    vrk_page_follow(&l, document, true);
    if (ctx->scratch.failed || out->mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for the page");
done:
    if (out->mem != &ctx->scratch)
        vrk_rewind(&ctx->scratch, mark);
    return st;
}
