/* Recruitment: what roles ask for, applicants beside it, what was decided and why, and whether it
 * tells anything and falls evenly. For hr and the owner. Blind: no names and ids, in an order by
 * lot. */
#include "http/applying.h"
#include "http/assess.h"

#include "people/decision.h"
#include "people/impact.h"
#include "people/validate.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_MOST = 900 << 10, GROUPS_MOST = 50 };

static json_t *number(double x)
{
    return isfinite(x) ? json_real(x) : json_null();
}

static json_t *say_role(vrk_worker *w, const vrk_request *r, const vrk_job *role)
{
    json_t *list = json_array();
    for (int k = 0; k < role->n; k++) {
        const vrk_instrument *one = vrk_instrument_find(w->app->instruments, role->competency[k]);
        json_array_append_new(
            list, json_pack("{s:s,s:s,s:f,s:o,s:o,s:o,s:o}", "competency", role->competency[k],
                            "name", one ? vrk_in(r, &one->name) : role->competency[k], "weight",
                            role->weight[k], "start",
                            role->start[k] ? json_integer((json_int_t)role->start[k]) : json_null(),
                            "said", number(role->said[k]), "apart", number(role->apart[k]), "dealt",
                            number(role->dealt[k])));
    }
    static const char *const deals[] = {
        [VRK_DEALS_NONE] = "none",
        [VRK_DEALS_FEW] = "few",
        [VRK_DEALS_NOTHING] = "nothing",
        [VRK_DEALS_USED] = "used",
    };
    double all = 1 + (double)role->raters + role->deals_count;
    return json_pack("{s:s,s:s,s:s,s:I,s:I,s:s,s:I,s:I,s:f,s:f,s:o}", "role", role->role, "name",
                     vrk_in(r, &role->name), "about", vrk_in(r, &role->about), "raters",
                     (json_int_t)role->raters, "raters_needed", (json_int_t)VRK_RATERS_LEAST,
                     "deals", deals[role->deals], "incumbents", (json_int_t)role->incumbents,
                     "incumbents_needed", (json_int_t)VRK_ROLE_INCUMBENTS, "deals_part",
                     role->deals_count / all, "experts_part", (double)role->raters / all,
                     "competencies", list);
}

/* What the viewer said of each role: {role: {competency: 1 to 5}}. */
static vrk_status own_weights(vrk_worker *w, const vrk_request *r, json_t **out)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_frame f = {0};
    const vrk_value bind = vrk_bind_text(r->member->account.name);
    *out = json_object();
    TRY(vrk_records_run(ctx, w->w.records,
                        "SELECT role, competency, weight FROM role_weight WHERE id IN (SELECT "
                        "max(id) FROM role_weight WHERE rater = ?1 GROUP BY role, competency)",
                        &bind, 1, &f));
    for (int64_t i = 0; i < f.rows; i++) {
        json_t *of = json_object_get(*out, f.column[0].s[i]);
        if (!of) {
            of = json_object();
            json_object_set_new(*out, f.column[0].s[i], of);
        }
        json_object_set_new(of, f.column[1].s[i], json_integer((json_int_t)f.column[2].i[i]));
    }
done:
    vrk_frame_free(&f);
    return st;
}

/* Of own instruments that are sent: what a role can ask for beside the nine. */
static json_t *say_own(vrk_worker *w, const vrk_request *r)
{
    json_t *list = json_array();
    for (int64_t i = 0; i < w->app->instruments->n; i++) {
        const vrk_instrument *one = &w->app->instruments->instrument[i];
        if (one->own && !one->retired)
            json_array_append_new(list, json_pack("{s:s,s:s}", "competency", one->competency,
                                                  "name", vrk_in(r, &one->name)));
    }
    return list;
}

vrk_status vrk_run_roles(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_role_list jobs = {0};
    json_t *list = json_array(), *own = NULL;
    TRY(vrk_role_list_read(ctx, w->w.records, &jobs));
    TRY(own_weights(w, r, &own));
    for (int64_t i = 0; i < jobs.n; i++) {
        json_t *o = say_role(w, r, &jobs.role[i]);
        json_t *mine = json_object_get(own, jobs.role[i].role);
        json_object_set(o, "own", mine ? mine : json_null());
        if (json_array_append_new(list, o) != 0)
            FAIL(VRK_EMEMORY, "out of memory for roles");
    }
    TRY(vrk_answer_json(ctx, r, 200,
                        json_pack("{s:O,s:o}", "roles", list, "own_competencies", say_own(w, r))));
done:
    json_decref(list);
    json_decref(own);
    vrk_role_list_free(&jobs);
    return st;
}

