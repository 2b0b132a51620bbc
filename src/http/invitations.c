/* Who is invited to a test, by whom they may be, and how far they have come. */
#include "http/assess.h"
#include "http/roster.h"
#include "people/sitting_list.h"

#include "people/own.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

enum { DAYS_MOST = 366, MOST = 100 };

static json_t *say_texts(const vrk_request *r, const vrk_text *text, int64_t n)
{
    json_t *list = json_array();
    for (int64_t i = 0; i < n; i++)
        json_array_append_new(list, json_string(vrk_in(r, &text[i])));
    return list;
}

/* What can be assessed: no data of anybody. */
vrk_status vrk_run_competencies(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    const vrk_instruments *all = w->app->instruments;
    json_t *list = json_array();
    for (int64_t i = 0; i < all->n; i++) {
        const vrk_instrument *one = &all->instrument[i];
        if (one->retired)
            continue;
        json_t *moments = json_array();
        for (int64_t k = 0; k < one->moments; k++)
            json_array_append_new(moments, json_string(one->moment[k]));
        json_t *o =
            json_pack("{s:s,s:s,s:s,s:s,s:o,s:o,s:I,s:b}", "competency", one->competency, "name",
                      vrk_in(r, &one->name), "definition", vrk_in(r, &one->definition), "low",
                      vrk_in(r, &one->low), "anchors", say_texts(r, one->anchor, VRK_LEVELS),
                      "moments", moments, "situations", (json_int_t)one->items, "own", one->own);
        if (json_array_append_new(list, o) != 0)
            FAIL(VRK_EMEMORY, "out of memory for an answer");
    }
    TRY(vrk_answer_json(ctx, r, 200, json_incref(list)));
done:
    json_decref(list);
    return st;
}

/* One's own, no longer sent; the same file brings it back. */
vrk_status vrk_run_retire(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    const vrk_instrument *one = vrk_instrument_find(w->app->instruments, r->part[0]);
    if (!one || !one->own || one->retired) {
        vrk_refuse(r, 404, "not_found", VRK_N("There is no instrument of your own with that id."));
        goto done;
    }
    TRY(vrk_change_begin(w));
    TRY(vrk_own_retire(&w->ctx, w->w.records, one->competency));
    TRY(vrk_change_end(w, r, one->competency, NULL));
    w->app->weighed++; /* no role asks for it now */
    TRY(vrk_own_look(w));
    vrk_answer_text(r, 204, NULL, "");
done:
    return st;
}

bool vrk_reaches(vrk_worker *w, const vrk_request *r, int64_t person, bool candidate)
{
    vrk_by role = r->member->account.role;
    if (role == VRK_BY_OWNER)
        return true;
    if (role == VRK_BY_HR || candidate)
        return role == VRK_BY_HR && candidate;
    return person &&
           (person == r->member->account.person_key || vrk_leads_person(w->app, r->member, person));
}

vrk_status vrk_is_applicant(vrk_worker *w, int64_t person, bool *is)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_frame f = {0};
    const vrk_value bind = vrk_bind_int(person);
    *is = false;
    TRY(vrk_records_run(ctx, w->w.records,
                        "SELECT 1 FROM invitation WHERE person = ?1 AND kind = 'candidate' LIMIT 1",
                        &bind, 1, &f));
    *is = f.rows > 0;
done:
    vrk_frame_free(&f);
    return st;
}

