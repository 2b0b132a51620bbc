/* Activity in the document: what more prospecting gives, its price, and what is said of it. */
#include "diag/document_parts.h"
#include "diag/json.h"

#include <math.h>
#include <string.h>

static json_t *estimate(vrk_activity_estimate e)
{
    return vrk_json_estimate(e.mean, e.lo, e.hi);
}

static json_t *quality_json(const vrk_activity *a)
{
    json_t *list = json_array();
    for (int k = 0; k < VRK_QUALITIES; k++) {
        const vrk_week_effect *e = &a->quality[k];
        if (!e->known)
            continue;
        list = vrk_json_pushed(
            list, json_pack("{s:s,s:o,s:o,s:b,s:I,s:s}", "what", vrk_quality_names[k], "per_ten",
                            vrk_json_estimate(10 * e->mean, 10 * e->lo, 10 * e->hi), "usual",
                            vrk_json_real(e->usual), "seen", e->lo > 0 || e->hi < 0, "occasions",
                            (json_int_t)e->n, "text", ""));
    }
    return list;
}

static json_t *curve_json(const vrk_activity *a)
{
    if (!a->curved)
        return json_null();
    return json_pack("{s:f,s:f,s:f,s:f}", "contacts", a->contacts, "low", a->low, "high", a->high,
                     "per_contact", a->marginal);
}

/* What 20 % more takes of each seller in a week with prospecting, and what happens to the rest in
 * the same weeks. */
static json_t *takes_json(const vrk_activity *a)
{
    json_t *list = json_array();
    double more = 0.2 * a->contacts; /* recorded ones, as the effects are per recorded one */
    for (int k = 0; k < VRK_QUALITIES; k++) {
        const vrk_week_effect *e = &a->quality[k];
        if (e->known)
            list = vrk_json_pushed(
                list, json_pack("{s:s,s:o,s:b}", "what", vrk_quality_names[k], "change",
                                vrk_json_estimate(more * e->mean, more * e->lo, more * e->hi),
                                "seen", e->lo > 0 || e->hi < 0));
    }
    return json_pack("{s:o,s:o,s:f,s:b,s:o,s:s}", "contacts", vrk_json_real(a->more), "hours",
                     vrk_json_real(a->more * a->minutes / 60), "minutes_each", a->minutes,
                     "measured", (int)a->timed, "same_weeks", list, "text", "");
}

json_t *vrk_activity_json(const vrk_findings *f)
{
    const vrk_activity *a = f->activity;
    if (!a || a->tempo == VRK_TEMPO_UNKNOWN)
        return json_null();
    return json_pack(
        "{s:s,s:{s:o,s:o,s:o,s:o,s:o,s:f,s:s},s:o,s:o,s:b,s:o,s:f,s:f,s:f,s:f,s:o,s:o,"
        "s:I,s:I,s:s,s:s,s:s}",
        "tempo", vrk_tempo_names[a->tempo], "plus_20pct", "value", estimate(a->value), "own_deals",
        estimate(a->extra), "net", estimate(a->net), "cost", vrk_json_real(a->cost), "takes",
        takes_json(a), "probability_half", a->p_half, "currency", a->currency, "elasticity",
        estimate(a->elasticity), "between_sellers", vrk_json_real(a->between), "saturated",
        (int)a->saturated, "curve", curve_json(a), "recorded", a->recorded, "told", a->told,
        "own_deals_a_year", a->base, "yield", a->yield, "crowding", estimate(a->crowding),
        "quality", quality_json(a), "weeks", (json_int_t)a->weeks, "sellers",
        (json_int_t)a->sellers, "text", "", "because", "", "between_text", "");
}

/* "SEK 4.2 million (3.1-5.5)". */
static const char *money(const vrk_words *w, const json_t *e, const char *currency)
{
    double lo = vrk_json_number(e, "lo"), hi = vrk_json_number(e, "hi");
    double most = fmax(fabs(lo), fabs(hi));
    bool million = most >= 1e6;
    double unit = million ? 1e6 : 1e3;
    const char *unit_name = vrk_say_currency(w, currency);
    const char *x = vrk_say_number(w, vrk_json_number(e, "mean") / unit, most / unit < 10),
               *range = vrk_say_range(w, lo / unit, hi / unit, most / unit < 10);
    return million ? vrk_say(w, "{currency} {x} million ({range})", "x", x, "currency", unit_name,
                             "range", range, NULL)
                   : vrk_say(w, "{currency} {x} thousand ({range})", "x", x, "currency", unit_name,
                             "range", range, NULL);
}

