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

T_MAIN(T_CASE(does_every_chunk_once_on_any_number_of_threads),
       T_CASE(hands_the_failure_of_a_chunk_to_the_caller), T_CASE(stops_when_asked),
       T_CASE(has_nothing_to_do_without_chunks))
