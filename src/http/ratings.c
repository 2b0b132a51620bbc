/* What managers and colleagues saw of somebody's competence, on the anchors. Who rates sees the
 * others' ratings of a competence after giving an own one; colleagues see none. */
#include "http/assess.h"
#include "http/roster.h"
#include "people/rating.h"

#include "base/sys.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

const char *vrk_rater_id(vrk_worker *w, const vrk_member *m)
{
    return m->account.seller_id ? m->account.seller_id
                                : vrk_text_f(&w->ctx.scratch, "account-%" PRId64, m->account.id);
}

/* In which capacity; NULL: none. */
static const char *capacity(vrk_worker *w, const vrk_member *m, int64_t person)
{
    const char *team = NULL, *own = NULL;
    if (!person)
        return NULL;
    if (person == m->account.person_key)
        return "self";
    if (vrk_leads_person(w->app, m, person))
        return "manager";
    if (m->account.role == VRK_BY_SELLER && m->account.person_key &&
        vrk_roster_team(w->app, person, &w->ctx.scratch, &team) &&
        vrk_roster_team(w->app, m->account.person_key, &w->ctx.scratch, &own) && *team &&
        !strcmp(team, own))
        return "peer";
    return NULL;
}

/* Whom the viewer may rate, and in which capacity. */
vrk_status vrk_run_ratable(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_frame f = {0};
    json_t *list = json_array();
    TRY(vrk_records_run(
        ctx, w->w.records,
        "SELECT key, source_id, name FROM identity WHERE space = 'person' AND source_id "
        "IS NOT NULL ORDER BY source_id",
        NULL, 0, &f));
    for (int64_t i = 0; i < f.rows; i++) {
        const char *as = capacity(w, r->member, f.column[0].i[i]);
        if (!as)
            continue;
        json_t *row = json_pack("{s:s,s:s}", "person_id", f.column[1].s[i], "as", as);
        const vrk_column *name = &f.column[2];
        if (row && !strcmp(as, "manager") && name->s && !name->null[i] && *name->s[i])
            json_object_set_new(row, "name", json_string(name->s[i])); /* whom one leads */
        if (json_array_append_new(list, row) != 0)
            FAIL(VRK_EMEMORY, "out of memory for an answer");
    }
    TRY(vrk_answer_json(ctx, r, 200, json_incref(list)));
done:
    json_decref(list);
    vrk_frame_free(&f);
    return st;
}

/* A rater who is no person of the data becomes one, which an import must not do meanwhile. */
static vrk_status keep(vrk_worker *w, vrk_request *r, const vrk_rating *rating, int64_t person)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_workspace locked = {.lock = -1};
    int64_t rater;

    TRY(vrk_person_key(ctx, w->w.records, rating->rater, &rater));
    if (!rater) {
        TRY(vrk_workspace_open(ctx, w->app->opt->folder, false, &locked));
        TRY(vrk_workspace_lock(ctx, &locked));
    }
    TRY(vrk_change_begin(w));
    TRY(vrk_rating_put(ctx, w->w.records, w->app->instruments, rating, true));
    int64_t id = vrk_records_last_id(w->w.records);
    TRY(vrk_change_end(w, r, vrk_text_f(&ctx->scratch, "person %" PRId64, person), rating->role));
    TRY(vrk_answer_json(ctx, r, 201,
                        json_pack("{s:I,s:s}", "id", (json_int_t)id, "as", rating->role)));
done:
    vrk_workspace_close(&locked);
    return st;
}

vrk_status vrk_run_rate(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    const char *person_id = NULL, *competency = NULL, *evidence = NULL;
    int64_t level = 0, person;
    const vrk_field field[] = {{"person_id", VRK_IS_TEXT, true, VRK_WORD_MOST, &person_id, NULL},
                               {"competency", VRK_IS_TEXT, true, VRK_WORD_MOST, &competency, NULL},
                               {"level", VRK_IS_COUNT, true, VRK_LEVELS, &level, NULL},
                               {"evidence", VRK_IS_TEXT, false, VRK_NOTE_MOST, &evidence, NULL}};

    TRY(vrk_body_read(ctx, r, field, 4));
    TRY(vrk_person_key(ctx, w->w.records, person_id, &person));
    const char *as = capacity(w, r->member, person);
    if (!as)
        FAIL(VRK_EINPUT, VRK_N("there is no such person whom you work with here"));
    if (!vrk_instrument_find(w->app->instruments, competency))
        FAIL(VRK_EINPUT, VRK_N("there is no such competence"));
    if (level && (!evidence || strlen(evidence) < VRK_EVIDENCE_LEAST))
        FAIL(VRK_EINPUT, VRK_N("say what you saw; a level without it is not kept"));
    const vrk_rating rating = {.person = person_id,
                               .rater = vrk_rater_id(w, r->member),
                               .role = as,
                               .competency = competency,
                               .level = level,
                               .evidence = evidence};
    TRY(keep(w, r, &rating, person));
done:
    return st;
}

static const char *text_of(const vrk_frame *f, const char *name, int64_t row)
{
    return vrk_frame_column(f, name)->s[row];
}

static int64_t int_of(const vrk_frame *f, const char *name, int64_t row)
{
    return vrk_frame_column(f, name)->i[row];
}

/* Whether the viewer has rated the competence of the row. */
static bool has_rated(const vrk_frame *f, int64_t row, int64_t rater)
{
    for (int64_t i = 0; i < f->rows && rater; i++) {
        if (int_of(f, "rater", i) == rater &&
            !strcmp(text_of(f, "competency", i), text_of(f, "competency", row)))
            return true;
    }
    return false;
}

vrk_status vrk_ratings_json(vrk_worker *w, const vrk_request *r, int64_t person, json_t **out,
                            int64_t *waiting)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_frame f = {0};
    json_t *list = json_array();
    const vrk_value bind = vrk_bind_int(person);
    int64_t viewer;
    bool own = person == r->member->account.person_key;

    *waiting = 0;
    TRY(vrk_person_key(ctx, w->w.records, vrk_rater_id(w, r->member), &viewer));
    TRY(vrk_records_run(ctx, w->w.records,
                        "SELECT id, rater, role, competency, coalesce(level, 0) AS level, "
                        "evidence, made_at FROM rating WHERE id IN (SELECT max(id) FROM rating "
                        "WHERE person = ?1 GROUP BY rater, role, competency) ORDER BY id DESC "
                        "LIMIT 500",
                        &bind, 1, &f));
    for (int64_t i = 0; i < f.rows; i++) {
        if (!own && !has_rated(&f, i, viewer)) {
            ++*waiting;
            continue;
        }
        json_t *row =
            json_pack("{s:I,s:s,s:s,s:b,s:I,s:s,s:o}", "id", (json_int_t)int_of(&f, "id", i), "as",
                      text_of(&f, "role", i), "competency", text_of(&f, "competency", i), "own",
                      int_of(&f, "rater", i) == viewer, "level", (json_int_t)int_of(&f, "level", i),
                      "evidence", text_of(&f, "evidence", i), "at",
                      vrk_json_time(w, int_of(&f, "made_at", i)));
        if (json_array_append_new(list, row) != 0)
            FAIL(VRK_EMEMORY, "out of memory for the ratings");
    }
    *out = json_incref(list);
done:
    json_decref(list);
    vrk_frame_free(&f);
    return st;
}
