#include "diag/document.h"
#include "diag/document_parts.h"

#include "base/date.h"
#include "base/str.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LEVEL 0.9

/* jansson's constructors fail by NULL, and json_pack and vrk_json_pushed() pass a NULL part on as a
 * failure of the whole; so each builder below gives NULL when memory ran out anywhere in it. */

json_t *vrk_json_pushed(json_t *list, json_t *item)
{
    if (!json_array_append_new(list, item))
        return list;
    json_decref(list);
    return NULL;
}

json_t *vrk_json_real(double x)
{
    return isfinite(x) ? json_real(x) : json_null();
}

json_t *vrk_json_estimate(double mean, double lo, double hi)
{
    return json_pack("{s:o,s:o,s:o}", "mean", vrk_json_real(mean), "lo", vrk_json_real(lo), "hi",
                     vrk_json_real(hi));
}

static json_t *estimate(vrk_interval e)
{
    return vrk_json_estimate(e.mean, e.lo, e.hi);
}

static json_t *day(int64_t number_of_day)
{
    char text[11];
    vrk_day_text(number_of_day, text);
    return json_string(text);
}

static json_t *reasons_json(const vrk_answer *a)
{
    json_t *list = json_array();
    for (int64_t i = 0; i < a->reasons; i++) {
        const vrk_reason *r = &a->reason[i];
        list = vrk_json_pushed(list, json_pack("{s:s,s:s,s:I,s:I,s:I,s:o,s:s,s:s}", "code",
                                               vrk_why_name(r->code), "rule", vrk_why_rule(r->code),
                                               "n", (json_int_t)r->n, "of", (json_int_t)r->all,
                                               "more", (json_int_t)r->more, "weeks",
                                               vrk_json_real(r->weeks), "why", "", "record", ""));
    }
    return list;
}

static json_t *answers_json(const vrk_answer *answer)
{
    static const char *const status[] = {"cannot", "weak", "answered"};
    json_t *list = json_array();
    for (int i = 0; i < VRK_QUESTIONS; i++) {
        char question[8];
        snprintf(question, sizeof(question), "Q%d", i + 1);
        list = vrk_json_pushed(
            list, json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:o}", "question", question, "asked", "",
                            "status", status[answer[i].status], "data", status[answer[i].data],
                            "why", "", "record", "", "reasons", reasons_json(&answer[i])));
    }
    return list;
}

/* A list a state, of the share there on each day. */
static json_t *course_json(const vrk_flow *f)
{
    static const char *const state[VRK_COURSE_STATES] = {"standing", "forward", "back", "won",
                                                         "lost"};
    json_t *o = json_object(), *days = json_array();
    for (int i = 0; i < VRK_COURSE_DAYS; i++)
        days = vrk_json_pushed(days, json_real(f->horizon * i / (VRK_COURSE_DAYS - 1)));
    bool ok = !json_object_set_new(o, "day", days);
    for (int s = 0; s < VRK_COURSE_STATES && ok; s++) {
        json_t *share = json_array();
        for (int i = 0; i < VRK_COURSE_DAYS; i++)
            share = vrk_json_pushed(share, json_real(f->course[i][s]));
        ok = !json_object_set_new(o, state[s], share);
    }
    if (!ok)
        json_decref(o);
    return ok ? o : NULL;
}

static json_t *flow_json(const vrk_flow *f)
{
    json_t *o =
        json_pack("{s:I,s:I,s:o,s:o,s:o,s:o}", "entered", (json_int_t)f->entered, "standing",
                  (json_int_t)f->standing, "median_days", estimate(f->median_days), "p90_days",
                  estimate(f->p90_days), "median_workdays", estimate(f->median_workdays),
                  "p90_workdays", estimate(f->p90_workdays));
    json_t *shares = json_pack(
        "{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:b,s:o}", "forward", estimate(f->forward), "back",
        estimate(f->back), "won", estimate(f->won), "lost", estimate(f->lost), "stalled",
        estimate(f->stalled), "days_in", estimate(f->days_in), "days_lost", estimate(f->days_lost),
        "beyond_data", (int)f->beyond, "course", f->horizon > 0 ? course_json(f) : json_null());
    if (!o || !shares || json_object_update(o, shares)) {
        json_decref(o);
        o = NULL;
    }
    json_decref(shares);
    return o;
}

