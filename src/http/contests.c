#include "http/contests.h"
#include "http/policy.h"
#include "http/roster.h"

#include "base/sys.h"
#include "diag/document.h"
#include "diag/json.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

enum { WORD = 20, TEXT = 4000 };

typedef struct {
    json_t *document;
    int64_t findings, actions, leaks, left;
} aside;

static bool is(const json_t *row, const char *name, const char *text)
{
    const char *s = json_string_value(json_object_get(row, name));
    return s && text && !strcmp(s, text);
}

/* An action that rests on what sellers of the team do at the moment. */
static bool rests_on(const json_t *action, const char *team, const char *moment)
{
    static const char *const own[] = {"competence", "execution", "pressure"};
    if (!is(action, "moment", moment) || !is(action, "team_id", team))
        return false;
    for (int i = 0; i < 3; i++) {
        if (is(action, "cause", own[i]))
            return true;
    }
    return false;
}

static void set_actions_aside(aside *a, const char *team, const char *moment)
{
    json_t *list = json_object_get(a->document, "decisions");
    for (size_t i = json_array_size(list); i-- > 0;) {
        if (rests_on(json_array_get(list, i), team, moment)) {
            json_array_remove(list, i);
            a->actions++;
        }
    }
}

/* The row of the person's moment: its verdict goes, what carries it stays for who sees the row. */
static bool set_finding_aside(aside *a, int64_t person, const char *moment)
{
    const json_t *sellers = json_object_get(a->document, "sellers"), *seller;
    json_t *m;
    size_t i, k;
    json_array_foreach(sellers, i, seller)
    {
        if (vrk_json_int(seller, "seller_key") != person)
            continue;
        json_array_foreach(json_object_get(seller, "moments"), k, m)
        {
            if (!is(m, "moment", moment) || json_object_get(m, "contested"))
                continue;
            if (json_object_set_new(m, "contested", json_true()) != 0 ||
                json_object_set_new(m, "verdict", json_null()) != 0)
                return false;
            a->findings++;
            set_actions_aside(a, json_string_value(json_object_get(seller, "team_id")), moment);
        }
    }
    return true;
}

/* The leak as it is without the person; NULL: the person is no part of it. */
static const json_t *without(const json_t *leak, int64_t person)
{
    const json_t *one;
    size_t i;
    json_array_foreach(json_object_get(leak, "without"), i, one)
    {
        if (vrk_json_int(one, "seller_key") == person)
            return one;
    }
    return NULL;
}

/* What is left of a leak in which one person's finding is contested takes its place; where it is
 * rather none than one, it goes. Of two persons it is not known: it stays, and that is told. */
static bool count_again(aside *a, json_t *list, size_t at, const json_t *other)
{
    static const char *const parts[] = {"situation",      "cause",       "causes",
                                        "value_per_year", "probability", "short"};
    json_t *leak = json_array_get(list, at);
    bool ok = true;
    a->leaks++;
    if (json_real_value(json_object_get(other, "probability")) < 0.5)
        return json_array_remove(list, at) == 0;
    for (int i = 0; i < 6; i++)
        ok &= json_object_set(leak, parts[i], json_object_get(other, parts[i])) == 0;
    return ok && json_object_del(leak, "without") == 0;
}

static bool count_leaks_again(aside *a, const vrk_frame *contest)
{
    json_t *list = json_object_get(a->document, "leaks");
    bool ok = true;
    for (size_t i = json_array_size(list); ok && i-- > 0;) {
        const json_t *leak = json_array_get(list, i), *other = NULL;
        int64_t persons = 0;
        for (int64_t k = 0; k < contest->rows; k++) {
            const json_t *found = is(leak, "moment", contest->column[1].s[k])
                                      ? without(leak, contest->column[0].i[k])
                                      : NULL;
            other = found ? found : other;
            persons += found != NULL;
        }
        if (persons > 1)
            a->left++;
        if (persons == 1)
            ok = count_again(a, list, i, other);
    }
    return ok;
}

