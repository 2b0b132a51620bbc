/* The sentences of diag/document.h, from the codes and numbers beside them. */
#include "base/date.h"
#include "base/str.h"
#include "diag/document_parts.h"
#include "diag/json.h"
#include "diag/remark.h"

#include <math.h>
#include <string.h>

vrk_status vrk_say_set(vrk_ctx *ctx, const vrk_words *w, json_t *o, const char *key,
                       const char *text)
{
    if (w->mem->failed || json_object_set_new(o, key, json_string(text)))
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for the sentences of the document");
    return VRK_OK;
}

vrk_status vrk_say_reason_of(vrk_ctx *ctx, const json_t *o, vrk_reason *r)
{
    const char *code = vrk_json_text(o, "code");
    *r = (vrk_reason){.n = vrk_json_int(o, "n"),
                      .all = vrk_json_int(o, "of"),
                      .more = vrk_json_int(o, "more"),
                      .weeks = vrk_json_number(o, "weeks")};
    if (!vrk_why_of(code, &r->code))
        return vrk_fail(ctx, VRK_EINPUT, "result document: unknown reason '%s'", code);
    return VRK_OK;
}

/* Each reason's sentences, and those of the answer: all of them one after another. */
static vrk_status say_answer(vrk_ctx *ctx, const vrk_words *w, json_t *answer, int64_t question)
{
    vrk_status st = VRK_OK;
    vrk_str why = {.mem = w->mem}, record = {.mem = w->mem};
    size_t i;
    json_t *item;

    json_array_foreach(json_object_get(answer, "reasons"), i, item)
    {
        vrk_reason r;
        TRY(vrk_say_reason_of(ctx, item, &r));
        const char *what = vrk_reason_record(w, &r);
        TRY(vrk_say_set(ctx, w, item, "why", vrk_reason_why(w, &r)));
        TRY(vrk_say_set(ctx, w, item, "record", what));
        vrk_str_addf(&why, "%s%s", i ? " " : "", vrk_json_text(item, "why"));
        vrk_str_addf(&record, "%s%s", record.n && *what ? " " : "", what);
    }
    TRY(vrk_say_set(ctx, w, answer, "asked", vrk_question_text(w->lang, question)));
    TRY(vrk_say_set(ctx, w, answer, "why", vrk_str_of(&why)));
    TRY(vrk_say_set(ctx, w, answer, "record", vrk_str_of(&record)));
done:
    return st;
}

static const json_t *stage_named(const json_t *document, const char *name)
{
    size_t i;
    json_t *stage;
    json_array_foreach(json_object_get(document, "stages"), i, stage)
    {
        if (!strcmp(vrk_json_text(stage, "stage"), name))
            return stage;
    }
    return NULL;
}

static const char *estimate_text(const vrk_words *w, const json_t *e)
{
    return vrk_say(w, "{p} ({range})", "p", vrk_say_percent(w, vrk_json_number(e, "mean")), "range",
                   vrk_say_percent_range(w, vrk_json_number(e, "lo"), vrk_json_number(e, "hi")),
                   NULL);
}

static vrk_status say_stop(vrk_ctx *ctx, const vrk_words *w, json_t *document, json_t *finding)
{
    vrk_status st = VRK_OK;
    const char *name = vrk_json_text(finding, "stage");
    const json_t *stage = stage_named(document, name);
    double p = vrk_json_number(finding, "probability");
    const char *word = vrk_certainty(w->lang, p);

    if (!strcmp(vrk_json_text(finding, "kind"), "tie") || !word) {
        TRY(vrk_say_set(
            ctx, w, finding, "text",
            vrk_say(w,
                    "In which stage most deals stop cannot be said: {stage} and {other} are "
                    "too close.",
                    "stage", name, "other", vrk_json_text(finding, "other_stage"), NULL)));
        TRY(vrk_say_set(ctx, w, finding, "certainty",
                        vrk_say(w, "The likelier of the two is {stage}, {p}.", "stage", name, "p",
                                vrk_say_probability(w, p), NULL)));
    } else {
        TRY(vrk_say_set(
            ctx, w, finding, "text",
            vrk_say(w,
                    "More deals stop in {stage} than anywhere else: {lost} are lost there, "
                    "{stalled} stall.",
                    "stage", name, "lost", vrk_say_tenths(w, vrk_json_mean(stage, "lost")),
                    "stalled", vrk_say_tenths(w, vrk_json_mean(stage, "stalled")), NULL)));
        TRY(vrk_say_set(ctx, w, finding, "certainty",
                        vrk_say_n(w, "{word}, {p}. Based on {n} deal that entered the stage.",
                                  "{word}, {p}. Based on {n} deals that entered the stage.",
                                  vrk_json_int(stage, "entered"), "word", word, "p",
                                  vrk_say_probability(w, p), NULL)));
    }
done:
    return st;
}

