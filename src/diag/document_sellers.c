#include "diag/document_parts.h"

#include <math.h>

static json_t *probabilities(const vrk_judgement *j)
{
    json_t *o = json_object();
    for (int k = 0; k < VRK_VERDICTS; k++) {
        if (json_object_set_new(o, vrk_verdict_names[k], json_real(j->probability[k]))) {
            json_decref(o);
            return NULL;
        }
    }
    return o;
}

static const char *verdict_name(const vrk_judgement *j)
{
    return j->given ? vrk_verdict_names[j->likeliest] : "unclear";
}

/* Occasions by situation are not counted apart: the share of complex deals is the organisation's.
 */
static json_t *situation(const char *name, const vrk_judgement *j)
{
    return json_pack("{s:s,s:s,s:o}", "situation", name, "verdict", verdict_name(j), "probability",
                     probabilities(j));
}

static json_t *load_json(const vrk_load_curve *c)
{
    json_t *point = json_array(), *week = json_array();
    if (!c->points) {
        json_decref(point);
        json_decref(week);
        return json_null();
    }
    for (int64_t i = 0; i < c->points; i++) {
        const vrk_load_point *p = &c->at[i];
        point = vrk_json_pushed(point, json_pack("{s:f,s:o,s:f}", "hours", p->hours, "done",
                                                 vrk_json_estimate(p->done, p->lo, p->hi), "usual",
                                                 p->usual));
    }
    for (int64_t i = 0; i < c->seen; i++)
        week = vrk_json_pushed(week, json_pack("{s:f,s:I,s:I}", "hours", c->week[i].hours, "n",
                                               (json_int_t)c->week[i].n, "done",
                                               (json_int_t)c->week[i].done));
    return json_pack("{s:o,s:o}", "points", point, "recorded", week);
}

/* Costs and values are null where they cannot be said. */
static json_t *settle_json(const vrk_settle *s, const char *currency)
{
    json_t *options = json_array();
    for (int64_t i = 0; i < s->options; i++) {
        const vrk_settle_option *o = &s->option[i];
        double none = nan("");
        options = vrk_json_pushed(
            options, json_pack("{s:s,s:I,s:f,s:o,s:o,s:o}", "kind", vrk_settle_names[o->kind], "n",
                               (json_int_t)o->n, "probability", o->probability, "cost",
                               vrk_json_real(s->priced ? o->cost : none), "value",
                               vrk_json_real(s->priced ? o->value : none), "net",
                               vrk_json_real(s->priced ? o->value - o->cost : none)));
    }
    bool one = s->priced && s->kind != VRK_SETTLE_NOTHING;
    return json_pack("{s:s,s:I,s:f,s:o,s:o,s:b,s:s,s:o}", "kind", vrk_settle_names[s->kind], "n",
                     (json_int_t)s->n, "probability", s->probability, "cost",
                     vrk_json_real(one ? s->cost : nan("")), "value",
                     vrk_json_real(one ? s->value : nan("")), "pays", (int)s->pays, "currency",
                     s->priced ? currency : "", "options", options);
}

static json_t *figures(const vrk_seller_moment *m, const char *currency)
{
    const vrk_moment_figures *f = &m->figures;
    const vrk_seller_verdict *v = &m->verdict;
    json_t *counts = json_pack("{s:I,s:I,s:I}", "done", (json_int_t)f->done, "known",
                               (json_int_t)f->known, "success", (json_int_t)f->success);
    json_t *shares = json_pack(
        "{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "usual_done", vrk_json_real(f->usual_done),
        "usual_success", vrk_json_real(f->usual_success), "normal_load",
        vrk_json_real(f->normal_load), "heavy_load", vrk_json_real(f->heavy_load), "rating",
        vrk_json_real(f->rating), "usual_rating", vrk_json_real(f->usual_rating), "right",
        vrk_json_real(f->right), "answers", vrk_json_real(f->answers), "usual_right",
        vrk_json_real(f->usual_right), "logged", vrk_json_real(f->logged));
    json_t *effects = json_pack(
        "{s:o,s:o,s:o,s:f,s:f,s:f}", "execution", vrk_json_estimate(v->e, v->e_lo, v->e_hi),
        "under_load", vrk_json_estimate(v->pressed, v->pressed_lo, v->pressed_hi), "competence",
        vrk_json_estimate(v->q, v->q_lo, v->q_hi), "team_execution", v->team_e, "team_competence",
        v->team_q, "market", v->market);
    return json_pack("{s:o,s:o,s:o,s:o,s:o}", "counts", counts, "shares", shares, "effects",
                     effects, "settle", settle_json(&m->settle, currency), "load",
                     load_json(&m->load));
}

