/* Accounts for who keeps them, one's own sessions, and the log. */
#include "http/policy.h"
#include "http/who.h"

#include "store/audit.h"
#include "store/sessions.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { NAME = 100, TEAMS = 50 };

static const char *subject(vrk_worker *w, int64_t account)
{
    return vrk_text_f(&w->ctx.scratch, "account %" PRId64, account);
}

static json_t *say_account(const vrk_account *a)
{
    json_t *teams = json_array();
    for (int64_t i = 0; i < a->teams; i++)
        json_array_append_new(teams, json_string(a->team[i]));
    return json_pack("{s:I,s:s,s:s,s:s?,s:o,s:b,s:b}", "id", (json_int_t)a->id, "name", a->name,
                     "role", vrk_by_name[a->role], "seller_id", a->seller_id, "team_ids", teams,
                     "disabled", a->disabled, "invited", a->password == NULL);
}

vrk_status vrk_run_users(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_accounts all = {0};
    json_t *list = json_array();

    TRY(vrk_accounts_list(ctx, w->w.records, &all));
    for (int64_t i = 0; i < all.n; i++) {
        if (json_array_append_new(list, say_account(&all.account[i])) != 0)
            FAIL(VRK_EMEMORY, "out of memory for an answer");
    }
    TRY(vrk_answer_json(ctx, r, 200, json_incref(list)));
done:
    json_decref(list);
    vrk_accounts_free(&all);
    return st;
}

/* Who is not the owner makes and changes no owner. */
static vrk_status may_give(vrk_ctx *ctx, const vrk_request *r, vrk_by role)
{
    if (role == VRK_BY_OWNER && r->member->account.role != VRK_BY_OWNER)
        return vrk_fail(ctx, VRK_EINPUT, VRK_N("only an owner makes or changes an owner"));
    return VRK_OK;
}

typedef struct {
    const char *name, *role, *seller;
    json_t *teams;
    bool disabled, has_seller, has_teams, has_disabled;
} asked;

/* Puts what was asked for into the account. */
static vrk_status apply(vrk_worker *w, const vrk_request *r, const asked *q, vrk_account *a)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    const json_t *team;
    size_t i;

    TRY(may_give(ctx, r, a->role));
    if (q->role && !vrk_by_parse(q->role, &a->role))
        FAIL(VRK_EINPUT, "role cannot be that");
    TRY(may_give(ctx, r, a->role));
    if (q->has_seller) {
        a->person_key = 0;
        if (q->seller && *q->seller)
            TRY(vrk_person_key(ctx, w->w.records, q->seller, &a->person_key));
        if (q->seller && *q->seller && !a->person_key)
            FAIL(VRK_EINPUT, VRK_N("there is no such seller in the data"));
    }
    if (a->role == VRK_BY_SELLER && !a->person_key)
        FAIL(VRK_EINPUT, VRK_N("a seller's account needs to know which seller it is"));
    if (q->has_teams) {
        a->teams = 0;
        a->team = VRK_NEW(&ctx->scratch, (int64_t)json_array_size(q->teams), const char *);
        json_array_foreach(q->teams, i, team)
        {
            if (a->team)
                a->team[a->teams++] = json_string_value(team);
        }
    }
    if (q->has_disabled)
        a->disabled = q->disabled;
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for an account");
done:
    return st;
}

static vrk_status answer_link(vrk_worker *w, vrk_request *r, int64_t id, const char *token)
{
    const char *at = w->app->origin ? w->app->origin : vrk_text_f(&r->mem, "http://%s", r->host);
    const char *link = vrk_text_f(&r->mem, "%s/#/setup?token=%s", at, token);
    return vrk_answer_json(&w->ctx, r, 201,
                           json_pack("{s:I,s:s}", "id", (json_int_t)id, "link", link));
}

