/* What people decide and say beside the findings, and the cases in which a person's row is shown.
 */
#include "http/policy.h"
#include "http/roster.h"
#include "http/told.h"
#include "http/who.h"

#include "base/sys.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

enum { WORD = 100, NOTE = 4000, CASE_DAYS = 184 };
#define DAY_US (INT64_C(86400) * 1000000)

/* The person that is meant, whom the member must see. *key 0: nobody is meant. */
static vrk_status find_person(vrk_worker *w, const vrk_request *r, const char *seller_id,
                              int64_t *key)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    *key = 0;
    if (!seller_id)
        goto done;
    TRY(vrk_person_key(ctx, w->w.records, seller_id, key));
    /* not there and not to be seen are the same */
    if (!*key || !vrk_sees_person(w->app, r->member, *key))
        FAIL(VRK_EINPUT, VRK_N("there is no such person that you may speak of here"));
done:
    return st;
}

static vrk_status answer_id(vrk_worker *w, vrk_request *r, int64_t id)
{
    r->answer.location = NULL;
    return vrk_answer_json(&w->ctx, r, 201, json_pack("{s:I}", "id", (json_int_t)id));
}

static const char *subject(vrk_worker *w, const char *what, int64_t id)
{
    return vrk_text_f(&w->ctx.scratch, "%s %" PRId64, what, id);
}

typedef struct {
    const char *action, *moment, *team, *seller, *note, *review, *choice, *told;
    int64_t snapshot, person;
} decided;

/* The decision and what was told of it; inside the transaction of both. */
static vrk_status add_decision(vrk_worker *w, const vrk_request *r, const decided *d, int64_t *id)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    const vrk_value bind[] = {vrk_bind_int(vrk_now(ctx)), vrk_bind_int(r->member->account.id),
                              vrk_bind_text(d->action),   vrk_bind_text(d->moment),
                              vrk_bind_text(d->team),     vrk_bind_key(d->person),
                              vrk_bind_text(d->note),     vrk_bind_text(d->review),
                              vrk_bind_text(d->choice)};
    TRY(vrk_records_run(ctx, w->w.records,
                        "INSERT INTO decision (made_at, account, action, moment, team_id, "
                        "person_key, note, review_on, choice) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, "
                        "?8, ?9)",
                        bind, 9, NULL));
    *id = vrk_records_last_id(w->w.records);
    const vrk_value told[] = {vrk_bind_int(*id), vrk_bind_text(d->told)};
    if (d->told)
        TRY(vrk_records_run(ctx, w->w.records, "INSERT INTO decision_told VALUES (?1, ?2)", told, 2,
                            NULL));
done:
    return st;
}

vrk_status vrk_run_decide(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    int64_t id;
    decided d = {.snapshot = w->app->snapshot};
    const vrk_field field[] = {{"action", VRK_IS_TEXT, true, WORD, &d.action, NULL},
                               {"moment", VRK_IS_TEXT, false, WORD, &d.moment, NULL},
                               {"team_id", VRK_IS_TEXT, false, WORD, &d.team, NULL},
                               {"seller_id", VRK_IS_TEXT, false, WORD, &d.seller, NULL},
                               {"note", VRK_IS_TEXT, true, NOTE, &d.note, NULL},
                               {"choice", VRK_IS_TEXT, false, WORD, &d.choice, NULL},
                               {"snapshot", VRK_IS_COUNT, false, INT32_MAX, &d.snapshot, NULL},
                               {"review_on", VRK_IS_DAY, false, 0, &d.review, NULL}};

    TRY(vrk_body_read(ctx, r, field, 8));
    TRY(find_person(w, r, d.seller, &d.person));
    if (!vrk_sees_team(w->app, r->member, d.team))
        FAIL(VRK_EINPUT, VRK_N("there is no such team that you decide for"));
    if (d.choice && strcmp(d.choice, "do") != 0 && strcmp(d.choice, "not") != 0 &&
        strcmp(d.choice, "later") != 0)
        FAIL(VRK_EINPUT, "choice cannot be that");
    if (!d.person) /* proposals are for groups */
        TRY(vrk_told_of(w, r, d.snapshot, d.action, d.moment, d.team, &d.told));
    TRY(vrk_change_begin(w));
    TRY(add_decision(w, r, &d, &id));
    TRY(vrk_change_end(w, r, subject(w, "decision", id), NULL));
    TRY(answer_id(w, r, id));
done:
    return st;
}