/* The role of that id; NULL and refused where there is none. */
static const vrk_job *find_role(vrk_request *r, const vrk_role_list *jobs, const char *role)
{
    const vrk_job *found = role ? vrk_job_find(jobs, role) : NULL;
    if (!found)
        vrk_refuse(r, 404, "not_found", VRK_N("There is no such role."));
    return found;
}

vrk_status vrk_run_weights(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_role_list jobs = {0};
    json_t *weights = NULL, *value;
    const char *name, *competency[VRK_ROLE_MOST];
    int64_t weight[VRK_ROLE_MOST], n = 0;
    const vrk_field field[] = {{"weights", VRK_IS_OBJECT, true, 0, &weights, NULL}};
    TRY(vrk_body_read(ctx, r, field, 1));
    TRY(vrk_role_list_read(ctx, NULL, &jobs));
    if (!find_role(r, &jobs, r->part[0]))
        goto done;
    if (json_object_size(weights) < 1 || json_object_size(weights) > VRK_ROLE_MOST)
        FAIL(VRK_EINPUT, VRK_N("a weight from 1 to 5 is needed, for at least one competence"));
    json_object_foreach(weights, name, value)
    {
        if (!vrk_instrument_find(w->app->instruments, name))
            FAIL(VRK_EINPUT, VRK_N("there is no such competence"));
        weight[n] = json_is_integer(value) ? (int64_t)json_integer_value(value) : 0;
        if (weight[n] < 1 || weight[n] > 5)
            FAIL(VRK_EINPUT, VRK_N("a weight from 1 to 5 is needed, for at least one competence"));
        competency[n++] = name;
    }
    TRY(vrk_change_begin(w));
    TRY(vrk_job_weigh_put(ctx, w->w.records, r->part[0], r->member->account.name, competency,
                          weight, n));
    TRY(vrk_change_end(w, r, vrk_text_f(&ctx->scratch, "role %s", r->part[0]), NULL));
    w->app->weighed++;
    vrk_answer_text(r, 204, NULL, "");
done:
    vrk_role_list_free(&jobs);
    return st;
}

/* What interviews say: as given, and with who interviewed taken off where that can be told. */
static json_t *say_interview(const vrk_applicant *a)
{
    const vrk_interviewed *x = a->heard;
    if (!x)
        return json_null();
    json_t *level = isfinite(x->level)
                        ? json_pack("{s:f,s:f,s:f}", "mean", x->level, "lo", x->lo, "hi", x->hi)
                        : json_null();
    return json_pack("{s:I,s:o,s:o,s:b}", "by", (json_int_t)x->raters, "given", number(x->plain),
                     "level", level, "counts", a->fit.heard);
}

static json_t *say_applicant(vrk_worker *w, const vrk_request *r, const vrk_job *role,
                             const vrk_applicant *a, bool blind)
{
    json_t *parts = json_array();
    for (int k = 0; k < role->n; k++) {
        const vrk_applicant_part *p = &a->part[k];
        const vrk_instrument *one = vrk_instrument_find(w->app->instruments, role->competency[k]);
        json_t *share = p->told
                            ? json_pack("{s:f,s:f,s:f}", "mean", p->mean, "lo", p->lo, "hi", p->hi)
                            : json_null();
        json_array_append_new(parts,
                              json_pack("{s:s,s:s,s:f,s:o}", "competency", role->competency[k],
                                        "name", one ? vrk_in(r, &one->name) : role->competency[k],
                                        "weight", role->weight[k], "share", share));
    }
    const vrk_prediction *p = &a->result;
    json_t *result = isfinite(p->mean) ? json_pack("{s:f,s:f,s:f,s:f}", "mean", p->mean, "lo",
                                                   p->lo, "hi", p->hi, "upper_half", p->upper_half)
                                       : json_null();
    return json_pack("{s:s,s:o,s:b,s:o,s:s,s:o,s:I,s:I,s:I,s:f,s:o,s:o}", "label", a->label,
                     "person_id", blind ? json_null() : json_string(a->id), "invited", a->invited,
                     "years", number(a->years), "applied_on", a->applied_on, "interview",
                     say_interview(a), "waiting", (json_int_t)a->waiting, "answers",
                     (json_int_t)a->answers, "open", (json_int_t)a->open, "covered",
                     vrk_fit_covered(&a->fit), "result", result, "competencies", parts);
}

