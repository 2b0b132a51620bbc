#include "http/jobs.h"

#include "http/policy.h"
#include "http/process.h"
#include "http/uploads.h"
#include "http/who.h"

#include "base/sys.h"
#include "diag/change.h"
#include "store/audit.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { WAITING = 2, WORD = 200, ANSWER_MOST = 64 << 20 };

/* The one that runs, in memory: what changes each moment. */
struct vrk_jobs {
    pthread_mutex_t lock;
    pthread_cond_t more;
    pthread_t thread;
    bool started, stop;
    int64_t running; /* its id; 0 = none */
    bool cancel;
    double progress; /* in [0,1]; < 0 = not known */
    char what[100];
    vrk_worker worker;
};

typedef struct {
    int64_t id, account;
    const char *kind, *asked;
} job;

static const char *subject(vrk_ctx *ctx, int64_t id)
{
    return vrk_text_f(&ctx->scratch, "job %" PRId64, id);
}

/* Stores the end of a job, with its row in the log. */
static vrk_status store_end(vrk_worker *w, const job *j, const char *state, const char *text,
                            const char *result)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    const vrk_value bind[] = {vrk_bind_int(j->id), vrk_bind_text(state), vrk_bind_text(text),
                              vrk_bind_text(result), vrk_bind_int(vrk_now(ctx))};
    const vrk_audit entry = {.account = j->account,
                             .what = "job.end",
                             .subject = subject(ctx, j->id),
                             .purpose = j->kind,
                             .outcome = state};
    TRY(vrk_change_begin(w));
    TRY(vrk_records_run(ctx, w->w.records,
                        "UPDATE job SET state = ?2, text = ?3, result = ?4, ended_at = ?5 WHERE "
                        "id = ?1",
                        bind, 5, NULL));
    TRY(vrk_audit_add(ctx, w->w.records, &entry));
    TRY(vrk_records_run(ctx, w->w.records, "COMMIT", NULL, 0, NULL));
done:
    if (st != VRK_OK)
        vrk_records_roll_back(ctx, w->w.records);
    return st;
}

/* What is told of a job's progress; nonzero: end it. */
static int on_progress(void *arg, double done, const char *what)
{
    struct vrk_jobs *jobs = arg;
    pthread_mutex_lock(&jobs->lock);
    if (what) {
        jobs->progress = done > 0 ? done : -1;
        snprintf(jobs->what, sizeof(jobs->what), "%s", what);
    }
    int end = jobs->cancel || jobs->stop;
    pthread_mutex_unlock(&jobs->lock);
    return end;
}

/* The answer that was asked for: the one entry of the document's what_if. */
static const char *what_if_of(vrk_ctx *ctx, const char *document)
{
    json_error_t error;
    json_t *d = json_loads(document, 0, &error), *answer;
    const char *key, *text = NULL;
    json_object_foreach(json_object_get(d, "what_if"), key, answer)
    {
        char *dump = json_dumps(answer, JSON_COMPACT | JSON_REAL_PRECISION(9));
        text = dump ? vrk_text_copy(&ctx->scratch, dump) : NULL;
        free(dump);
        break;
    }
    json_decref(d);
    return text;
}

/* What was measured, where it is whole. */
static const char *measure_of(vrk_ctx *ctx, const char *out)
{
    json_error_t error;
    json_t *d = json_loads(out, JSON_REJECT_DUPLICATES, &error);
    const char *text = json_is_object(d) ? vrk_text_copy(&ctx->scratch, out) : NULL;
    json_decref(d);
    return text;
}

