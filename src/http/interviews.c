/* Structured interviews of applicants: each interviewer gives a level to each question of a
 * competence's guide, and sees the others' after having given an own one. */
#include "http/assess.h"
#include "people/applicant.h"
#include "people/interview_give.h"

#include "diag/rows.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

/* Whether somebody of that key applied by the data. */
static vrk_status applied(vrk_worker *w, int64_t key, bool *is)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_facts *facts = NULL;
    vrk_frame f = {0};
    int64_t lease = 0;
    *is = false;
    TRY(vrk_applying_facts(ctx, &w->w, &facts, &lease));
    if (facts)
        TRY(vrk_rows(ctx, facts, VRK_SQL_APPLIED, &f));
    for (int64_t i = 0; i < f.rows; i++)
        *is = *is || vrk_row_int(&f, "candidate_key", i) == key;
done:
    vrk_frame_free(&f);
    vrk_facts_close(facts);
    if (lease && vrk_lease_end(ctx, &w->w, lease) != VRK_OK && st == VRK_OK)
        st = VRK_EDB;
    return st;
}

/* The applicant of that id; *key 0 and refused where there is none. */
static vrk_status find(vrk_worker *w, vrk_request *r, const char *person_id, int64_t *key)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    bool is = false;
    *key = 0;
    if (person_id)
        TRY(vrk_person_key(ctx, w->w.records, person_id, key));
    TRY(vrk_is_applicant(w, *key, &is));
    if (*key && !is)
        TRY(applied(w, *key, &is));
    if (*key && is)
        goto done;
    *key = 0;
    vrk_refuse(r, 404, "not_found", VRK_N("There is no such applicant. Look at the code."));
done:
    return st;
}

static json_t *say_guide(const vrk_request *r, const vrk_instrument *one)
{
    json_t *list = json_array(), *anchors = json_array();
    for (int64_t q = 0; q < one->questions; q++)
        json_array_append_new(list,
                              json_pack("{s:s,s:s}", "ask", vrk_in(r, &one->question[q].ask),
                                        "listen_for", vrk_in(r, &one->question[q].listen_for)));
    for (int k = 0; k < VRK_LEVELS; k++)
        json_array_append_new(anchors, json_string(vrk_in(r, &one->anchor[k])));
    return json_pack("{s:s,s:s,s:s,s:o,s:o}", "competency", one->competency, "name",
                     vrk_in(r, &one->name), "definition", vrk_in(r, &one->definition), "questions",
                     list, "anchors", anchors);
}

/* The newest of each interviewer to each question; others' after own ones of the competence. */
static const char given_sql[] =
    "SELECT competency, question, coalesce(level, 0) AS level, note, rater, made_at, EXISTS "
    "(SELECT "
    "1 FROM interview o WHERE o.person = ?1 AND o.rater = ?2 AND o.competency = v.competency) OR "
    "EXISTS (SELECT 1 FROM interview_pass p WHERE p.person = ?1 AND p.rater = ?2) AS "
    "shown FROM interview v WHERE id IN (SELECT max(id) FROM interview WHERE person = ?1 GROUP BY "
    "rater, competency, question) ORDER BY competency, rater, question LIMIT 2000";

static vrk_status say_given(vrk_worker *w, int64_t person, int64_t viewer, json_t *out,
                            int64_t *waiting)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_frame f = {0};
    const vrk_value bind[] = {vrk_bind_int(person), vrk_bind_int(viewer)};
    TRY(vrk_records_run(ctx, w->w.records, given_sql, bind, 2, &f));
    for (int64_t i = 0; i < f.rows; i++) {
        if (!vrk_row_int(&f, "shown", i)) {
            *waiting += vrk_row_int(&f, "question", i) == 1;
            continue;
        }
        json_t *row = json_pack(
            "{s:s,s:I,s:I,s:s,s:b,s:I,s:o}", "competency", vrk_row_text(&f, "competency", i),
            "question", (json_int_t)vrk_row_int(&f, "question", i), "level",
            (json_int_t)vrk_row_int(&f, "level", i), "note", vrk_row_text(&f, "note", i), "own",
            vrk_row_int(&f, "rater", i) == viewer, "by", (json_int_t)vrk_row_int(&f, "rater", i),
            "at", vrk_json_time(w, vrk_row_int(&f, "made_at", i)));
        if (json_array_append_new(out, row) != 0)
            FAIL(VRK_EMEMORY, "out of memory for interviews");
    }
done:
    vrk_frame_free(&f);
    return st;
}