/* How often the one would do better than the other. */
static json_t *say_pair(const vrk_request *r, const vrk_applicants *all)
{
    const char *a = vrk_query(r, "a"), *b = vrk_query(r, "b");
    const vrk_applicant *one = a ? vrk_applicant_find(all, a) : NULL;
    const vrk_applicant *other = b ? vrk_applicant_find(all, b) : NULL;
    if (!one || !other || one == other)
        return json_null();
    return json_pack("{s:s,s:s,s:o}", "a", one->label, "b", other->label, "p",
                     number(vrk_better(&one->fit, &other->fit, &vrk_validity_sjt)));
}

static bool is_blind(const vrk_request *r)
{
    const char *blind = vrk_query(r, "blind");
    return !blind || strcmp(blind, "0") != 0; /* names only when asked for */
}

vrk_status vrk_run_candidates(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_applying a = {0};
    const vrk_job *role = NULL;
    const vrk_words words = {r->lang, &ctx->scratch};
    json_t *list = json_array();
    TRY(vrk_applying_read(w, r, vrk_query(r, "role"), &a, &role));
    if (!role) {
        vrk_refuse(r, 404, "not_found", VRK_N("There is no such role."));
        goto done;
    }
    for (int64_t i = 0; i < a.all.n; i++) {
        if (json_array_append_new(list, say_applicant(w, r, role, &a.all.row[i], is_blind(r))) != 0)
            FAIL(VRK_EMEMORY, "out of memory for applicants");
    }
    TRY(vrk_answer_json(ctx, r, 200,
                        json_pack("{s:s,s:b,s:O,s:o,s:{s:f,s:f,s:s},s:s,s:s}", "role", role->role,
                                  "blind", is_blind(r), "candidates", list, "pair",
                                  say_pair(r, &a.all), "validity", "mean", vrk_validity_sjt.mean,
                                  "sd", vrk_validity_sjt.sd, "source", "literature", "interviews",
                                  a.interviews.n ? vrk_interviews_say(&words, &a.interviews) : "",
                                  "alike", vrk_alike_says(&words, &a.all.alike))));
done:
    json_decref(list);
    vrk_applying_free(&a);
    return st;
}

vrk_status vrk_run_hiring(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_applying all = {0};
    const vrk_job *job = NULL;
    const char *label = NULL, *role = NULL, *decision = NULL, *reason = NULL;
    const vrk_field field[] = {{"candidate", VRK_IS_TEXT, true, VRK_LABEL_CHARS, &label, NULL},
                               {"role", VRK_IS_TEXT, true, VRK_WORD_MOST, &role, NULL},
                               {"decision", VRK_IS_TEXT, true, VRK_WORD_MOST, &decision, NULL},
                               {"reason", VRK_IS_TEXT, true, VRK_NOTE_MOST, &reason, NULL}};
    TRY(vrk_body_read(ctx, r, field, 4));
    TRY(vrk_applying_read(w, r, role, &all, &job));
    const vrk_applicant *a = job ? vrk_applicant_find(&all.all, label) : NULL;
    if (!a) {
        vrk_refuse(r, 404, "not_found",
                   job ? VRK_N("There is no such person here.") : VRK_N("There is no such role."));
        goto done;
    }
    if (strlen(reason) < VRK_REASON_LEAST)
        FAIL(VRK_EINPUT, VRK_N("a decision needs its reason in words"));
    vrk_hiring d = {.person_id = a->id,
                    .role = role,
                    .decision = decision,
                    .reason = reason,
                    .by = r->member->account.name};
    TRY(vrk_change_begin(w));
    TRY(vrk_hiring_put(ctx, w->w.records, &d));
    TRY(vrk_change_end(w, r, vrk_text_f(&ctx->scratch, "person %" PRId64, a->person), decision));
    w->app->applied++;
    TRY(vrk_answer_json(ctx, r, 201, json_pack("{s:I}", "id", (json_int_t)d.id)));
done:
    vrk_applying_free(&all);
    return st;
}

