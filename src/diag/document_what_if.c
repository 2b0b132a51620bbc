/* What changes are worth in the document, and their sentences. */
#include "diag/document_parts.h"
#include "diag/json.h"

#include <math.h>
#include <string.h>

static json_t *part(const char *what, const char *moment, double amount)
{
    return json_pack("{s:s,s:o,s:o}", "what", what, "moment",
                     *moment ? json_string(moment) : json_null(), "amount", vrk_json_real(amount));
}

static json_t *parts_json(const vrk_change *c)
{
    json_t *list = json_array();
    if (fabs(c->activity - 1) > 0)
        list = vrk_json_pushed(list, part("activity", "", 100 * (c->activity - 1)));
    for (int m = 1; m <= VRK_AT_MOMENTS; m++) {
        if (c->fix[m])
            list = vrk_json_pushed(list, part("fix", vrk_moment_names[m], nan("")));
    }
    if (c->free_h > 0)
        list = vrk_json_pushed(list, part("free", "", c->free_h));
    if (c->stop_bad)
        list = vrk_json_pushed(list, part("stop_bad_deals", "", nan("")));
    return list;
}

static json_t *worth_json(const vrk_worth *w)
{
    return vrk_json_estimate(w->mean, w->lo, w->hi);
}

json_t *vrk_what_if_json(const vrk_findings *f)
{
    json_t *o = json_object();
    for (int64_t i = 0; f->what_if && i < f->what_if->n; i++) {
        const vrk_what_if_row *row = &f->what_if->row[i];
        json_t *one = json_pack("{s:o,s:o,s:f,s:s,s:o,s:s,s:s}", "value", worth_json(&row->worth),
                                "present", worth_json(&f->what_if->present), "p_positive",
                                row->worth.p_positive, "currency", f->what_if->currency, "parts",
                                parts_json(&row->change), "change", "", "text", "");
        if (json_object_set_new(o, row->key, one)) {
            json_decref(o);
            return NULL;
        }
    }
    return o;
}

const char *vrk_say_currency(const vrk_words *w, const char *currency)
{
    return w->lang == VRK_SV && !strcmp(currency, "SEK") ? "kr" : currency;
}

/* Money to three figures: the rest is not known. */
const char *vrk_say_money(const vrk_words *w, double x, const char *currency)
{
    double unit = isfinite(x) && fabs(x) >= 1000 ? pow(10, floor(log10(fabs(x))) - 2) : 1;
    const char *number = vrk_say_number(w, round(x / unit) * unit, 0);
    return *currency ? vrk_say(w, "{currency} {x}", "x", number, "currency",
                               vrk_say_currency(w, currency), NULL)
                     : number;
}

static const char *part_text(const vrk_words *w, const json_t *one)
{
    const char *what = vrk_json_text(one, "what");
    double amount = vrk_json_number(one, "amount");
    if (!strcmp(what, "activity"))
        return vrk_say(w,
                       amount > 0 ? VRK_N("{n} more prospecting") : VRK_N("{n} less prospecting"),
                       "n", vrk_say_percent(w, fabs(amount) / 100), NULL);
    if (!strcmp(what, "fix"))
        return vrk_say(w, "{moment} at the usual level or better", "moment",
                       vrk_say_moment(w->lang, vrk_json_text(one, "moment")), NULL);
    if (!strcmp(what, "free"))
        return vrk_say(w, "{n} h less internal work a week", "n",
                       vrk_say_number(w, amount, amount == floor(amount) ? 0 : 1), NULL);
    return vrk_tr(w->lang, "Fewer bad deals, as the best quarter do");
}

vrk_status vrk_say_what_if(vrk_ctx *ctx, const vrk_words *w, json_t *o)
{
    vrk_status st = VRK_OK;
    const char *change = "", *currency = vrk_json_text(o, "currency");
    const json_t *value = json_object_get(o, "value");
    double p = vrk_json_number(o, "p_positive");
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(o, "parts"), i, one) change =
        i ? vrk_say(w, "{first}; {second}", "first", change, "second", part_text(w, one), NULL)
          : part_text(w, one);
    TRY(vrk_say_set(ctx, w, o, "change", change));
    TRY(vrk_say_set(
        ctx, w, o, "text",
        vrk_say(w,
                p > 0.95 || p < 0.05
                    ? VRK_N("With {change}: {mean} over the year ({lo} to {hi}).")
                    : VRK_N("With {change}: {mean} over the year, but it can be nothing ({lo} to "
                            "{hi})."),
                "change", change, "mean", vrk_say_money(w, vrk_json_mean(o, "value"), currency),
                "lo", vrk_say_money(w, vrk_json_number(value, "lo"), ""), "hi",
                vrk_say_money(w, vrk_json_number(value, "hi"), ""), NULL)));
done:
    return st;
}
