/* Logging in and out, the first account, and one's own. */
#include "http/policy.h"
#include "http/who.h"

#include "store/second.h"
#include "store/sessions.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

enum { NAME = 100, TOKEN = 100, PASSWORD = 1000, CODE = 40 };

/* Stores the session and the row of the log, and then lets in. */
static vrk_status let_in(vrk_worker *w, vrk_request *r, int64_t account)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_entry entry;

    TRY(vrk_who_store(w, r, account, &entry));
    const char *subject = vrk_text_f(&ctx->scratch, "account %" PRId64, account);
    r->entering = account;
    TRY(vrk_change_end(w, r, subject, NULL));
    vrk_answer_text(r, 204, NULL, "");
    TRY(vrk_who_enter(w, r, account, &entry));
done:
    return st;
}

/* The account of the link: the first one is made, an invited one gets its password. */
static vrk_status set_up(vrk_worker *w, const char *token, const char *name, const char *hash,
                         const char *lang, int64_t *account)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_accounts found = {0};

    TRY(vrk_link_use(ctx, w->w.records, token, account));
    if (*account) {
        TRY(vrk_accounts_find(ctx, w->w.records, *account, NULL, &found));
        if (!found.n || found.account[0].disabled)
            FAIL(VRK_EINPUT, VRK_N("the account is closed"));
        found.account[0].password = hash;
        TRY(vrk_account_store(ctx, w->w.records, &found.account[0]));
        TRY(vrk_second_drop(ctx, w->w.records, *account)); /* the way back for who lost all */
        TRY(vrk_sessions_end(ctx, w->w.records, *account));
    } else {
        TRY(vrk_accounts_list(ctx, w->w.records, &found));
        if (found.n)
            FAIL(VRK_EINPUT, VRK_N("there is an account already"));
        if (!name || !*name)
            FAIL(VRK_EINPUT, VRK_N("a name is missing"));
        vrk_account first = {.name = name, .role = VRK_BY_OWNER, .lang = lang, .password = hash};
        TRY(vrk_account_add(ctx, w->w.records, &first));
        *account = first.id;
    }
done:
    vrk_accounts_free(&found);
    return st;
}

vrk_status vrk_run_setup(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    const char *token = NULL, *name = NULL, *password = NULL;
    char hash[VRK_PASSWORD_HASH];
    int64_t account;
    const vrk_field field[] = {{"token", VRK_IS_TEXT, true, TOKEN, &token, NULL},
                               {"name", VRK_IS_TEXT, false, NAME, &name, NULL},
                               {"password", VRK_IS_TEXT, true, PASSWORD, &password, NULL}};

    int wait = vrk_guard_wait(w->app, "link", r->address);
    TRY(vrk_body_read(ctx, r, field, 3));
    if (wait) {
        vrk_refuse(r, 429, "wait", VRK_N("Too many tries failed. Please wait a little."));
        r->answer.retry_s = wait;
        goto done;
    }
    TRY(vrk_password_will_do(ctx, name ? name : "", password));
    TRY(vrk_password_hash(ctx, password, hash));
    TRY(vrk_change_begin(w));
    st = set_up(w, token, name, hash, r->lang == VRK_SV ? "sv" : "en", &account);
    if (st == VRK_EINPUT)
        vrk_guard_failed(w->app, "link", r->address);
    TRY(st);
    vrk_who_end_all(w->app, account);
    TRY(let_in(w, r, account));
    w->app->set_up = true;
done:
    return st;
}

/* After the password: the code, where one is asked for. False: answered. */
static vrk_status check_second(vrk_worker *w, vrk_request *r, const vrk_account *a,
                               const char *code, bool *in)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;

    TRY(vrk_second_is_on(ctx, w->w.records, a->id, in));
    *in = !*in;
    if (*in)
        goto done;
    if (code)
        TRY(vrk_second_check(ctx, w->w.records, a->id, code, in));
    if (*in)
        goto done;
    vrk_records_roll_back(ctx, w->w.records);
    if (code)
        vrk_guard_failed(w->app, a->name, r->address);
    vrk_member_drop(r->member); /* logged as nobody's */
    r->member = NULL;
    vrk_refuse(r, 401, "code",
               code ? VRK_N("That is not the code of now.")
                    : VRK_N("Please give the code of your app as well."));
done:
    return st;
}

