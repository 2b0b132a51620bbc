#include "base/base.h"
#include "tests/t.h"

#include <string.h>

static void gives_zeroed_aligned_memory(void)
{
    vrk_arena a = {0};
    char *x = VRK_NEW(&a, 3, char), *y = VRK_NEW(&a, 100000, char);
    T_OK(x && y && ((uintptr_t)x % 64) == 0 && ((uintptr_t)y % 64) == 0);
    for (int i = 0; i < 100000; i++)
        T_OK(y[i] == 0);
    vrk_arena_free(&a);
    T_OK(a.used == 0 && !a.top);
}

static void remembers_a_failed_allocation_until_rewound(void)
{
    vrk_arena a = {.limit = 1024};
    vrk_mark mark = vrk_mark_of(&a);
    T_OK(VRK_NEW(&a, 512, char));
    T_OK(!VRK_NEW(&a, 1024, char) && a.failed);
    T_OK(!VRK_NEW(&a, 1, char));
    vrk_rewind(&a, mark);
    T_OK(!a.failed && a.used == 0 && VRK_NEW(&a, 512, char));
    vrk_arena_free(&a);
}

static void refuses_sizes_that_overflow(void)
{
    vrk_arena a = {0};
    T_OK(!vrk_alloc(&a, INT64_MAX, 16) && a.failed);
    vrk_arena_free(&a);
    T_OK(!vrk_alloc(&a, -1, 1) && a.failed);
    vrk_arena_free(&a);
}

static void keeps_the_message_of_a_failure(void)
{
    vrk_ctx ctx = {0};
    T_OK(vrk_fail(&ctx, VRK_EINPUT, "row %d: %s", 7, "no key") == VRK_EINPUT);
    T_OK(!strcmp(ctx.message, "row 7: no key"));
}

static int stop_at_half(void *arg, const char *what, double done)
{
    (void)arg, (void)what;
    return done >= 0.5;
}

static void stops_when_the_tick_says_so(void)
{
    vrk_ctx ctx = {.tick = stop_at_half};
    T_OK(vrk_tick(&ctx, "reading", 1, 4) == VRK_OK);
    T_OK(vrk_tick(&ctx, "reading", 3, 4) == VRK_ECANCEL);
    T_OK(!strcmp(ctx.message, "cancelled in reading"));
    T_OK(vrk_tick(&ctx, "reading", 3, 0) == VRK_OK);
}

T_MAIN(T_CASE(gives_zeroed_aligned_memory), T_CASE(remembers_a_failed_allocation_until_rewound),
       T_CASE(refuses_sizes_that_overflow), T_CASE(keeps_the_message_of_a_failure),
       T_CASE(stops_when_the_tick_says_so))
