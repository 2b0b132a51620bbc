/* What a person practises, agreed with who leads them or alone, and what came of it. */
#include "http/assess.h"
#include "http/roster.h"

#include "base/sys.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

vrk_status vrk_run_plan(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    const char *person_id = NULL, *competency = NULL, *practise = NULL, *deal = NULL,
               *review = NULL;
    int64_t person;
    const vrk_field field[] = {{"person_id", VRK_IS_TEXT, true, VRK_WORD_MOST, &person_id, NULL},
                               {"competency", VRK_IS_TEXT, true, VRK_WORD_MOST, &competency, NULL},
                               {"practise", VRK_IS_TEXT, true, VRK_NOTE_MOST, &practise, NULL},
                               {"deal_id", VRK_IS_TEXT, false, VRK_WORD_MOST, &deal, NULL},
                               {"review_on", VRK_IS_DAY, true, 0, &review, NULL}};

    TRY(vrk_body_read(ctx, r, field, 5));
    TRY(vrk_find_seen(w, r, person_id, &person));
    if (!person)
        goto done;
    if (!vrk_instrument_find(w->app->instruments, competency))
        FAIL(VRK_EINPUT, VRK_N("there is no such competence"));
    TRY(vrk_change_begin(w));
    const vrk_value bind[] = {
        vrk_bind_int(vrk_now(ctx)), vrk_bind_int(r->member->account.id),
        vrk_bind_int(person),       vrk_bind_text(competency),
        vrk_bind_text(practise),    vrk_bind_text(deal && *deal ? deal : NULL),
        vrk_bind_text(review)};
    TRY(vrk_records_run(ctx, w->w.records,
                        "INSERT INTO plan (made_at, account, person_key, competency, practise, "
                        "deal_id, review_on) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                        bind, 7, NULL));
    int64_t id = vrk_records_last_id(w->w.records);
    TRY(vrk_change_end(w, r, vrk_text_f(&ctx->scratch, "plan %" PRId64, id), NULL));
    TRY(vrk_answer_json(ctx, r, 201, json_pack("{s:I}", "id", (json_int_t)id)));
done:
    return st;
}

/* Of whom the plan is; 0 where there is none that the member sees, or it is closed: answered. */
static vrk_status find_plan(vrk_worker *w, vrk_request *r, int64_t id, bool *found)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_frame f = {0};
    const vrk_value bind = vrk_bind_int(id);
    TRY(vrk_records_run(ctx, w->w.records,
                        "SELECT person_key, c.plan IS NOT NULL AS closed FROM plan p LEFT JOIN "
                        "plan_close c ON c.plan = p.id WHERE p.id = ?1",
                        &bind, 1, &f));
    *found = f.rows && vrk_sees_person(w->app, r->member, f.column[0].i[0]);
    if (!*found)
        vrk_refuse(r, 404, "not_found", VRK_N("There is no such thing."));
    else if (f.column[1].i[0]) {
        vrk_refuse(r, 409, "closed", VRK_N("That is closed already."));
        *found = false;
    }
done:
    vrk_frame_free(&f);
    return st;
}

vrk_status vrk_run_plan_close(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    const char *note = NULL;
    int64_t id = vrk_part_number(r, 0);
    bool found;
    const vrk_field field[] = {{"note", VRK_IS_TEXT, true, VRK_NOTE_MOST, &note, NULL}};

    TRY(vrk_body_read(ctx, r, field, 1));
    TRY(vrk_change_begin(w));
    TRY(find_plan(w, r, id, &found));
    if (!found) {
        vrk_records_roll_back(ctx, w->w.records);
        goto done;
    }
    const vrk_value bind[] = {vrk_bind_int(id), vrk_bind_int(vrk_now(ctx)),
                              vrk_bind_int(r->member->account.id), vrk_bind_text(note)};
    TRY(vrk_records_run(ctx, w->w.records, "INSERT INTO plan_close VALUES (?1, ?2, ?3, ?4)", bind,
                        4, NULL));
    TRY(vrk_change_end(w, r, vrk_text_f(&ctx->scratch, "plan %" PRId64, id), NULL));
    vrk_answer_text(r, 204, NULL, "");
done:
    return st;
}

static json_t *text_or_null(const vrk_column *c, int64_t row)
{
    return c->null[row] || !c->s ? json_null() : json_string(c->s[row]);
}

static json_t *say_plan(vrk_worker *w, const vrk_frame *f, int64_t i)
{
    const vrk_column *closed = vrk_frame_column(f, "closed_at");
    return json_pack("{s:I,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "id",
                     (json_int_t)vrk_frame_column(f, "id")->i[i], "at",
                     vrk_json_time(w, vrk_frame_column(f, "made_at")->i[i]), "who",
                     text_or_null(vrk_frame_column(f, "who"), i), "competency",
                     text_or_null(vrk_frame_column(f, "competency"), i), "practise",
                     text_or_null(vrk_frame_column(f, "practise"), i), "deal_id",
                     text_or_null(vrk_frame_column(f, "deal_id"), i), "review_on",
                     text_or_null(vrk_frame_column(f, "review_on"), i), "closed_at",
                     closed->null[i] ? json_null() : vrk_json_time(w, closed->i[i]), "close_note",
                     text_or_null(vrk_frame_column(f, "close_note"), i));
}

vrk_status vrk_plans_json(vrk_worker *w, int64_t person, json_t **out)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_frame f = {0};
    json_t *list = json_array();
    const vrk_value bind = vrk_bind_int(person);
    TRY(vrk_records_run(ctx, w->w.records,
                        "SELECT p.id, p.made_at, a.name AS who, competency, practise, deal_id, "
                        "review_on, c.made_at AS closed_at, c.note AS close_note FROM plan p JOIN "
                        "account a ON a.id = p.account LEFT JOIN plan_close c ON c.plan = p.id "
                        "WHERE p.person_key = ?1 ORDER BY p.id DESC LIMIT 200",
                        &bind, 1, &f));
    for (int64_t i = 0; i < f.rows; i++) {
        if (json_array_append_new(list, say_plan(w, &f, i)) != 0)
            FAIL(VRK_EMEMORY, "out of memory for the plans");
    }
    *out = json_incref(list);
done:
    json_decref(list);
    vrk_frame_free(&f);
    return st;
}