/* Who can be invited and rated: of the newest result, those whom one leads. */
vrk_status vrk_run_people(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_frame f = {0};
    json_t *list = json_array();
    const char *team;

    TRY(vrk_records_run(ctx, w->w.records,
                        "SELECT i.key, source_id, max(v.kind = 'candidate') AS candidate FROM "
                        "identity i LEFT JOIN invitation v ON v.person = i.key WHERE space = "
                        "'person' GROUP BY i.key ORDER BY source_id",
                        NULL, 0, &f));
    for (int64_t i = 0; i < f.rows; i++) {
        int64_t key = f.column[0].i[i];
        bool listed = vrk_roster_team(w->app, key, &ctx->scratch, &team),
             candidate = !f.column[2].null[i] && f.column[2].i[i];
        if (f.column[1].null[i])
            continue;
        if (listed && vrk_reaches(w, r, key, false) &&
            json_array_append_new(list,
                                  json_pack("{s:s,s:s,s:s,s:b}", "person_id", f.column[1].s[i],
                                            "kind", "seller", "team_id", team, "sees",
                                            vrk_sees_person(w->app, r->member, key))) != 0)
            FAIL(VRK_EMEMORY, "out of memory for an answer");
        if (candidate && vrk_reaches(w, r, key, true) &&
            json_array_append_new(list,
                                  json_pack("{s:s,s:s,s:n,s:b}", "person_id", f.column[1].s[i],
                                            "kind", "candidate", "team_id", "sees", true)) != 0)
            FAIL(VRK_EMEMORY, "out of memory for an answer");
    }
    TRY(vrk_answer_json(ctx, r, 200, json_incref(list)));
done:
    json_decref(list);
    vrk_frame_free(&f);
    return st;
}

static const char *const state_name[] = {
    [VRK_LINK_OPEN] = "open",         [VRK_LINK_UNKNOWN] = "unknown",
    [VRK_LINK_EXPIRED] = "expired",   [VRK_LINK_WITHDRAWN] = "withdrawn",
    [VRK_LINK_FINISHED] = "finished", [VRK_LINK_CHANGED] = "changed",
};

static json_t *say_invitation(vrk_worker *w, const vrk_request *r, const vrk_invitation *v)
{
    json_t *names = json_array();
    char *rest = vrk_text_copy(&w->ctx.scratch, v->competencies), *one;
    while (rest && (one = strsep(&rest, ","))) {
        const vrk_instrument *found = vrk_instrument_find(w->app->instruments, one);
        json_array_append_new(names, json_string(found ? vrk_in(r, &found->name) : one));
    }
    return json_pack("{s:I,s:s,s:s,s:s,s:o,s:s,s:I,s:o,s:o,s:o}", "id", (json_int_t)v->id,
                     "person_id", v->person_id, "kind", v->candidate ? "candidate" : "seller",
                     "purpose", v->purpose, "competencies", names, "state", state_name[v->link],
                     "answered", (json_int_t)v->answered, "made_at", vrk_json_time(w, v->made_at),
                     "expires_at", vrk_json_time(w, v->expires_at), "finished_at",
                     vrk_json_time(w, v->finished_at));
}

vrk_status vrk_run_invitations(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_invitations all = {0};
    json_t *list = json_array();
    int64_t key;

    TRY(vrk_invitations_list(ctx, w->w.records, NULL, &all));
    for (int64_t i = all.n - 1; i >= 0; i--) {
        TRY(vrk_person_key(ctx, w->w.records, all.row[i].person_id, &key));
        if (vrk_reaches(w, r, key, all.row[i].candidate) &&
            json_array_append_new(list, say_invitation(w, r, &all.row[i])) != 0)
            FAIL(VRK_EMEMORY, "out of memory for an answer");
    }
    TRY(vrk_answer_json(ctx, r, 200, json_incref(list)));
done:
    json_decref(list);
    vrk_invitations_free(&all);
    return st;
}

typedef struct {
    const char *person, *kind, *purpose, *lang;
    json_t *competencies;
    int64_t days, most;
} asked;

static vrk_status read_asked(vrk_ctx *ctx, vrk_request *r, asked *a)
{
    const vrk_field field[] = {
        {"person_id", VRK_IS_TEXT, true, VRK_WORD_MOST, &a->person, NULL},
        {"kind", VRK_IS_TEXT, false, VRK_WORD_MOST, &a->kind, NULL},
        {"competencies", VRK_IS_TEXTS, true, VRK_SITTING_PARTS, &a->competencies, NULL},
        {"lang", VRK_IS_TEXT, false, VRK_WORD_MOST, &a->lang, NULL},
        {"days", VRK_IS_COUNT, false, DAYS_MOST, &a->days, NULL},
        {"most", VRK_IS_COUNT, false, MOST, &a->most, NULL}};
    return vrk_body_read(ctx, r, field, 6);
}

