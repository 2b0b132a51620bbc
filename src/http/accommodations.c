/* What somebody had when taking a test. Kept by who sends the person's tests; seen by the person,
 * by HR for applicants, and by who kept it, for they see to it. Nobody who decides sees another's
 * record, and no score reads it. */
#include "http/assess.h"
#include "people/accommodation.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

static const char *recorder(vrk_worker *w, const vrk_request *r)
{
    return vrk_text_f(&w->ctx.scratch, "account %" PRId64, r->member->account.id);
}

/* The person whose tests the member sends, or who the member is; *key 0 and refused where not. */
static vrk_status find(vrk_worker *w, vrk_request *r, int64_t *key, bool *all)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    bool candidate;
    TRY(vrk_person_key(ctx, w->w.records, r->part[0], key));
    TRY(vrk_is_applicant(w, *key, &candidate));
    *all = *key && (*key == r->member->account.person_key ||
                    (candidate && r->member->account.role == VRK_BY_HR));
    if (*key && (*all || vrk_reaches(w, r, *key, candidate)))
        goto done;
    *key = 0;
    vrk_refuse(r, 404, "not_found", VRK_N("There is no such person here."));
done:
    return st;
}

vrk_status vrk_run_accommodations(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_accommodation_list list = {0};
    json_t *out = json_array(), *kinds = json_array();
    int64_t key;
    bool all;
    TRY(find(w, r, &key, &all));
    if (!key)
        goto done;
    TRY(vrk_accommodations_read(ctx, w->w.records, key, &list));
    for (int64_t i = 0; i < list.n; i++) {
        const vrk_accommodation *a = &list.row[i];
        bool own = !strcmp(a->recorder, recorder(w, r));
        if (!all && !own)
            continue;
        json_t *row = json_pack(
            "{s:I,s:s,s:s,s:s,s:b,s:o,s:o}", "id", (json_int_t)a->id, "kind", a->kind, "says",
            vrk_accommodation_says(r->lang, a->kind), "note", a->note, "own", own, "invitation",
            a->invitation ? json_integer((json_int_t)a->invitation) : json_null(), "at",
            vrk_json_time(w, a->made_at));
        if (json_array_append_new(out, row) != 0)
            FAIL(VRK_EMEMORY, "out of memory for an answer");
    }
    for (int k = 0; k < VRK_ACCOMMODATIONS; k++)
        json_array_append_new(
            kinds, json_pack("{s:s,s:s}", "kind", vrk_accommodation_kind[k], "says",
                             vrk_accommodation_says(r->lang, vrk_accommodation_kind[k])));
    TRY(vrk_answer_json(ctx, r, 200,
                        json_pack("{s:O,s:O}", "accommodations", out, "kinds", kinds)));
done:
    json_decref(out);
    json_decref(kinds);
    vrk_accommodations_free(&list);
    return st;
}

vrk_status vrk_run_accommodate(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_accommodation a = {0};
    int64_t key, id;
    bool all;
    const vrk_field field[] = {{"kind", VRK_IS_TEXT, true, VRK_WORD_MOST, &a.kind, NULL},
                               {"note", VRK_IS_TEXT, false, VRK_NOTE_MOST, &a.note, NULL},
                               {"invitation", VRK_IS_COUNT, false, INT32_MAX, &a.invitation, NULL}};
    TRY(vrk_body_read(ctx, r, field, 3));
    TRY(find(w, r, &key, &all));
    if (!key)
        goto done;
    a.recorder = recorder(w, r);
    TRY(vrk_change_begin(w));
    TRY(vrk_accommodation_put(ctx, w->w.records, key, &a, &id));
    TRY(vrk_change_end(w, r, vrk_text_f(&ctx->scratch, "person %" PRId64, key), NULL));
    TRY(vrk_answer_json(ctx, r, 201, json_pack("{s:I}", "id", (json_int_t)id)));
done:
    return st;
}
