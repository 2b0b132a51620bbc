#include "people/document.h"

#include "diag/json.h"
#include "num/special.h"
#include "people/decision.h"
#include "people/put.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PAIRS_MOST = 20 }; /* others that one is held against */

/* One who applied: by the data, by an invitation, or both. */
typedef struct {
    const vrk_applicant *a; /* held against `role`, else against none in particular */
    const vrk_job *role;    /* NULL = none of those weighed here */
} applied;

typedef struct {
    vrk_words words;
    vrk_role_list roles;
    vrk_interviews interviews;
    vrk_applicants *of; /* [roles.n] as held against each role */
    vrk_hirings decided;
    int64_t n;
    applied *row;
} applying;

bool vrk_job_weight_range(const vrk_job *role, int k, double *lo, double *hi)
{
    double n = (double)role->raters, d = isfinite(role->dealt[k]) ? role->deals_count : 0;
    double all = 0, mine = vrk_job_mean(role, k), square = 0;
    double start = role->start[k] ? 1 : 0, voices = start + n + d;
    for (int i = 0; i < role->n; i++)
        all += vrk_job_mean(role, i);
    *lo = *hi = nan("");
    if (!(voices >= start + VRK_RATERS_LEAST) || !(all > 0) ||
        !(isfinite(role->apart[k]) || isfinite(role->dealt[k])))
        return false;
    if (start > 0)
        square = pow((double)role->start[k] - mine, 2);
    square += isfinite(role->said[k]) ? n * pow(role->said[k] - mine, 2) : 0;
    square += isfinite(role->apart[k]) ? (n - 1) * pow(role->apart[k], 2) : 0;
    square += d > 0 ? d * pow(role->dealt[k] - mine, 2) : 0;
    double variance = fmax(square / (voices - 1), 1.0 / 12); /* they speak in whole numbers */
    double se = sqrt(variance / voices) * vrk_t_quantile(0.95, voices - 1);
    *lo = fmax(role->weight[k] - se / all, 0);
    *hi = fmin(role->weight[k] + se / all, 1);
    return true;
}

static json_t *number(double x)
{
    return isfinite(x) ? json_real(x) : json_null();
}

static json_t *text(const char *s)
{
    return s && *s ? json_string(s) : json_null();
}

/* Takes the row; NULL once anything had no memory. */
static json_t *with(json_t *list, json_t *row)
{
    if (json_array_append_new(list, row) == 0)
        return list;
    json_decref(list);
    return NULL;
}

/* The rest of a sentence stands in the row: said again in another language it needs no records. */
static const char *weight_why(const vrk_words *w, const json_t *row)
{
    int64_t experts = vrk_json_int(row, "experts");
    bool dealt = json_is_true(json_object_get(row, "own_deals"));
    if (experts < VRK_RATERS_LEAST && !dealt)
        return vrk_say_n(w,
                         "A start value: {n} expert of your own has weighed the role, two are "
                         "needed before it is yours.",
                         "A start value: {n} experts of your own have weighed the role, two are "
                         "needed before it is yours.",
                         experts, NULL);
    if (!dealt)
        return vrk_tr(w->lang, "By your experts. Own deals do not count: they carry it from 50 "
                               "sellers with a verdict and a moment that surely pays.");
    return vrk_tr(w->lang, "By your experts and own deals.");
}

static json_t *requirements(const applying *p)
{
    json_t *list = json_array();
    for (int64_t i = 0; i < p->roles.n; i++) {
        const vrk_job *r = &p->roles.role[i];
        for (int k = 0; k < r->n; k++) {
            double lo, hi;
            bool own = vrk_job_weight_range(r, k, &lo, &hi);
            json_t *row = json_pack(
                "{s:s,s:s,s:{s:o,s:o,s:o},s:s,s:I,s:o,s:s}", "role", r->role, "competency",
                r->competency[k], "weight", "mean", number(r->weight[k]), "lo", number(lo), "hi",
                number(hi), "status", own ? "answered" : "weak", "experts", (json_int_t)r->raters,
                "own_deals", json_boolean(r->deals == VRK_DEALS_USED), "why", "");
            if (r->own[k].in[0]) /* its name is known here only */
                json_object_set_new(row, "name",
                                    json_string(r->own[k].in[p->words.lang == VRK_SV]));
            list = with(list, row);
        }
    }
    return list;
}

/* The role that the data say, else the newest decision's. */
static const vrk_job *role_of(const applying *p, const vrk_applicant *a)
{
    const vrk_job *role = vrk_job_named(&p->roles, a->said);
    for (int64_t d = 0; d < p->decided.n && !*a->said; d++) {
        if (!strcmp(p->decided.row[d].person_id, a->id))
            role = vrk_job_find(&p->roles, p->decided.row[d].role);
    }
    return role;
}

