/* Time in the document: hours by kind, what internal work takes, what postponed prospecting leaves.
 */
#include "diag/document_parts.h"
#include "diag/json.h"

#include <math.h>
#include <string.h>

enum { INTERNAL = 1 }; /* of vrk_hour_kinds */

static json_t *effect_json(const vrk_week_effect *e, double times)
{
    return vrk_json_estimate(times * e->mean, fmin(times * e->lo, times * e->hi),
                             fmax(times * e->lo, times * e->hi));
}

/* `seen`: the interval leaves zero out. */
static json_t *taken_json(const char *what, const vrk_week_effect *e)
{
    return json_pack("{s:s,s:o,s:o,s:o,s:b,s:I,s:s}", "what", what, "per_hour", effect_json(e, 1),
                     "between_sellers", vrk_json_real(e->between), "usual", vrk_json_real(e->usual),
                     "seen", e->lo > 0 || e->hi < 0, "weeks", (json_int_t)e->n, "text", "");
}

/* Internal and administrative hours are estimated together. */
static json_t *displaced(const vrk_hours *h)
{
    json_t *list = json_array();
    for (int k = 0; k < VRK_TAKEN; k++) {
        if (h->taken[k].known)
            list = vrk_json_pushed(list, taken_json(vrk_taken_names[k], &h->taken[k]));
    }
    return list;
}

/* `persons` stands where a row is a sum over several: few of them may not be shown to all. */
static json_t *row_json(const vrk_hours *h, const vrk_hours_sum *s, int kind, int64_t persons)
{
    json_t *o =
        json_pack("{s:s,s:o,s:o,s:I,s:o}", "category", vrk_hour_kinds[kind], "hours_per_week",
                  vrk_json_real(vrk_hours_per_week(s, kind)), "usual",
                  vrk_json_real(h->usual[kind]), "weeks", (json_int_t)s->weeks[kind], "displaced",
                  kind == INTERNAL && s == &h->all ? displaced(h) : json_null());
    if (persons && json_object_set_new(o, "persons", json_integer(persons))) {
        json_decref(o);
        o = NULL;
    }
    return o;
}

/* Puts whose row it is first. */
static json_t *whose(json_t *row, const char *key, json_t *value)
{
    json_t *o = json_object();
    if (json_object_set_new(o, key, value) || !row || json_object_update(o, row)) {
        json_decref(o);
        o = NULL;
    }
    json_decref(row);
    return o;
}

json_t *vrk_time_json(const vrk_findings *f)
{
    const vrk_hours *h = f->hours;
    json_t *list = json_array();
    if (!h || !h->sellers)
        return list;
    for (int k = 0; k < VRK_HOUR_KINDS; k++)
        list = vrk_json_pushed(list, row_json(h, &h->all, k, h->sellers));
    for (int64_t g = 0; g < h->teams; g++) {
        for (int k = 0; k < VRK_HOUR_KINDS; k++)
            list = vrk_json_pushed(list, whose(row_json(h, &h->of_team[g], k, h->members[g]),
                                               "team_id", json_string(h->team_id[g])));
    }
    for (int64_t s = 0; s < h->sellers; s++) {
        for (int k = 0; k < VRK_HOUR_KINDS; k++)
            list = vrk_json_pushed(list, whose(row_json(h, &h->of_seller[s], k, 0), "seller_key",
                                               json_integer(h->seller_key[s])));
    }
    return list;
}

json_t *vrk_postponed_json(const vrk_findings *f)
{
    const vrk_hours *h = f->hours;
    if (!h || !h->soon.known || !h->later.known)
        return json_null();
    return json_pack("{s:o,s:o,s:b,s:I,s:I,s:I,s:s}", "soon", effect_json(&h->soon, -10), "later",
                     effect_json(&h->later, -10), "seen", h->later.lo > 0 || h->later.hi < 0,
                     "from_weeks", (json_int_t)VRK_DENT_FROM, "to_weeks", (json_int_t)VRK_DENT_TO,
                     "weeks", (json_int_t)h->later.n, "text", "");
}