vrk_status vrk_run_login(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_accounts found = {0};
    const char *name = NULL, *password = NULL, *code = NULL;
    const vrk_field field[] = {{"name", VRK_IS_TEXT, true, NAME, &name, NULL},
                               {"password", VRK_IS_TEXT, true, PASSWORD, &password, NULL},
                               {"code", VRK_IS_TEXT, false, CODE, &code, NULL}};

    TRY(vrk_body_read(ctx, r, field, 3));
    int wait = vrk_guard_wait(w->app, name, r->address);
    if (wait) {
        vrk_refuse(r, 429, "wait", VRK_N("Too many tries failed. Please wait a little."));
        r->answer.retry_s = wait;
        goto done;
    }
    TRY(vrk_accounts_find(ctx, w->w.records, 0, name, &found));
    const vrk_account *a = found.n ? &found.account[0] : NULL;
    bool right = vrk_password_is(a && !a->disabled ? a->password : NULL, password);
    if (!right) {
        vrk_guard_failed(w->app, name, r->address);
        vrk_member_drop(r->member); /* logged as nobody's */
        r->member = NULL;
        vrk_refuse(r, 401, "login", VRK_N("Name or password is not right."));
        goto done;
    }
    TRY(vrk_change_begin(w));
    TRY(check_second(w, r, a, code, &right));
    if (!right)
        goto done;
    vrk_guard_passed(w->app, name, r->address);
    if (r->member) { /* a session never outlives a login: a new one is a new token */
        TRY(vrk_session_end(ctx, w->w.records, r->session));
        vrk_who_end(w->app, r->session);
    }
    TRY(let_in(w, r, a->id));
done:
    vrk_accounts_free(&found);
    return st;
}

vrk_status vrk_run_logout(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;

    vrk_who_end(w->app, r->session);
    TRY(vrk_change_begin(w));
    TRY(vrk_session_end(ctx, w->w.records, r->session));
    TRY(vrk_change_end(w, r, NULL, NULL));
    vrk_answer_text(r, 204, NULL, "");
    r->answer.cookie = "";
done:
    return st;
}

static json_t *texts(const char *const *text, int64_t n)
{
    json_t *list = json_array();
    for (int64_t i = 0; list && i < n; i++) {
        if (json_array_append_new(list, json_string(text[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

vrk_status vrk_run_me(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    const vrk_account *a = &r->member->account;
    json_t *may = NULL;
    bool second;

    TRY(vrk_policy_may(ctx, a->role, &may));
    TRY(vrk_second_is_on(ctx, w->w.records, a->id, &second));
    json_t *o =
        json_pack("{s:s,s:s,s:s?,s:o,s:s?,s:s,s:o,s:b,s:b,s:b}", "name", a->name, "role",
                  vrk_by_name[a->role], "seller_id", a->seller_id, "team_ids",
                  texts((const char *const *)a->team, a->teams), "lang", a->lang, "person_level",
                  w->app->open ? "open" : "case", "may", may, "setup", 0, "second", second,
                  "second_needed", (int)vrk_needs_second(w->app, r->member));
    may = NULL;
    TRY(vrk_answer_json(ctx, r, 200, o));
done:
    json_decref(may);
    return st;
}

/* The old password is asked for again, each of the account's sessions ends, and this one gets a new
 * token. */
static vrk_status change_password(vrk_worker *w, vrk_request *r, json_t *given, vrk_account *a,
                                  char *hash)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    const char *was = json_string_value(json_object_get(given, "old")),
               *is = json_string_value(json_object_get(given, "new"));

    if (json_object_size(given) != 2 || !was || !is)
        FAIL(VRK_EINPUT, "password cannot be that");
    if (vrk_guard_wait(w->app, a->name, r->address) || !vrk_password_is(a->password, was)) {
        vrk_guard_failed(w->app, a->name, r->address);
        vrk_refuse(r, 403, "password", VRK_N("The old password is not right."));
        goto done;
    }
    TRY(vrk_password_will_do(ctx, a->name, is));
    TRY(vrk_password_hash(ctx, is, hash));
    a->password = hash;
done:
    return st;
}

vrk_status vrk_run_me_change(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_accounts found = {0};
    const char *lang = NULL;
    json_t *password = NULL;
    char hash[VRK_PASSWORD_HASH];
    vrk_lang spoken;
    int64_t id = r->member->account.id;
    const vrk_field field[] = {{"lang", VRK_IS_TEXT, false, 2, &lang, NULL},
                               {"password", VRK_IS_OBJECT, false, 0, &password, NULL}};

    TRY(vrk_body_read(ctx, r, field, 2));
    TRY(vrk_accounts_find(ctx, w->w.records, id, NULL, &found));
    vrk_account *a = found.account;
    if (!found.n || (lang && !vrk_lang_parse(lang, &spoken)))
        FAIL(VRK_EINPUT, "lang cannot be that");
    a->lang = lang ? lang : a->lang;
    if (json_is_object(password))
        TRY(change_password(w, r, password, a, hash));
    if (r->answer.status)
        goto done;
    TRY(vrk_change_begin(w));
    TRY(vrk_account_store(ctx, w->w.records, a));
    if (json_is_object(password)) {
        TRY(vrk_sessions_end(ctx, w->w.records, id));
        vrk_who_end_all(w->app, id);
        TRY(let_in(w, r, id));
    } else {
        TRY(vrk_change_end(w, r, NULL, NULL));
        TRY(vrk_who_refresh(w, id));
        vrk_answer_text(r, 204, NULL, "");
    }
done:
    vrk_accounts_free(&found);
    return st;
}
