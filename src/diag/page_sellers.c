/* Sellers and moments on the page: what is in order, what is not, and what cannot be said. */
#include "diag/document_parts.h"
#include "diag/page_parts.h"

#include <math.h>
#include <string.h>

enum { MOST = 12 };

typedef struct {
    int64_t all, fine, faulty, unclear, none;
} tally;

static void count(const json_t *document, tally *t)
{
    size_t i, k;
    json_t *seller, *moment;
    json_array_foreach(json_object_get(document, "sellers"), i, seller)
    {
        json_array_foreach(json_object_get(seller, "moments"), k, moment)
        {
            const char *verdict = vrk_json_text(moment, "verdict");
            bool none = json_is_null(json_object_get(moment, "verdict"));
            t->none += none;
            t->all += !none;
            t->fine += !none && !strcmp(verdict, "fine");
            t->unclear += !none && !strcmp(verdict, "unclear");
        }
    }
    t->faulty = t->all - t->fine - t->unclear;
}

static void row(vrk_layout *l, const json_t *seller, const json_t *moment)
{
    const vrk_words *w = &l->words;
    const char *verdict = vrk_json_text(moment, "verdict");
    double p = vrk_json_number(json_object_get(moment, "probability"), verdict);
    vrk_lay_cell(l, vrk_json_text(seller, "seller_id"), 14, false);
    vrk_lay_cell(l, vrk_json_text(seller, "team_id"), 10, false);
    vrk_lay_cell(l, vrk_say_moment(w->lang, vrk_json_text(moment, "moment")), 26, false);
    vrk_lay_cell(l, vrk_say_verdict(w->lang, verdict), 14, false);
    vrk_lay_cell(l, vrk_say_probability(w, p), 12, true);
    vrk_lay_end(l);
    vrk_lay_text(l, 4, NULL, vrk_json_text(moment, "why"));
}

/* Those that are not in order, in the order of the sellers: no league of persons. */
static void list_faulty(vrk_layout *l, const json_t *document, int64_t faulty)
{
    size_t i, k;
    int64_t shown = 0;
    json_t *seller, *moment;
    json_array_foreach(json_object_get(document, "sellers"), i, seller)
    {
        json_array_foreach(json_object_get(seller, "moments"), k, moment)
        {
            const char *verdict = vrk_json_text(moment, "verdict");
            if (!*verdict || !strcmp(verdict, "fine") || !strcmp(verdict, "unclear"))
                continue;
            if (shown++ < MOST)
                row(l, seller, moment);
        }
    }
    if (faulty > MOST)
        vrk_lay_text(l, 0, NULL,
                     vrk_say_n(&l->words, "{n} more stands in the document (--json).",
                               "{n} more stand in the document (--json).", faulty - MOST, NULL));
}

/* What is not the sellers' comes first (UI.md section 9). */
static void beyond(vrk_layout *l, const json_t *document)
{
    static const char *const list[] = {"process", "market"};
    const vrk_words *w = &l->words;
    bool any = false;
    for (int k = 0; k < 2; k++) {
        size_t i;
        json_t *item;
        json_array_foreach(json_object_get(document, list[k]), i, item)
        {
            if (vrk_json_number(item, "probability") < 0.7)
                continue;
            if (!any)
                vrk_lay_heading(l, vrk_tr(w->lang, "What is not the sellers' doing"));
            any = true;
            vrk_lay_text(l, 2, NULL, vrk_json_text(item, "text"));
        }
    }
}

void vrk_page_sellers(vrk_layout *l, const json_t *document)
{
    const vrk_words *w = &l->words;
    tally t = {0};
    count(document, &t);
    if (!t.all)
        return;
    beyond(l, document);
    vrk_lay_heading(
        l, vrk_say(w,
                   "Sellers and moments: {fine} of {all} are in order, {faulty} are not, and of "
                   "{unclear} it cannot be said.",
                   "fine", vrk_say_int(w, t.fine), "all", vrk_say_int(w, t.all), "faulty",
                   vrk_say_int(w, t.faulty), "unclear", vrk_say_int(w, t.unclear), NULL));
    vrk_lay_text(
        l, 0, NULL,
        vrk_tr(w->lang,
               "Competence: cannot yet. Execution: can, but does not. Load: no time in heavy "
               "weeks. Process: the whole team. Market: the segment."));
    vrk_lay_gap(l);
    list_faulty(l, document, t.faulty);
}
