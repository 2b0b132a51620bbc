/* Results as each may see them: made once per snapshot, reach and language, kept with their gzip.
 */
#include "http/views.h"
#include "http/applying.h"
#include "http/contests.h"
#include "http/policy.h"
#include "http/roster.h"
#include "http/who.h"

#include "base/date.h"
#include "diag/document.h"
#include "diag/json.h"
#include "diag/kept.h"
#include "diag/view.h"
#include "store/audit.h"
#include "store/results.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 256, WARM_MOST = 64 };

typedef struct {
    int64_t id; /* 0 = free; never given twice */
    int64_t snapshot;
    char key[VRK_HEX];   /* SHA-256 of scope and language */
    const char *persons; /* whom it shows to others, for the log; held by the blob; NULL = nobody */
    vrk_blob *blob;
    int64_t used;
} view;

struct vrk_kept_views {
    pthread_mutex_t lock;
    int64_t last, clock;
    int64_t warm_snapshot, warm_contests, warm_next; /* of the housekeeper */
    view view[MOST];
};

vrk_status vrk_views_start(vrk_ctx *ctx, vrk_app *app)
{
    app->views = VRK_NEW(&app->mem, 1, vrk_kept_views);
    if (!app->views)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for the server");
    pthread_mutex_init(&app->views->lock, NULL);
    return VRK_OK;
}

void vrk_views_stop(vrk_app *app)
{
    for (int i = 0; app->views && i < MOST; i++)
        vrk_blob_drop(app->views->view[i].blob);
    app->views = NULL;
}

static void key_of(const vrk_app *app, const vrk_request *r, char *key)
{
    char scope[VRK_HEX + 128];
    bool recruits = vrk_recruits(r->member->account.role);
    vrk_text_sha256(r->member->scope, key);
    snprintf(scope, sizeof(scope), "%s %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64, key,
             (int64_t)app->contests, (int64_t)app->weighed, recruits ? (int64_t)app->applied : 0,
             recruits ? r->member->account.id : 0); /* each sees interviews after own ones */
    vrk_text_sha256(scope, key);
    key[0] = r->lang == VRK_SV ? 's' : 'e';
}

/* The snapshot that is asked for; 0 = none, -1 = no number. */
static int64_t asked_for(vrk_app *app, const vrk_request *r)
{
    vrk_ctx ctx = {0};
    int64_t id;
    if (vrk_query_int(&ctx, r, "snapshot", 1, INT64_MAX, app->snapshot, &id) != VRK_OK)
        return -1;
    return id;
}

/* *persons is held by the blob. */
static vrk_blob *find(vrk_kept_views *v, int64_t snapshot, const char *key, int64_t *id,
                      const char **persons)
{
    vrk_blob *b = NULL;
    pthread_mutex_lock(&v->lock);
    for (int i = 0; i < MOST && !b; i++) {
        view *at = &v->view[i];
        if (at->id && at->snapshot == snapshot && !memcmp(at->key, key, VRK_HEX)) {
            at->used = ++v->clock;
            *id = at->id;
            *persons = at->persons;
            b = vrk_blob_keep(at->blob);
        }
    }
    pthread_mutex_unlock(&v->lock);
    return b;
}

/* Takes over the blob's reference. */
static void keep(vrk_kept_views *v, int64_t snapshot, const char *key, const char *persons,
                 vrk_blob *b, int64_t *id)
{
    pthread_mutex_lock(&v->lock);
    view *at = &v->view[0];
    for (int i = 1; i < MOST; i++) {
        if (v->view[i].used < at->used)
            at = &v->view[i];
    }
    vrk_blob_drop(at->blob);
    *at = (view){.id = ++v->last,
                 .snapshot = snapshot,
                 .persons = persons,
                 .blob = vrk_blob_keep(b),
                 .used = ++v->clock};
    memcpy(at->key, key, VRK_HEX);
    *id = at->id;
    pthread_mutex_unlock(&v->lock);
}