/* The command line of the job, without the program. */
static vrk_status words_of(vrk_worker *w, const job *j, const char **word, int *words)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    json_error_t error;
    json_t *asked = json_loads(j->asked, 0, &error);
    const char *lang = json_string_value(json_object_get(asked, "lang"));
    const char *folder = w->app->opt->folder;
    int n = 0;

    lang = lang && !strcmp(lang, "sv") ? "sv" : "en";
    if (!strcmp(j->kind, "diagnose")) {
        word[n++] = "diagnose";
        word[n++] = "--lang";
        word[n++] = lang;
    } else if (!strcmp(j->kind, "what_if")) {
        word[n++] = "whatif";
        word[n++] = "--json";
        word[n++] = "--lang";
        word[n++] = lang;
    } else if (!strcmp(j->kind, "measure")) {
        const char *by = json_string_value(json_object_get(asked, "by"));
        word[n++] = "assess";
        word[n++] = "measure";
        word[n++] = "--json";
        word[n++] = "--lang";
        word[n++] = lang;
        if (by)
            word[n++] = "--by";
        if (by)
            word[n++] = vrk_text_copy(&ctx->scratch, by);
        if (json_is_true(json_object_get(asked, "keep")))
            word[n++] = "--keep";
    } else if (!strcmp(j->kind, "instrument")) {
        TRY(vrk_upload_instrument(w, asked, lang, word, &n));
    } else {
        TRY(vrk_upload_words(w, asked, word, &n));
    }
    word[n++] = "-w";
    word[n++] = folder;
    if (!strcmp(j->kind, "what_if")) {
        word[n++] = "--";
        word[n++] =
            vrk_text_copy(&ctx->scratch, json_string_value(json_object_get(asked, "change")));
    }
    if (!strcmp(j->kind, "measure")) {
        word[n++] = "--";
        word[n++] =
            vrk_text_copy(&ctx->scratch, json_string_value(json_object_get(asked, "competency")));
    }
    *words = n;
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for a job");
done:
    json_decref(asked);
    return st;
}

static vrk_status run_job(struct vrk_jobs *jobs, const job *j)
{
    vrk_status st = VRK_OK;
    vrk_worker *w = &jobs->worker;
    vrk_ctx *ctx = &w->ctx;
    const char *word[16];
    int words = 0;
    vrk_arena mem = {0};
    vrk_ended ended = {0};

    st = words_of(w, j, word, &words);
    if (st == VRK_OK)
        st = vrk_process_run(ctx, word, words, ANSWER_MOST, on_progress, jobs, &mem, &ended);
    if (st != VRK_OK) {
        TRY(store_end(w, j, "failed", ctx->message, NULL));
        goto done;
    }
    pthread_mutex_lock(&jobs->lock);
    bool cancelled = jobs->cancel || jobs->stop;
    pthread_mutex_unlock(&jobs->lock);
    bool what_if = !strcmp(j->kind, "what_if"), measure = !strcmp(j->kind, "measure");
    const char *result = ended.code != 0 ? NULL
                         : what_if       ? what_if_of(ctx, ended.out)
                         : measure       ? measure_of(ctx, ended.out)
                                         : NULL;
    bool done_well = ended.code == 0 && (result || !(what_if || measure));
    bool read_in = !strcmp(j->kind, "import") || !strcmp(j->kind, "instrument");
    TRY(store_end(w, j,
                  done_well   ? "done"
                  : cancelled ? "cancelled"
                              : "failed",
                  done_well && !read_in ? ""
                  : done_well           ? ended.out
                                        : ended.err,
                  result));
    if (done_well && read_in)
        vrk_upload_used(w, j->asked);
    TRY(vrk_views_look(w));
done:
    vrk_arena_free(&mem);
    return st;
}

static vrk_status next_job(struct vrk_jobs *jobs, vrk_arena *mem, job *out)
{
    vrk_status st = VRK_OK;
    vrk_worker *w = &jobs->worker;
    vrk_ctx *ctx = &w->ctx;
    vrk_frame f = {0};

    *out = (job){0};
    TRY(vrk_records_run(ctx, w->w.records,
                        "UPDATE job SET state = 'running' WHERE id = (SELECT min(id) FROM job "
                        "WHERE state = 'queued') RETURNING id, account, kind, asked",
                        NULL, 0, &f));
    if (f.rows)
        *out = (job){f.column[0].i[0], f.column[1].i[0], vrk_text_copy(mem, f.column[2].s[0]),
                     vrk_text_copy(mem, f.column[3].s[0])};
done:
    vrk_frame_free(&f);
    return st;
}

