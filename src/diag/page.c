#include "diag/page.h"

#include "base/date.h"
#include "diag/json.h"
#include "diag/layout.h"
#include "diag/page_parts.h"

#include <math.h>
#include <string.h>

vrk_status vrk_page_start(vrk_ctx *ctx, const json_t *document, const vrk_page_opt *opt,
                          vrk_str *out, vrk_layout *l)
{
    int64_t width = opt && opt->width ? opt->width : 88;
    *l = (vrk_layout){.out = out, .words = {VRK_EN, &ctx->scratch}, .bold = opt && opt->bold};
    l->width = width < 80 ? 80 : width > 100 ? 100 : width;
    if (strcmp(vrk_json_text(document, "schema"), "verkan.diagnosis/1") != 0)
        return vrk_fail(ctx, VRK_EINPUT, "this is no result document of verkan.diagnosis/1");
    if (!vrk_lang_parse(vrk_json_text(document, "language"), &l->words.lang))
        return vrk_fail(ctx, VRK_EINPUT, "the result document has no known language");
    return VRK_OK;
}

static const char *date_text(const vrk_words *w, const json_t *data, const char *key)
{
    int64_t day;
    return vrk_day_parse(vrk_json_text(data, key), &day) ? vrk_say_date(w, day) : "\u2013";
}

void vrk_page_scope(vrk_layout *l, const json_t *document)
{
    const vrk_words *w = &l->words;
    const json_t *data = json_object_get(document, "data");
    vrk_lay_text(
        l, 0, NULL,
        vrk_say(
            w, "Verkan | data from {from} to {to} | {deals}, {sellers}, {activities}", "from",
            date_text(w, data, "from"), "to", date_text(w, data, "to"), "deals",
            vrk_say_n(w, "{n} deal", "{n} deals", vrk_json_int(data, "deals"), NULL), "sellers",
            vrk_say_n(w, "{n} seller", "{n} sellers", vrk_json_int(data, "sellers"), NULL),
            "activities",
            vrk_say_n(w, "{n} activity", "{n} activities", vrk_json_int(data, "activities"), NULL),
            NULL));
}

static void finding(vrk_layout *l, const json_t *document)
{
    const json_t *f = json_object_get(document, "finding");
    vrk_lay_heading(l, vrk_json_text(f, "text"));
    if (*vrk_json_text(f, "certainty"))
        vrk_lay_text(l, 0, NULL, vrk_json_text(f, "certainty"));
}

/* From start to close, and by the quarter in which deals began. */
static void whole(vrk_layout *l, const json_t *document)
{
    const vrk_words *w = &l->words;
    const json_t *flow = json_object_get(document, "whole");
    double days = vrk_json_number(json_object_get(document, "method"), "whole_horizon_days");
    double median = vrk_json_mean(flow, "median_days");
    if (!vrk_json_int(flow, "entered") || !isfinite(vrk_json_mean(flow, "won")))
        return; /* no deal has closed: the finding has said so */
    vrk_lay_heading(
        l,
        vrk_say(w,
                "From start to close: {won} are won within {days}, {lost} are lost, {open} are "
                "still open.",
                "won", vrk_page_share(w, flow, "won"), "days", vrk_say_days(w, days), "lost",
                vrk_page_share(w, flow, "lost"), "open", vrk_page_share(w, flow, "stalled"), NULL));
    if (isfinite(median))
        vrk_lay_text(l, 0, NULL,
                     vrk_say(w,
                             "Half are closed within {days}, {workdays} of them working days; nine "
                             "in ten within {p90}.",
                             "days", vrk_say_days(w, median), "workdays",
                             vrk_say_number(w, vrk_json_mean(flow, "median_workdays"), 0), "p90",
                             vrk_page_days(w, flow, "p90_days"), NULL));
    vrk_page_cohorts(l, document);
}

static void inferred(vrk_layout *l, const json_t *document)
{
    const json_t *list = json_object_get(document, "inferred"), *item;
    size_t i;
    if (!json_array_size(list))
        return;
    vrk_lay_heading(l, vrk_tr(l->words.lang, "What was taken from the data, and can be set"));
    for (i = 0; i < json_array_size(list); i++) {
        item = json_array_get(list, i);
        vrk_lay_text(l, 2, NULL, vrk_json_text(item, "text"));
    }
}

/* METHODS 11.3: what threatens every figure of this kind. */
static void limits(vrk_layout *l)
{
    vrk_lang lang = l->words.lang;
    vrk_lay_heading(l, vrk_tr(lang, "What these figures do not say"));
    vrk_lay_text(l, 2, NULL,
                 vrk_tr(lang,
                        "They follow what is written in the system, and logging is not doing; "
                        "a measure that people are held to gets logged. Sellers who have left, "
                        "deals that managers moved, and work done by several on one deal are "
                        "not told apart."));
    vrk_lay_text(
        l, 2, NULL,
        vrk_tr(lang, "A verdict on a seller is a reason to look closer together, not a judgement "
                     "of the person: leads are not dealt out by lot, and causes outside the data "
                     "are not seen."));
}

vrk_status vrk_page(vrk_ctx *ctx, const json_t *document, const vrk_page_opt *opt, vrk_str *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_layout l;
    TRY(vrk_page_start(ctx, document, opt, out, &l));
    vrk_page_scope(&l, document);
    finding(&l, document);
    vrk_page_stages(&l, document);
    whole(&l, document);
    vrk_page_leaks(&l, document);
    vrk_page_decisions(&l, document);
    vrk_page_attribution(&l, document);
    vrk_page_sellers(&l, document);
    vrk_page_what_if(&l, document);
    vrk_page_open(&l, document, 10);
    vrk_page_follow(&l, document, false);
    vrk_page_activity(&l, document);
    vrk_page_time(&l, document);
    vrk_page_conversion(&l, document);
    vrk_page_cannot(&l, document);
    inferred(&l, document);
    vrk_page_data(&l, document);
    limits(&l);
    if (ctx->scratch.failed || out->mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for the page");
done:
    if (out->mem != &ctx->scratch)
        vrk_rewind(&ctx->scratch, mark);
    return st;
}