/* One text of a row; json null where there is none. */
static json_t *text_at(const vrk_frame *f, const char *name, int64_t row)
{
    const vrk_column *c = vrk_frame_column(f, name);
    return !c || c->null[row] || !c->s ? json_null() : json_string(c->s[row]);
}

static json_t *time_at(vrk_worker *w, const vrk_frame *f, const char *name, int64_t row)
{
    const vrk_column *c = vrk_frame_column(f, name);
    return c->null[row] ? json_null() : json_string(vrk_iso(&w->ctx.scratch, c->i[row]));
}

static int64_t int_at(const vrk_frame *f, const char *name, int64_t row)
{
    return vrk_frame_column(f, name)->i[row];
}

/* Appends {texts, times} of the row under their columns' names. */
static bool append(vrk_worker *w, json_t *list, const vrk_frame *f, int64_t row, json_t *o)
{
    for (int64_t k = 0; o && k < f->columns; k++) {
        const char *name = f->column[k].name;
        if (!strcmp(name, "id"))
            json_object_set_new(o, name, json_integer((json_int_t)f->column[k].i[row]));
        else if (vrk_ends_with(name, "_at") || !strcmp(name, "at"))
            json_object_set_new(o, name, time_at(w, f, name, row));
        else if (strcmp(name, "person_key") != 0 && strcmp(name, "account") != 0 &&
                 strcmp(name, "told") != 0)
            json_object_set_new(o, name, text_at(f, name, row));
    }
    return json_array_append_new(list, o) == 0;
}

/* A row about a person is for who sees the person, and for who wrote it; a row of a team for who
 * sees the team. */
static bool sees_row(vrk_worker *w, const vrk_request *r, const vrk_frame *f, int64_t row)
{
    int64_t person = int_at(f, "person_key", row);
    const vrk_column *team = vrk_frame_column(f, "team_id");
    if (int_at(f, "account", row) == r->member->account.id)
        return true;
    if (person)
        return vrk_sees_person(w->app, r->member, person);
    return !team || !team->s || vrk_sees_team(w->app, r->member, team->s[row]);
}

/* What was told of the proposal, as it was stored; null where nothing was. */
static json_t *told_at(const vrk_frame *f, int64_t row)
{
    const vrk_column *c = vrk_frame_column(f, "told");
    json_t *told = c->null[row] || !c->s ? NULL : json_loads(c->s[row], 0, NULL);
    return told ? told : json_null();
}

vrk_status vrk_run_decisions(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_frame f = {0};
    json_t *list = json_array();
    bool ok = list != NULL;

    TRY(vrk_records_run(ctx, w->w.records,
                        "SELECT d.id, d.made_at AS at, a.name AS who, d.account, d.action, "
                        "d.moment, d.team_id, coalesce(d.person_key, 0) AS person_key, i.source_id "
                        "AS seller_id, d.note, d.review_on, d.choice, t.told AS told, c.made_at "
                        "AS closed_at, c.note AS close_note FROM decision d JOIN account a ON a.id "
                        "= d.account LEFT JOIN decision_told t ON t.decision = d.id LEFT JOIN "
                        "identity i ON i.key = d.person_key LEFT JOIN decision_close c ON "
                        "c.decision = d.id ORDER BY d.id DESC LIMIT 1000",
                        NULL, 0, &f));
    for (int64_t i = 0; ok && i < f.rows; i++)
        ok = !sees_row(w, r, &f, i) ||
             append(w, list, &f, i, json_pack("{s:o}", "predicted", told_at(&f, i)));
    if (!ok)
        FAIL(VRK_EMEMORY, "out of memory for an answer");
    TRY(vrk_answer_json(ctx, r, 200, json_incref(list)));
done:
    json_decref(list);
    vrk_frame_free(&f);
    return st;
}

/* Whether the row is there for the member; its answer is 404 where not. */
static vrk_status find_row(vrk_worker *w, vrk_request *r, const char *sql, int64_t id, vrk_frame *f,
                           bool *found)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    const vrk_value bind = vrk_bind_int(id);
    TRY(vrk_records_run(ctx, w->w.records, sql, &bind, 1, f));
    *found = f->rows == 1 && sees_row(w, r, f, 0);
    if (!*found)
        vrk_refuse(r, 404, "not_found", VRK_N("There is no such thing."));
