#include "http/who.h"

#include "base/sys.h"
#include "store/second.h"
#include "store/sessions.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { MOST = 4096, BUCKETS = 4096 };
#define MINUTE_US (INT64_C(60) * 1000000)

typedef struct {
    int64_t id, account; /* id 0: free */
    char token[VRK_HEX]; /* SHA-256 */
    int64_t made, made_mono;
    _Atomic int64_t seen_mono, view;
    int64_t told_mono; /* what of it was written */
    vrk_member *member;
    int next; /* in its bucket, or among the free ones; -1 = none */
} slot;

struct vrk_who {
    pthread_rwlock_t lock;
    int free, bucket[BUCKETS];
    slot slot[MOST];
};

int64_t vrk_mono(void)
{
    struct timespec t;
    clock_gettime(CLOCK_BOOTTIME, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t idle_us(vrk_by role)
{
    return (role == VRK_BY_ADMINISTRATOR || role == VRK_BY_HR ? 15 : 30) * MINUTE_US;
}

static int64_t most_us(vrk_by role)
{
    return (role == VRK_BY_ADMINISTRATOR ? 8 : 12) * 60 * MINUTE_US;
}

/* Both clocks: the one that is set can only end a session early. */
static bool stands(const slot *s, int64_t mono, int64_t wall)
{
    vrk_by role = s->member->account.role;
    int64_t most = most_us(role);
    return mono - s->seen_mono < idle_us(role) && mono - s->made_mono < most &&
           wall - s->made < most;
}

static int *bucket_of(vrk_who *who, const char *token)
{
    unsigned h = 0;
    for (int i = 0; i < 8; i++)
        h = h * 31 + (unsigned char)token[i];
    return &who->bucket[h % BUCKETS];
}

static void remove_slot(vrk_who *who, slot *s)
{
    int at = (int)(s - who->slot);
    for (int *p = bucket_of(who, s->token); *p >= 0; p = &who->slot[*p].next) {
        if (*p == at) {
            *p = s->next;
            break;
        }
    }
    vrk_member_drop(s->member);
    s->member = NULL;
    s->id = 0;
    s->next = who->free;
    who->free = at;
}

void vrk_member_drop(vrk_member *m)
{
    if (m && atomic_fetch_sub(&m->refs, 1) == 1) {
        vrk_arena mem = m->mem;
        vrk_arena_free(&mem);
    }
}

static vrk_member *keep(vrk_member *m)
{
    atomic_fetch_add(&m->refs, 1);
    return m;
}

static vrk_status read_cases(vrk_worker *w, vrk_member *m, vrk_arena *mem)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_frame f = {0};
    const vrk_value bind[] = {vrk_bind_int(m->account.id), vrk_bind_int(vrk_now(ctx) / 1000000)};

    TRY(vrk_records_run(ctx, w->w.records,
                        "SELECT DISTINCT person_key FROM person_case WHERE account = ?1 AND "
                        "known_at IS NOT NULL AND closed_at IS NULL AND until >= date(?2, "
                        "'unixepoch') ORDER BY person_key",
                        bind, 2, &f));
    m->case_key = VRK_NEW(mem, f.rows, int64_t);
    for (int64_t i = 0; i < f.rows && m->case_key; i++)
        m->case_key[i] = f.column[0].i[i];
    m->cases = f.rows;
done:
    vrk_frame_free(&f);
    return st;
}

static void say_scope(const vrk_app *app, vrk_member *m, vrk_arena *mem)
{
    vrk_str s = {.mem = mem};
    const vrk_account *a = &m->account;
    vrk_str_addf(&s, "%s|%" PRId64 "|%d", vrk_by_name[a->role], a->person_key, app->open);
    for (int64_t i = 0; i < a->teams; i++)
        vrk_str_addf(&s, "|%zu:%s", strlen(a->team[i]), a->team[i]);
    for (int64_t i = 0; i < m->cases; i++)
        vrk_str_addf(&s, "|%" PRId64, m->case_key[i]);
    m->scope = vrk_str_of(&s);
}

static void copy_account(const vrk_account *from, vrk_account *to, vrk_arena *mem)
{
    const char **team = VRK_NEW(mem, from->teams, const char *);
    *to = *from;
    to->name = vrk_text_copy(mem, from->name);
    to->seller_id = from->seller_id ? vrk_text_copy(mem, from->seller_id) : NULL;
    to->lang = from->lang ? vrk_text_copy(mem, from->lang) : NULL;
    to->password = NULL;
    to->team = team;
    for (int64_t i = 0; i < from->teams && team; i++)
        team[i] = vrk_text_copy(mem, from->team[i]);
}

/* *out NULL: there is no such account, or it is disabled. */
vrk_status vrk_member_read(vrk_worker *w, int64_t account, vrk_member **out)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_accounts found = {0};
    vrk_arena mem = {0};

    *out = NULL;
    TRY(vrk_accounts_find(ctx, w->w.records, account, NULL, &found));
    if (!found.n || found.account[0].disabled)
        goto done;
    vrk_member *m = VRK_NEW(&mem, 1, vrk_member);
    if (!m)
        FAIL(VRK_EMEMORY, "out of memory for an account");
    m->refs = 1;
    copy_account(&found.account[0], &m->account, &mem);
    TRY(read_cases(w, m, &mem));
    TRY(vrk_second_is_on(ctx, w->w.records, account, &m->second));
    say_scope(w->app, m, &mem);
    if (mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for an account");
    m->mem = mem;
    mem = (vrk_arena){0};
    *out = m;
done:
    vrk_arena_free(&mem);
    vrk_accounts_free(&found);
    return st;
}

/* Takes over the reference. False: too many are logged in. */
static bool put(vrk_who *who, const vrk_session *from, vrk_member *m, int64_t wall)
{
    int64_t mono = vrk_mono();
    pthread_rwlock_wrlock(&who->lock);
    int at = who->free;
    if (at >= 0) {
        slot *s = &who->slot[at];
        int *head = bucket_of(who, from->token);
        who->free = s->next;
        s->id = from->id;
        s->account = from->account;
        memcpy(s->token, from->token, VRK_HEX);
        s->made = from->made_at;
        s->made_mono = mono - (wall - from->made_at);
        s->seen_mono = s->told_mono = mono - (wall - from->seen_at);
        s->view = 0;
        s->member = m;
        s->next = *head;
        *head = at;
    }
    pthread_rwlock_unlock(&who->lock);
    if (at < 0)
        vrk_member_drop(m);
    return at >= 0;
}

vrk_status vrk_who_start(vrk_worker *w)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_sessions stored = {0};
    vrk_who *who = VRK_NEW(&w->app->mem, 1, vrk_who);

    if (!who)
        FAIL(VRK_EMEMORY, "out of memory for the sessions");
    pthread_rwlock_init(&who->lock, NULL);
    for (int i = 0; i < MOST; i++)
        who->slot[i].next = i + 1 < MOST ? i + 1 : -1;
    for (int i = 0; i < BUCKETS; i++)
        who->bucket[i] = -1;
    w->app->who = who;
    TRY(vrk_sessions_list(ctx, w->w.records, 0, &stored));
    for (int64_t i = 0; i < stored.n; i++) {
        vrk_member *m = NULL;
        TRY(vrk_member_read(w, stored.session[i].account, &m));
        if (m && !put(who, &stored.session[i], m, vrk_now(ctx)))
            break;
    }
    TRY(vrk_who_tidy(w));
done:
    vrk_sessions_free(&stored);
    return st;
}

