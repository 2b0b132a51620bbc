/* What changes would be worth, on the page. */
#include "diag/page_parts.h"

#include <string.h>

enum { MEAN_WIDTH = 16, RANGE_WIDTH = 26 };

static const char *bare(const vrk_words *w, const json_t *value, const char *key)
{
    return vrk_say_money(w, vrk_json_number(value, key), "");
}

static void table(vrk_layout *l, json_t *rows, const char *currency)
{
    const vrk_words *w = &l->words;
    const char *key;
    json_t *row;
    vrk_lay_cell(l, vrk_tr(w->lang, "With"), l->width - MEAN_WIDTH - RANGE_WIDTH, false);
    vrk_lay_cell(l, currency, MEAN_WIDTH, true);
    vrk_lay_cell(l, vrk_tr(w->lang, "90% interval"), RANGE_WIDTH, true);
    vrk_lay_end(l);
    json_object_foreach(rows, key, row)
    {
        const json_t *value = json_object_get(row, "value");
        vrk_lay_cell(l, vrk_json_text(row, "change"), l->width - MEAN_WIDTH - RANGE_WIDTH, false);
        vrk_lay_cell(l, bare(w, value, "mean"), MEAN_WIDTH, true);
        vrk_lay_cell(l,
                     vrk_say(w, "{lo} to {hi}", "lo", bare(w, value, "lo"), "hi",
                             bare(w, value, "hi"), NULL),
                     RANGE_WIDTH, true);
        vrk_lay_end(l);
    }
}

static void present(vrk_layout *l, const json_t *first)
{
    const vrk_words *w = &l->words;
    const json_t *value = json_object_get(first, "present");
    const char *currency = vrk_json_text(first, "currency");
    vrk_lay_text(l, 0, NULL,
                 vrk_say(w, "On the present course {mean} are won ({lo} to {hi}); beside that:",
                         "mean", vrk_say_money(w, vrk_json_number(value, "mean"), currency), "lo",
                         vrk_say_money(w, vrk_json_number(value, "lo"), ""), "hi",
                         vrk_say_money(w, vrk_json_number(value, "hi"), ""), NULL));
}

static const json_t *first_of(json_t *rows)
{
    return json_object_iter_value(json_object_iter(rows));
}

static void caveat(vrk_layout *l)
{
    vrk_lay_text(l, 0, NULL,
                 vrk_tr(l->words.lang,
                        "Before what it costs. One by one: together they are worth less or more "
                        "than the sum."));
}

void vrk_page_what_if(vrk_layout *l, const json_t *document)
{
    json_t *rows = json_object_get(document, "what_if");
    const json_t *first = first_of(rows);
    if (!first)
        return;
    vrk_lay_heading(
        l, vrk_tr(l->words.lang, "What a change would be worth over the 52 weeks to come"));
    present(l, first);
    vrk_lay_gap(l);
    table(l, rows, vrk_json_text(first, "currency"));
    vrk_lay_gap(l);
    caveat(l);
}

vrk_status vrk_page_asked(vrk_ctx *ctx, const json_t *document, const vrk_page_opt *opt,
                          vrk_str *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_layout l;
    const char *key;
    json_t *row;
    TRY(vrk_page_start(ctx, document, opt, out, &l));
    vrk_page_scope(&l, document);
    json_t *rows = json_object_get(document, "what_if");
    vrk_lay_heading(&l,
                    vrk_tr(l.words.lang, "What a change would be worth over the 52 weeks to come"));
    if (first_of(rows))
        present(&l, first_of(rows));
    json_object_foreach(rows, key, row) vrk_lay_text(&l, 2, NULL, vrk_json_text(row, "text"));
    vrk_lay_text(&l, 0, NULL, vrk_tr(l.words.lang, "Before what it costs."));
    if (ctx->scratch.failed || out->mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for the page");
done:
    if (out->mem != &ctx->scratch)
        vrk_rewind(&ctx->scratch, mark);
    return st;
}