static void set_running(struct vrk_jobs *jobs, int64_t id)
{
    pthread_mutex_lock(&jobs->lock);
    jobs->running = id;
    jobs->cancel = false;
    jobs->progress = -1;
    jobs->what[0] = 0;
    pthread_mutex_unlock(&jobs->lock);
}

static void *work(void *arg)
{
    struct vrk_jobs *jobs = arg;
    vrk_worker *w = &jobs->worker;
    for (bool stop = false; !stop;) {
        vrk_arena mem = {0};
        job j;
        vrk_status st = next_job(jobs, &mem, &j);
        if (st == VRK_OK && j.id) {
            set_running(jobs, j.id);
            st = run_job(jobs, &j);
            set_running(jobs, 0);
        }
        if (st != VRK_OK && w->app->opt->log)
            w->app->opt->log(w->app->opt->arg, w->ctx.message);
        pthread_mutex_lock(&jobs->lock);
        if (!jobs->stop && (st != VRK_OK || !j.id)) {
            struct timespec until;
            clock_gettime(CLOCK_REALTIME, &until);
            until.tv_sec += 1;
            pthread_cond_timedwait(&jobs->more, &jobs->lock, &until);
        }
        stop = jobs->stop;
        pthread_mutex_unlock(&jobs->lock);
        vrk_arena_free(&mem);
        vrk_arena_free(&w->ctx.scratch);
    }
    return NULL;
}

/* What was running or waiting when the server last ended will not be done. */
static vrk_status end_old(vrk_worker *w)
{
    vrk_ctx *ctx = &w->ctx;
    const vrk_value bind[] = {vrk_bind_text("the server was stopped meanwhile"),
                              vrk_bind_int(vrk_now(ctx))};
    return vrk_records_run(ctx, w->w.records,
                           "UPDATE job SET state = 'failed', text = ?1, ended_at = ?2 WHERE state "
                           "IN ('queued', 'running')",
                           bind, 2, NULL);
}

vrk_status vrk_jobs_start(vrk_ctx *ctx, vrk_app *app)
{
    vrk_status st = VRK_OK;
    struct vrk_jobs *jobs = VRK_NEW(&app->mem, 1, struct vrk_jobs);
    if (!jobs)
        FAIL(VRK_EMEMORY, "out of memory for the server");
    pthread_mutex_init(&jobs->lock, NULL);
    pthread_cond_init(&jobs->more, NULL);
    app->jobs = jobs;
    TRY(vrk_worker_open(ctx, app, &jobs->worker));
    TRY(end_old(&jobs->worker));
    if (pthread_create(&jobs->thread, NULL, work, jobs) != 0)
        FAIL(VRK_EIO, "could not start the server's threads");
    jobs->started = true;
done:
    return st;
}

void vrk_jobs_stop(vrk_app *app)
{
    struct vrk_jobs *jobs = app->jobs;
    if (!jobs)
        return;
    pthread_mutex_lock(&jobs->lock);
    jobs->stop = true;
    pthread_cond_broadcast(&jobs->more);
    pthread_mutex_unlock(&jobs->lock);
    if (jobs->started)
        pthread_join(jobs->thread, NULL);
    vrk_worker_close(&jobs->worker);
    app->jobs = NULL;
}

