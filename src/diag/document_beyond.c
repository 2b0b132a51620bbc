/* Findings about teams and segments, and their sentences. */
#include "base/date.h"
#include "diag/document_parts.h"
#include "diag/json.h"

#include <math.h>
#include <string.h>

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

json_t *vrk_process_findings_json(const vrk_findings *f)
{
    json_t *list = json_array();
    for (int64_t i = 0; f->beyond && i < f->beyond->processes; i++) {
        const vrk_process_finding *p = &f->beyond->process[i];
        const vrk_moment_model *x = &f->moments->moment[p->moment];
        double usual = p->doing ? x->doing.base + x->e_reference : x->going.base + x->q_reference;
        list = vrk_json_pushed(
            list,
            json_pack("{s:s,s:n,s:s,s:s,s:o,s:f,s:f,s:f,s:s}", "team_id",
                      f->moments->cells.team_id[p->team], "stage", "moment",
                      vrk_moment_names[p->moment], "what", p->doing ? "doing" : "success", "effect",
                      vrk_json_estimate(p->mean, p->lo, p->hi), "probability", p->probability,
                      "share", logistic(usual + p->mean), "usual", logistic(usual), "text", ""));
    }
    return list;
}

json_t *vrk_market_findings_json(const vrk_findings *f)
{
    json_t *list = json_array();
    for (int64_t i = 0; f->beyond && i < f->beyond->markets; i++) {
        const vrk_market_finding *p = &f->beyond->market[i];
        int64_t quarter = f->moments->cells.quarter[p->quarter];
        vrk_date first = {(int)(quarter / 10), (int)(quarter % 10 * 3 - 2), 1};
        char from[11];
        vrk_day_text(vrk_day_of(first), from);
        list = vrk_json_pushed(list, json_pack("{s:s,s:s,s:o,s:f,s:s}", "segment",
                                               f->moments->cells.segment[p->segment], "from", from,
                                               "effect", vrk_json_estimate(p->mean, p->lo, p->hi),
                                               "probability", p->probability, "text", ""));
    }
    return list;
}

vrk_status vrk_say_process(vrk_ctx *ctx, const vrk_words *w, json_t *o)
{
    bool doing = !strcmp(vrk_json_text(o, "what"), "doing");
    const char *own = vrk_say_percent(w, vrk_json_number(o, "share"));
    const char *usual = vrk_say_percent(w, vrk_json_number(o, "usual"));
    const char *moment = vrk_say_moment(w->lang, vrk_json_text(o, "moment"));
    const char *p = vrk_say_probability(w, vrk_json_number(o, "probability"));
    const char *text =
        doing
            ? vrk_say(w,
                      "{moment} in team {team}: done on {own} of occasions by its median seller, "
                      "elsewhere on {usual} ({p}). A matter of the way of working, not of "
                      "individual sellers.",
                      "moment", moment, "team", vrk_json_text(o, "team_id"), "own", own, "usual",
                      usual, "p", p, NULL)
            : vrk_say(w,
                      "{moment} in team {team}: goes well in {own} of cases for its median "
                      "seller, elsewhere in {usual} ({p}). A matter of the way of working, not of "
                      "individual sellers.",
                      "moment", moment, "team", vrk_json_text(o, "team_id"), "own", own, "usual",
                      usual, "p", p, NULL);
    return vrk_say_set(ctx, w, o, "text", text);
}

vrk_status vrk_say_market(vrk_ctx *ctx, const vrk_words *w, json_t *o)
{
    int64_t day = 0;
    bool known = vrk_day_parse(vrk_json_text(o, "from"), &day);
    return vrk_say_set(ctx, w, o, "text",
                       vrk_say(w,
                               "{segment} is weaker since {from} ({p}): fewer deals there move on, "
                               "whoever sells.",
                               "segment", vrk_json_text(o, "segment"), "from",
                               known ? vrk_say_date(w, day) : "\u2013", "p",
                               vrk_say_probability(w, vrk_json_number(o, "probability")), NULL));
}
