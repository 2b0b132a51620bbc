/* What interventions did, in the document, and their sentences. */
#include "base/date.h"
#include "diag/document_parts.h"
#include "diag/json.h"

#include <math.h>
#include <string.h>

#define Z90 1.6448536269514722

/* What may be said: the interval of what is left and the dealing out anew must agree. */
static const char *outcome_of(const vrk_follow *f)
{
    double net = f->effect - f->by_itself;
    if (f->p <= 0.1 && net - Z90 * f->se > 0)
        return "worked";
    return f->p <= 0.1 && net + Z90 * f->se < 0 ? "worse" : "not_told";
}

static json_t *interval(double mean, double se)
{
    return vrk_json_estimate(mean, mean - Z90 * se, mean + Z90 * se);
}

static json_t *numbers_json(const vrk_follow *f)
{
    bool told = f->code == VRK_FOLLOWED;
    if (!told)
        return json_pack("{s:n,s:n,s:n,s:n,s:n,s:n,s:n,s:n,s:n}", "before", "after",
                         "control_before", "control_after", "effect", "regression_to_mean", "net",
                         "p", "reliability");
    return json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "before", vrk_json_real(f->before),
                     "after", vrk_json_real(f->after), "control_before",
                     vrk_json_real(f->control_before), "control_after",
                     vrk_json_real(f->control_after), "effect", interval(f->effect, f->se),
                     "regression_to_mean", vrk_json_real(f->by_itself), "net",
                     interval(f->effect - f->by_itself, f->se), "p", vrk_json_real(f->p),
                     "reliability", vrk_json_real(f->reliability));
}

static json_t *follow_json(const vrk_follow_ups *all, const vrk_follow *f)
{
    bool told = f->code == VRK_FOLLOWED;
    vrk_action action = vrk_action_of_kind(f->kind);
    char from[11];
    vrk_day_text(f->from, from);
    json_t *o = json_pack(
        "{s:o,s:I,s:s,s:o,s:o,s:o,s:s,s:s,s:b,s:s,s:o,s:I,s:I,s:I,s:I,s:s}", "intervention_id",
        f->intervention < 0 ? json_null() : json_string(all->id[f->intervention]), "interventions",
        (json_int_t)f->rows, "kind", f->kind, "action",
        action == VRK_DO_NOTHING ? json_null() : json_string(vrk_action_names[action]), "team_id",
        *f->team ? json_string(f->team) : json_null(), "moment",
        f->moment ? json_string(vrk_moment_names[f->moment]) : json_null(), "what",
        f->doing ? "doing" : "success", "from", from, "evaluable", (int)told, "code",
        vrk_follow_code_name(f->code), "outcome", told ? json_string(outcome_of(f)) : json_null(),
        "persons", (json_int_t)f->treated, "controls", (json_int_t)f->controls, "occasions_before",
        (json_int_t)f->occasions_before, "occasions_after", (json_int_t)f->occasions_after, "text",
        "");
    json_t *numbers = numbers_json(f);
    if (!o || !numbers || json_object_update(o, numbers)) {
        json_decref(o);
        o = NULL;
    }
    json_decref(numbers);
    return o;
}

json_t *vrk_follow_up_json(const vrk_findings *f)
{
    json_t *list = json_array();
    for (int64_t i = 0; f->follow && i < f->follow->n; i++)
        list = vrk_json_pushed(list, follow_json(f->follow, &f->follow->row[i]));
    return list;
}