void vrk_who_stop(vrk_app *app)
{
    for (int i = 0; app->who && i < MOST; i++)
        vrk_member_drop(app->who->slot[i].member);
    app->who = NULL;
}

void vrk_who_find(vrk_app *app, const char *token, vrk_request *r)
{
    vrk_who *who = app->who;
    char hex[VRK_HEX];
    int64_t mono = vrk_mono(), wall = app->sys->now(app->sys->arg);

    vrk_text_sha256(token, hex);
    pthread_rwlock_rdlock(&who->lock);
    for (int at = *bucket_of(who, hex); at >= 0; at = who->slot[at].next) {
        slot *s = &who->slot[at];
        if (memcmp(s->token, hex, sizeof(hex)) != 0)
            continue;
        if (stands(s, mono, wall)) {
            s->seen_mono = mono;
            r->member = keep(s->member);
            r->session = s->id;
            r->slot = at;
        }
        break;
    }
    pthread_rwlock_unlock(&who->lock);
}

vrk_status vrk_who_store(vrk_worker *w, const vrk_request *r, int64_t account, vrk_entry *entry)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    char hex[VRK_HEX], agent[101];
    int64_t now = vrk_now(ctx);

    TRY(vrk_token_make(ctx, entry->token));
    vrk_text_sha256(entry->token, hex);
    snprintf(agent, sizeof(agent), "%s", r->agent ? r->agent : "");
    vrk_session s = {
        .account = account, .made_at = now, .seen_at = now, .token = hex, .agent = agent};
    TRY(vrk_session_add(ctx, w->w.records, &s));
    entry->id = s.id;
done:
    return st;
}

vrk_status vrk_who_enter(vrk_worker *w, vrk_request *r, int64_t account, const vrk_entry *entry)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_member *m = NULL;
    char hex[VRK_HEX];
    int64_t now = vrk_now(ctx);

    TRY(vrk_member_read(w, account, &m));
    vrk_text_sha256(entry->token, hex);
    const vrk_session s = {
        .id = entry->id, .account = account, .made_at = now, .seen_at = now, .token = hex};
    if (!m || !put(w->app->who, &s, m, now))
        FAIL(VRK_EIO, "too many are logged in");
    r->answer.cookie = vrk_text_copy(&r->mem, entry->token);
done:
    return st;
}