/* {"<name>": value, then the flow}. */
static json_t *named_flow(const char *name, const vrk_flow *f, const char *value, int64_t position)
{
    json_t *flow = flow_json(f);
    json_t *o = position < 0
                    ? json_pack("{s:s}", name, value)
                    : json_pack("{s:s,s:I}", name, value, "position", (json_int_t)position);
    if (!o || !flow || json_object_update(o, flow)) {
        json_decref(o);
        o = NULL;
    }
    json_decref(flow);
    return o;
}

/* When those left that went on, and when those that were lost; null where they are few. */
static json_t *times_json(const double *day)
{
    if (!isfinite(day[0]))
        return json_null();
    return json_pack("[f,f,f,f,f]", day[0], day[1], day[2], day[3], day[4]);
}

static bool set_times(json_t *stage, const vrk_flow *f)
{
    return json_object_set_new(stage, "on_days", times_json(f->on_days)) == 0 &&
           json_object_set_new(stage, "lost_days", times_json(f->lost_days)) == 0 &&
           json_object_set_new(stage, "turn_day", vrk_json_real(f->turn_day)) == 0;
}

static json_t *stages_json(const vrk_process *p)
{
    json_t *list = json_array();
    for (int64_t i = 0; i < p->stages; i++) {
        json_t *stage = named_flow("stage", &p->stage[i], p->stage[i].stage, i + 1);
        json_t *situations = json_array();
        for (int64_t j = 0; j < p->situations; j++) {
            const vrk_flow *f = &p->situation[j];
            if (!strcmp(f->stage, p->stage[i].stage))
                situations =
                    vrk_json_pushed(situations, named_flow("situation", f, f->situation, -1));
        }
        if (json_object_set_new(stage, "situations", situations) ||
            !set_times(stage, &p->stage[i])) {
            json_decref(stage);
            stage = NULL;
        }
        list = vrk_json_pushed(list, stage);
    }
    return list;
}

static json_t *occupation_json(const vrk_occupation *o)
{
    json_t *ages = json_array(), *states = json_array(), *share = json_array(),
           *mean = json_array();
    for (int64_t j = 0; j < o->states; j++) {
        states = vrk_json_pushed(states, json_string(o->state[j]));
        mean = vrk_json_pushed(mean, estimate(o->mean[j]));
    }
    for (int64_t i = 0; i < o->ages; i++) {
        json_t *row = json_array();
        for (int64_t j = 0; j < o->states; j++)
            row = vrk_json_pushed(row, estimate(o->share[i * o->states + j]));
        ages = vrk_json_pushed(ages, json_real(o->age[i]));
        share = vrk_json_pushed(share, row);
    }
    return json_pack("{s:o,s:o,s:o,s:o}", "age_days", ages, "states", states, "share", share,
                     "mean_days", mean);
}

static json_t *cohorts_json(const vrk_process *p)
{
    json_t *list = json_array();
    for (int64_t i = 0; i < p->cohorts; i++) {
        const vrk_cohort *c = &p->cohort[i];
        list = vrk_json_pushed(list, json_pack("{s:s,s:I,s:I,s:I,s:I,s:o,s:b}", "quarter",
                                               c->quarter, "created", (json_int_t)c->created, "won",
                                               (json_int_t)c->won, "lost", (json_int_t)c->lost,
                                               "open", (json_int_t)c->open, "win", estimate(c->win),
                                               "beyond_data", (int)c->beyond));
    }
    return list;
}

static json_t *conversion_json(const vrk_findings *f)
{
    json_t *list = json_array();
    for (int64_t i = 0; i < f->crm->figures; i++) {
        const vrk_crm_figure *x = &f->crm->figure[i];
        list = vrk_json_pushed(
            list,
            json_pack("{s:s,s:s,s:s,s:s,s:o,s:I,s:I,s:o}", "kind", vrk_crm_name(x->kind), "systems",
                      "", "definition", "", "differs", "", "stage",
                      x->stage < 0 ? json_null() : json_string(f->process->stage[x->stage].stage),
                      "n", (json_int_t)x->n, "of", (json_int_t)x->of, "value",
                      vrk_json_real(x->of ? (double)x->n / (double)x->of : nan(""))));
    }
    return list;
}

