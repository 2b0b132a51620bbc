#include "stat/lexis.h"
#include "tests/t.h"

#include <string.h>

/* By hand, cut at 10 and 20: 5 to 25; late 12 to 20 (an end at a cut is in the band before); 0
 * to 10. */
static const double entry[] = {5, 12, 0}, leave[] = {25, 20, 10}, cut[] = {10, 20};
static const vrk_lexis_in three = {.n = 3, .entry = entry, .exit = leave, .cuts = 2, .cut = cut};

static void cuts_as_done_by_hand(void)
{
    const int64_t spell[] = {0, 0, 0, 1, 2};
    const int32_t band[] = {0, 1, 2, 1, 0};
    const double exposure[] = {5, 10, 5, 8, 10};
    const uint8_t last[] = {0, 0, 1, 1, 1};
    vrk_ctx ctx = {0};
    vrk_lexis l;
    T_OK(vrk_lexis_split(&ctx, &three, &l) == VRK_OK && l.n == 5);
    for (int64_t i = 0; i < l.n; i++) {
        T_OK(l.spell[i] == spell[i] && l.band[i] == band[i] && l.last[i] == last[i]);
        T_NEAR(l.exposure[i], exposure[i], 0.);
    }
    vrk_lexis_free(&l);
    vrk_lexis_in in = three;
    in.until_last = true; /* spell 0 is seen until 20 and does not end there */
    T_OK(vrk_lexis_split(&ctx, &in, &l) == VRK_OK && l.n == 4);
    T_OK(l.spell[1] == 0 && l.last[1] == 0 && l.spell[2] == 1 && l.last[2] == 1);
    vrk_lexis_free(&l);
    in.entry = NULL;
    T_OK(vrk_lexis_split(&ctx, &in, &l) == VRK_OK && l.n == 5 && l.exposure[0] >= 10);
    vrk_lexis_free(&l);
    vrk_arena_free(&ctx.scratch);
}

static void refuses_what_cannot_be(void)
{
    const double back[] = {20, 10}, low[] = {-1, 0, 0};
    vrk_ctx ctx = {0};
    vrk_lexis l;
    vrk_lexis_in in = three;
    in.cut = back;
    T_OK(vrk_lexis_split(&ctx, &in, &l) == VRK_EINPUT && strstr(ctx.message, "cut 1: 10"));
    in = three;
    in.exit = entry;
    T_OK(vrk_lexis_split(&ctx, &in, &l) == VRK_EINPUT && strstr(ctx.message, "spell 0"));
    in = three;
    in.entry = low;
    T_OK(vrk_lexis_split(&ctx, &in, &l) == VRK_EINPUT && !l.spell && l.n == 0);
}

static int stop(void *arg, const char *what, double done)
{
    (void)arg, (void)what, (void)done;
    return 1;
}

static void fails_cleanly(void)
{
    vrk_status st;
    size_t limit = 0;
    do {
        vrk_ctx ctx = {.scratch.limit = limit += 64};
        vrk_lexis l;
        st = vrk_lexis_split(&ctx, &three, &l);
        T_OK(st == VRK_OK || (st == VRK_EMEMORY && !l.spell && l.n == 0));
        vrk_lexis_free(&l);
    } while (st == VRK_EMEMORY);
    T_OK(st == VRK_OK && limit > 64);
    vrk_ctx ctx = {.tick = stop};
    vrk_lexis l;
    T_OK(vrk_lexis_split(&ctx, &three, &l) == VRK_ECANCEL && !l.spell);
}

T_MAIN(T_CASE(cuts_as_done_by_hand), T_CASE(refuses_what_cannot_be), T_CASE(fails_cleanly))
