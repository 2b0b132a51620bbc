/* A test is taken by the link of its invitation, without account. The link's secret comes as
 * bearer, never in an address; it opens the one sitting and nothing else. */
#include "http/assess.h"
#include "people/accommodation.h"
#include "people/sitting.h"

#include "base/sys.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

static const char *const state_name[] = {
    [VRK_LINK_OPEN] = "open",         [VRK_LINK_UNKNOWN] = "unknown",
    [VRK_LINK_EXPIRED] = "expired",   [VRK_LINK_WITHDRAWN] = "withdrawn",
    [VRK_LINK_FINISHED] = "finished", [VRK_LINK_CHANGED] = "changed",
};

static const char *secret(const vrk_request *r)
{
    static const char bearer[] = "Bearer ";
    if (!r->bearer || strncasecmp(r->bearer, bearer, sizeof(bearer) - 1) != 0)
        return NULL;
    return r->bearer + sizeof(bearer) - 1;
}

/* False: the link is not known, and that is answered. */
static vrk_status open_sitting(vrk_worker *w, vrk_request *r, vrk_sitting *s, bool *known)
{
    vrk_status st = vrk_sitting_open(&w->ctx, w->w.records, w->app->instruments, secret(r), s);
    *known = st == VRK_OK && s->id != 0;
    if (st == VRK_OK && !s->id)
        vrk_refuse(r, 404, "link_unknown", vrk_link_says(VRK_EN, VRK_LINK_UNKNOWN));
    return st;
}

static void refuse_link(vrk_request *r, vrk_link link)
{
    const char *code = link == VRK_LINK_EXPIRED     ? "link_expired"
                       : link == VRK_LINK_WITHDRAWN ? "link_withdrawn"
                       : link == VRK_LINK_CHANGED   ? "link_changed"
                                                    : "link_finished";
    vrk_refuse(r, 409, code, vrk_link_says(VRK_EN, link));
}

/* What comes next, as the person sees it: no points, and the options in this sitting's order. */
static json_t *say_question(const vrk_request *r, const vrk_question *q)
{
    if (q->done || !q->item)
        return json_pack("{s:b,s:I}", "done", true, "answered", (json_int_t)q->answered);
    json_t *options = json_array();
    for (int o = 0; o < VRK_ITEM_OPTIONS; o++) {
        const char key[] = {(char)('a' + q->order[o]), 0};
        json_array_append_new(options, json_pack("{s:s,s:s}", "choice", key, "text",
                                                 vrk_in(r, &q->item->option[q->order[o]].text)));
    }
    return json_pack("{s:b,s:s,s:I,s:I,s:I,s:s,s:o}", "done", false, "item", q->item->id, "number",
                     (json_int_t)q->answered + 1, "answered", (json_int_t)q->answered, "most",
                     (json_int_t)q->most, "text", vrk_in(r, &q->item->stem), "options", options);
}

/* What the person has in this test, for the person. */
static vrk_status say_accommodations(vrk_worker *w, const vrk_request *r, const vrk_sitting *s,
                                     json_t *out)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_accommodation_list list = {0};
    TRY(vrk_accommodations_read(ctx, w->w.records, s->person, &list));
    for (int64_t i = 0; i < list.n; i++) {
        const vrk_accommodation *a = &list.row[i];
        if ((!a->invitation || a->invitation == s->id) &&
            json_array_append_new(out, json_pack("{s:s,s:s}", "says",
                                                 vrk_accommodation_says(r->lang, a->kind), "note",
                                                 a->note)) != 0)
            FAIL(VRK_EMEMORY, "out of memory for an answer");
    }
done:
    vrk_accommodations_free(&list);
    return st;
}

vrk_status vrk_run_sitting(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_sitting s = {0};
    vrk_question q = {0};
    json_t *names = json_array(), *has = json_array();
    bool known;

    TRY(open_sitting(w, r, &s, &known));
    if (!known)
        goto done;
    TRY(say_accommodations(w, r, &s, has));
    for (int64_t p = 0; p < s.parts; p++)
        json_array_append_new(names, json_string(vrk_in(r, &s.part[p].bank.instrument->name)));
    if (s.link != VRK_LINK_CHANGED)
        TRY(vrk_sitting_choose(ctx, &s, &q));
    TRY(vrk_answer_json(
        ctx, r, 200,
        json_pack("{s:s,s:s,s:s,s:s,s:s,s:O,s:O,s:I,s:I,s:b,s:o,s:o,s:s,s:b}", "state",
                  state_name[s.link], "says",
                  s.link == VRK_LINK_OPEN ? "" : vrk_link_says(r->lang, s.link), "kind",
                  s.candidate ? "candidate" : "seller", "purpose", s.purpose, "lang",
                  s.lang == VRK_SV ? "sv" : "en", "competencies", names, "accommodations", has,
                  "answered", (json_int_t)s.answered, "most", (json_int_t)q.most, "begun",
                  s.events > 0, "expires_at", vrk_json_time(w, s.expires_at), "finished_at",
                  vrk_json_time(w, s.finished_at), "person_level", w->app->open ? "open" : "case",
                  "profile", s.link == VRK_LINK_FINISHED && !s.candidate)));
done:
    json_decref(names);
    json_decref(has);
    vrk_sitting_free(&s);
    return st;
}