static vrk_status check_asked(vrk_worker *w, vrk_request *r, const char *kind, const char *change,
                              const char *upload, const char *competency, const char *by)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_by role = r->member->account.role;
    vrk_change parsed;

    if (!strcmp(kind, "what_if")) {
        if (!change || *change == '-')
            FAIL(VRK_EINPUT, "change is missing");
        TRY(vrk_change_parse(ctx, change, &parsed));
    } else if (!strcmp(kind, "import") || !strcmp(kind, "instrument")) {
        if (role != VRK_BY_OWNER && role != VRK_BY_ANALYST)
            vrk_refuse(r, 403, "role", VRK_N("Your role does not include that."));
        else if (!upload)
            FAIL(VRK_EINPUT, "upload is missing");
    } else if (!strcmp(kind, "measure")) {
        if (role != VRK_BY_OWNER && role != VRK_BY_ANALYST)
            vrk_refuse(r, 403, "role", VRK_N("Your role does not include that."));
        else if (!competency || !vrk_instrument_find(w->app->instruments, competency))
            FAIL(VRK_EINPUT, VRK_N("there is no such competence"));
        else if (by && strcmp(by, "lang") != 0 && strcmp(by, "kind") != 0)
            FAIL(VRK_EINPUT, "by is lang or kind");
    } else if (strcmp(kind, "diagnose") != 0) {
        FAIL(VRK_EINPUT, "kind cannot be that");
    } else if (role == VRK_BY_MANAGER) {
        vrk_refuse(r, 403, "role", VRK_N("Your role does not include that."));
    }
done:
    return st;
}

/* Adds the job where the queue has room. */
static vrk_status enqueue(vrk_worker *w, vrk_request *r, const char *kind, const char *asked)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_frame f = {0};
    const vrk_value bind[] = {vrk_bind_int(vrk_now(ctx)), vrk_bind_int(r->member->account.id),
                              vrk_bind_text(kind), vrk_bind_text(asked), vrk_bind_int(WAITING)};

    TRY(vrk_change_begin(w));
    TRY(vrk_records_run(ctx, w->w.records,
                        "INSERT INTO job (made_at, account, kind, asked, state) SELECT ?1, ?2, ?3, "
                        "?4, 'queued' WHERE (SELECT count(*) FROM job WHERE state = 'queued') < ?5 "
                        "RETURNING id",
                        bind, 5, &f));
    if (!f.rows) {
        vrk_records_roll_back(ctx, w->w.records);
        vrk_refuse(r, 429, "busy", VRK_N("Others' work is waiting already; please try later."));
        r->answer.retry_s = 10;
        goto done;
    }
    int64_t id = f.column[0].i[0];
    TRY(vrk_change_end(w, r, subject(ctx, id), kind));
    pthread_mutex_lock(&w->app->jobs->lock);
    pthread_cond_signal(&w->app->jobs->more);
    pthread_mutex_unlock(&w->app->jobs->lock);
    TRY(vrk_answer_json(ctx, r, 202, json_pack("{s:I}", "id", (json_int_t)id)));
    r->answer.location = vrk_text_f(&r->mem, "/api/jobs/%" PRId64, id);
done:
    vrk_frame_free(&f);
    return st;
}

vrk_status vrk_run_job(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    const char *kind = NULL, *change = NULL, *upload = NULL, *competency = NULL, *by = NULL;
    const char *name = NULL;
    json_t *map = NULL;
    bool keep = false;
    char *asked = NULL;
    const vrk_field field[] = {{"kind", VRK_IS_TEXT, true, WORD, &kind, NULL},
                               {"change", VRK_IS_TEXT, false, WORD, &change, NULL},
                               {"upload", VRK_IS_TEXT, false, WORD, &upload, NULL},
                               {"map", VRK_IS_OBJECT, false, 0, &map, NULL},
                               {"competency", VRK_IS_TEXT, false, WORD, &competency, NULL},
                               {"by", VRK_IS_TEXT, false, WORD, &by, NULL},
                               {"keep", VRK_IS_BOOL, false, 0, &keep, NULL},
                               {"name", VRK_IS_TEXT, false, WORD, &name, NULL}};

    TRY(vrk_body_read(ctx, r, field, 8));
    TRY(check_asked(w, r, kind, change, upload, competency, by));
    if (r->answer.status)
        goto done;
    if (!strcmp(kind, "instrument") &&
        ((competency && *competency == '-') || (name && *name == '-')))
        FAIL(VRK_EINPUT, VRK_N("a name or an id cannot begin with a hyphen"));
    if (!strcmp(kind, "import") || !strcmp(kind, "instrument"))
        TRY(vrk_upload_ready(w, r, upload, map));
    if (r->answer.status)
        goto done;
    json_object_set_new(r->json, "lang", json_string(r->lang == VRK_SV ? "sv" : "en"));
    asked = json_dumps(r->json, JSON_COMPACT);
    if (!asked)
        FAIL(VRK_EMEMORY, "out of memory for a job");
    TRY(enqueue(w, r, kind, asked));
done:
    free(asked);
    return st;
}