vrk_status vrk_run_interviews(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    json_t *guides = json_array(), *given = json_array();
    vrk_frame f = {0};
    int64_t person, viewer, waiting = 0;
    TRY(find(w, r, vrk_query(r, "person_id"), &person));
    if (!person)
        goto done;
    TRY(vrk_person_key(ctx, w->w.records, vrk_rater_id(w, r->member), &viewer));
    for (int64_t i = 0; i < w->app->instruments->n; i++) {
        const vrk_instrument *one = &w->app->instruments->instrument[i];
        if (one->questions && !one->retired)
            json_array_append_new(guides, say_guide(r, one));
    }
    TRY(say_given(w, person, viewer, given, &waiting));
    const vrk_value bind[] = {vrk_bind_int(person), vrk_bind_int(viewer)};
    TRY(vrk_records_run(ctx, w->w.records,
                        "SELECT 1 FROM interview_pass WHERE person = ?1 AND rater = ?2", bind, 2,
                        &f));
    TRY(vrk_answer_json(ctx, r, 200,
                        json_pack("{s:O,s:O,s:I,s:b}", "guides", guides, "given", given, "waiting",
                                  (json_int_t)waiting, "passed", f.rows > 0)));
done:
    vrk_frame_free(&f);
    json_decref(guides);
    json_decref(given);
    return st;
}

/* Who does not interview says so, sees what others gave, and gives nothing any more. */
vrk_status vrk_run_interview_pass(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_workspace locked = {.lock = -1};
    const char *person_id = NULL, *rater_id = vrk_rater_id(w, r->member);
    int64_t person, rater;
    const vrk_field field[] = {{"person_id", VRK_IS_TEXT, true, VRK_WORD_MOST, &person_id, NULL}};
    TRY(vrk_body_read(ctx, r, field, 1));
    TRY(find(w, r, person_id, &person));
    if (!person)
        goto done;
    TRY(vrk_person_key(ctx, w->w.records, rater_id, &rater));
    if (!rater) { /* becomes a person of the data, which an import must not do meanwhile */
        TRY(vrk_workspace_open(ctx, w->app->opt->folder, false, &locked));
        TRY(vrk_workspace_lock(ctx, &locked));
    }
    TRY(vrk_change_begin(w));
    TRY(vrk_interview_pass(ctx, w->w.records, person_id, rater_id, true));
    TRY(vrk_change_end(w, r, vrk_text_f(&ctx->scratch, "person %" PRId64, person), "pass"));
    w->app->applied++;
    vrk_answer_text(r, 204, NULL, "");
done:
    vrk_workspace_close(&locked);
    return st;
}

/* {"1": {"level": 4, "note": "..."}, ...}, one for each question. */
static vrk_status read_answers(vrk_ctx *ctx, json_t *answers, vrk_interview *v)
{
    vrk_status st = VRK_OK;
    v->n = (int64_t)json_object_size(answers);
    for (int64_t q = 0; q < v->n && q < VRK_QUESTIONS_MOST; q++) {
        const json_t *one = json_object_get(answers, vrk_text_f(&ctx->scratch, "%" PRId64, q + 1));
        const json_t *level = json_object_get(one, "level");
        if (!json_is_integer(level))
            FAIL(VRK_EINPUT, VRK_N("give each question of the guide a level, in its order; 0 = not "
                                   "asked"));
        v->level[q] = (int64_t)json_integer_value(level);
        v->note[q] = json_string_value(json_object_get(one, "note"));
        if (v->note[q] && strlen(v->note[q]) > VRK_NOTE_MOST)
            FAIL(VRK_EINPUT, VRK_N("what was answered is longer than can be kept"));
    }
done:
    return st;
}

vrk_status vrk_run_interview(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_workspace locked = {.lock = -1};
    vrk_interview v = {0};
    json_t *answers = NULL;
    int64_t person, rater;
    const vrk_field field[] = {
        {"person_id", VRK_IS_TEXT, true, VRK_WORD_MOST, &v.person, NULL},
        {"competency", VRK_IS_TEXT, true, VRK_WORD_MOST, &v.competency, NULL},
        {"answers", VRK_IS_OBJECT, true, 0, &answers, NULL}};
    TRY(vrk_body_read(ctx, r, field, 3));
    TRY(read_answers(ctx, answers, &v));
    TRY(find(w, r, v.person, &person));
    if (!person)
        goto done;
    v.rater = vrk_rater_id(w, r->member);
    TRY(vrk_person_key(ctx, w->w.records, v.rater, &rater));
    if (!rater) { /* becomes a person of the data, which an import must not do meanwhile */
        TRY(vrk_workspace_open(ctx, w->app->opt->folder, false, &locked));
        TRY(vrk_workspace_lock(ctx, &locked));
    }
    TRY(vrk_change_begin(w));
    TRY(vrk_interview_put(ctx, w->w.records, w->app->instruments, &v, true));
    TRY(vrk_change_end(w, r, vrk_text_f(&ctx->scratch, "person %" PRId64, person), v.competency));
    w->app->applied++;
    vrk_answer_text(r, 201, "application/json", "{}");
done:
    vrk_workspace_close(&locked);
    return st;
}