done:
    return st;
}

vrk_status vrk_run_decision_close(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_frame f = {0};
    const char *note = NULL;
    int64_t id = vrk_part_number(r, 0);
    bool found;
    const vrk_field field[] = {{"note", VRK_IS_TEXT, true, NOTE, &note, NULL}};

    TRY(vrk_body_read(ctx, r, field, 1));
    TRY(vrk_change_begin(w));
    TRY(find_row(w, r,
                 "SELECT d.account, coalesce(d.person_key, 0) AS person_key, d.team_id, c.made_at "
                 "FROM decision d LEFT JOIN decision_close c ON c.decision = d.id WHERE d.id = ?1",
                 id, &f, &found));
    if (found && !vrk_frame_column(&f, "made_at")->null[0]) {
        vrk_refuse(r, 409, "closed", VRK_N("That is closed already."));
        found = false;
    }
    if (!found) {
        vrk_records_roll_back(ctx, w->w.records);
        goto done;
    }
    const vrk_value bind[] = {vrk_bind_int(id), vrk_bind_int(vrk_now(ctx)),
                              vrk_bind_int(r->member->account.id), vrk_bind_text(note)};
    TRY(vrk_records_run(ctx, w->w.records, "INSERT INTO decision_close VALUES (?1, ?2, ?3, ?4)",
                        bind, 4, NULL));
    TRY(vrk_change_end(w, r, subject(w, "decision", id), NULL));
    vrk_answer_text(r, 204, NULL, "");
done:
    vrk_frame_free(&f);
    return st;
}

static const char *member(const json_t *o, const char *name)
{
    const char *s = json_string_value(json_object_get(o, name));
    return s && strlen(s) <= WORD ? s : NULL;
}

static vrk_status check_note(vrk_ctx *ctx, const vrk_request *r, const char *kind, json_t *about,
                             int64_t person)
{
    const char *key;
    json_t *v;
    vrk_by role = r->member->account.role;
    json_object_foreach(about, key, v)
    {
        if (strcmp(key, "page") != 0 && strcmp(key, "seller_id") != 0 &&
            strcmp(key, "moment") != 0 && strcmp(key, "deal_id") != 0)
            return vrk_fail(ctx, VRK_EINPUT, "the request has a member that is not meant: %.40s",
                            key);
        if (!json_is_null(v) && !member(about, key))
            return vrk_fail(ctx, VRK_EINPUT, "%.40s cannot be that", key);
    }
    if (!member(about, "page"))
        return vrk_fail(ctx, VRK_EINPUT, "page is missing");
    if (strcmp(kind, "contest") != 0 && strcmp(kind, "note") != 0 && strcmp(kind, "judgement") != 0)
        return vrk_fail(ctx, VRK_EINPUT, "kind cannot be that");
    if (!strcmp(kind, "judgement") &&
        (!person || person == r->member->account.person_key || role == VRK_BY_SELLER))
        return vrk_fail(ctx, VRK_EINPUT, VRK_N("a judgement is of somebody whom you lead"));
    return VRK_OK;
}