/* Ends the open transaction; the log says when somebody began, and each answer that was kept. */
static vrk_status end(vrk_worker *w, vrk_request *r, int64_t id, bool logged)
{
    if (logged)
        return vrk_change_end(w, r, vrk_text_f(&w->ctx.scratch, "invitation %" PRId64, id), NULL);
    return vrk_records_run(&w->ctx, w->w.records, "COMMIT", NULL, 0, NULL);
}

vrk_status vrk_run_sitting_next(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_sitting s = {0};
    vrk_question q;
    bool known;

    TRY(vrk_change_begin(w));
    TRY(open_sitting(w, r, &s, &known));
    if (known && s.link != VRK_LINK_OPEN && s.link != VRK_LINK_FINISHED) {
        refuse_link(r, s.link);
        known = false;
    }
    if (!known) {
        vrk_records_roll_back(ctx, w->w.records);
        goto done;
    }
    TRY(vrk_sitting_ask(ctx, w->w.records, &s, &q));
    TRY(end(w, r, s.id, s.events == 0));
    TRY(vrk_answer_json(ctx, r, 200, say_question(r, &q)));
done:
    vrk_sitting_free(&s);
    return st;
}

static const char *const answered_name[] = {
    [VRK_ANSWER_SAVED] = "saved",         [VRK_ANSWER_SAME] = "same",
    [VRK_ANSWER_STANDS] = "stands",       [VRK_ANSWER_NOT_ASKED] = "not_asked",
    [VRK_ANSWER_NO_CHOICE] = "no_choice", [VRK_ANSWER_CLOSED] = "closed",
};

/* Keeps the answer and asks the next, as one transaction: what is acknowledged is on disk. */
static vrk_status answer(vrk_worker *w, vrk_request *r, const char *item, const char *choice,
                         vrk_sitting *s)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_answered answered;
    vrk_question q;
    int64_t id = s->id;

    TRY(vrk_sitting_take(ctx, w->w.records, s, item, choice[1] ? 0 : choice[0], &answered));
    if (answered == VRK_ANSWER_CLOSED || answered == VRK_ANSWER_NO_CHOICE) {
        vrk_records_roll_back(ctx, w->w.records);
        if (answered == VRK_ANSWER_CLOSED)
            refuse_link(r, s->link);
        else
            vrk_refuse(r, 400, "no_choice", vrk_answered_says(VRK_EN, answered));
        goto done;
    }
    vrk_sitting_free(s);
    TRY(vrk_sitting_open(ctx, w->w.records, w->app->instruments, secret(r), s));
    if (s->link == VRK_LINK_OPEN || s->link == VRK_LINK_FINISHED)
        TRY(vrk_sitting_ask(ctx, w->w.records, s, &q));
    else
        q = (vrk_question){.done = true, .answered = s->answered};
    TRY(end(w, r, id, answered == VRK_ANSWER_SAVED));
    w->app->applied += q.done;
    TRY(vrk_answer_json(ctx, r, 200,
                        json_pack("{s:s,s:s,s:o}", "answered", answered_name[answered], "says",
                                  vrk_answered_says(r->lang, answered), "question",
                                  say_question(r, &q))));
done:
    return st;
}

vrk_status vrk_run_sitting_answer(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_sitting s = {0};
    const char *item = NULL, *choice = NULL;
    bool known;
    const vrk_field field[] = {{"item", VRK_IS_TEXT, true, VRK_WORD_MOST, &item, NULL},
                               {"choice", VRK_IS_TEXT, true, VRK_WORD_MOST, &choice, NULL}};

    TRY(vrk_body_read(ctx, r, field, 2));
    TRY(vrk_change_begin(w));
    TRY(open_sitting(w, r, &s, &known));
    if (known)
        TRY(answer(w, r, item, choice, &s));
    else
        vrk_records_roll_back(ctx, w->w.records);
done:
    vrk_sitting_free(&s);
    return st;
}

/* After the end, and where the purpose is the person's own development: the result, as long as the
 * link holds; then it is behind the person's login. */
vrk_status vrk_run_sitting_profile(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_sitting s = {0};
    vrk_competence p = {0};
    json_t *out = NULL;
    bool known;

    TRY(open_sitting(w, r, &s, &known));
    if (!known)
        goto done;
    if (s.link != VRK_LINK_FINISHED || s.candidate || vrk_now(ctx) >= s.expires_at) {
        vrk_refuse(r, 404, "no_profile", VRK_N("There is no result to show here."));
        goto done;
    }
    TRY(vrk_competence_make(ctx, w->w.records, w->app->instruments, s.person_id, false, s.id, &p));
    TRY(vrk_profile_json(w, r, &p, &out));
    TRY(vrk_answer_json(ctx, r, 200, json_incref(out)));
done:
    json_decref(out);
    vrk_competence_free(&p);
    vrk_sitting_free(&s);
    return st;
}