static void end_where(vrk_app *app, int64_t session, int64_t account)
{
    vrk_who *who = app->who;
    pthread_rwlock_wrlock(&who->lock);
    for (int i = 0; i < MOST; i++) {
        slot *s = &who->slot[i];
        if (s->id && (s->id == session || s->account == account))
            remove_slot(who, s);
    }
    pthread_rwlock_unlock(&who->lock);
}

void vrk_who_end(vrk_app *app, int64_t session)
{
    end_where(app, session, -1);
}

void vrk_who_end_all(vrk_app *app, int64_t account)
{
    end_where(app, -1, account);
}

vrk_status vrk_who_refresh(vrk_worker *w, int64_t account)
{
    vrk_who *who = w->app->who;
    vrk_member *m = NULL;
    vrk_status st = vrk_member_read(w, account, &m);
    if (st != VRK_OK || !m) {
        vrk_who_end_all(w->app, account); /* rather out than with rights that are gone */
        return st;
    }
    pthread_rwlock_wrlock(&who->lock);
    for (int i = 0; i < MOST; i++) {
        slot *s = &who->slot[i];
        if (s->id && s->account == account) {
            vrk_member_drop(s->member);
            s->member = keep(m);
        }
    }
    pthread_rwlock_unlock(&who->lock);
    vrk_member_drop(m);
    return VRK_OK;
}

bool vrk_who_saw(vrk_app *app, const vrk_request *r, int64_t view, bool remember)
{
    slot *s = &app->who->slot[r->slot];
    pthread_rwlock_rdlock(&app->who->lock);
    bool same = s->id == r->session, saw = same && s->view == view;
    if (same && remember)
        s->view = view;
    pthread_rwlock_unlock(&app->who->lock);
    return saw;
}

typedef struct {
    int64_t id, account, seen; /* seen 0: over */
    bool cases;
} told;

/* What is to be written, found under the lock; written after it. */
static int gather(vrk_app *app, told *out)
{
    vrk_who *who = app->who;
    int64_t mono = vrk_mono(), wall = app->sys->now(app->sys->arg);
    int n = 0;
    pthread_rwlock_wrlock(&who->lock);
    for (int i = 0; i < MOST; i++) {
        slot *s = &who->slot[i];
        if (!s->id)
            continue;
        bool over = !stands(s, mono, wall);
        if (!over && s->seen_mono == s->told_mono && !s->member->cases)
            continue;
        s->told_mono = s->seen_mono;
        out[n++] = (told){s->id, s->account, over ? 0 : wall - (mono - s->told_mono),
                          s->member->cases > 0};
        if (over)
            remove_slot(who, s);
    }
    pthread_rwlock_unlock(&who->lock);
    return n;
}

vrk_status vrk_who_tidy(vrk_worker *w)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    bool begun = false;
    told *out = VRK_NEW(&ctx->scratch, MOST, told);
    if (!out)
        FAIL(VRK_EMEMORY, "out of memory for the sessions");
    int n = gather(w->app, out);
    if (n == 0)
        goto done;
    TRY(vrk_records_run(ctx, w->w.records, "BEGIN IMMEDIATE", NULL, 0, NULL));
    begun = true;
    for (int i = 0; i < n; i++)
        TRY(out[i].seen ? vrk_session_seen(ctx, w->w.records, out[i].id, out[i].seen)
                        : vrk_session_end(ctx, w->w.records, out[i].id));
    TRY(vrk_records_run(ctx, w->w.records, "COMMIT", NULL, 0, NULL));
    begun = false;
    for (int i = 0; i < n; i++) {
        if (out[i].seen && out[i].cases)
            TRY(vrk_who_refresh(w, out[i].account));
    }
done:
    if (begun)
        vrk_records_roll_back(ctx, w->w.records);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static bool listed(const vrk_sessions *s, int64_t id)
{
    for (int64_t i = 0; i < s->n; i++) {
        if (s->session[i].id == id)
            return true;
    }
    return false;
}

vrk_status vrk_who_sync(vrk_worker *w, int64_t *version)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_who *who = w->app->who;
    vrk_frame f = {0};
    vrk_sessions stored = {0};

    TRY(vrk_records_run(ctx, w->w.records, "PRAGMA data_version", NULL, 0, &f));
    if (f.column[0].i[0] == *version)
        goto done;
    *version = f.column[0].i[0];
    vrk_frame_free(&f);
    TRY(vrk_records_run(ctx, w->w.records,
                        "SELECT coalesce(max(seq), 0) AS seq FROM sqlite_sequence WHERE name = "
                        "'session'",
                        NULL, 0, &f));
    int64_t newest = f.column[0].i[0]; /* those made since are not meant */
    TRY(vrk_sessions_list(ctx, w->w.records, 0, &stored));
    pthread_rwlock_wrlock(&who->lock);
    for (int i = 0; i < MOST; i++) {
        slot *s = &who->slot[i];
        if (s->id && s->id <= newest && !listed(&stored, s->id))
            remove_slot(who, s);
    }
    pthread_rwlock_unlock(&who->lock);
done:
    vrk_sessions_free(&stored);
    vrk_frame_free(&f);
    return st;
}