static vrk_status say_finding(vrk_ctx *ctx, const vrk_words *w, json_t *document)
{
    vrk_status st = VRK_OK;
    json_t *finding = json_object_get(document, "finding");
    const json_t *whole = json_object_get(document, "whole");
    const char *kind = vrk_json_text(finding, "kind");
    double horizon = vrk_json_number(json_object_get(document, "method"), "whole_horizon_days");

    if (!strcmp(kind, "whole")) {
        TRY(vrk_say_set(
            ctx, w, finding, "text",
            vrk_say(w,
                    "Of the deals that are started, {won} are won within {days}. Where the "
                    "others stop cannot be said.",
                    "won", vrk_say_tenths(w, vrk_json_mean(whole, "won")), "days",
                    vrk_say_days(w, horizon), NULL)));
        TRY(vrk_say_set(ctx, w, finding, "certainty",
                        vrk_say_n(w, "Won: {estimate}. Based on {n} deal.",
                                  "Won: {estimate}. Based on {n} deals.",
                                  vrk_json_int(whole, "entered"), "estimate",
                                  estimate_text(w, json_object_get(whole, "won")), NULL)));
    } else if (!strcmp(kind, "none")) {
        TRY(vrk_say_set(ctx, w, finding, "text",
                        vrk_tr(w->lang, "These data cannot tell how the deals go.")));
        TRY(vrk_say_set(ctx, w, finding, "certainty", ""));
    } else {
        TRY(say_stop(ctx, w, document, finding));
    }
done:
    return st;
}

static vrk_status say_conversion(vrk_ctx *ctx, const vrk_words *w, json_t *o)
{
    vrk_status st = VRK_OK;
    int kind = 0;
    while (kind < VRK_CRM_COUNT &&
           strcmp(vrk_crm_name((vrk_crm_kind)kind), vrk_json_text(o, "kind")) != 0)
        kind++;
    if (kind == VRK_CRM_COUNT)
        FAIL(VRK_EINPUT, "result document: unknown conversion '%s'", vrk_json_text(o, "kind"));
    TRY(vrk_say_set(ctx, w, o, "systems", vrk_crm_systems(w->lang, (vrk_crm_kind)kind)));
    TRY(vrk_say_set(ctx, w, o, "definition", vrk_crm_definition(w->lang, (vrk_crm_kind)kind)));
    TRY(vrk_say_set(ctx, w, o, "differs", vrk_crm_differs(w->lang, (vrk_crm_kind)kind)));
done:
    return st;
}

/* Notes have %1, %2, %3 for their arguments. The import's are its own sentence, with the file
 * before it or not; of others the arguments are data. A pipeline without a name is not named. */
static vrk_status say_inferred(vrk_ctx *ctx, const vrk_words *w, json_t *o)
{
    static const char unnamed[] = " (pipeline -)";
    vrk_str s = {.mem = w->mem};
    const json_t *args = json_object_get(o, "args");
    const char *note = vrk_json_text(o, "note");
    char sentence = !strcmp(note, "%1") ? '1' : !strcmp(note, "%1 %2") ? '2' : 0;
    for (const char *at = vrk_tr(w->lang, note); *at; at++) {
        if (*at == '%' && at[1] >= '1' && at[1] <= '3') {
            const char *arg = json_string_value(json_array_get(args, (size_t)(*++at - '1')));
            vrk_str_add(&s, *at == sentence && arg ? vrk_remark_line(w, arg) : arg);
        } else
            vrk_str_add_n(&s, at, 1);
    }
    vrk_str_add(&s, vrk_ends_with(vrk_str_of(&s), ".") ? "" : ".");
    char *text = vrk_text_copy(w->mem, vrk_str_of(&s));
    char *cut = text ? strstr(text, unnamed) : NULL;
    if (cut)
        memmove(cut, cut + sizeof(unnamed) - 1, strlen(cut + sizeof(unnamed) - 1) + 1);
    return vrk_say_set(ctx, w, o, "text", text ? text : "");
}

vrk_status vrk_document_say(vrk_ctx *ctx, json_t *document, vrk_lang lang)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_words w = {lang, &ctx->scratch};
    size_t i;
    json_t *item;
    const char *key;

    TRY(vrk_say_set(ctx, &w, document, "language", lang == VRK_SV ? "sv" : "en"));
    json_array_foreach(json_object_get(document, "answers"), i, item)
    {
        if (i < VRK_QUESTIONS)
            TRY(say_answer(ctx, &w, item, (int64_t)i));
    }
    TRY(say_finding(ctx, &w, document));
    TRY(vrk_say_attribution(ctx, &w, document));
    json_array_foreach(json_object_get(document, "conversion"), i, item)
        TRY(say_conversion(ctx, &w, item));
    json_array_foreach(json_object_get(document, "inferred"), i, item)
        TRY(say_inferred(ctx, &w, item));
    json_array_foreach(json_object_get(document, "process"), i, item)
        TRY(vrk_say_process(ctx, &w, item));
    json_array_foreach(json_object_get(document, "market"), i, item)
        TRY(vrk_say_market(ctx, &w, item));
    json_object_foreach(json_object_get(document, "what_if"), key, item)
        TRY(vrk_say_what_if(ctx, &w, item));
    json_array_foreach(json_object_get(document, "leaks"), i, item)
        TRY(vrk_say_leak(ctx, &w, item));
    json_array_foreach(json_object_get(document, "decisions"), i, item)
        TRY(vrk_say_decision(ctx, &w, item));
    json_array_foreach(json_object_get(document, "sellers"), i, item)
        TRY(vrk_say_seller(ctx, &w, item));
    json_array_foreach(json_object_get(document, "open_deals"), i, item)
        TRY(vrk_say_open_deal(ctx, &w, item));
    json_array_foreach(json_object_get(document, "follow_up"), i, item)
        TRY(vrk_say_follow(ctx, &w, item));
    json_array_foreach(json_object_get(document, "time"), i, item) TRY(vrk_say_time(ctx, &w, item));
    TRY(vrk_say_activity(ctx, &w, json_object_get(document, "activity")));
    TRY(vrk_say_postponed(ctx, &w, json_object_get(document, "postponed")));
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
