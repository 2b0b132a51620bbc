/* Leaks and actions in the document, and their sentences. */
#include "diag/document_parts.h"
#include "diag/json.h"

#include <math.h>
#include <string.h>

static json_t *team_json(const vrk_findings *f, int64_t team)
{
    return team < 0 ? json_null() : json_string(f->moments->cells.team_id[team]);
}

static json_t *moment_json(int64_t moment)
{
    return moment ? json_string(vrk_moment_names[moment]) : json_null();
}

static json_t *worth_json(const vrk_worth *w)
{
    return vrk_json_estimate(w->mean, w->lo, w->hi);
}

static json_t *causes_json(const double *share)
{
    json_t *o = json_object();
    for (int c = VRK_IS_FINE + 1; o && c < VRK_VERDICTS; c++) {
        if (json_object_set_new(o, vrk_verdict_names[c], json_real(share[c]))) {
            json_decref(o);
            return NULL;
        }
    }
    return o;
}

/* What becomes another where one seller does not count. */
static json_t *counted_json(const vrk_leak *x)
{
    return json_pack("{s:o,s:s,s:o,s:o,s:f,s:I}", "situation",
                     x->complex_only ? json_string("complex") : json_null(), "cause",
                     vrk_verdict_names[x->cause ? x->cause : VRK_IS_FINE + 1], "causes",
                     causes_json(x->share), "value_per_year", worth_json(&x->value), "probability",
                     x->probability, "short", (json_int_t)x->short_of);
}

static json_t *without_json(const vrk_leak *x)
{
    json_t *list = json_array();
    for (int64_t i = 0; i < x->parts; i++) {
        json_t *one = counted_json(&x->other[i]);
        if (json_object_set_new(one, "seller_key", json_integer(x->part_key[i]))) {
            json_decref(one);
            one = NULL;
        }
        list = vrk_json_pushed(list, one);
    }
    return list;
}

/* The stage with most of it; null where there is none, as of prospecting. */
static json_t *stage_json(const vrk_leak *x)
{
    const vrk_leak_stage *most = NULL;
    for (int64_t i = 0; i < x->stages; i++)
        most = !most || x->stage[i].share > most->share ? &x->stage[i] : most;
    return most ? json_string(most->name) : json_null();
}

static json_t *stages_json(const vrk_leak *x)
{
    json_t *list = json_array();
    for (int64_t i = 0; i < x->stages; i++)
        list = vrk_json_pushed(
            list, json_pack("{s:s,s:f}", "stage", x->stage[i].name, "share", x->stage[i].share));
    return list;
}

json_t *vrk_leaks_json(const vrk_findings *f)
{
    json_t *list = json_array();
    for (int64_t i = 0; f->leaks && i < f->leaks->kept; i++) {
        const vrk_leak *x = &f->leaks->leak[i];
        json_t *o = counted_json(x);
        json_t *about = json_pack("{s:o,s:o,s:o,s:o,s:o,s:s,s:I,s:o,s:s}", "stage", stage_json(x),
                                  "stages", stages_json(x), "moment", moment_json(x->moment),
                                  "team_id", team_json(f, x->team), "segment",
                                  x->segment ? json_string(x->segment) : json_null(), "currency",
                                  f->leaks->currency, "persons", (json_int_t)x->persons, "without",
                                  without_json(x), "text", "");
        if (!o || !about || json_object_update(o, about)) {
            json_decref(o);
            o = NULL;
        }
        json_decref(about);
        list = vrk_json_pushed(list, o);
    }
    return list;
}

static json_t *terms_json(const vrk_action_terms *t)
{
    return json_pack("{s:f,s:f,s:f,s:f,s:f}", "effect", t->effect, "effect_sd", t->effect_sd,
                     "fee_each", t->fee_each, "fee", t->fee, "hours", t->hours);
}

json_t *vrk_action_settings_json(const vrk_action_settings *a)
{
    return json_pack("{s:s,s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:o,s:o,s:o,s:o,s:o}", "currency",
                     a->currency, "margin", a->margin, "sure", a->sure, "half_life_months",
                     a->half_life_months, "hours_a_year", a->hours_a_year, "freed_hour",
                     a->freed_hour, "review_fee", a->review_fee, "assess_fee", a->assess_fee,
                     "log_fee", a->log_fee, "train", terms_json(&a->train), "coach",
                     terms_json(&a->coach), "process", terms_json(&a->process), "drop",
                     terms_json(&a->drop), "redeploy", terms_json(&a->redeploy));
}