static json_t *judged(const vrk_seller_moment *m, const char *currency)
{
    const vrk_judgement *j = &m->verdict.all;
    json_t *situations = json_array();
    if (m->number != VRK_AT_PROSPECTING) { /* a week has no deal's complexity */
        situations = vrk_json_pushed(situations, situation("simple", &m->verdict.simple));
        situations = vrk_json_pushed(situations, situation("complex", &m->verdict.complex));
    }
    return json_pack("{s:s,s:I,s:o,s:o,s:s,s:o,s:s,s:s,s:[],s:n,s:o,s:o}", "moment", m->moment,
                     "occasions", (json_int_t)m->occasions, "done_rate",
                     vrk_json_estimate(m->done[0], m->done[1], m->done[2]), "success_rate",
                     vrk_json_estimate(m->success[0], m->success[1], m->success[2]), "verdict",
                     verdict_name(j), "probability", probabilities(j), "code", "", "why", "",
                     "evidence", "would_settle", "situations", situations, "figures",
                     figures(m, currency));
}

static json_t *not_judged(const vrk_seller_moment *m, const vrk_coverage *c)
{
    bool unlinked = m->code == VRK_WHY_UNLINKED;
    int64_t n = unlinked ? c->activities - c->linked : m->occasions;
    return json_pack("{s:s,s:I,s:n,s:n,s:n,s:n,s:s,s:I,s:I,s:s,s:[],s:n,s:[],s:n}", "moment",
                     m->moment, "occasions", (json_int_t)m->occasions, "done_rate", "success_rate",
                     "verdict", "probability", "code", vrk_why_name(m->code), "n", (json_int_t)n,
                     "of", (json_int_t)(unlinked ? c->activities : 10), "why", "", "evidence",
                     "would_settle", "situations", "figures");
}

json_t *vrk_sellers_json(const vrk_findings *f)
{
    const vrk_seller_moments *s = f->seller_moments;
    const char *currency = f->leaks ? f->leaks->currency : "";
    json_t *list = json_array();
    for (int64_t i = 0; s && i < s->n;) {
        const vrk_seller_moment *first = &s->row[i];
        json_t *moments = json_array();
        for (; i < s->n && s->row[i].seller_key == first->seller_key; i++)
            moments =
                vrk_json_pushed(moments, s->row[i].judged ? judged(&s->row[i], currency)
                                                          : not_judged(&s->row[i], f->coverage));
        list = vrk_json_pushed(
            list, json_pack("{s:I,s:o,s:n,s:o,s:[]}", "seller_key", (json_int_t)first->seller_key,
                            "team_id", *first->team_id ? json_string(first->team_id) : json_null(),
                            "rank", "moments", moments, "competence"));
    }
    return list;
}

static json_t *two_part(const vrk_two_part *p)
{
    return json_pack("{s:o,s:o,s:o}", "centre", vrk_json_real(p->centre), "near_sd",
                     vrk_json_real(p->near_sd), "far_share", vrk_json_real(p->far_share));
}

static json_t *half_json(const vrk_half *h)
{
    return json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:I,s:b}", "base", vrk_json_real(h->base), "deal_sd",
                     vrk_json_real(h->deal_sd), "own", two_part(&h->fit.own), "slope",
                     two_part(&h->fit.slope), "team", two_part(&h->fit.team), "ll",
                     vrk_json_real(h->fit.ll), "iterations", (json_int_t)h->fit.iterations,
                     "converged", (int)h->fit.converged);
}

/* Of the moments whose cells carry a model. */
json_t *vrk_hyperparameters_json(const vrk_moments *m)
{
    json_t *o = json_object();
    for (int k = 1; m && m->cells.sellers && k <= VRK_AT_MOMENTS; k++) {
        const vrk_moment_model *x = &m->moment[k];
        if (!x->has_doing || !x->has_going)
            continue;
        json_t *moment =
            json_pack("{s:o,s:o,s:f,s:f,s:f}", "doing", half_json(&x->doing), "going",
                      half_json(&x->going), "log_shift", m->logging.shift[k], "log_spread",
                      m->logging.spread[k], "false_done", m->logging.false_rate[k]);
        if (json_object_set_new(o, vrk_moment_names[k], moment)) {
            json_decref(o);
            return NULL;
        }
    }
    return o;
}