static const char *deals(const vrk_words *w, const json_t *e)
{
    return vrk_say(w, "{x} ({range})", "x", vrk_say_number(w, vrk_json_number(e, "mean"), 0),
                   "range", vrk_say_range(w, vrk_json_number(e, "lo"), vrk_json_number(e, "hi"), 0),
                   NULL);
}

static const char *tempo_text(const vrk_words *w, const json_t *activity)
{
    const json_t *plus = json_object_get(activity, "plus_20pct");
    const char *more = deals(w, json_object_get(plus, "own_deals")),
               *value = money(w, json_object_get(plus, "value"), vrk_json_text(plus, "currency"));
    const char *tempo = vrk_json_text(activity, "tempo");
    if (!strcmp(tempo, "raise"))
        return vrk_say(w,
                       "Raise the tempo: with a fifth more prospecting the sellers would start "
                       "{more} more own deals in a year, worth {value}.",
                       "more", more, "value", value, NULL);
    if (!strcmp(tempo, "little"))
        return vrk_say(w,
                       "More tempo is not the answer: a fifth more prospecting would start {more} "
                       "more own deals in a year, worth {value}.",
                       "more", more, "value", value, NULL);
    return vrk_say(w,
                   "Whether more tempo would help cannot be said: a fifth more prospecting would "
                   "start {more} more own deals in a year, worth {value}.",
                   "more", more, "value", value, NULL);
}

/* Why: what comes back of the work, and what it costs elsewhere. */
static const char *because(const vrk_words *w, const json_t *activity)
{
    const json_t *e = json_object_get(activity, "elasticity"),
                 *plus = json_object_get(activity, "plus_20pct");
    const char *share =
        vrk_say(w, "{p} ({range})", "p", vrk_say_percent(w, vrk_json_number(e, "mean")), "range",
                vrk_say_percent_range(w, vrk_json_number(e, "lo"), vrk_json_number(e, "hi")), NULL);
    double cost = vrk_json_number(plus, "cost"), value = vrk_json_mean(plus, "value");
    bool costly = cost > 0.1 * (fabs(value) + cost);
    const char *lost = vrk_say_percent(w, cost / fmax(fabs(value) + cost, 1e-9));
    if (!strcmp(vrk_json_text(activity, "tempo"), "raise"))
        return vrk_say(
            w,
            "In weeks of more prospecting the same seller starts more own deals, {share} "
            "of what the work grows by.",
            "share", share, NULL);
    if (json_is_true(json_object_get(activity, "saturated")))
        return costly
                   ? vrk_say(w,
                             "Each further contact gives less: own deals grow by {share} of what "
                             "the work grows by, and the fuller calendar takes {lost} of the "
                             "gain from other deals.",
                             "share", share, "lost", lost, NULL)
                   : vrk_say(w,
                             "Each further contact gives less: own deals grow by {share} of what "
                             "the work grows by.",
                             "share", share, NULL);
    return vrk_say(w,
                   "From week to week of the same seller own deals grow by {share} of what "
                   "prospecting grows by.",
                   "share", share, NULL);
}

static const char *between_text(const vrk_words *w, const json_t *activity)
{
    double b = vrk_json_number(activity, "between_sellers");
    if (!isfinite(b))
        return "";
    return vrk_say(w,
                   "Between sellers the figure would be {p}. It is not used: active sellers can "
                   "differ in more than activity.",
                   "p", vrk_say_percent(w, b), NULL);
}

/* By what was looked at: it falls, it rises, no difference that can be seen. */
static const char *const quality_text[VRK_QUALITIES][3] = {
    {VRK_N(
         "In weeks with ten contacts more, a next step is agreed after {x} fewer of the meetings."),
     VRK_N(
         "In weeks with ten contacts more, a next step is agreed after {x} more of the meetings."),
     VRK_N("That next steps are agreed less often in weeks of higher tempo cannot be seen: {x} per "
           "ten contacts.")},
    {VRK_N("In weeks with ten contacts more, {x} fewer of the next steps are kept."),
     VRK_N("In weeks with ten contacts more, {x} more of the next steps are kept."),
     VRK_N("That next steps are kept less often in weeks of higher tempo cannot be seen: {x} per "
           "ten contacts.")},
    {VRK_N("In weeks with ten contacts more, {x} fewer of the deals are qualified."),
     VRK_N("In weeks with ten contacts more, {x} more of the deals are qualified."),
     VRK_N("That deals are qualified less often in weeks of higher tempo cannot be seen: {x} per "
           "ten contacts.")},
};