/* Which deals change hands, and between whom; null where none do. */
static json_t *swap_json(const vrk_redeployment *x)
{
    json_t *list = x ? json_array() : NULL;
    for (int64_t i = 0; x && i < x->n; i++) {
        const vrk_redeployed *one = &x->seller[i];
        list = vrk_json_pushed(
            list, json_pack("{s:I,s:s,s:o,s:f,s:f,s:f}", "seller_key", (json_int_t)one->seller_key,
                            "part", one->gives ? "gives" : "takes", "moment",
                            moment_json(one->moment), "in_order_simple", one->p_simple,
                            "in_order_complex", one->p_complex, "deals", one->deals));
    }
    return x ? json_pack("{s:s,s:I,s:I,s:f,s:o}", "situation", "complex", "gives",
                         (json_int_t)x->givers, "takes", (json_int_t)(x->n - x->givers), "deals",
                         x->deals, "sellers", list)
             : json_null();
}

static json_t *part_json(const vrk_shift_part *p)
{
    return p->told ? vrk_json_estimate(p->mean, p->lo, p->hi) : json_null();
}

static json_t *shift_json(const vrk_shift *s)
{
    return s->told ? json_pack("{s:o,s:o,s:o}", "closes",
                               vrk_json_estimate(s->closes, s->closes_lo, s->closes_hi), "doing",
                               part_json(&s->doing), "success", part_json(&s->going))
                   : json_null();
}

json_t *vrk_decisions_json(const vrk_findings *f)
{
    json_t *list = json_array();
    for (int64_t i = 0; f->decisions && i < f->decisions->n; i++) {
        const vrk_decision *x = &f->decisions->decision[i];
        bool caused = x->cause != VRK_IS_FINE;
        list = vrk_json_pushed(
            list,
            json_pack(
                "{s:s,s:o,s:o,s:o,s:b,s:s,s:o,s:o,s:s,s:o,s:f,s:o,s:o,s:o,s:o,s:I,s:I,"
                "s:I,s:o,s:o,s:s,s:s}",
                "action", vrk_action_names[x->action], "target", team_json(f, x->team), "team_id",
                team_json(f, x->team), "moment", moment_json(x->moment), "everybody",
                (int)(x->team == VRK_EVERYBODY), "verdict", vrk_advisable_names[x->advisable],
                "value", x->priced ? worth_json(&x->value) : json_null(), "cost",
                vrk_json_real(x->priced ? x->cost : nan("")), "currency", f->decisions->currency,
                "p_positive", vrk_json_real(x->priced ? x->value.p_positive : nan("")), "p_best",
                x->p_best, "worth_knowing", vrk_json_real(x->knowing), "break_even",
                vrk_json_real(x->break_even), "cause",
                caused ? json_string(vrk_verdict_names[x->cause]) : json_null(), "share",
                vrk_json_real(caused ? x->share : nan("")), "sellers", (json_int_t)x->persons,
                "persons", (json_int_t)x->of, "own", (json_int_t)x->own, "expects",
                shift_json(&x->shift), "swap", swap_json(x->swap), "why", "", "text", ""));
    }
    return list;
}

static const char *group_text(const vrk_words *w, const json_t *o)
{
    const char *team = vrk_json_text(o, "team_id");
    if (*team)
        return vrk_say(w, "team {team}", "team", team, NULL);
    return vrk_tr(w->lang, json_is_true(json_object_get(o, "everybody"))
                               ? VRK_N("everybody")
                               : VRK_N("sellers without a team"));
}

static const char *cause_text(const vrk_words *w, const json_t *o)
{
    const char *cause = vrk_json_text(o, "cause");
    if (!strcmp(cause, "competence"))
        return vrk_tr(w->lang, "how well it goes when it is done");
    if (!strcmp(cause, "execution"))
        return vrk_tr(w->lang, "that it is not done");
    if (!strcmp(cause, "pressure"))
        return vrk_tr(w->lang, "that it is not done in weeks full of internal work");
    if (!strcmp(cause, "process"))
        return vrk_tr(w->lang, "the team's way of working");
    return vrk_tr(w->lang, "the market");
}