/* The label of whom it was decided: the lot of the first invitation, else that of the key. */
static vrk_status label_of(vrk_worker *w, const char *person, char label[VRK_LABEL_CHARS + 1])
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_frame f = {0};
    const vrk_value bind = vrk_bind_text(person);
    *label = 0;
    TRY(vrk_records_run(ctx, w->w.records,
                        "SELECT i.key, (SELECT v.seed FROM invitation v WHERE v.person = i.key AND "
                        "v.kind = 'candidate' ORDER BY v.id LIMIT 1) AS seed FROM identity i WHERE "
                        "i.space = 'person' AND i.source_id = ?1",
                        &bind, 1, &f));
    if (f.rows)
        vrk_applicant_label(f.column[0].i[0], f.column[1].null[0] ? 0 : (uint64_t)f.column[1].i[0],
                            label);
done:
    vrk_frame_free(&f);
    return st;
}

vrk_status vrk_run_hirings(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_hirings list = {0};
    json_t *out = json_array();
    TRY(vrk_hirings_list(ctx, w->w.records, &list));
    for (int64_t i = list.n - 1; i >= 0 && list.n - i <= 1000; i--) {
        const vrk_hiring *d = &list.row[i];
        char label[VRK_LABEL_CHARS + 1];
        TRY(label_of(w, d->person_id, label));
        json_t *o =
            json_pack("{s:I,s:o,s:s?,s:o,s:s,s:s,s:s,s:s}", "id", (json_int_t)d->id, "at",
                      vrk_json_time(w, d->made_at), "label", *label ? label : NULL, "person_id",
                      is_blind(r) ? json_null() : json_string(d->person_id), "role", d->role,
                      "decision", d->decision, "reason", d->reason, "who", d->by);
        if (json_array_append_new(out, o) != 0)
            FAIL(VRK_EMEMORY, "out of memory for decisions");
    }
    TRY(vrk_answer_json(ctx, r, 200, json_pack("{s:O}", "decisions", out)));
done:
    json_decref(out);
    vrk_hirings_free(&list);
    return st;
}

static const char *const verdict_name[] = {
    [VRK_IMPACT_HIGHEST] = "highest", [VRK_IMPACT_UNDEFINED] = "undefined",
    [VRK_IMPACT_SMALL] = "cannot",    [VRK_IMPACT_WITHIN] = "within",
    [VRK_IMPACT_UNCLEAR] = "unclear", [VRK_IMPACT_FLAGGED] = "flagged",
};

static json_t *say_impact(const vrk_impact *impact)
{
    json_t *rows = json_array();
    for (int64_t i = 0; i < impact->n; i++) {
        const vrk_impact_row *a = &impact->row[i];
        json_array_append_new(
            rows,
            json_pack("{s:s,s:I,s:I,s:b,s:o,s:o,s:o,s:o,s:o,s:o,s:I,s:b,s:s}", "group",
                      a->name ? a->name : "", "applied", (json_int_t)a->applied, "selected",
                      (json_int_t)a->selected, "known", a->known, "rate", number(a->rate), "ratio",
                      number(a->ratio), "lo", number(a->lo), "hi", number(a->hi), "p",
                      number(a->p_fisher), "p_under", number(a->p_under), "flips",
                      (json_int_t)a->flips, "few", a->few, "verdict", verdict_name[a->verdict]));
    }
    return json_pack("{s:o,s:I,s:I}", "groups", rows, "unknown", (json_int_t)impact->unknown,
                     "least", (json_int_t)VRK_GROUP_LEAST);
}

/* {group: [applied, selected]} */
static vrk_status read_groups(vrk_ctx *ctx, json_t *groups, vrk_impact_group *g, int64_t *n)
{
    const char *name;
    json_t *value;
    *n = 0;
    if (json_object_size(groups) > GROUPS_MOST)
        return vrk_fail(ctx, VRK_EINPUT, VRK_N("that is more groups than can be compared"));
    json_object_foreach(groups, name, value)
    {
        if (json_array_size(value) != 2 || !json_is_integer(json_array_get(value, 0)) ||
            !json_is_integer(json_array_get(value, 1)))
            return vrk_fail(ctx, VRK_EINPUT,
                            VRK_N("each group needs two whole numbers: applied and selected"));
        g[(*n)++] = (vrk_impact_group){name, json_integer_value(json_array_get(value, 1)),
                                       json_integer_value(json_array_get(value, 0))};
        if (g[*n - 1].applied < 0 || g[*n - 1].selected < 0 ||
            g[*n - 1].selected > g[*n - 1].applied || g[*n - 1].applied > 100000)
            return vrk_fail(ctx, VRK_EINPUT,
                            VRK_N("no more can be selected than applied, and at most 100,000"));
    }
    return VRK_OK;
}