bool vrk_quick_result(vrk_app *app, vrk_request *r)
{
    char key[VRK_HEX];
    int64_t id = 0, snapshot = asked_for(app, r);
    const char *persons = NULL;

    if (snapshot <= 0)
        return false;
    key_of(app, r, key);
    vrk_blob *b = find(app->views, snapshot, key, &id, &persons);
    if (!b)
        return false;
    if (persons && !vrk_who_saw(app, r, id, false)) {
        vrk_blob_drop(b); /* the first time it is logged, which is work */
        return false;
    }
    vrk_answer_blob(r, b);
    r->answer.cached = true;
    return true;
}

/* The persons of the teams, or of all where `account` is NULL, as the document has them. */
static int64_t persons_of(const json_t *document, const vrk_account *account, int64_t *key)
{
    const json_t *sellers = json_object_get(document, "sellers"), *row;
    int64_t n = 0;
    size_t i;
    json_array_foreach(sellers, i, row)
    {
        const char *team = vrk_json_text(row, "team_id");
        bool ours = !account;
        for (int64_t k = 0; account && k < account->teams; k++)
            ours |= !strcmp(account->team[k], team);
        if (ours)
            key[n++] = vrk_json_int(row, "seller_key");
    }
    return n;
}

/* The owner leads all teams; a seller without a team said for is of the one in the data. */
static void give_teams(const json_t *document, const vrk_account *a, vrk_viewer *v, vrk_arena *mem)
{
    const json_t *sellers = json_object_get(document, "sellers"), *row;
    const char **team = VRK_NEW(mem, (int64_t)json_array_size(sellers), const char *);
    size_t i;
    if (!team || (a->role != VRK_BY_OWNER && a->role != VRK_BY_SELLER))
        return;
    v->team = team;
    v->teams = 0;
    json_array_foreach(sellers, i, row)
    {
        if (a->role == VRK_BY_OWNER || vrk_json_int(row, "seller_key") == a->person_key)
            team[v->teams++] = vrk_json_text(row, "team_id");
    }
}

vrk_viewer vrk_viewer_of(const vrk_app *app, const vrk_member *m, const json_t *document,
                         vrk_arena *mem)
{
    static const vrk_role role[VRK_BY_COUNT] = {[VRK_BY_OWNER] = VRK_MANAGER, /* of all teams */
                                                [VRK_BY_ADMINISTRATOR] = VRK_ADMIN,
                                                [VRK_BY_ANALYST] = VRK_LEADER,
                                                [VRK_BY_LEADER] = VRK_LEADER,
                                                [VRK_BY_MANAGER] = VRK_MANAGER,
                                                [VRK_BY_SELLER] = VRK_SELLER,
                                                [VRK_BY_AUDITOR] = VRK_AUDITOR,
                                                [VRK_BY_HR] = VRK_HR,
                                                [VRK_BY_REPRESENTATIVE] = VRK_REPRESENTATIVE};
    const vrk_account *a = &m->account;
    vrk_viewer v = {.role = role[a->role],
                    .person_key = a->person_key,
                    .case_key = m->case_key,
                    .cases = m->cases,
                    .recruits = vrk_recruits(a->role),
                    .team = a->team,
                    .teams = a->teams};
    give_teams(document, a, &v, mem);
    if (app->open && a->role == VRK_BY_OWNER)
        v.role = VRK_OWNER;
    if (app->open && a->role == VRK_BY_MANAGER) {
        size_t most = json_array_size(json_object_get(document, "sellers"));
        int64_t *key = VRK_NEW(mem, (int64_t)most, int64_t);
        v.cases = key ? persons_of(document, a, key) : 0;
        v.case_key = key;
    }
    return v;
}