vrk_status vrk_run_user_add(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    asked q = {0};
    vrk_account a = {.role = VRK_BY_SELLER};
    char token[VRK_HEX];
    const vrk_field field[] = {{"name", VRK_IS_TEXT, true, NAME, &q.name, NULL},
                               {"role", VRK_IS_TEXT, true, NAME, &q.role, NULL},
                               {"seller_id", VRK_IS_TEXT, false, NAME, &q.seller, &q.has_seller},
                               {"team_ids", VRK_IS_TEXTS, false, TEAMS, &q.teams, &q.has_teams}};

    TRY(vrk_body_read(ctx, r, field, 4));
    TRY(apply(w, r,
              &(asked){.role = q.role,
                       .seller = q.seller,
                       .has_seller = true,
                       .teams = q.teams,
                       .has_teams = q.teams != NULL},
              &a));
    a.name = q.name;
    TRY(vrk_change_begin(w));
    TRY(vrk_account_add(ctx, w->w.records, &a));
    TRY(vrk_link_make(ctx, w->w.records, a.id, token));
    TRY(vrk_change_end(w, r, subject(w, a.id), vrk_by_name[a.role]));
    TRY(answer_link(w, r, a.id, token));
done:
    return st;
}

/* The account at the path; answered with 404 where there is none. */
static vrk_status find(vrk_worker *w, vrk_request *r, vrk_accounts *out)
{
    int64_t id = vrk_part_number(r, 0);
    vrk_status st = vrk_accounts_find(&w->ctx, w->w.records, id ? id : -1, NULL, out);
    if (st == VRK_OK && !out->n)
        vrk_refuse(r, 404, "not_found", VRK_N("There is no such thing."));
    return st;
}

/* Somebody must be able to let others in. */
static vrk_status keeps_an_owner(vrk_worker *w)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_accounts all = {0};
    int64_t owners = 0;
    TRY(vrk_accounts_list(ctx, w->w.records, &all));
    for (int64_t i = 0; i < all.n; i++)
        owners += all.account[i].role == VRK_BY_OWNER && !all.account[i].disabled &&
                  all.account[i].password;
    if (!owners)
        FAIL(VRK_EINPUT, VRK_N("the last owner stays one"));
done:
    vrk_accounts_free(&all);
    return st;
}

vrk_status vrk_run_user_change(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_accounts found = {0};
    asked q = {0};
    const vrk_field field[] = {{"role", VRK_IS_TEXT, false, NAME, &q.role, NULL},
                               {"seller_id", VRK_IS_TEXT, false, NAME, &q.seller, &q.has_seller},
                               {"team_ids", VRK_IS_TEXTS, false, TEAMS, &q.teams, &q.has_teams},
                               {"disabled", VRK_IS_BOOL, false, 0, &q.disabled, &q.has_disabled}};

    TRY(vrk_body_read(ctx, r, field, 4));
    TRY(vrk_change_begin(w));
    TRY(find(w, r, &found));
    if (!found.n) {
        vrk_records_roll_back(ctx, w->w.records);
        goto done;
    }
    vrk_account *a = found.account;
    TRY(apply(w, r, &q, a));
    TRY(vrk_account_store(ctx, w->w.records, a));
    TRY(keeps_an_owner(w));
    TRY(vrk_sessions_end(ctx, w->w.records, a->id)); /* other rights are another session */
    TRY(vrk_change_end(w, r, subject(w, a->id), vrk_by_name[a->role]));
    vrk_who_end_all(w->app, a->id);
    vrk_answer_text(r, 204, NULL, "");
done:
    vrk_accounts_free(&found);
    return st;
}

vrk_status vrk_run_user_link(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_accounts found = {0};
    char token[VRK_HEX];

    TRY(vrk_change_begin(w));
    TRY(find(w, r, &found));
    if (!found.n) {
        vrk_records_roll_back(ctx, w->w.records);
        goto done;
    }
    const vrk_account *a = found.account;
    TRY(may_give(ctx, r, a->role));
    TRY(vrk_link_make(ctx, w->w.records, a->id, token));
    TRY(vrk_sessions_end(ctx, w->w.records, a->id));
    TRY(vrk_change_end(w, r, subject(w, a->id), NULL));
    vrk_who_end_all(w->app, a->id);
    TRY(answer_link(w, r, a->id, token));
done:
    vrk_accounts_free(&found);
    return st;
}