static vrk_status say_quality(vrk_ctx *ctx, const vrk_words *w, json_t *item)
{
    const json_t *e = json_object_get(item, "per_ten");
    double lo = vrk_json_number(e, "lo"), hi = vrk_json_number(e, "hi"), sign = hi < 0 ? -1 : 1;
    int what = 0, way = hi < 0 ? 0 : lo > 0 ? 1 : 2;
    while (what < VRK_QUALITIES &&
           strcmp(vrk_json_text(item, "what"), vrk_quality_names[what]) != 0)
        what++;
    if (what == VRK_QUALITIES)
        return vrk_fail(ctx, VRK_EINPUT, "result document: unknown '%s' in activity",
                        vrk_json_text(item, "what"));
    const char *x = vrk_say(
        w, "{p} ({range})", "p", vrk_say_percent(w, sign * vrk_json_number(e, "mean")), "range",
        vrk_say_percent_range(w, fmin(sign * lo, sign * hi), fmax(sign * lo, sign * hi)), NULL);
    return vrk_say_set(ctx, w, item, "text", vrk_say(w, quality_text[what][way], "x", x, NULL));
}

/* What is taken of the same weeks, in hours and in how the rest is done. */
static const char *takes_text(const vrk_words *w, const json_t *takes)
{
    static const char *const names[VRK_QUALITIES] = {
        VRK_N("next steps agreed {x}"), VRK_N("next steps kept {x}"), VRK_N("deals qualified {x}")};
    const char *each = vrk_say_number(w, vrk_json_number(takes, "minutes_each"), 0), *text, *rest;
    double hours = vrk_json_number(takes, "hours");
    text = vrk_say(
        w,
        json_is_true(json_object_get(takes, "measured"))
            ? VRK_N("A fifth more takes {contacts} contacts and {time} more of each seller's week, "
                    "at {each} recorded minutes a contact.")
            : VRK_N("A fifth more takes {contacts} contacts and {time} more of each seller's week, "
                    "if a contact takes {each} minutes (none are recorded)."),
        "contacts", vrk_say_number(w, vrk_json_number(takes, "contacts"), 1), "time",
        hours < 1 ? vrk_say_n(w, "{n} minute", "{n} minutes", llround(60 * hours), NULL)
                  : vrk_say(w, "{hours} hours", "hours", vrk_say_number(w, hours, 1), NULL),
        "each", each, NULL);
    rest = "";
    for (size_t i = 0; i < json_array_size(json_object_get(takes, "same_weeks")); i++) {
        const json_t *one = json_array_get(json_object_get(takes, "same_weeks"), i);
        const json_t *e = json_object_get(one, "change");
        const char *x = vrk_say(
            w,
            vrk_json_number(e, "mean") >= 0.0005 ? VRK_N("+{x} ({range}) points")
                                                 : VRK_N("{x} ({range}) points"),
            "x", vrk_say_number(w, 100 * vrk_json_number(e, "mean"), 1), "range",
            vrk_say_range(w, 100 * vrk_json_number(e, "lo"), 100 * vrk_json_number(e, "hi"), 1),
            NULL);
        for (int k = 0; k < VRK_QUALITIES; k++) {
            if (!strcmp(vrk_json_text(one, "what"), vrk_quality_names[k]))
                rest = *rest ? vrk_say(w, "{a}, {b}", "a", rest, "b",
                                       vrk_say(w, names[k], "x", x, NULL), NULL)
                             : vrk_say(w, names[k], "x", x, NULL);
        }
    }
    return *rest ? vrk_say(w, "{text} In the same weeks: {rest}.", "text", text, "rest", rest, NULL)
                 : text;
}

vrk_status vrk_say_activity(vrk_ctx *ctx, const vrk_words *w, json_t *activity)
{
    vrk_status st = VRK_OK;
    size_t i;
    json_t *item;
    if (!json_is_object(activity))
        return VRK_OK;
    json_array_foreach(json_object_get(activity, "quality"), i, item)
        TRY(say_quality(ctx, w, item));
    TRY(vrk_say_set(ctx, w, activity, "text", tempo_text(w, activity)));
    TRY(vrk_say_set(ctx, w, activity, "because", because(w, activity)));
    json_t *takes = json_object_get(json_object_get(activity, "plus_20pct"), "takes");
    TRY(vrk_say_set(ctx, w, takes, "text", takes_text(w, takes)));
    TRY(vrk_say_set(ctx, w, activity, "between_text", between_text(w, activity)));
done:
    return st;
}
