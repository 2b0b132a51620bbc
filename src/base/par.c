#include "base/par.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MOST_THREADS = 64 };

typedef struct {
    pthread_mutex_t lock;
    vrk_ctx *ctx;
    const char *what;
    vrk_par_fn fn;
    void *arg;
    int64_t next, finished, chunks;
    int64_t bad; /* the lowest chunk that failed, or chunks */
    vrk_status status;
    char message[sizeof(((vrk_ctx *)0)->message)];
} crew;

static void note_failure(crew *c, int64_t chunk, vrk_status st, const char *message)
{
    if (chunk < c->bad) {
        c->bad = chunk;
        c->status = st;
        snprintf(c->message, sizeof(c->message), "%s", message);
    }
}

/* Next chunk, or -1. Only the caller's own thread may tick its context. */
static int64_t take(crew *c, bool own)
{
    int64_t chunk = -1;
    pthread_mutex_lock(&c->lock);
    if (own && c->status == VRK_OK) {
        vrk_status st = vrk_tick(c->ctx, c->what, c->finished, c->chunks);
        if (st != VRK_OK)
            note_failure(c, -1, st, c->ctx->message);
    }
    if (c->status == VRK_OK && c->next < c->chunks)
        chunk = c->next++;
    pthread_mutex_unlock(&c->lock);
    return chunk;
}

static void work(crew *c, bool own)
{
    vrk_ctx mine = {.sys = c->ctx->sys,
                    .seed = c->ctx->seed,
                    .threads = 1,
                    .said = c->ctx->said,
                    .scratch.limit = c->ctx->scratch.limit};
    for (int64_t chunk = take(c, own); chunk >= 0; chunk = take(c, own)) {
        vrk_status st = c->fn(&mine, chunk, c->arg);
        pthread_mutex_lock(&c->lock);
        c->finished++;
        if (st != VRK_OK)
            note_failure(c, chunk, st, mine.message);
        pthread_mutex_unlock(&c->lock);
    }
    vrk_arena_free(&mine.scratch);
}

static void *helper(void *arg)
{
    work(arg, false);
    return NULL;
}

vrk_status vrk_par(vrk_ctx *ctx, const char *what, int64_t chunks, vrk_par_fn fn, void *arg)
{
    crew c = {.ctx = ctx, .what = what, .fn = fn, .arg = arg, .chunks = chunks, .bad = chunks};
    pthread_t thread[MOST_THREADS];
    int64_t wanted = ctx->threads > 0 ? ctx->threads : vrk_cores();
    int started = 0;

    if (wanted > chunks)
        wanted = chunks;
    if (wanted > MOST_THREADS)
        wanted = MOST_THREADS;
    if (pthread_mutex_init(&c.lock, NULL))
        return vrk_fail(ctx, VRK_EMEMORY, "could not make a lock");
    while (started < wanted - 1 && !pthread_create(&thread[started], NULL, helper, &c))
        started++; /* fewer threads than wished is slower, not wrong */
    work(&c, true);
    for (int i = 0; i < started; i++)
        pthread_join(thread[i], NULL);
    pthread_mutex_destroy(&c.lock);
    if (c.status != VRK_OK)
        return vrk_fail(ctx, c.status, "%s", c.message);
    return VRK_OK;
}

typedef struct {
    vrk_ctx ctx;
    vrk_job_fn fn;
    void *arg;
    vrk_status status;
    atomic_bool stop;
} second;

static int stopped(void *arg, const char *what, double done)
{
    (void)what, (void)done;
    return ((second *)arg)->stop;
}

static void *run_second(void *arg)
{
    second *s = arg;
    s->status = s->fn(&s->ctx, s->arg);
    return NULL;
}

vrk_status vrk_both(vrk_ctx *ctx, vrk_job_fn a, vrk_job_fn b, void *arg)
{
    vrk_status st = VRK_OK;
    pthread_t thread;
    second s = {.ctx = {.sys = ctx->sys,
                        .tick = stopped,
                        .arg = &s,
                        .seed = ctx->seed,
                        .threads = ctx->threads,
                        .said = ctx->said,
                        .scratch.limit = ctx->scratch.limit},
                .fn = b,
                .arg = arg};

    bool started = ctx->threads != 1 && !pthread_create(&thread, NULL, run_second, &s);
    TRY(a(ctx, arg));
    if (!started)
        TRY(b(ctx, arg));
done:
    s.stop = st != VRK_OK;
    if (started)
        pthread_join(thread, NULL);
    if (st == VRK_OK && s.status != VRK_OK)
        st = vrk_fail(ctx, s.status, "%s", s.ctx.message);
    vrk_arena_free(&s.ctx.scratch);
    return st;
}

int vrk_cores(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > MOST_THREADS ? MOST_THREADS : (int)n;
}