/* Fills what to invite to; word [VRK_SITTING_PARTS]. */
static vrk_status check(vrk_worker *w, vrk_request *r, const asked *a, const char **word,
                        vrk_invite *v)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    int64_t key;
    *v = (vrk_invite){.person = a->person,
                      .candidate = a->kind && !strcmp(a->kind, "candidate"),
                      .competency = word,
                      .lang = r->lang,
                      .days = a->days,
                      .most = a->most};
    if (a->kind && !v->candidate && strcmp(a->kind, "seller") != 0)
        FAIL(VRK_EINPUT, "kind cannot be that");
    if (a->lang && !vrk_lang_parse(a->lang, &v->lang))
        FAIL(VRK_EINPUT, "lang cannot be that");
    TRY(vrk_person_key(ctx, w->w.records, a->person, &key));
    if (!vrk_reaches(w, r, key, v->candidate) || (!v->candidate && !key))
        FAIL(VRK_EINPUT, VRK_N("there is no such person whom you may invite"));
    for (size_t i = 0; i < json_array_size(a->competencies); i++) {
        word[v->competencies++] = json_string_value(json_array_get(a->competencies, i));
        if (!vrk_instrument_find(w->app->instruments, word[i]))
            FAIL(VRK_EINPUT, VRK_N("there is no such competence"));
    }
    if (!v->competencies)
        FAIL(VRK_EINPUT, VRK_N("choose at least one competence"));
done:
    return st;
}

vrk_status vrk_run_invite(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    asked a = {0};
    vrk_invite v;
    vrk_workspace locked = {.lock = -1};
    const char *word[VRK_SITTING_PARTS];
    char token[VRK_TOKEN_CHARS + 1];
    int64_t id;

    TRY(read_asked(ctx, r, &a));
    TRY(check(w, r, &a, word, &v));
    if (v.candidate) { /* may be new to the data, which an import must not change meanwhile */
        TRY(vrk_workspace_open(ctx, w->app->opt->folder, false, &locked));
        TRY(vrk_workspace_lock(ctx, &locked));
    }
    TRY(vrk_change_begin(w));
    TRY(vrk_invite_add(ctx, w->w.records, w->app->instruments, &v, token, &id));
    TRY(vrk_change_end(w, r, vrk_text_f(&ctx->scratch, "invitation %" PRId64, id),
                       v.candidate ? "recruitment" : "development"));
    w->app->applied++;
    const char *at = w->app->origin ? w->app->origin : vrk_text_f(&r->mem, "http://%s", r->host);
    const char *link = vrk_text_f(&r->mem, "%s/#/take/%s", at, token);
    TRY(vrk_answer_json(ctx, r, 201, json_pack("{s:I,s:s}", "id", (json_int_t)id, "link", link)));
done:
    vrk_workspace_close(&locked);
    return st;
}

vrk_status vrk_run_invite_withdraw(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_frame f = {0};
    int64_t id = vrk_part_number(r, 0);
    const vrk_value bind = vrk_bind_int(id);

    TRY(vrk_change_begin(w));
    TRY(vrk_records_run(ctx, w->w.records,
                        "SELECT person, kind = 'candidate' AS candidate FROM invitation WHERE id = "
                        "?1",
                        &bind, 1, &f));
    if (!f.rows || !vrk_reaches(w, r, f.column[0].i[0], f.column[1].i[0] != 0)) {
        vrk_records_roll_back(ctx, w->w.records);
        vrk_refuse(r, 404, "not_found", VRK_N("There is no such thing."));
        goto done;
    }
    TRY(vrk_invite_withdraw(ctx, w->w.records, id));
    TRY(vrk_change_end(w, r, vrk_text_f(&ctx->scratch, "invitation %" PRId64, id), NULL));
    w->app->applied++;
    vrk_answer_text(r, 204, NULL, "");
done:
    vrk_frame_free(&f);
    return st;
}
