#include "stat/clos.h"
#include "tests/t.h"

#include <string.h>

/* Four deals, all closed: one steps to state 1 on day 1 and closes on day 3; the others close on
 * days 2, 2 and 4. By hand: after day 1 one in state 1 has 2 days left, one in state 0 (1 + 1 + 3)
 * / 3; weight 1/4. After day 2: 1 day left against 2, weight 2/4. After day 4 nobody is there. */
static const double entry[] = {-1, 1, -1, -1, -1}, leave[] = {1, 3, 2, 2, 4};
static const int32_t from[] = {0, 1, 0, 0, 0}, to[] = {1, 2, 2, 2, 2};
static const vrk_spells five = {
    .n = 5, .states = 3, .entry = entry, .exit = leave, .from = from, .to = to};

static vrk_status fit(vrk_ctx *ctx, const vrk_clos_opt *opt, double *change)
{
    vrk_transitions c;
    vrk_status st = vrk_transitions_count(ctx, &five, &c);
    if (st == VRK_OK)
        st = vrk_clos_fit(ctx, &c, opt, change);
    T_OK(ctx->scratch.used == 0);
    vrk_transitions_free(&c);
    vrk_arena_free(&ctx->scratch);
    return st;
}

static void reproduces_the_change_done_by_hand(void)
{
    vrk_ctx ctx = {0};
    double change;
    T_OK(fit(&ctx, NULL, &change) == VRK_OK);
    T_NEAR(change, (2 - 5. / 3) / 4 - 1. / 2, 1e-15);
    /* Until day 3 only: after day 1, 2 against (1 + 1 + 2) / 3; after day 2, 1 against 1. */
    T_OK(fit(&ctx, &(vrk_clos_opt){.tau = 3}, &change) == VRK_OK);
    T_NEAR(change, (2 - 4. / 3) / 4, 1e-15);
    T_OK(fit(&ctx, &(vrk_clos_opt){.via = 7}, &change) == VRK_EINPUT);
    T_OK(strstr(ctx.message, "via state 7") != NULL);
}

static void fails_cleanly_at_every_allocation(void)
{
    vrk_status st;
    size_t limit = 0;
    double change;
    do {
        vrk_ctx ctx = {.scratch.limit = limit += 64};
        st = fit(&ctx, NULL, &change);
        T_OK(st == VRK_OK || st == VRK_EMEMORY);
    } while (st == VRK_EMEMORY);
    T_OK(st == VRK_OK && limit > 64);
}

static int stop_at(void *arg, const char *what, double done)
{
    (void)what, (void)done;
    return --*(int *)arg == 0;
}

static void stops_at_every_tick(void)
{
    vrk_status st = VRK_ECANCEL;
    int ticks = 0;
    double change;
    while (st == VRK_ECANCEL) {
        int left = ++ticks;
        vrk_ctx ctx = {.tick = stop_at, .arg = &left};
        st = fit(&ctx, NULL, &change);
    }
    T_OK(st == VRK_OK && ticks >= 3);
}

T_MAIN(T_CASE(reproduces_the_change_done_by_hand), T_CASE(fails_cleanly_at_every_allocation),
       T_CASE(stops_at_every_tick))