vrk_status vrk_say_leak(vrk_ctx *ctx, const vrk_words *w, json_t *o)
{
    int64_t n = (int64_t)vrk_json_number(o, "short");
    const char *moment = vrk_say_moment(w->lang, vrk_json_text(o, "moment"));
    const char *share = vrk_say_percent(
        w, vrk_json_number(json_object_get(o, "causes"), vrk_json_text(o, "cause")));
    const char *text = n ? vrk_say_n(w, "{moment}, {group}: {n} of {all} sellers falls short.",
                                     "{moment}, {group}: {n} of {all} sellers fall short.", n,
                                     "moment", moment, "group", group_text(w, o), "all",
                                     vrk_say_int(w, (int64_t)vrk_json_number(o, "persons")), NULL)
                         : vrk_say(w, "{moment}, {group}: a little by many sellers.", "moment",
                                   moment, "group", group_text(w, o), NULL);
    text = vrk_say(w, "{text} It is mostly {cause} ({share}).", "text", text, "cause",
                   cause_text(w, o), "share", share, NULL);
    if (!strcmp(vrk_json_text(o, "situation"), "complex"))
        text = vrk_say(w, "{text} In complex deals only.", "text", text, NULL);
    const json_t *stages = json_object_get(o, "stages");
    double most = 0;
    for (size_t i = 0; i < json_array_size(stages); i++)
        most = fmax(most, vrk_json_number(json_array_get(stages, i), "share"));
    if (json_array_size(stages) > 1 && most > 0.5)
        text = vrk_say(w, "{text} Most of it in {stage} ({share}).", "text", text, "stage",
                       vrk_json_text(o, "stage"), "share", vrk_say_percent(w, most), NULL);
    if (*vrk_json_text(o, "segment"))
        text = vrk_say(w, "{text} They fall short more in {segment} than elsewhere.", "text", text,
                       "segment", vrk_json_text(o, "segment"), NULL);
    return vrk_say_set(ctx, w, o, "text", text);
}

static const char *whom_text(const vrk_words *w, const json_t *o)
{
    int64_t n = (int64_t)vrk_json_number(o, "sellers"),
            all = (int64_t)vrk_json_number(o, "persons");
    if (n >= all)
        return group_text(w, o);
    return vrk_say(w, "{n} of {all} in {group}", "n", vrk_say_int(w, n), "all", vrk_say_int(w, all),
                   "group", group_text(w, o), NULL);
}

static const char *swap_text(const vrk_words *w, const json_t *o)
{
    const json_t *swap = json_object_get(o, "swap");
    return vrk_say(
        w,
        "Let {n} of {all} in {group} swap complex deals for simple ones with {takers}: "
        "{moment}",
        "n", vrk_say_int(w, (int64_t)vrk_json_number(swap, "gives")), "all",
        vrk_say_int(w, (int64_t)vrk_json_number(o, "persons")), "group", group_text(w, o), "takers",
        vrk_say_n(w, "{n} colleague who is strong in them", "{n} colleagues who are strong in them",
                  (int64_t)vrk_json_number(swap, "takes"), NULL),
        "moment", vrk_say_moment(w->lang, vrk_json_text(o, "moment")), NULL);
}

/* What speaks for it is who is strong where, whatever it is worth. */
static const char *swap_why(const vrk_words *w, const json_t *o)
{
    const char *verdict = vrk_json_text(o, "verdict");
    int64_t deals = llround(vrk_json_number(json_object_get(o, "swap"), "deals"));
    const char *worth =
        !strcmp(verdict, "right")
            ? vrk_tr(w->lang, "It is likely to pay for itself.")
            : vrk_say(w, "It may pay, and it may not ({p}). Measure first, or try it with a few.",
                      "p", vrk_say_probability(w, vrk_json_number(o, "p_positive")), NULL);
    return vrk_say_n(w,
                     "Their simple deals go as well as others', their complex ones do not. {worth} "
                     "About {n} deal a year changes hands each way; nobody gets fewer, and both "
                     "must want it.",
                     "Their simple deals go as well as others', their complex ones do not. {worth} "
                     "About {n} deals a year change hands each way; nobody gets fewer, and both "
                     "must want it.",
                     deals, "worth", worth, NULL);
}

