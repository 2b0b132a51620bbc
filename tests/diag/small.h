/* tests/diag/small.h - worlds of a few rows around Monday 2026-01-05. */
#ifndef TESTS_DIAG_SMALL_H
#define TESTS_DIAG_SMALL_H

#include "tests/diag/rows.h"

/* 2026-01-05 is a Monday; its day number is 20458. Times below are written d + hours, where d is
 * the count of days from there: `AT(3, 12)` is Thursday the 8th at noon. */
#define AT(d, h) "timestamp '2026-01-05' + interval '" #d " days' + interval '" #h " hours'"
enum { MONDAY = 20458 };
__attribute__((unused)) static const int64_t t0 = (int64_t)MONDAY * 86400;

typedef struct {
    vrk_ctx ctx;
    vrk_facts *facts;
    vrk_ledger_info info;
} world;

static bool build(world *w, const char *const *sql, int64_t n, const vrk_ledger_opt *opt)
{
    *w = (world){0};
    if (vrk_facts_open_duckdb(&w->ctx, &(vrk_facts_opt){.threads = 1}, &w->facts) != VRK_OK ||
        !fill(&w->ctx, w->facts, sql, n) ||
        vrk_ledger_build(&w->ctx, w->facts, opt, &w->info) != VRK_OK) {
        t_bad++;
        printf("# %s\n", w->ctx.message);
        return false;
    }
    return true;
}
#define BUILD(w, opt, ...)                                                                         \
    build(w, (const char *const[]){__VA_ARGS__},                                                   \
          (int64_t)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)), opt)

static void done_with(world *w)
{
    vrk_ledger_info_free(&w->info);
    vrk_facts_close(w->facts);
    T_OK(w->ctx.scratch.used == 0);
    vrk_arena_free(&w->ctx.scratch);
}

#define EVENTS "INSERT INTO stage_events (deal_id, stage, entered_at, kind, quality) VALUES "
#define DEALS "INSERT INTO deals (deal_id, seller_key, created_at, closed_at, outcome) VALUES "
#define EV(deal, stage, d, h, kind) "('" deal "', '" stage "', " AT(d, h) ", '" kind "', NULL)"

#endif