vrk_status vrk_run_sessions(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_sessions s = {0};
    json_t *list = json_array();

    TRY(vrk_sessions_list(ctx, w->w.records, r->member->account.id, &s));
    for (int64_t i = 0; i < s.n; i++) {
        const vrk_session *one = &s.session[i];
        json_t *o = json_pack("{s:I,s:s,s:s,s:s,s:b}", "id", (json_int_t)one->id, "started_at",
                              vrk_iso(&ctx->scratch, one->made_at), "seen_at",
                              vrk_iso(&ctx->scratch, one->seen_at), "agent", one->agent, "current",
                              one->id == r->session);
        if (json_array_append_new(list, o) != 0)
            FAIL(VRK_EMEMORY, "out of memory for an answer");
    }
    TRY(vrk_answer_json(ctx, r, 200, json_incref(list)));
done:
    json_decref(list);
    vrk_sessions_free(&s);
    return st;
}

vrk_status vrk_run_session_end(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_sessions s = {0};
    int64_t id = vrk_part_number(r, 0);
    bool own = false;

    TRY(vrk_sessions_list(ctx, w->w.records, r->member->account.id, &s));
    for (int64_t i = 0; i < s.n; i++)
        own |= s.session[i].id == id;
    if (!own) {
        vrk_refuse(r, 404, "not_found", VRK_N("There is no such thing."));
        goto done;
    }
    TRY(vrk_change_begin(w));
    TRY(vrk_session_end(ctx, w->w.records, id));
    TRY(vrk_change_end(w, r, vrk_text_f(&ctx->scratch, "session %" PRId64, id), NULL));
    vrk_who_end(w->app, id);
    vrk_answer_text(r, 204, NULL, "");
done:
    vrk_sessions_free(&s);
    return st;
}

static json_t *say_row(vrk_worker *w, const vrk_frame *f, int64_t i)
{
    const vrk_column *c = f->column;
    return json_pack("{s:I,s:s,s:s?,s:s,s:s,s:s,s:s}", "id", (json_int_t)c[0].i[i], "at",
                     vrk_iso(&w->ctx.scratch, c[1].i[i]), "who",
                     c[2].s && !c[2].null[i] ? c[2].s[i] : NULL, "what", c[3].s[i], "subject",
                     c[4].s[i], "purpose", c[5].s[i], "outcome", c[6].s[i]);
}

vrk_status vrk_run_audit(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_frame f = {0};
    json_t *list = json_array();
    int64_t before, limit, rows, broken;
    char chain[40] = "whole";
    const char *anchor = NULL;

    TRY(vrk_query_int(ctx, r, "before", 1, INT64_MAX, INT64_MAX, &before));
    TRY(vrk_query_int(ctx, r, "limit", 1, 1000, 100, &limit));
    TRY(vrk_audit_check(ctx, w->w.records, &rows, &broken));
    if (broken)
        snprintf(chain, sizeof(chain), "broken at %" PRId64, broken);
    TRY(vrk_audit_anchor(ctx, w->w.records, &ctx->scratch, &anchor));
    const vrk_value bind[] = {vrk_bind_int(before), vrk_bind_int(limit)};
    TRY(vrk_records_run(ctx, w->w.records,
                        "SELECT l.id, l.at, a.name AS who, l.what, l.subject, l.purpose, l.outcome "
                        "FROM audit l LEFT JOIN account a ON a.id = l.account WHERE l.id < ?1 "
                        "ORDER BY l.id DESC LIMIT ?2",
                        bind, 2, &f));
    for (int64_t i = 0; i < f.rows; i++) {
        if (json_array_append_new(list, say_row(w, &f, i)) != 0)
            FAIL(VRK_EMEMORY, "out of memory for an answer");
    }
    TRY(vrk_answer_json(
        ctx, r, 200,
        json_pack("{s:O,s:s,s:s}", "entries", list, "chain", chain, "anchor", anchor)));
done:
    json_decref(list);
    vrk_frame_free(&f);
    return st;
}