static json_t *say_job(struct vrk_jobs *jobs, const vrk_frame *f, int64_t i)
{
    const vrk_column *c = f->column;
    int64_t id = c[0].i[i];
    char what[sizeof(jobs->what)] = "";
    double progress = -1;
    json_error_t error;
    pthread_mutex_lock(&jobs->lock);
    if (jobs->running == id && !strcmp(c[2].s[i], "running")) {
        progress = jobs->progress;
        memcpy(what, jobs->what, sizeof(what));
    }
    pthread_mutex_unlock(&jobs->lock);
    const char *text = *what ? what : c[3].s[i];
    json_t *o = json_pack("{s:I,s:s,s:s,s:s,s:o}", "id", (json_int_t)id, "kind", c[1].s[i], "state",
                          c[2].s[i], "text", text, "progress",
                          progress >= 0 ? json_real(progress) : json_null());
    if (o && c[4].s && !c[4].null[i])
        json_object_set_new(o, "result", json_loads(c[4].s[i], 0, &error));
    return o;
}

#define JOBS_SQL                                                                                   \
    "SELECT id, kind, state, text, result FROM job WHERE account = ?1 AND (?2 = 0 OR id = ?2) "    \
    "ORDER BY id DESC LIMIT 100"

static vrk_status read_jobs(vrk_worker *w, const vrk_request *r, int64_t id, vrk_frame *f)
{
    const vrk_value bind[] = {vrk_bind_int(r->member->account.id), vrk_bind_int(id)};
    return vrk_records_run(&w->ctx, w->w.records, JOBS_SQL, bind, 2, f);
}

vrk_status vrk_run_jobs(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_frame f = {0};
    json_t *list = json_array();

    TRY(read_jobs(w, r, 0, &f));
    for (int64_t i = 0; i < f.rows; i++) {
        if (json_array_append_new(list, say_job(w->app->jobs, &f, i)) != 0)
            FAIL(VRK_EMEMORY, "out of memory for an answer");
    }
    TRY(vrk_answer_json(ctx, r, 200, json_incref(list)));
done:
    json_decref(list);
    vrk_frame_free(&f);
    return st;
}

vrk_status vrk_run_job_one(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_frame f = {0};
    int64_t id = vrk_part_number(r, 0);

    TRY(read_jobs(w, r, id ? id : -1, &f));
    if (f.rows)
        TRY(vrk_answer_json(ctx, r, 200, say_job(w->app->jobs, &f, 0)));
    else
        vrk_refuse(r, 404, "not_found", VRK_N("There is no such thing."));
done:
    vrk_frame_free(&f);
    return st;
}

vrk_status vrk_run_job_cancel(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    struct vrk_jobs *jobs = w->app->jobs;
    vrk_frame f = {0};
    int64_t id = vrk_part_number(r, 0);
    const vrk_value bind = vrk_bind_int(id);

    TRY(vrk_change_begin(w));
    TRY(read_jobs(w, r, id ? id : -1, &f));
    if (!f.rows) {
        vrk_records_roll_back(ctx, w->w.records);
        vrk_refuse(r, 404, "not_found", VRK_N("There is no such thing."));
        goto done;
    }
    TRY(vrk_records_run(ctx, w->w.records,
                        "UPDATE job SET state = 'cancelled' WHERE id = ?1 AND state = 'queued'",
                        &bind, 1, NULL));
    TRY(vrk_change_end(w, r, subject(ctx, id), NULL));
    pthread_mutex_lock(&jobs->lock);
    jobs->cancel |= jobs->running == id;
    pthread_mutex_unlock(&jobs->lock);
    vrk_answer_text(r, 204, NULL, "");
done:
    vrk_frame_free(&f);
    return st;
}
