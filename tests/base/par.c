#include "base/par.h"
#include "tests/t.h"

#include <sched.h>
#include <stdatomic.h>
#include <string.h>

enum { CHUNKS = 1000 };

static vrk_status square(vrk_ctx *ctx, int64_t chunk, void *arg)
{
    int64_t *out = arg;
    out[chunk] = chunk * chunk;
    return VRK_NEW(&ctx->scratch, 10, double) ? VRK_OK : VRK_EMEMORY;
}

static void does_every_chunk_once_on_any_number_of_threads(void)
{
    for (int threads = 0; threads <= 8; threads++) {
        int64_t out[CHUNKS] = {0};
        vrk_ctx ctx = {.threads = threads};
        T_OK(vrk_par(&ctx, "squaring", CHUNKS, square, out) == VRK_OK);
        for (int64_t i = 0; i < CHUNKS; i++)
            T_OK(out[i] == i * i);
    }
}

static vrk_status fail_at_five(vrk_ctx *ctx, int64_t chunk, void *arg)
{
    (void)arg;
    return chunk == 5 ? vrk_fail(ctx, VRK_ENUMERIC, "chunk five is singular") : VRK_OK;
}

static void hands_the_failure_of_a_chunk_to_the_caller(void)
{
    for (int threads = 1; threads <= 4; threads++) {
        vrk_ctx ctx = {.threads = threads};
        T_OK(vrk_par(&ctx, "failing", CHUNKS, fail_at_five, NULL) == VRK_ENUMERIC);
        T_OK(!strcmp(ctx.message, "chunk five is singular"));
    }
}

static atomic_bool asked;

static int stop(void *arg, const char *what, double done)
{
    (void)arg, (void)what;
    if (done > 0)
        asked = true;
    return done > 0;
}

/* The second thread waits for the caller's, which may not be given a processor for long; the caller
 * itself stops after its first chunk and does not come here. */
static vrk_status wait_half_way(vrk_ctx *ctx, int64_t chunk, void *arg)
{
    while (chunk == CHUNKS / 2 && !asked)
        sched_yield();
    return square(ctx, chunk, arg);
}

static void stops_when_asked(void)
{
    int64_t out[CHUNKS] = {0};
    vrk_ctx ctx = {.tick = stop, .threads = 2};
    T_OK(vrk_par(&ctx, "squaring", CHUNKS, wait_half_way, out) == VRK_ECANCEL);
    T_OK(out[CHUNKS - 1] == 0);
}

static void has_nothing_to_do_without_chunks(void)
{
    vrk_ctx ctx = {0};
    T_OK(vrk_par(&ctx, "nothing", 0, square, NULL) == VRK_OK);
}

typedef struct {
    atomic_bool second_runs;
    bool first, second;
    vrk_status of_first;
} jobs;

static vrk_status first_job(vrk_ctx *ctx, void *arg)
{
    jobs *j = arg;
    while (ctx->threads != 1 && !j->second_runs)
        sched_yield();
    j->first = true;
    return j->of_first ? vrk_fail(ctx, j->of_first, "the first job fails") : VRK_OK;
}

static vrk_status second_job(vrk_ctx *ctx, void *arg)
{
    jobs *j = arg;
    j->second_runs = true;
    j->second = VRK_NEW(&ctx->scratch, 10, double);
    return VRK_OK;
}

static vrk_status endless_job(vrk_ctx *ctx, void *arg)
{
    vrk_status st = VRK_OK;
    jobs *j = arg;
    j->second_runs = true;
    while (st == VRK_OK) {
        sched_yield();
        st = vrk_tick(ctx, "on and on", 0, 0);
    }
    return st;
}

static vrk_status failing_job(vrk_ctx *ctx, void *arg)
{
    ((jobs *)arg)->second_runs = true;
    return vrk_fail(ctx, VRK_ENUMERIC, "the second job fails");
}

static void does_two_jobs_side_by_side_or_in_turn(void)
{
    for (int threads = 0; threads <= 2; threads++) {
        jobs j = {0};
        vrk_ctx ctx = {.threads = threads};
        T_OK(vrk_both(&ctx, first_job, second_job, &j) == VRK_OK);
        T_OK(j.first && j.second);
        vrk_arena_free(&ctx.scratch);
    }
}

static void stops_the_second_job_when_the_first_fails(void)
{
    jobs j = {.of_first = VRK_EINPUT};
    vrk_ctx ctx = {.threads = 2};
    T_OK(vrk_both(&ctx, first_job, endless_job, &j) == VRK_EINPUT);
    T_OK(!strcmp(ctx.message, "the first job fails"));
}

static const char *in_swedish(const char *fmt)
{
    return strcmp(fmt, "the second job fails") ? fmt : "det andra arbetet misslyckas";
}

static void hands_over_the_failure_of_the_second_job(void)
{
    for (int threads = 1; threads <= 2; threads++) {
        jobs j = {0};
        vrk_ctx ctx = {.threads = threads};
        T_OK(vrk_both(&ctx, first_job, failing_job, &j) == VRK_ENUMERIC);
        T_OK(j.first && !strcmp(ctx.message, "the second job fails"));
        ctx.said = in_swedish;
        T_OK(vrk_both(&ctx, first_job, failing_job, &j) == VRK_ENUMERIC);
        T_OK(!strcmp(ctx.message, "det andra arbetet misslyckas"));
    }
}

T_MAIN(T_CASE(does_every_chunk_once_on_any_number_of_threads),
       T_CASE(hands_the_failure_of_a_chunk_to_the_caller), T_CASE(stops_when_asked),
       T_CASE(has_nothing_to_do_without_chunks), T_CASE(does_two_jobs_side_by_side_or_in_turn),
       T_CASE(stops_the_second_job_when_the_first_fails),
       T_CASE(hands_over_the_failure_of_the_second_job))