static const vrk_applicant *find_key(const vrk_applicants *list, int64_t person)
{
    for (int64_t i = 0; i < list->n; i++) {
        if (list->row[i].person == person)
            return &list->row[i];
    }
    return NULL;
}

/* Each once: in the list of the own role, where there is one. */
static vrk_status gather(vrk_ctx *ctx, applying *p)
{
    int64_t most = 1;
    for (int64_t r = 0; r < p->roles.n; r++)
        most += p->of[r].n;
    p->row = VRK_NEW(&ctx->scratch, most, applied);
    if (!p->row)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for applicants");
    for (int64_t r = 0; r < p->roles.n; r++) {
        for (int64_t i = 0; i < p->of[r].n; i++) {
            const vrk_applicant *a = &p->of[r].row[i];
            const vrk_job *role = role_of(p, a);
            if (role ? role == &p->roles.role[r] : r == 0)
                p->row[p->n++] = (applied){find_key(&p->of[r], a->person), role};
        }
    }
    return VRK_OK;
}

static const char *code_of(const applying *p, const applied *x)
{
    const vrk_applicant *a = x->a;
    if (!x->role)
        return *a->said ? "other_role" : "no_role";
    if (!isfinite(a->result.mean) && a->heard && p->interviews.state != VRK_RATINGS_TOLD)
        return "interviews";
    if (!isfinite(a->result.mean) && a->waiting)
        return "waiting";
    if (!a->answers && !a->open && !a->heard)
        return "no_test";
    return isfinite(a->result.mean) ? "literature" : "too_little";
}

static const char *why_of(const vrk_words *w, const json_t *row)
{
    const char *code = vrk_json_text(row, "code");
    const json_t *heard = json_object_get(row, "interviews");
    if (!strcmp(code, "other_role"))
        return vrk_say(w, "The role '{role}' is none of those that are weighed here.", "role",
                       vrk_json_text(row, "role"), NULL);
    if (!strcmp(code, "no_role"))
        return vrk_tr(w->lang, "It is not known for which role.");
    if (!strcmp(code, "interviews")) {
        const vrk_interviews i = {.state = (vrk_ratings_state)vrk_json_int(heard, "state"),
                                  .persons = vrk_json_int(heard, "persons"),
                                  .twice = vrk_json_int(heard, "twice"),
                                  .parts = vrk_json_int(heard, "parts")};
        return vrk_interviews_say(w, &i);
    }
    if (!strcmp(code, "waiting"))
        return vrk_tr(w->lang, "Interviewed by others. What they gave is shown after your own "
                               "levels.");
    if (!strcmp(code, "no_test"))
        return vrk_tr(w->lang, "Nothing is measured yet: no test is answered here.");
    if (!strcmp(code, "too_little"))
        return vrk_say(w,
                       "Too little is known yet: {covered} of what the role asks is measured, half "
                       "is needed.",
                       "covered", vrk_say_percent(w, vrk_json_number(row, "measured")), NULL);
    return vrk_tr(w->lang, "How far such tests tell results is taken from the literature, until 50 "
                           "of your own are validated.");
}

static json_t *heard_json(const applying *p, const char *code)
{
    const vrk_interviews *i = &p->interviews;
    if (strcmp(code, "interviews") != 0)
        return json_null();
    return json_pack("{s:i,s:I,s:I,s:I}", "state", (int)i->state, "persons", (json_int_t)i->persons,
                     "twice", (json_int_t)i->twice, "parts", (json_int_t)i->parts);
}

static bool told(const applied *x)
{
    return x->role && isfinite(x->a->result.mean);
}

/* How often this one would do better than each other told of the same role. */
static json_t *better(const applying *p, const applied *x)
{
    json_t *list = json_array();
    for (int64_t i = 0; i < p->n && json_array_size(list) < PAIRS_MOST && told(x); i++) {
        const applied *y = &p->row[i];
        if (y == x || !told(y) || y->role != x->role)
            continue;
        list = with(list, json_pack("{s:I,s:s,s:f}", "candidate_key", (json_int_t)y->a->person,
                                    "label", y->a->label, "p",
                                    vrk_better(&x->a->fit, &y->a->fit, &vrk_validity_sjt)));
    }
    return list;
}