/* What is concluded first. `stop`: most deals stop in one stage; `tie`: which stage is not certain;
 * `whole`: no stages, only the share won; `none`: nothing can be concluded. */
static json_t *finding_json(const vrk_findings *f)
{
    const vrk_process *p = f->process;
    bool can = f->answer[1].status != VRK_CANNOT; /* Q2 */
    const char *kind = "none";
    json_t *stage = NULL, *other = NULL;
    if (can && p->by_stage && p->stop >= 0 && p->next_stop >= 0) {
        kind = p->stop_p >= 0.7 ? "stop" : "tie";
        stage = json_string(p->stage[p->stop].stage);
        other = json_string(p->stage[p->next_stop].stage);
    } else if (can && p->whole.entered > 0) {
        kind = "whole";
    }
    return json_pack("{s:s,s:s,s:s,s:o,s:o,s:o}", "kind", kind, "text", "", "certainty", "",
                     "stage", stage ? stage : json_null(), "other_stage",
                     other ? other : json_null(), "probability",
                     vrk_json_real(stage ? p->stop_p : nan("")));
}

static json_t *files_json(const vrk_origin *origin)
{
    json_t *list = json_array();
    for (int64_t i = 0; i < origin->files; i++) {
        const vrk_file_balance *b = &origin->file[i];
        list = vrk_json_pushed(
            list,
            json_pack("{s:s,s:s,s:I,s:I,s:I,s:I,s:I,s:I}", "file", b->file, "table", b->table,
                      "read", (json_int_t)b->read, "used", (json_int_t)b->used, "identical",
                      (json_int_t)b->identical, "replaced", (json_int_t)b->replaced, "rejected",
                      (json_int_t)b->rejected, "skipped", (json_int_t)b->skipped));
    }
    return list;
}

static json_t *problems_json(const vrk_origin *origin)
{
    json_t *list = json_array();
    for (int64_t i = 0; i < origin->problems; i++) {
        const vrk_file_problem *p = &origin->problem[i];
        list = vrk_json_pushed(list, json_pack("{s:s,s:I,s:s,s:s,s:s,s:I,s:b}", "file", p->file,
                                               "line", (json_int_t)p->line, "field", p->field,
                                               "code", p->code, "sentence", p->sentence, "rows",
                                               (json_int_t)p->n, "kept", (int)p->warning));
    }
    return list;
}

static json_t *data_json(const vrk_findings *f)
{
    static const vrk_origin unknown = {0};
    const vrk_coverage *c = f->coverage;
    const vrk_origin *origin = f->origin ? f->origin : &unknown;
    return json_pack("{s:o,s:o,s:o,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:o}", "from",
                     f->dated ? day(f->from) : json_null(), "to",
                     f->dated ? day(f->to) : json_null(), "as_of",
                     f->dated ? day(f->to) : json_null(), "sellers", (json_int_t)c->owners, "deals",
                     (json_int_t)c->deals, "activities", (json_int_t)c->activities, "rejects",
                     (json_int_t)origin->rejects, "undated_deals",
                     (json_int_t)(c->deals - c->dated), "won", (json_int_t)c->won, "lost",
                     (json_int_t)c->lost, "open", (json_int_t)(c->deals - c->won - c->lost),
                     "files", files_json(origin), "problems", problems_json(origin));
}

static json_t *inferred_json(const vrk_findings *f)
{
    json_t *list = json_array();
    for (int64_t i = 0; i < f->notes; i++) {
        json_t *args = json_array();
        for (int k = 0; k < 3 && f->note[i].arg[k]; k++)
            args = vrk_json_pushed(args, json_string(f->note[i].arg[k]));
        list = vrk_json_pushed(
            list, json_pack("{s:s,s:o,s:s}", "note", f->note[i].text, "args", args, "text", ""));
    }
    return list;
}

/* The identities that hold whatever the data: a check that fails is a fault of the program. */
static json_t *checks_json(const vrk_process *p)
{
    double off = 0;
    for (int64_t i = 0; i < p->stages + p->situations; i++) {
        const vrk_flow *f = i < p->stages ? &p->stage[i] : &p->situation[i - p->stages];
        double sum = f->forward.mean + f->back.mean + f->won.mean + f->lost.mean + f->stalled.mean;
        off = fmax(off, fabs(sum - 1));
    }
    return json_pack("[{s:s,s:b,s:f}]", "check", "shares_sum_to_one", "ok", off < 1e-9, "value",
                     off);
}