/* "coaching I0007 from 3 May 2026, Next step": which action, about what. */
static const char *which(const vrk_words *w, const json_t *o)
{
    const char *id = vrk_json_text(o, "intervention_id"), *moment = vrk_json_text(o, "moment");
    int64_t day = 0;
    bool known = vrk_day_parse(vrk_json_text(o, "from"), &day);
    const char *about = *moment ? vrk_say_moment(w->lang, moment) : "\u2013";
    if (*id)
        return vrk_say(w, "{moment}, {kind} {id} from {from}", "moment", about, "kind",
                       vrk_json_text(o, "kind"), "id", id, "from",
                       known ? vrk_say_date(w, day) : "\u2013", NULL);
    if (*vrk_json_text(o, "team_id"))
        return vrk_say_n(w, "{moment}, {kind} in team {team}, {n} time",
                         "{moment}, {kind} in team {team}, {n} times",
                         vrk_json_int(o, "interventions"), "moment", about, "kind",
                         vrk_json_text(o, "kind"), "team", vrk_json_text(o, "team_id"), NULL);
    return vrk_say_n(w, "{moment}, {kind}, {n} time", "{moment}, {kind}, {n} times",
                     vrk_json_int(o, "interventions"), "moment", about, "kind",
                     vrk_json_text(o, "kind"), NULL);
}

static const char *points(const vrk_words *w, double share)
{
    return vrk_say_number(w, 100 * share, 1);
}

static const char *compared(const vrk_words *w, const json_t *o)
{
    bool doing = !strcmp(vrk_json_text(o, "what"), "doing");
    const json_t *net = json_object_get(o, "net");
    const char *outcome = vrk_json_text(o, "outcome");
    const char *verdict = !strcmp(outcome, "worked")  ? VRK_N("It worked.")
                          : !strcmp(outcome, "worse") ? VRK_N("It made things worse.")
                                                      : VRK_N("That may be chance.");
    const char *change = vrk_say(
        w,
        doing ? VRK_N("{which}: done on {before} of occasions before and {after} after; the {n} "
                      "compared with {others_before} and {others_after}.")
              : VRK_N("{which}: went well in {before} of cases before and {after} after; for the "
                      "{n} compared with {others_before} and {others_after}."),
        "which", which(w, o), "before", vrk_say_percent(w, vrk_json_number(o, "before")), "after",
        vrk_say_percent(w, vrk_json_number(o, "after")), "n",
        vrk_say_int(w, vrk_json_int(o, "controls")), "others_before",
        vrk_say_percent(w, vrk_json_number(o, "control_before")), "others_after",
        vrk_say_percent(w, vrk_json_number(o, "control_after")), NULL);
    return vrk_say(
        w,
        "{change} The difference is {effect} percentage points, of which {itself} would "
        "have come by itself; {net} ({lo} to {hi}) are left. {verdict}",
        "change", change, "effect", points(w, vrk_json_mean(o, "effect")), "itself",
        points(w, vrk_json_number(o, "regression_to_mean")), "net",
        points(w, vrk_json_number(net, "mean")), "lo", points(w, vrk_json_number(net, "lo")), "hi",
        points(w, vrk_json_number(net, "hi")), "verdict", vrk_tr(w->lang, verdict), NULL);
}

vrk_status vrk_say_follow(vrk_ctx *ctx, const vrk_words *w, json_t *o)
{
    static const char *const why[VRK_FOLLOW_CODES] = {
        [VRK_FOLLOW_NO_MOMENT] =
            VRK_N("{which}: cannot be followed up, since it names no moment that is counted."),
        [VRK_FOLLOW_FOR_EVERYONE] =
            VRK_N("{which}: cannot be followed up, since nobody is left to compare with."),
        [VRK_FOLLOW_FEW_BEFORE] =
            VRK_N("{which}: cannot be followed up, since too little is known from before it."),
        [VRK_FOLLOW_TOO_EARLY] =
            VRK_N("{which}: too early to say; it takes eight weeks after it and five occasions."),
        [VRK_FOLLOW_FEW_CONTROLS] =
            VRK_N("{which}: cannot be followed up, since too few who had no such action have "
                  "enough occasions."),
    };
    const char *code = vrk_json_text(o, "code");
    int k = 0;
    while (k < VRK_FOLLOW_CODES && strcmp(code, vrk_follow_code_name((vrk_follow_code)k)) != 0)
        k++;
    if (k == VRK_FOLLOW_CODES)
        return vrk_fail(ctx, VRK_EINPUT, "result document: unknown code of follow_up '%s'", code);
    return vrk_say_set(ctx, w, o, "text",
                       k ? vrk_say(w, why[k], "which", which(w, o), NULL) : compared(w, o));
}