vrk_status vrk_run_impact(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_impact impact = {0};
    vrk_impact_group g[GROUPS_MOST];
    json_t *groups = NULL;
    int64_t n;
    const vrk_field field[] = {{"groups", VRK_IS_OBJECT, true, 0, &groups, NULL}};
    TRY(vrk_body_read(ctx, r, field, 1));
    TRY(read_groups(ctx, groups, g, &n));
    TRY(vrk_impact_make(ctx, g, n, &impact));
    TRY(vrk_change_begin(w));
    TRY(vrk_change_end(w, r, NULL, NULL)); /* kept nowhere; that it was asked is */
    TRY(vrk_answer_json(ctx, r, 200, say_impact(&impact)));
done:
    vrk_impact_free(&impact);
    return st;
}

bool vrk_number_at(const char **at, char apart, double *x)
{
    char text[40];
    size_t n = 0;
    const char *p = *at;
    while (*p == ' ')
        p++;
    while (*p && *p != '\n' && *p != apart && n < sizeof(text) - 1) {
        text[n++] = *p == ',' ? '.' : *p;
        p++;
    }
    while (n && (text[n - 1] == ' ' || text[n - 1] == '\r'))
        n--;
    text[n] = 0;
    *at = *p == apart ? p + 1 : p;
    *x = nan("");
    if (!n)
        return true;
    char *end;
    *x = strtod(text, &end);
    return strspn(text, "0123456789.+-eE") == n && !*end && isfinite(*x);
}

/* Lines of two or three numbers; the first may be a heading. */
static vrk_status read_lines(vrk_ctx *ctx, const char *lines, vrk_validate_data *d)
{
    int64_t most = 1, row = 0;
    char apart = strchr(lines, ';') ? ';' : strchr(lines, '\t') ? '\t' : ',';
    for (const char *p = lines; *p; p++)
        most += *p == '\n';
    double *x = VRK_NEW(&ctx->scratch, 3 * most, double);
    if (!x)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for a table");
    bool known = false;
    for (const char *p = lines; *p; row++) {
        double *to = x + d->n;
        const char *line = p;
        bool good = true, blank = strspn(line, " \t\r;,") == strcspn(line, "\n");
        for (int k = 0; k < 3; k++)
            good = vrk_number_at(&p, apart, &to[k * most]) && good;
        known = known || (good && isfinite(to[2 * most]));
        if (!good && row > 0)
            return vrk_fail(ctx, VRK_EINPUT, VRK_N("line %lld holds something else than numbers"),
                            (long long)row + 1);
        p += strcspn(p, "\n");
        p += *p == '\n';
        d->n += good && !blank;
    }
    d->predictor = x;
    d->result = x + most;
    d->known = known ? x + 2 * most : NULL;
    return VRK_OK;
}

vrk_status vrk_run_validation(vrk_worker *w, vrk_request *r)
{
    static const char *const state[] = {
        [VRK_VALID_TOLD] = "told",       [VRK_VALID_FEW] = "few",
        [VRK_VALID_NOTHING] = "nothing", [VRK_VALID_AGAINST] = "against",
        [VRK_VALID_CANNOT] = "cannot",
    };
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    const char *lines = NULL;
    vrk_validate_data d = {0};
    vrk_validated v;
    const vrk_field field[] = {{"lines", VRK_IS_TEXT, true, LINES_MOST, &lines, NULL}};
    TRY(vrk_body_read(ctx, r, field, 1));
    TRY(read_lines(ctx, lines, &d));
    TRY(vrk_validate(ctx, &d, &v));
    TRY(vrk_change_begin(w));
    TRY(vrk_change_end(w, r, NULL, NULL));
    TRY(vrk_answer_json(
        ctx, r, 200,
        json_pack("{s:s,s:I,s:I,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:I,s:I}", "state", state[v.state], "n",
                  (json_int_t)v.n, "left_out", (json_int_t)v.left_out, "r", number(v.r), "lo",
                  number(v.lo), "hi", number(v.hi), "detectable", number(v.detectable), "increment",
                  number(v.increment), "increment_lo", number(v.increment_lo), "increment_hi",
                  number(v.increment_hi), "least", (json_int_t)VRK_VALIDATE_LEAST, "enough",
                  (json_int_t)VRK_INCUMBENTS)));
done:
    return st;
}
