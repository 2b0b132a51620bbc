/* Open deals on the page: what to act on first. */
#include "diag/document_parts.h"
#include "diag/page_parts.h"

#include <math.h>
#include <string.h>

static void row(vrk_layout *l, const json_t *deal)
{
    const vrk_words *w = &l->words;
    vrk_lay_cell(l, vrk_json_text(deal, "deal_id"), 18, false);
    vrk_lay_cell(l, vrk_json_text(deal, "stage"), 16, false);
    vrk_lay_cell(l, vrk_say_advice(w->lang, vrk_json_text(deal, "advice")), 22, false);
    vrk_lay_cell(l, vrk_say_percent(w, vrk_json_number(deal, "p_alive")), 8, true);
    vrk_lay_cell(l, vrk_say_percent(w, vrk_json_number(deal, "p_win")), 8, true);
    vrk_lay_cell(l, vrk_say_number(w, vrk_json_number(deal, "expected_value"), 0), 12, true);
    vrk_lay_end(l);
    vrk_lay_text(l, 4, NULL, vrk_json_text(deal, "why"));
}

/* Every deal in the order of the document; `most` 0 = all, else only those to act on. */
void vrk_page_open(vrk_layout *l, const json_t *document, int64_t most)
{
    const vrk_words *w = &l->words;
    const json_t *list = json_object_get(document, "open_deals"), *deal;
    int64_t n = (int64_t)json_array_size(list), act = 0, shown = 0;
    for (int64_t i = 0; i < n; i++)
        act += vrk_json_number(json_array_get(list, (size_t)i), "at_stake") > 0;
    if (!n || (most && !act))
        return;
    vrk_lay_heading(l, vrk_say(w, "Open deals: {act} of {n} ask for something to be done.", "act",
                               vrk_say_int(w, act), "n", vrk_say_int(w, n), NULL));
    vrk_lay_cell(l, vrk_tr(w->lang, "Deal"), 18, false);
    vrk_lay_cell(l, vrk_tr(w->lang, "Stage"), 16, false);
    vrk_lay_cell(l, vrk_tr(w->lang, "Advice"), 22, false);
    vrk_lay_cell(l, vrk_tr(w->lang, "Lives"), 8, true);
    vrk_lay_cell(l, vrk_tr(w->lang, "Won then"), 8, true);
    vrk_lay_cell(l, vrk_tr(w->lang, "Expected"), 12, true);
    vrk_lay_end(l);
    for (int64_t i = 0; i < n && (!most || shown < most); i++) {
        deal = json_array_get(list, (size_t)i);
        if (most && !(vrk_json_number(deal, "at_stake") > 0))
            continue;
        row(l, deal);
        shown++;
    }
    if (most && act > shown)
        vrk_lay_text(l, 0, NULL,
                     vrk_say(w, "{n} more are listed by verkan deals.", "n",
                             vrk_say_int(w, act - shown), NULL));
}

/* Why it cannot be said, from the answer to the question. */
static void cannot(vrk_layout *l, const json_t *document)
{
    size_t i;
    json_t *answer;
    json_array_foreach(json_object_get(document, "answers"), i, answer)
    {
        if (!strcmp(vrk_json_text(answer, "question"), "Q9") && *vrk_json_text(answer, "why")) {
            vrk_lay_gap(l);
            vrk_lay_text(l, 0, NULL, vrk_json_text(answer, "why"));
            vrk_lay_text(l, 0, NULL, vrk_json_text(answer, "record"));
        }
    }
}

vrk_status vrk_page_deals(vrk_ctx *ctx, const json_t *document, const vrk_page_opt *opt,
                          vrk_str *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_layout l;
    TRY(vrk_page_start(ctx, document, opt, out, &l));
    vrk_page_scope(&l, document);
    cannot(&l, document);
    vrk_page_open(&l, document, 0);
    if (ctx->scratch.failed || out->mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for the page");
done:
    if (out->mem != &ctx->scratch)
        vrk_rewind(&ctx->scratch, mark);
    return st;
}