/* For the log: whose rows a view shows to somebody else. By key, for names are not logged. */
static const char *shown_persons(const json_t *shown, int64_t self, vrk_arena *mem)
{
    const json_t *sellers = json_object_get(shown, "sellers"), *row;
    vrk_str s = {.mem = mem};
    size_t i;
    json_array_foreach(sellers, i, row)
    {
        int64_t key = vrk_json_int(row, "seller_key");
        if (key && key != self)
            vrk_str_addf(&s, "%s%" PRId64, s.n ? " " : "seller ", key);
    }
    return s.n ? vrk_str_of(&s) : NULL;
}

vrk_status vrk_view_for(vrk_worker *w, const vrk_request *r, int64_t snapshot, vrk_purpose purpose,
                        json_t **out, const char **persons)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_arena mem = {0};
    vrk_result stored;
    vrk_origin origin = {0};
    json_t *document = NULL, *keys = NULL;
    vrk_settings now;
    char *text;

    *out = NULL;
    *persons = NULL;
    TRY(vrk_result_read(ctx, w->w.records, snapshot, &mem, &stored));
    TRY(vrk_kept_document(ctx, &stored, r->lang, &document));
    TRY(vrk_contests_set_aside(w, document, r->lang));
    TRY(vrk_applying_fill(w, r, document));
    TRY(vrk_origin_read(ctx, w->w.records, &origin));
    TRY(vrk_settings_read(ctx, vrk_text_f(&mem, "%s/verkan.toml", w->w.folder), &mem, &text, &now));
    vrk_viewer v = vrk_viewer_of(w->app, r->member, document, &mem);
    v.organisation = now.organisation;
    TRY(vrk_view(ctx, document, &v, purpose, &keys)); /* persons as keys, for the log */
    *persons = shown_persons(keys, v.person_key, &ctx->scratch);
    v.person_id = vrk_origin_person;
    v.arg = &origin;
    TRY(vrk_view(ctx, document, &v, purpose, out));
done:
    vrk_document_free(document);
    vrk_document_free(keys);
    vrk_origin_free(&origin);
    vrk_arena_free(&mem);
    return st;
}

static vrk_status make(vrk_worker *w, vrk_request *r, int64_t snapshot, const char *key,
                       vrk_blob **out, int64_t *id, const char **persons)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    json_t *shown = NULL;
    const char *whom = NULL;
    char *text = NULL;

    TRY(vrk_view_for(w, r, snapshot, VRK_TO_SCREEN, &shown, &whom));
    text = json_dumps(shown, JSON_COMPACT | JSON_REAL_PRECISION(9));
    if (!text)
        FAIL(VRK_EMEMORY, "out of memory for the result");
    TRY(vrk_blob_make(ctx, "application/json", text, strlen(text), out));
    *persons = whom ? vrk_text_copy(&(*out)->mem, whom) : NULL;
    if (whom && !*persons)
        FAIL(VRK_EMEMORY, "out of memory for the result");
    keep(w->app->views, snapshot, key, *persons, *out, id);
done:
    free(text);
    vrk_document_free(shown);
    return st;
}

vrk_status vrk_run_result(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    char key[VRK_HEX];
    const char *persons = NULL;
    int64_t id = 0, snapshot = asked_for(w->app, r);
    vrk_blob *b = NULL;

    if (snapshot == 0) {
        vrk_refuse(r, 404, "no_result", VRK_N("Nothing is diagnosed yet."));
        goto done;
    }
    if (snapshot < 0)
        FAIL(VRK_EINPUT, "snapshot cannot be that");
    key_of(w->app, r, key);
    b = find(w->app->views, snapshot, key, &id, &persons);
    if (!b)
        TRY(make(w, r, snapshot, key, &b, &id, &persons));
    if (persons && !vrk_who_saw(w->app, r, id, false)) {
        const vrk_audit entry = {.account = r->member->account.id,
                                 .what = r->route->audit,
                                 .subject = persons,
                                 .purpose = "screen",
                                 .outcome = "done"};
        TRY(vrk_audit_write(ctx, w->w.records, &entry));
        vrk_who_saw(w->app, r, id, true);
    }
    r->audited = true;
    vrk_answer_blob(r, b);
    b = NULL;
    r->answer.cached = true;
done:
    vrk_blob_drop(b);
    return st;
}

