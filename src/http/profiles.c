/* What a person can, for who may see it: the profile of the sittings, what others saw, the plan. */
#include "http/assess.h"
#include "http/roster.h"

#include "base/sys.h"
#include "store/audit.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

const char *vrk_in(const vrk_request *r, const vrk_text *text)
{
    return text->in[r->lang == VRK_SV];
}

json_t *vrk_json_time(vrk_worker *w, int64_t us)
{
    return us ? json_string(vrk_iso(&w->ctx.scratch, us)) : json_null();
}

vrk_status vrk_find_seen(vrk_worker *w, vrk_request *r, const char *person_id, int64_t *key)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    TRY(vrk_person_key(ctx, w->w.records, person_id, key));
    if (*key && vrk_sees_person(w->app, r->member, *key))
        goto done;
    if (*key && vrk_leads_person(w->app, r->member, *key))
        vrk_refuse(r, 403, "case",
                   VRK_N("What a person can is shown in a case that the person knows of. Open one "
                         "first."));
    else
        vrk_refuse(r, 404, "not_found", VRK_N("There is no such person here."));
    *key = 0;
done:
    return st;
}

static json_t *say_gauge(const vrk_gauge *g)
{
    return json_pack("{s:f,s:f,s:f}", "mean", g->mean, "lo", g->lo, "hi", g->hi);
}

static const char *const kind_name[VRK_KINDS] = {"simple",    "complex", "single",
                                                 "committee", "short",   "long"};

static json_t *say_kinds(const vrk_ability_part *p)
{
    json_t *list = json_array();
    for (int k = 0; k < VRK_KINDS; k++)
        json_array_append_new(list,
                              json_pack("{s:s,s:I,s:o}", "kind", kind_name[k], "answers",
                                        (json_int_t)p->kind[k].answers, "share",
                                        p->kind_told[k] ? say_gauge(&p->kind[k]) : json_null()));
    return list;
}

/* Differences between kinds of deals that are told: the harder of the two, and which way. */
static json_t *say_contrasts(const vrk_ability_part *p)
{
    json_t *list = json_array();
    for (int c = 0; c < VRK_CONTRASTS; c++) {
        double x = p->harder[c], sure = fmax(x, 1 - x);
        if (isfinite(x) && sure >= VRK_CONTRAST_TOLD)
            json_array_append_new(list, json_pack("{s:s,s:b,s:f}", "kind", kind_name[2 * c + 1],
                                                  "weaker", x > 0.5, "p", sure));
    }
    return list;
}

static json_t *say_change(const vrk_competence_of *of)
{
    const vrk_change_of *c = &of->change;
    if (!of->before || !isfinite(c->change))
        return json_null();
    return json_pack("{s:I,s:s,s:f}", "sitting", (json_int_t)of->before, "is",
                     !c->reliable    ? "none"
                     : c->change > 0 ? "better"
                                     : "weaker",
                     "p", fmax(c->p_up, c->p_down));
}

static json_t *say_part(vrk_worker *w, const vrk_request *r, const vrk_ability_part *p,
                        const vrk_competence_of *of)
{
    const vrk_instrument *one = p->instrument;
    return json_pack("{s:s,s:s,s:s,s:s,s:I,s:o,s:b,s:I,s:I,s:f,s:f,s:o,s:o,s:o,s:o}", "competency",
                     one->competency, "name", vrk_in(r, &one->name), "definition",
                     vrk_in(r, &one->definition), "low", vrk_in(r, &one->low), "sitting",
                     (json_int_t)of->sitting, "at", vrk_json_time(w, of->at), "told", p->told,
                     "answers", (json_int_t)p->all.answers, "measured", (json_int_t)p->persons,
                     "reliability", p->all.reliability, "chance", p->chance, "share",
                     p->told ? say_gauge(&p->all) : json_null(), "kinds", say_kinds(p), "contrasts",
                     say_contrasts(p), "change", say_change(of));
}

static json_t *say_pattern(vrk_worker *w, const vrk_competence_sitting *s)
{
    const vrk_pattern *p = &s->pattern;
    return json_pack("{s:I,s:o,s:I,s:I,s:I,s:I,s:b,s:b,s:b}", "sitting", (json_int_t)s->sitting,
                     "at", vrk_json_time(w, s->at), "answers", (json_int_t)p->answers, "timed",
                     (json_int_t)p->timed, "fast", (json_int_t)p->fast, "run", (json_int_t)p->run,
                     "too_fast", p->too_fast, "one_line", p->one_line, "by_place", p->by_place);
}