vrk_status vrk_run_note(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    const char *kind = NULL, *said = NULL, *value = NULL;
    json_t *about = NULL;
    int64_t person;
    const vrk_field field[] = {{"kind", VRK_IS_TEXT, true, WORD, &kind, NULL},
                               {"subject", VRK_IS_OBJECT, true, 0, &about, NULL},
                               {"text", VRK_IS_TEXT, true, NOTE, &said, NULL},
                               {"value", VRK_IS_TEXT, false, WORD, &value, NULL}};

    TRY(vrk_body_read(ctx, r, field, 4));
    TRY(find_person(w, r, member(about, "seller_id"), &person));
    TRY(check_note(ctx, r, kind, about, person));
    TRY(vrk_change_begin(w));
    const vrk_value bind[] = {vrk_bind_int(vrk_now(ctx)),
                              vrk_bind_int(r->member->account.id),
                              vrk_bind_text(kind),
                              vrk_bind_text(member(about, "page")),
                              vrk_bind_key(person),
                              vrk_bind_text(member(about, "moment")),
                              vrk_bind_text(member(about, "deal_id")),
                              vrk_bind_text(said),
                              vrk_bind_text(value)};
    TRY(vrk_records_run(ctx, w->w.records,
                        "INSERT INTO note (made_at, account, kind, page, person_key, moment, "
                        "deal_id, text, value) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                        bind, 9, NULL));
    int64_t id = vrk_records_last_id(w->w.records);
    TRY(vrk_change_end(w, r, subject(w, kind, id), NULL));
    w->app->contests += !strcmp(kind, "contest");
    TRY(answer_id(w, r, id));
done:
    return st;
}

/* A judgement is for who made it and for whom it is of. */
static bool sees_note(vrk_worker *w, const vrk_request *r, const vrk_frame *f, int64_t row)
{
    bool own = int_at(f, "account", row) == r->member->account.id;
    int64_t person = int_at(f, "person_key", row);
    if (!own && !strcmp(vrk_frame_column(f, "kind")->s[row], "judgement"))
        return person && person == r->member->account.person_key;
    return sees_row(w, r, f, row);
}

static json_t *subject_of(const vrk_frame *f, int64_t row)
{
    static const char *const names[] = {"page", "seller_id", "moment", "deal_id"};
    json_t *o = json_object();
    for (size_t i = 0; o && i < 4; i++)
        json_object_set_new(o, names[i], text_at(f, names[i], row));
    return o;
}

vrk_status vrk_run_notes(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_frame f = {0};
    json_t *list = json_array();
    const vrk_value bind[] = {vrk_bind_text(vrk_query(r, "seller_id")),
                              vrk_bind_text(vrk_query(r, "moment"))};

    TRY(vrk_records_run(
        ctx, w->w.records,
        "SELECT n.id, n.made_at AS at, a.name AS who, n.account, "
        "coalesce(n.person_key, 0) AS person_key, n.kind, n.page, i.source_id AS "
        "seller_id, n.moment, n.deal_id, n.text, n.value, x.made_at AS answered_at, "
        "x.outcome, x.text AS answer, b.name AS answered_by FROM note n JOIN "
        "account a ON a.id = n.account LEFT JOIN identity i ON i.key = "
        "n.person_key LEFT JOIN note_answer x ON x.note = n.id LEFT JOIN account b "
        "ON b.id = x.account WHERE "
        "(?1 IS NULL OR i.source_id = ?1) AND (?2 IS NULL OR n.moment = ?2) ORDER "
        "BY n.id DESC LIMIT 1000",
        bind, 2, &f));
    for (int64_t i = 0; list && i < f.rows; i++) {
        json_t *o = json_object();
        bool own = int_at(&f, "account", i) == r->member->account.id;
        if (!sees_note(w, r, &f, i)) {
            json_decref(o);
            continue;
        }
        if (!o || json_object_set_new(o, "subject", subject_of(&f, i)) != 0 ||
            json_object_set_new(o, "own", json_boolean(own)) != 0 || !append(w, list, &f, i, o))
            FAIL(VRK_EMEMORY, "out of memory for an answer");
    }
    TRY(vrk_answer_json(ctx, r, 200, json_incref(list)));
done:
    json_decref(list);
    vrk_frame_free(&f);
    return st;
}

static vrk_status check_case(vrk_ctx *ctx, const char *purpose, const char *until)
{
    static const char *const purposes[] = {"development", "onboarding", "support"};
    const char *today = vrk_iso(&ctx->scratch, vrk_now(ctx)),
               *last = vrk_iso(&ctx->scratch, vrk_now(ctx) + CASE_DAYS * DAY_US);
    for (int i = 0; i < 3; i++) {
        if (!strcmp(purposes[i], purpose)) {
            if (strncmp(until, today, 10) < 0 || strncmp(until, last, 10) > 0)
                return vrk_fail(ctx, VRK_EINPUT, VRK_N("a case lasts six months at most"));
            return VRK_OK;
        }
    }
    return vrk_fail(ctx, VRK_EINPUT, VRK_N("a case is for development, onboarding or support"));
}

vrk_status vrk_run_case(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    const char *seller = NULL, *purpose = NULL, *until = NULL;
    int64_t person;
    const vrk_field field[] = {{"seller_id", VRK_IS_TEXT, true, WORD, &seller, NULL},
                               {"purpose", VRK_IS_TEXT, true, WORD, &purpose, NULL},
                               {"until", VRK_IS_DAY, true, 0, &until, NULL}};

    TRY(vrk_body_read(ctx, r, field, 3));
    TRY(vrk_person_key(ctx, w->w.records, seller, &person));
    if (!person || !vrk_leads_person(w->app, r->member, person))
        FAIL(VRK_EINPUT, VRK_N("there is no such person whom you lead"));
    TRY(check_case(ctx, purpose, until));
    TRY(vrk_change_begin(w));
    const vrk_value bind[] = {vrk_bind_int(vrk_now(ctx)), vrk_bind_int(r->member->account.id),
                              vrk_bind_int(person), vrk_bind_text(purpose), vrk_bind_text(until)};
    TRY(vrk_records_run(ctx, w->w.records,
                        "INSERT INTO person_case (made_at, account, person_key, purpose, until) "
                        "VALUES (?1, ?2, ?3, ?4, ?5)",
                        bind, 5, NULL));
    int64_t id = vrk_records_last_id(w->w.records);
    TRY(vrk_change_end(w, r, subject(w, "case", id), purpose));
    TRY(answer_id(w, r, id));
done:
    return st;
}

vrk_status vrk_run_cases(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_frame f = {0};
    json_t *list = json_array();
    const vrk_value bind[] = {vrk_bind_int(r->member->account.id),
                              vrk_bind_int(r->member->account.person_key)};

    TRY(vrk_records_run(ctx, w->w.records,
                        "SELECT c.id, c.made_at AS opened_at, a.name AS opened_by, i.source_id AS "
                        "seller_id, c.purpose, c.until, c.known_at, c.closed_at FROM person_case c "
                        "JOIN account a ON a.id = c.account JOIN identity i ON i.key = "
                        "c.person_key WHERE c.account = ?1 OR c.person_key = ?2 ORDER BY c.id DESC "
                        "LIMIT 1000",
                        bind, 2, &f));
    for (int64_t i = 0; i < f.rows; i++) {
        if (!list || !append(w, list, &f, i, json_object()))
            FAIL(VRK_EMEMORY, "out of memory for an answer");
    }
    TRY(vrk_answer_json(ctx, r, 200, json_incref(list)));
done:
    json_decref(list);
    vrk_frame_free(&f);
    return st;
}

/* Sets one time of the case, where `where` lets; then the opener's reach is read anew. */
static vrk_status mark(vrk_worker *w, vrk_request *r, const char *sql)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_frame f = {0};
    int64_t id = vrk_part_number(r, 0);
    const vrk_value bind[] = {vrk_bind_int(id), vrk_bind_int(vrk_now(ctx)),
                              vrk_bind_int(r->member->account.id),
                              vrk_bind_key(r->member->account.person_key)};

    TRY(vrk_change_begin(w));
    TRY(vrk_records_run(ctx, w->w.records, sql, bind, 4, &f));
    if (!f.rows) {
        vrk_records_roll_back(ctx, w->w.records);
        vrk_refuse(r, 404, "not_found", VRK_N("There is no such thing."));
        goto done;
    }
    TRY(vrk_change_end(w, r, subject(w, "case", id), NULL));
    TRY(vrk_who_refresh(w, f.column[0].i[0]));
    vrk_answer_text(r, 204, NULL, "");
done:
    vrk_frame_free(&f);
    return st;
}

vrk_status vrk_run_case_known(vrk_worker *w, vrk_request *r)
{
    return mark(w, r,
                "UPDATE person_case SET known_at = ?2 WHERE id = ?1 AND person_key = ?4 AND "
                "known_at IS NULL AND closed_at IS NULL AND ?3 > 0 RETURNING account");
}

vrk_status vrk_run_case_close(vrk_worker *w, vrk_request *r)
{
    return mark(
        w, r,
        "UPDATE person_case SET closed_at = ?2 WHERE id = ?1 AND account = ?3 AND closed_at "
        "IS NULL AND (?4 IS NULL OR ?4 > 0) RETURNING account");
}
