/* Who may see a person's row at this moment: asked of the same rule that shows it, account by
 * account. */
#include "http/policy.h"
#include "http/roster.h"
#include "http/who.h"

#include <jansson.h>

/* Appends the account where it sees the person. */
static vrk_status ask_one(vrk_worker *w, const vrk_account *a, int64_t person, json_t *list)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_member *m = NULL;

    TRY(vrk_member_read(w, a->id, &m));
    if (m && vrk_sees_person(w->app, m, person) &&
        json_array_append_new(list, json_pack("{s:s,s:s,s:b}", "name", a->name, "role",
                                              vrk_by_name[a->role], "self",
                                              a->person_key == person)) != 0)
        FAIL(VRK_EMEMORY, "out of memory for an answer");
done:
    vrk_member_drop(m);
    return st;
}

vrk_status vrk_run_viewers(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_accounts all = {0};
    json_t *list = json_array();
    int64_t person;

    TRY(vrk_person_key(ctx, w->w.records, r->part[0], &person));
    if (!person || !vrk_sees_person(w->app, r->member, person)) {
        vrk_refuse(r, 404, "not_found", VRK_N("There is no such thing."));
        goto done;
    }
    TRY(vrk_accounts_list(ctx, w->w.records, &all));
    for (int64_t i = 0; i < all.n; i++) {
        if (!all.account[i].disabled)
            TRY(ask_one(w, &all.account[i], person, list));
    }
    TRY(vrk_answer_json(ctx, r, 200, json_incref(list)));
done:
    json_decref(list);
    vrk_accounts_free(&all);
    return st;
}