/* One thing to practise, and how it looks when it is done well. */
static json_t *say_practise(const vrk_request *r, const vrk_competence *p)
{
    if (p->practise < 0)
        return json_null();
    const vrk_instrument *one = p->part[p->practise].instrument;
    const char *kind = p->contrast < 0 ? NULL
                       : p->part[p->practise].harder[p->contrast] > 0.5
                           ? kind_name[2 * p->contrast + 1]
                           : kind_name[2 * p->contrast];
    return json_pack("{s:s,s:s,s:s,s:s?}", "competency", one->competency, "name",
                     vrk_in(r, &one->name), "well", vrk_in(r, &one->anchor[VRK_LEVELS - 2]), "kind",
                     kind);
}

vrk_status vrk_profile_json(vrk_worker *w, const vrk_request *r, const vrk_competence *p,
                            json_t **out)
{
    json_t *parts = json_array(), *sittings = json_array();
    for (int64_t i = 0; i < p->parts; i++)
        json_array_append_new(parts, say_part(w, r, &p->part[i], &p->of[i]));
    for (int64_t i = 0; i < p->sittings; i++)
        json_array_append_new(sittings, say_pattern(w, &p->sitting[i]));
    *out = json_pack("{s:o,s:o,s:I,s:I,s:o,s:o}", "competencies", parts, "sittings", sittings,
                     "open", (json_int_t)p->open, "changed", (json_int_t)p->changed, "apart",
                     isfinite(p->apart_p) ? json_boolean(p->apart) : json_null(), "practise",
                     say_practise(r, p));
    return *out && !w->ctx.scratch.failed
               ? VRK_OK
               : vrk_fail(&w->ctx, VRK_EMEMORY, "out of memory for a profile");
}

/* Candidates are seen by who recruits; everybody else as elsewhere. */
static vrk_status find_person(vrk_worker *w, vrk_request *r, bool *candidate, int64_t *key)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_frame f = {0};
    vrk_by role = r->member->account.role;
    const char *as = vrk_query(r, "as");
    *candidate = role == VRK_BY_HR || (role == VRK_BY_OWNER && as && !strcmp(as, "candidate"));
    if (!*candidate) {
        TRY(vrk_find_seen(w, r, r->part[0], key));
        goto done;
    }
    const vrk_value bind = vrk_bind_text(r->part[0]);
    TRY(vrk_records_run(ctx, w->w.records,
                        "SELECT i.key FROM identity i JOIN invitation v ON v.person = i.key WHERE "
                        "space = 'person' AND source_id = ?1 AND v.kind = 'candidate' LIMIT 1",
                        &bind, 1, &f));
    *key = f.rows ? f.column[0].i[0] : 0;
    if (!*key)
        vrk_refuse(r, 404, "not_found", VRK_N("There is no such person here."));
done:
    vrk_frame_free(&f);
    return st;
}

/* The log says whose profile was shown to somebody else. */
static vrk_status log_view(vrk_worker *w, vrk_request *r, int64_t key)
{
    const vrk_audit entry = {.account = r->member->account.id,
                             .what = r->route->audit,
                             .subject = vrk_text_f(&w->ctx.scratch, "person %" PRId64, key),
                             .purpose = "screen",
                             .outcome = "done"};
    r->audited = true;
    if (key == r->member->account.person_key)
        return VRK_OK;
    return vrk_audit_write(&w->ctx, w->w.records, &entry);
}

vrk_status vrk_run_profile(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_competence p = {0};
    json_t *out = NULL, *ratings = NULL, *plans = NULL;
    int64_t key, waiting = 0;
    bool candidate;

    TRY(find_person(w, r, &candidate, &key));
    if (!key)
        goto done;
    TRY(vrk_competence_make(ctx, w->w.records, w->app->instruments, r->part[0], candidate, 0, &p));
    TRY(vrk_profile_json(w, r, &p, &out));
    if (!candidate) {
        TRY(vrk_ratings_json(w, r, key, &ratings, &waiting));
        TRY(vrk_plans_json(w, key, &plans));
    }
    if (json_object_set_new(out, "person_id", json_string(r->part[0])) != 0 ||
        json_object_set_new(out, "kind", json_string(candidate ? "candidate" : "seller")) != 0 ||
        json_object_set_new(out, "own", json_boolean(key == r->member->account.person_key)) != 0 ||
        json_object_set(out, "ratings", ratings ? ratings : json_null()) != 0 ||
        json_object_set(out, "plans", plans ? plans : json_null()) != 0 ||
        json_object_set_new(out, "waiting", json_integer((json_int_t)waiting)) != 0)
        FAIL(VRK_EMEMORY, "out of memory for a profile");
    TRY(log_view(w, r, key));
    TRY(vrk_answer_json(ctx, r, 200, json_incref(out)));
done:
    json_decref(out);
    json_decref(ratings);
    json_decref(plans);
    vrk_competence_free(&p);
    return st;
}