/* "1.2 (0.9-1.5)"; without its sign, which the sentence has. */
static const char *amount(const vrk_words *w, const json_t *e, double times)
{
    double lo = times * vrk_json_number(e, "lo"), hi = times * vrk_json_number(e, "hi");
    return vrk_say(w, "{x} ({range})", "x",
                   vrk_say_number(w, times * vrk_json_number(e, "mean"), 2), "range",
                   vrk_say_range(w, fmin(lo, hi), fmax(lo, hi), 2), NULL);
}

/* By what was looked at: less of it, more of it, no difference that can be seen. */
static const char *const taken_text[VRK_TAKEN][3] = {
    {VRK_N("Ten internal hours more in a week take {x} prospecting contacts from the same "
           "seller's week."),
     VRK_N("In weeks with ten internal hours more the same seller has {x} more prospecting "
           "contacts."),
     VRK_N("Internal hours take no prospecting contacts that can be seen: {x} per ten hours.")},
    {VRK_N("Ten internal hours more in a week take {x} customer meetings."),
     VRK_N("In weeks with ten internal hours more there are {x} more customer meetings."),
     VRK_N("Internal hours take no customer meetings that can be seen: {x} per ten hours.")},
    {VRK_N("Ten internal hours more in a week take {x} agreed next steps."),
     VRK_N("In weeks with ten internal hours more there are {x} more agreed next steps."),
     VRK_N("Internal hours take no agreed next steps that can be seen: {x} per ten hours.")},
    {VRK_N("Ten internal hours more in a week take {x} new own deals."),
     VRK_N("In weeks with ten internal hours more there are {x} more new own deals."),
     VRK_N("Internal hours take no new own deals that can be seen: {x} per ten hours.")},
};

static vrk_status say_taken(vrk_ctx *ctx, const vrk_words *w, json_t *item)
{
    const json_t *e = json_object_get(item, "per_hour");
    int what = 0, way = vrk_json_number(e, "hi") < 0 ? 0 : vrk_json_number(e, "lo") > 0 ? 1 : 2;
    while (what < VRK_TAKEN && strcmp(vrk_json_text(item, "what"), vrk_taken_names[what]) != 0)
        what++;
    if (what == VRK_TAKEN)
        return vrk_fail(ctx, VRK_EINPUT, "result document: unknown '%s' in time",
                        vrk_json_text(item, "what"));
    return vrk_say_set(ctx, w, item, "text",
                       vrk_say(w, taken_text[what][way], "x", amount(w, e, way ? 10 : -10), NULL));
}

vrk_status vrk_say_time(vrk_ctx *ctx, const vrk_words *w, json_t *row)
{
    vrk_status st = VRK_OK;
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(row, "displaced"), i, item) TRY(say_taken(ctx, w, item));
done:
    return st;
}

vrk_status vrk_say_postponed(vrk_ctx *ctx, const vrk_words *w, json_t *postponed)
{
    const json_t *soon = json_object_get(postponed, "soon"),
                 *later = json_object_get(postponed, "later");
    if (!json_is_object(postponed))
        return VRK_OK;
    const char *now = amount(w, soon, -1), *then = amount(w, later, -1);
    bool at_once = vrk_json_number(soon, "hi") < 0, dent = vrk_json_number(later, "hi") < 0;
    const char *text =
        dent ? vrk_say(w,
                       "Ten prospecting contacts put off cost {now} own deals at once and {then} "
                       "two to eight weeks later: the dent comes when the week is forgotten.",
                       "now", now, "then", then, NULL)
        : at_once
            ? vrk_say(w,
                      "Ten prospecting contacts put off cost {now} own deals in that week and the "
                      "next. No dent two to eight weeks later can be seen: {then}.",
                      "now", now, "then", then, NULL)
            : vrk_say(w,
                      "That prospecting put off costs own deals cannot be seen: {now} per ten "
                      "contacts at once, {then} two to eight weeks later.",
                      "now", now, "then", then, NULL);
    return vrk_say_set(ctx, w, postponed, "text", text);
}