static json_t *candidate(const applying *p, const applied *x)
{
    json_t *performance = json_null(), *half = json_null();
    const char *code = code_of(p, x);
    if (told(x)) {
        const vrk_prediction *r = &x->a->result;
        performance = json_pack("{s:f,s:f,s:f}", "mean", r->mean, "lo", r->lo, "hi", r->hi);
        half = json_real(r->upper_half);
    }
    return json_pack("{s:I,s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:I,s:s,s:s,s:o,s:s,s:o,s:o,s:o}",
                     "candidate_key", (json_int_t)x->a->person, "label", x->a->label, "role",
                     text(x->role ? x->role->role : x->a->said), "applied_on",
                     text(x->a->applied_on), "experience_years", number(x->a->years), "decision",
                     text(x->a->decision), "decided_on", text(x->a->decided_on), "measured",
                     number(x->role ? vrk_fit_covered(&x->a->fit) : 0), "answers",
                     (json_int_t)x->a->answers, "status", told(x) ? "weak" : "cannot", "code", code,
                     "interviews", heard_json(p, code), "why", "", "performance", performance,
                     "upper_half", half, "better", better(p, x));
}

static int by_label(const void *a, const void *b)
{
    const applied *x = a, *y = b;
    int order = strcmp(x->a->label, y->a->label);
    return order ? order : (x->a->person > y->a->person) - (x->a->person < y->a->person);
}

/* By their labels, which are lots: no order says who is best. */
static json_t *candidates(const applying *p)
{
    json_t *list = json_array();
    for (int64_t k = 0; k < p->n; k++)
        list = with(list, candidate(p, &p->row[k]));
    return list;
}

static vrk_status read_all(vrk_ctx *ctx, vrk_records *records, vrk_facts *facts,
                           const vrk_instruments *all, double alike, int64_t viewer, applying *p)
{
    vrk_status st = VRK_OK;
    p->of = VRK_NEW(&ctx->scratch, p->roles.n + 1, vrk_applicants);
    if (!p->of)
        FAIL(VRK_EMEMORY, "out of memory for applicants");
    TRY(vrk_interviews_read(ctx, records, facts, viewer, &p->interviews));
    const vrk_applying_from from = {.facts = facts,
                                    .instruments = all,
                                    .interviews = &p->interviews,
                                    .roles = &p->roles,
                                    .decided = true,
                                    .alike = alike};
    for (int64_t r = 0; r < p->roles.n; r++)
        TRY(vrk_applicants_read(ctx, records, &from, &p->roles.role[r], &p->of[r]));
    TRY(vrk_hirings_list(ctx, records, &p->decided));
    TRY(gather(ctx, p));
    qsort(p->row, (size_t)p->n, sizeof(*p->row), by_label);
done:
    return st;
}

vrk_status vrk_applying_say(vrk_ctx *ctx, json_t *document, vrk_lang lang)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    const vrk_words w = {lang, &ctx->scratch};
    json_t *row;
    size_t i;
    bool ok = true;
    json_array_foreach(json_object_get(document, "requirements"), i, row) ok =
        ok && !json_object_set_new(row, "why", json_string(weight_why(&w, row)));
    json_array_foreach(json_object_get(document, "candidates"), i, row) ok =
        ok && !json_object_set_new(row, "why", json_string(why_of(&w, row)));
    if (!ok || ctx->scratch.failed)
        st = vrk_fail(ctx, VRK_EMEMORY, "out of memory for the result document");
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

vrk_status vrk_requirements_document(vrk_ctx *ctx, vrk_records *records, vrk_lang lang,
                                     json_t *document)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    applying p = {.words = {lang, &ctx->scratch}};
    TRY(vrk_role_list_read(ctx, records, &p.roles));
    if (json_object_set_new(document, "requirements", requirements(&p)) != 0 || ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for the result document");
    TRY(vrk_applying_say(ctx, document, lang));
done:
    vrk_role_list_free(&p.roles);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

vrk_status vrk_candidates_document(vrk_ctx *ctx, vrk_records *records, vrk_facts *facts,
                                   const vrk_instruments *all, double alike, int64_t viewer,
                                   vrk_lang lang, json_t *document)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    applying p = {.words = {lang, &ctx->scratch}};
    TRY(vrk_role_list_read(ctx, records, &p.roles));
    TRY(read_all(ctx, records, facts, all, alike, viewer, &p));
    if (json_object_set_new(document, "candidates", candidates(&p)) != 0 || ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for the result document");
    TRY(vrk_applying_say(ctx, document, lang));
done:
    for (int64_t r = 0; r < p.roles.n && p.of; r++)
        vrk_applicants_free(&p.of[r]);
    vrk_hirings_free(&p.decided);
    vrk_interviews_free(&p.interviews);
    vrk_role_list_free(&p.roles);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
