/* The second factor of one's own account: asked for, confirmed, taken away. */
#include "http/policy.h"
#include "http/qr.h"
#include "http/who.h"

#include "store/second.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

enum { PASSWORD = 1000, CODE = 40 };

void vrk_second_must(vrk_app *app, const char *roles)
{
    unsigned bits = 0;
    if (vrk_by_names(roles, &bits))
        app->second_must = bits;
}

bool vrk_needs_second(const vrk_app *app, const vrk_member *m)
{
    return !m->second && app->second_must & (1u << m->account.role);
}

/* The password is asked for again: a browser left open is not enough. */
static vrk_status asks_password(vrk_worker *w, vrk_request *r, const char *password, bool *right)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_accounts found = {0};
    const char *name = r->member->account.name;
    int wait = vrk_guard_wait(w->app, name, r->address);

    *right = false;
    if (wait) {
        vrk_refuse(r, 429, "wait", VRK_N("Too many tries failed. Please wait a little."));
        r->answer.retry_s = wait;
        goto done;
    }
    TRY(vrk_accounts_find(ctx, w->w.records, r->member->account.id, NULL, &found));
    *right = found.n && vrk_password_is(found.account[0].password, password);
    if (!*right) {
        vrk_guard_failed(w->app, name, r->address);
        vrk_refuse(r, 403, "password", VRK_N("The password is not right."));
    }
done:
    vrk_accounts_free(&found);
    return st;
}

vrk_status vrk_run_second(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    const char *password = NULL;
    char secret[VRK_SECRET];
    bool right;
    const vrk_field field[] = {{"password", VRK_IS_TEXT, true, PASSWORD, &password, NULL}};

    TRY(vrk_body_read(ctx, r, field, 1));
    TRY(asks_password(w, r, password, &right));
    if (!right)
        goto done;
    TRY(vrk_change_begin(w));
    TRY(vrk_second_begin(ctx, w->w.records, r->member->account.id, secret));
    TRY(vrk_change_end(w, r, NULL, NULL));
    const char *link = vrk_text_f(&ctx->scratch,
                                  "otpauth://totp/Verkan:%" PRId64
                                  "?secret=%s&issuer=Verkan&algorithm=SHA1&digits=6&period=30",
                                  r->member->account.id, secret);
    if (!link)
        FAIL(VRK_EMEMORY, "out of memory for an answer");
    TRY(vrk_answer_json(
        ctx, r, 201,
        json_pack("{s:s,s:s,s:o}", "secret", secret, "link", link, "qr", vrk_qr(link))));
done:
    return st;
}

vrk_status vrk_run_second_confirm(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    const char *code = NULL;
    char recovery[VRK_RECOVERIES][VRK_RECOVERY];
    json_t *list = json_array();
    bool right;
    const vrk_field field[] = {{"code", VRK_IS_TEXT, true, CODE, &code, NULL}};

    TRY(vrk_body_read(ctx, r, field, 1));
    TRY(vrk_change_begin(w));
    TRY(vrk_second_confirm(ctx, w->w.records, r->member->account.id, code, &right, recovery));
    if (!right) {
        vrk_records_roll_back(ctx, w->w.records);
        vrk_refuse(r, 400, "code", VRK_N("That is not the code of now."));
        goto done;
    }
    TRY(vrk_change_end(w, r, NULL, NULL));
    TRY(vrk_who_refresh(w, r->member->account.id));
    for (int i = 0; i < VRK_RECOVERIES; i++) {
        if (json_array_append_new(list, json_string(recovery[i])) != 0)
            FAIL(VRK_EMEMORY, "out of memory for an answer");
    }
    TRY(vrk_answer_json(ctx, r, 200, json_pack("{s:O}", "recovery", list)));
done:
    json_decref(list);
    return st;
}

vrk_status vrk_run_second_off(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    const char *password = NULL, *code = NULL;
    bool right;
    const vrk_field field[] = {{"password", VRK_IS_TEXT, true, PASSWORD, &password, NULL},
                               {"code", VRK_IS_TEXT, true, CODE, &code, NULL}};

    TRY(vrk_body_read(ctx, r, field, 2));
    if (w->app->second_must & (1u << r->member->account.role)) {
        vrk_refuse(r, 403, "second", VRK_N("Your role needs a second factor; it stays on."));
        goto done;
    }
    TRY(asks_password(w, r, password, &right));
    if (!right)
        goto done;
    TRY(vrk_change_begin(w));
    TRY(vrk_second_check(ctx, w->w.records, r->member->account.id, code, &right));
    if (!right) {
        vrk_records_roll_back(ctx, w->w.records);
        vrk_guard_failed(w->app, r->member->account.name, r->address);
        vrk_refuse(r, 403, "code", VRK_N("That is not the code of now."));
        goto done;
    }
    TRY(vrk_second_drop(ctx, w->w.records, r->member->account.id));
    TRY(vrk_change_end(w, r, NULL, NULL));
    TRY(vrk_who_refresh(w, r->member->account.id));
    vrk_answer_text(r, 204, NULL, "");
done:
    return st;
}