/* Makes the account's view, where it is not kept. */
static vrk_status warm(vrk_worker *w, int64_t account, bool *made)
{
    vrk_status st = VRK_OK;
    vrk_request r = {0};
    char key[VRK_HEX];
    const char *persons = NULL;
    int64_t id = 0, snapshot = w->app->snapshot;
    vrk_blob *b = NULL;

    TRY(vrk_member_read(w, account, &r.member));
    if (!r.member || r.member->account.role == VRK_BY_ADMINISTRATOR)
        goto done;
    if (!r.member->account.lang || !vrk_lang_parse(r.member->account.lang, &r.lang))
        r.lang = VRK_SV;
    key_of(w->app, &r, key);
    b = find(w->app->views, snapshot, key, &id, &persons);
    *made = !b;
    if (!b)
        TRY(make(w, &r, snapshot, key, &b, &id, &persons));
done:
    vrk_blob_drop(b);
    vrk_member_drop(r.member);
    return st;
}

vrk_status vrk_views_warm(vrk_worker *w)
{
    vrk_status st = VRK_OK;
    vrk_kept_views *v = w->app->views;
    vrk_accounts all = {0};
    bool made = false;

    if (v->warm_snapshot != w->app->snapshot || v->warm_contests != w->app->contests)
        v->warm_next = 0;
    v->warm_snapshot = w->app->snapshot;
    v->warm_contests = w->app->contests;
    if (!v->warm_snapshot || v->warm_next < 0)
        goto done;
    TRY(vrk_accounts_list(&w->ctx, w->w.records, &all));
    while (!made && v->warm_next < all.n && v->warm_next < WARM_MOST) {
        const vrk_account *a = &all.account[v->warm_next++];
        if (a->password && !a->disabled)
            TRY(warm(w, a->id, &made));
    }
    if (!made)
        v->warm_next = -1; /* all are */
done:
    vrk_accounts_free(&all);
    return st;
}

vrk_status vrk_run_snapshots(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_results list = {0};
    json_t *out = json_array();
    bool ok = out != NULL;

    TRY(vrk_results_list(ctx, w->w.records, &list));
    for (int64_t i = 0; ok && i < list.n; i++) {
        const vrk_result *s = &list.result[i];
        ok = json_array_append_new(
                 out, json_pack("{s:I,s:s?,s:s,s:I,s:s,s:I,s:b}", "id", (json_int_t)s->id, "as_of",
                                s->as_of, "made_at", vrk_iso(&ctx->scratch, s->made_at),
                                "generation", (json_int_t)s->generation, "version", s->version,
                                "seed", (json_int_t)s->seed, "expired", s->expired_at != 0)) == 0;
    }
    if (!ok)
        FAIL(VRK_EMEMORY, "out of memory for an answer");
    json_t *whole = out;
    out = NULL;
    TRY(vrk_answer_json(ctx, r, 200, whole));
done:
    json_decref(out);
    vrk_results_free(&list);
    return st;
}

vrk_status vrk_views_look(vrk_worker *w)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_frame f = {0};
    TRY(vrk_records_run(ctx, w->w.records,
                        "SELECT coalesce(max(id), 0) AS id FROM snapshot WHERE document IS NOT "
                        "NULL",
                        NULL, 0, &f));
    int64_t newest = f.column[0].i[0];
    if (newest && newest != w->app->snapshot)
        TRY(vrk_roster_read(w, newest));
    w->app->snapshot = newest;
    TRY(vrk_own_look(w));
    TRY(vrk_applying_look(w));
done:
    vrk_frame_free(&f);
    return st;
}
