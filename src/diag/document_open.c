/* Open deals in the document, and their sentences. */
#include "base/date.h"
#include "diag/document_parts.h"
#include "diag/json.h"

#include <math.h>
#include <string.h>

static json_t *day_or_null(int64_t day)
{
    char text[11];
    if (!day)
        return json_null();
    vrk_day_text(day, text);
    return json_string(text);
}

static json_t *text_or_null(const char *text)
{
    return *text ? json_string(text) : json_null();
}

static json_t *weeks_json(const vrk_open_deal *d)
{
    json_t *list = json_array();
    for (int i = 0; i < VRK_DEAL_WEEKS; i++)
        list = vrk_json_pushed(list, json_integer(d->week[i]));
    return list;
}

static json_t *deal_json(const vrk_open_deal *d)
{
    const char *advice = vrk_advice_names[d->advice];
    json_t *o =
        json_pack("{s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:s}", "deal_id", d->deal_id, "team_id",
                  text_or_null(d->team_id), "stage", text_or_null(d->stage), "days_in_stage",
                  vrk_json_real(d->days_in_stage), "silent_days", vrk_json_real(d->silent),
                  "due_on", day_or_null(d->due), "late_on", day_or_null(d->late), "amount",
                  vrk_json_real(d->amount), "currency", d->currency);
    json_t *judged = json_pack(
        "{s:o,s:o,s:o,s:o,s:o,s:f,s:o,s:s,s:s}", "p_alive", vrk_json_real(d->p_alive), "p_win",
        vrk_json_real(d->p_win), "p_win_fresh", vrk_json_real(d->p_win_fresh), "expected_value",
        vrk_json_real(d->value), "hours", vrk_json_real(d->hours), "at_stake", d->at_stake,
        "advice", text_or_null(advice), "ground", vrk_ground_names[d->ground], "why", "");
    bool good = o && judged && json_object_update(o, judged) == 0 &&
                json_object_set_new(o, "weeks", weeks_json(d)) == 0;
    if (good && d->seller_key)
        good = json_object_set_new(o, "seller_key", json_integer(d->seller_key)) == 0;
    json_decref(judged);
    if (!good) {
        json_decref(o);
        o = NULL;
    }
    return o;
}

json_t *vrk_open_deals_json(const vrk_findings *f)
{
    json_t *list = json_array();
    for (int64_t i = 0; f->open && i < f->open->n; i++)
        list = vrk_json_pushed(list, deal_json(&f->open->row[i]));
    return list;
}

static const char *on_day(const vrk_words *w, const json_t *deal, const char *key)
{
    int64_t day = 0;
    return vrk_day_parse(vrk_json_text(deal, key), &day) ? vrk_say_date(w, day) : "\u2013";
}

static const char *money(const vrk_words *w, const json_t *deal, const char *key)
{
    return vrk_say(w, "{currency} {x}", "x", vrk_say_number(w, vrk_json_number(deal, key), 0),
                   "currency", vrk_say_currency(w, vrk_json_text(deal, "currency")), NULL);
}

/* The sentences of the grounds; they name days, chances and money where they have them. */
static const char *const ground_text[VRK_DEAL_GROUNDS] = {
    [VRK_DEAL_NOT_RECORDED] =
        VRK_N("What customers do is not recorded, so whether it lives cannot be said."),
    [VRK_DEAL_STEP_SOON] = VRK_N("The next step is due on {due}."),
    [VRK_DEAL_STEP_LATER] = VRK_N("Something is agreed for {due}; leave it in peace until then."),
    [VRK_DEAL_STEP_LATE] = VRK_N("The next step was due on {late} and is not done. The deal lives "
                                 "({alive}): agree on a new one."),
    [VRK_DEAL_NO_STEP] = VRK_N("The deal lives ({alive}), but no next step is agreed."),
    [VRK_DEAL_SILENT] = VRK_N("No sign from the customer for {silent}; {alive} that it lives. Ask "
                              "for a yes or a no."),
    [VRK_DEAL_DEAD] = VRK_N("No sign from the customer for {silent}: it hardly lives ({alive}). "
                            "Close it, unless you know a reason."),
    [VRK_DEAL_POOR] = VRK_N("Worth {value} as things stand, and {hours} are left to do: a quarter "
                            "or less of what hours on deals usually bring."),
    [VRK_DEAL_AGED] = VRK_N("It has stood here for {age}; the chance of a win has fallen from "
                            "{fresh} to {win}. Ask for a yes or a no."),
    [VRK_DEAL_LIVES] = VRK_N("It lives ({alive}), and {win} of such deals are won."),
};

vrk_status vrk_say_open_deal(vrk_ctx *ctx, const vrk_words *w, json_t *deal)
{
    int k = 0;
    const char *ground = vrk_json_text(deal, "ground");
    while (k < VRK_DEAL_GROUNDS && strcmp(ground, vrk_ground_names[k]) != 0)
        k++;
    if (k == VRK_DEAL_GROUNDS)
        return vrk_fail(ctx, VRK_EINPUT, "result document: unknown ground '%s'", ground);
    double hours = vrk_json_number(deal, "hours");
    const char *text = vrk_say(
        w, ground_text[k], "due", on_day(w, deal, "due_on"), "late", on_day(w, deal, "late_on"),
        "alive", vrk_say_probability(w, vrk_json_number(deal, "p_alive")), "silent",
        vrk_say_days(w, floor(vrk_json_number(deal, "silent_days"))), "age",
        vrk_say_days(w, floor(vrk_json_number(deal, "days_in_stage"))), "value",
        money(w, deal, "expected_value"), "hours",
        vrk_say_n(w, "{n} hour", "{n} hours", isfinite(hours) ? llround(hours) : 0, NULL), "fresh",
        vrk_say_percent(w, vrk_json_number(deal, "p_win_fresh")), "win",
        vrk_say_percent(w, vrk_json_number(deal, "p_win")), NULL);
    return vrk_say_set(ctx, w, deal, "why", text);
}