static const char *action_text(const vrk_words *w, const json_t *o)
{
    static const struct {
        const char *action, *text, *at_moment;
    } texts[] = {
        {"train", VRK_N("Train {whom}"), VRK_N("Train {whom}: {moment}")},
        {"coach", VRK_N("Coach {whom}"), VRK_N("Coach {whom}: {moment}")},
        {"process", VRK_N("Change the way of working, {whom}"),
         VRK_N("Change the way of working, {whom}: {moment}")},
        {"free_hours", VRK_N("Free {whom} of four hours of internal work a week"),
         VRK_N("Free {whom} of four hours of internal work a week: {moment}")},
        {"drop", VRK_N("Stop bad deals sooner, as the best quarter do"),
         VRK_N("Stop bad deals sooner, as the best quarter do")},
        {"measure", VRK_N("Measure first, {whom}"), VRK_N("Measure first, {whom}: {moment}")},
    };
    const char *moment = vrk_json_text(o, "moment");
    if (!strcmp(vrk_json_text(o, "action"), "redeploy"))
        return swap_text(w, o);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (!strcmp(vrk_json_text(o, "action"), texts[i].action))
            return vrk_say(w, *moment ? texts[i].at_moment : texts[i].text, "whom", whom_text(w, o),
                           "moment", *moment ? vrk_say_moment(w->lang, moment) : "", NULL);
    }
    return vrk_tr(w->lang, "Do nothing");
}

/* Why an action that is priced is right, wrong, or too early. */
static const char *because(const json_t *o)
{
    const char *action = vrk_json_text(o, "action"), *verdict = vrk_json_text(o, "verdict");
    const char *cause = vrk_json_text(o, "cause");
    bool train = !strcmp(action, "train");
    double even = vrk_json_number(o, "break_even");
    if (train && *cause && strcmp(cause, "competence") != 0)
        return VRK_N("What is lost there is mostly {cause} ({share}); training does not reach "
                     "that.");
    if (!strcmp(verdict, "too_early"))
        return vrk_json_number(o, "worth_knowing") > 0
                   ? VRK_N("It may pay, and it may not ({p}). Measure first, or try it with a few: "
                           "to know beforehand is worth {knowing} at most.")
                   : VRK_N("It may pay, and it may not ({p}). Measure first, or try it with a "
                           "few.");
    if (!*cause)
        return !strcmp(verdict, "right")
                   ? VRK_N("It is likely to pay for itself.")
                   : (train ? VRK_N("Too little of what is lost comes from missing competence to "
                                    "pay for training everybody.")
                            : VRK_N("It is likely to cost more than it gives."));
    if (!strcmp(verdict, "right"))
        return VRK_N("What is lost there is mostly {cause} ({share}). It pays from {even} of it "
                     "won back.");
    return even > 1
               ? VRK_N("It costs more than all that it could win back.")
               : VRK_N("What is lost there is mostly {cause} ({share}), but {even} of it would "
                       "have to be won back, and that is not likely.");
}

vrk_status vrk_say_decision(vrk_ctx *ctx, const vrk_words *w, json_t *o)
{
    vrk_status st = VRK_OK;
    const char *action = vrk_json_text(o, "action"), *why;
    if (!strcmp(action, "nothing"))
        why = vrk_json_number(o, "p_best") > 0.5
                  ? VRK_N("No action is likely to pay for itself: what is lost is too little, or "
                          "too uncertain.")
                  : VRK_N("No action is sure enough to pay for itself yet, though it is likely "
                          "({p_other}) that some would. Try one of those below with a few, and "
                          "follow it up.");
    else if (!strcmp(action, "measure"))
        why = VRK_N("No cause stands out: likeliest is {cause} ({share}). The sellers' rows say "
                    "what would settle it.");
    else if (json_is_null(json_object_get(o, "cost")))
        why = VRK_N("What it costs is told in other money than the results, so whether it pays "
                    "cannot be said; set the fees in verkan.toml.");
    else
        why = because(o);
    TRY(vrk_say_set(ctx, w, o, "text", action_text(w, o)));
    if (!strcmp(action, "redeploy") && !json_is_null(json_object_get(o, "cost")))
        return vrk_say_set(ctx, w, o, "why", swap_why(w, o));
    why = vrk_say(
        w, why, "cause", cause_text(w, o), "share", vrk_say_percent(w, vrk_json_number(o, "share")),
        "even", vrk_say_percent(w, vrk_json_number(o, "break_even")), "p",
        vrk_say_probability(w, vrk_json_number(o, "p_positive")), "p_other",
        vrk_say_probability(w, 1 - vrk_json_number(o, "p_best")), "knowing",
        vrk_say_money(w, vrk_json_number(o, "worth_knowing"), vrk_json_text(o, "currency")), NULL);
    int64_t own = (int64_t)vrk_json_number(o, "own");
    if (own > 0)
        why = vrk_say_n(w, "{why} One own follow-up of such an action counts in this.",
                        "{why} {n} own follow-ups of such actions count in this.", own, "why", why,
                        NULL);
    TRY(vrk_say_set(ctx, w, o, "why", why));
done:
    return st;
}