static json_t *method_json(const vrk_findings *f)
{
    const vrk_process *p = f->process;
    return json_pack("{s:s,s:I,s:o,s:o,s:b,s:o,s:o,s:s,s:f,s:I,s:I,s:o}", "version", f->version,
                     "seed", (json_int_t)f->seed, "hyperparameters",
                     vrk_hyperparameters_json(f->moments), "checks", checks_json(p), "by_stage",
                     (int)p->by_stage, "horizon_days", vrk_json_real(p->horizon),
                     "whole_horizon_days", vrk_json_real(p->whole_horizon), "clock", "whole days",
                     "level", LEVEL, "leaks_tried", (json_int_t)(f->leaks ? f->leaks->tried : 0),
                     "leak_segments_tried", (json_int_t)(f->leaks ? f->leaks->segments_tried : 0),
                     "actions", vrk_action_settings_json(f->actions));
}

static json_t *empty(const char *brackets)
{
    return json_loads(brackets, 0, NULL);
}

vrk_status vrk_document_make(vrk_ctx *ctx, const vrk_findings *f, json_t **out)
{
    vrk_status st = VRK_OK;
    json_t *o = json_object();
    const struct {
        const char *key;
        json_t *value;
    } member[] = {
        {"schema", json_string("verkan.diagnosis/1")},
        {"language", json_string("")},
        {"data", data_json(f)},
        {"finding", finding_json(f)},
        {"answers", answers_json(f->answer)},
        {"attribution", vrk_attribution_json(f)},
        {"league", vrk_league_json(f)},
        {"activity", vrk_activity_json(f)},
        {"whole", flow_json(&f->process->whole)},
        {"stages", stages_json(f->process)},
        {"occupation", occupation_json(&f->process->occupation)},
        {"cohorts", cohorts_json(f->process)},
        {"conversion", conversion_json(f)},
        {"inferred", inferred_json(f)},
        {"leaks", vrk_leaks_json(f)},
        {"sellers", vrk_standings_json(f, vrk_sellers_json(f))},
        {"process", vrk_process_findings_json(f)},
        {"market", vrk_market_findings_json(f)},
        {"what_if", vrk_what_if_json(f)},
        {"decisions", vrk_decisions_json(f)},
        {"time", vrk_time_json(f)},
        {"postponed", vrk_postponed_json(f)},
        {"requirements", empty("[]")},
        {"candidates", empty("[]")},
        {"follow_up", vrk_follow_up_json(f)},
        {"open_deals", vrk_open_deals_json(f)},
        {"method", method_json(f)},
    };
    bool failed = !o;

    *out = NULL;
    for (size_t i = 0; i < sizeof(member) / sizeof(member[0]); i++)
        failed |= json_object_set_new(o, member[i].key, member[i].value) != 0;
    if (failed)
        FAIL(VRK_EMEMORY, "out of memory for the result document");
    TRY(vrk_document_say(ctx, o, f->lang));
    *out = o;
    o = NULL;
done:
    json_decref(o);
    return st;
}

vrk_status vrk_document_text(vrk_ctx *ctx, const json_t *document, vrk_arena *mem,
                             const char **text)
{
    vrk_status st = VRK_OK;
    /* 9 digits: what `verify` compares after; the bits below differ between machines. */
    char *dump = json_dumps(document, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
    *text = NULL;
    if (!dump)
        FAIL(VRK_EMEMORY, "out of memory for the text of the result document");
    *text = vrk_text_f(mem, "%s\n", dump);
    if (!*text)
        FAIL(VRK_EMEMORY, "out of memory for the text of the result document");
done:
    free(dump);
    return st;
}

vrk_status vrk_document_read(vrk_ctx *ctx, const char *text, json_t **out)
{
    json_error_t error;
    *out = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    if (!*out)
        return vrk_fail(ctx, VRK_EINPUT, "result document, line %d: %s", error.line, error.text);
    return VRK_OK;
}

void vrk_document_free(json_t *document)
{
    json_decref(document);
}