vrk_status vrk_contests_set_aside(vrk_worker *w, json_t *document, vrk_lang lang)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_frame f = {0};
    aside a = {.document = document};

    TRY(vrk_records_run(
        ctx, w->w.records,
        "SELECT DISTINCT n.person_key, n.moment FROM note n LEFT JOIN note_answer x "
        "ON x.note = n.id WHERE n.kind = 'contest' AND x.note IS NULL AND "
        "n.person_key IS NOT NULL AND n.moment IS NOT NULL",
        NULL, 0, &f));
    bool ok = true;
    for (int64_t i = 0; ok && i < f.rows; i++)
        ok = set_finding_aside(&a, f.column[0].i[i], f.column[1].s[i]);
    if (a.findings)
        ok = ok && count_leaks_again(&a, &f) &&
             json_object_set_new(document, "contested",
                                 json_pack("{s:I,s:I,s:I,s:I}", "findings", (json_int_t)a.findings,
                                           "actions", (json_int_t)a.actions, "leaks",
                                           (json_int_t)a.leaks, "left", (json_int_t)a.left)) == 0;
    if (!ok)
        FAIL(VRK_EMEMORY, "out of memory for the result");
    if (a.leaks)
        TRY(vrk_document_say(ctx, document, lang));
done:
    vrk_frame_free(&f);
    return st;
}

/* The open contest that the member may answer: 0 rows where there is none. */
static vrk_status find_open(vrk_worker *w, vrk_request *r, int64_t id, bool *found)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_frame f = {0};
    const vrk_value bind = vrk_bind_int(id);

    *found = false;
    TRY(vrk_records_run(ctx, w->w.records,
                        "SELECT n.account, coalesce(n.person_key, 0) AS person_key, x.made_at FROM "
                        "note n LEFT JOIN note_answer x ON x.note = n.id WHERE n.id = ?1 AND "
                        "n.kind = 'contest'",
                        &bind, 1, &f));
    int64_t person = f.rows ? f.column[1].i[0] : 0;
    if (!f.rows || (person && !vrk_sees_person(w->app, r->member, person)))
        vrk_refuse(r, 404, "not_found", VRK_N("There is no such thing."));
    else if (f.column[0].i[0] == r->member->account.id ||
             (person && person == r->member->account.person_key))
        vrk_refuse(r, 403, "own", VRK_N("What one contests oneself is answered by somebody else."));
    else if (!f.column[2].null[0])
        vrk_refuse(r, 409, "closed", VRK_N("That is closed already."));
    else
        *found = true;
done:
    vrk_frame_free(&f);
    return st;
}

vrk_status vrk_run_note_answer(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    const char *said = NULL, *outcome = NULL;
    int64_t id = vrk_part_number(r, 0);
    bool found;
    const vrk_field field[] = {{"text", VRK_IS_TEXT, true, TEXT, &said, NULL},
                               {"outcome", VRK_IS_TEXT, true, WORD, &outcome, NULL}};

    TRY(vrk_body_read(ctx, r, field, 2));
    if (strcmp(outcome, "kept") != 0 && strcmp(outcome, "changed") != 0 &&
        strcmp(outcome, "withdrawn") != 0)
        FAIL(VRK_EINPUT, "outcome cannot be that");
    TRY(vrk_change_begin(w));
    TRY(find_open(w, r, id, &found));
    if (!found) {
        vrk_records_roll_back(ctx, w->w.records);
        goto done;
    }
    const vrk_value bind[] = {vrk_bind_int(id), vrk_bind_int(vrk_now(ctx)),
                              vrk_bind_int(r->member->account.id), vrk_bind_text(outcome),
                              vrk_bind_text(said)};
    TRY(vrk_records_run(ctx, w->w.records, "INSERT INTO note_answer VALUES (?1, ?2, ?3, ?4, ?5)",
                        bind, 5, NULL));
    TRY(vrk_change_end(w, r, vrk_text_f(&ctx->scratch, "contest %" PRId64, id), NULL));
    w->app->contests++;
    vrk_answer_text(r, 204, NULL, "");
done:
    return st;
}
