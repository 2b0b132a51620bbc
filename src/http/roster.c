/* Which team each person of the newest result is of: what a manager reaches. */
#include "http/roster.h"

#include "diag/document.h"
#include "diag/json.h"
#include "store/results.h"

#include <string.h>

struct vrk_roster {
    pthread_rwlock_t lock;
    int64_t n;
    int64_t *key;      /* [n] */
    const char **team; /* [n] */
    vrk_arena mem;
};

vrk_status vrk_roster_start(vrk_ctx *ctx, vrk_app *app)
{
    app->roster = VRK_NEW(&app->mem, 1, struct vrk_roster);
    if (!app->roster)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for the server");
    pthread_rwlock_init(&app->roster->lock, NULL);
    return VRK_OK;
}

void vrk_roster_stop(vrk_app *app)
{
    if (app->roster)
        vrk_arena_free(&app->roster->mem);
    app->roster = NULL;
}

vrk_status vrk_roster_read(vrk_worker *w, int64_t snapshot)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    struct vrk_roster *r = w->app->roster;
    vrk_arena mem = {0}, read = {0};
    vrk_result stored;
    json_t *document = NULL;

    TRY(vrk_result_read(ctx, w->w.records, snapshot, &read, &stored));
    TRY(vrk_document_read(ctx, stored.document ? stored.document : "{}", &document));
    const json_t *sellers = json_object_get(document, "sellers"), *row;
    int64_t n = (int64_t)json_array_size(sellers);
    int64_t *key = VRK_NEW(&mem, n, int64_t);
    const char **team = VRK_NEW(&mem, n, const char *);
    size_t i;
    json_array_foreach(sellers, i, row)
    {
        if (mem.failed)
            FAIL(VRK_EMEMORY, "out of memory for the teams");
        key[i] = vrk_json_int(row, "seller_key");
        team[i] = vrk_text_copy(&mem, vrk_json_text(row, "team_id"));
    }
    if (mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for the teams");
    pthread_rwlock_wrlock(&r->lock);
    vrk_arena old = r->mem;
    r->n = n;
    r->key = key;
    r->team = team;
    r->mem = mem;
    pthread_rwlock_unlock(&r->lock);
    mem = old;
done:
    vrk_document_free(document);
    vrk_arena_free(&mem);
    vrk_arena_free(&read);
    return st;
}

static bool has_team(const vrk_account *a, const char *team)
{
    for (int64_t i = 0; i < a->teams; i++) {
        if (!strcmp(a->team[i], team))
            return true;
    }
    return false;
}

bool vrk_leads_person(vrk_app *app, const vrk_member *m, int64_t person)
{
    struct vrk_roster *r = app->roster;
    bool leads = m->account.role == VRK_BY_OWNER;
    if (m->account.role != VRK_BY_MANAGER)
        return leads;
    pthread_rwlock_rdlock(&r->lock);
    for (int64_t i = 0; i < r->n && !leads; i++)
        leads = r->key[i] == person && has_team(&m->account, r->team[i]);
    pthread_rwlock_unlock(&r->lock);
    return leads;
}

bool vrk_sees_person(vrk_app *app, const vrk_member *m, int64_t person)
{
    if (m->account.person_key == person)
        return true;
    if (!vrk_leads_person(app, m, person))
        return false;
    if (app->open)
        return true;
    for (int64_t i = 0; i < m->cases; i++) {
        if (m->case_key[i] == person)
            return true;
    }
    return false;
}

bool vrk_sees_team(vrk_app *app, const vrk_member *m, const char *team)
{
    const vrk_account *a = &m->account;
    if (!team || !*team || (a->role != VRK_BY_MANAGER && a->role != VRK_BY_SELLER))
        return true;
    bool sees = has_team(a, team);
    pthread_rwlock_rdlock(&app->roster->lock);
    for (int64_t i = 0; i < app->roster->n && !sees && a->role == VRK_BY_SELLER; i++)
        sees = app->roster->key[i] == a->person_key && !strcmp(app->roster->team[i], team);
    pthread_rwlock_unlock(&app->roster->lock);
    return sees;
}

bool vrk_roster_team(vrk_app *app, int64_t person, vrk_arena *mem, const char **team)
{
    bool found = false;
    *team = "";
    pthread_rwlock_rdlock(&app->roster->lock);
    for (int64_t i = 0; i < app->roster->n && !found; i++) {
        found = app->roster->key[i] == person;
        if (found)
            *team = vrk_text_copy(mem, app->roster->team[i]);
    }
    pthread_rwlock_unlock(&app->roster->lock);
    return found;
}
