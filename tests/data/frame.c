#include "data/frame.h"
#include "tests/t.h"

#include <string.h>

static const char *const names[] = {"deal_id", "n", "share"};
static const vrk_type types[] = {VRK_TEXT, VRK_INT, VRK_DOUBLE};

static void starts_with_nothing_known(void)
{
    vrk_ctx ctx = {0};
    vrk_frame f;
    T_OK(vrk_frame_init(&ctx, names, types, 3, 2, &f) == VRK_OK);
    for (int64_t k = 0; k < 3; k++)
        T_OK(f.column[k].null[0] && f.column[k].null[1]);
    T_OK(!strcmp(vrk_frame_column(&f, "deal_id")->s[1], "") && !vrk_frame_column(&f, "x"));
    vrk_frame_set_text(&f, 0, 1, "D7");
    vrk_frame_set_int(&f, 1, 1, 42);
    vrk_frame_set_double(&f, 2, 0, 0.5);
    T_OK(!strcmp(f.column[0].s[1], "D7") && f.column[1].i[1] == 42 && !f.column[1].null[1]);
    T_NEAR(f.column[2].d[0], 0.5, 0);
    vrk_frame_free(&f);
    T_OK(f.rows == 0 && !f.column);
}

static void fails_cleanly_at_every_allocation(void)
{
    vrk_status st;
    size_t limit = 0;
    do {
        vrk_ctx ctx = {.scratch.limit = limit += 64};
        vrk_frame f;
        st = vrk_frame_init(&ctx, names, types, 3, 10, &f);
        T_OK(st == VRK_OK || (st == VRK_EMEMORY && !f.column));
        vrk_frame_free(&f);
    } while (st == VRK_EMEMORY);
    T_OK(st == VRK_OK);
}

T_MAIN(T_CASE(starts_with_nothing_known), T_CASE(fails_cleanly_at_every_allocation))
