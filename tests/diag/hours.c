/* Hours and what they take, on made weeks whose figures are known beforehand. */
#include "diag/hours.h"
#include "tests/diag/rows.h"

#include <math.h>

enum { SELLERS = 6, WEEKS = 30, MONDAY = 20458 }; /* 2026-01-05 */

/* Internal hours of a seller's week: they differ between sellers, weeks and both. */
static int hours(int seller, int week)
{
    return 2 + seller / 2 + (week * 5 + seller * 3 + week * seller) % 4;
}

/* What is left of prospecting when each internal hour takes two contacts. */
static int contacts(int seller, int week)
{
    return 30 + seller + week % 3 - 2 * hours(seller, week);
}

static void add_week(vrk_str *calendar, vrk_str *activities, int seller, int week)
{
    char day[64];
    snprintf(day, sizeof(day), "TIMESTAMP '2026-01-05 09:00:00' + INTERVAL '%d days'", 7 * week);
    vrk_str_addf(calendar, "%s(%d, %s, %s + INTERVAL '%d hours', 'internal')",
                 calendar->n ? ", "
                             : "INSERT INTO calendar (seller_key, starts_at, ends_at, "
                               "category) VALUES ",
                 seller + 1, day, day, hours(seller, week));
    vrk_str_addf(calendar, ", (%d, %s, %s + INTERVAL '90 minutes', 'customer')", seller + 1, day,
                 day);
    for (int i = 0; i < contacts(seller, week); i++)
        vrk_str_addf(activities, "%s('', %d, 'call', 'outbound', %s)",
                     activities->n ? ", "
                                   : "INSERT INTO activities (activity_id, seller_key, "
                                     "kind, direction, started_at) VALUES ",
                     seller + 1, day);
}

/* Six sellers in two teams; without a calendar where asked for. */
static vrk_facts *made(vrk_ctx *ctx, bool with_calendar)
{
    vrk_arena mem = {0};
    vrk_facts *facts = NULL;
    vrk_str calendar = {.mem = &mem}, activities = {.mem = &mem}, sellers = {.mem = &mem};
    vrk_ledger_opt opt = {.no_swedish_holidays = true};
    for (int s = 0; s < SELLERS; s++) {
        vrk_str_addf(&sellers, "%s(%d, '%s', date '2025-01-01')",
                     s ? ", " : "INSERT INTO sellers (seller_key, team_id, hired_on) VALUES ",
                     s + 1, s < 3 ? "A" : "B");
        for (int k = 0; k < WEEKS; k++)
            add_week(&calendar, &activities, s, k);
    }
    /* a last record on a Sunday, so that the last week is over */
    vrk_str_addf(&activities,
                 ", ('', 1, 'email', 'inbound', TIMESTAMP '2026-01-05 09:00:00' + "
                 "INTERVAL '%d days')",
                 7 * WEEKS - 1);
    const char *sql[] = {vrk_str_of(&sellers), vrk_str_of(&activities), vrk_str_of(&calendar)};
    T_OK(vrk_facts_open_duckdb(ctx, NULL, &facts) == VRK_OK);
    T_OK(fill(ctx, facts, sql, with_calendar ? 3 : 2));
    T_OK(vrk_ledger_build(ctx, facts, &opt, NULL) == VRK_OK);
    vrk_arena_free(&mem);
    return facts;
}

static void adds_up_the_hours_of_sellers_and_teams(void)
{
    vrk_ctx ctx = {0};
    vrk_weeks weeks = {0};
    vrk_hours h = {0};
    vrk_facts *facts = made(&ctx, true);
    int64_t minutes = 0, of_a = 0;
    for (int s = 0; s < SELLERS; s++) {
        for (int k = 0; k < WEEKS; k++) {
            minutes += 60 * hours(s, k);
            of_a += s < 3 ? 60 * hours(s, k) : 0;
        }
    }
    T_OK(vrk_weeks_read(&ctx, facts, &weeks) == VRK_OK);
    T_OK((weeks.n) == (SELLERS * WEEKS));
    T_OK(vrk_hours_find(&ctx, facts, &weeks, &h) == VRK_OK);
    T_OK((h.sellers) == (SELLERS));
    T_OK((h.teams) == (2));
    T_OK((h.all.minutes[1]) == (minutes));
    T_OK((h.of_team[0].minutes[1]) == (of_a));
    T_OK((h.members[0]) == (3));
    T_NEAR(vrk_hours_per_week(&h.all, 0), 1.5, 1e-12);
    T_NEAR(h.usual[0], 1.5, 1e-12);
    T_NEAR(vrk_hours_per_week(&h.of_team[1], 6), 0.0, 1e-12);
    vrk_hours_free(&h);
    vrk_weeks_free(&weeks);
    vrk_facts_close(facts);
    vrk_arena_free(&ctx.scratch);
}

/* Contacts fall by two an hour within every seller, while between sellers they do not. */
static void finds_what_an_internal_hour_takes_within_sellers(void)
{
    vrk_ctx ctx = {0};
    vrk_weeks weeks = {0};
    vrk_hours h = {0};
    vrk_facts *facts = made(&ctx, true);
    T_OK(vrk_weeks_read(&ctx, facts, &weeks) == VRK_OK);
    T_OK(vrk_hours_find(&ctx, facts, &weeks, &h) == VRK_OK);
    T_OK(h.taken[0].known);
    T_NEAR(h.taken[0].mean, -2.0, 1e-9);
    T_OK(h.taken[0].hi < -1.99);
    T_OK(fabs(h.taken[0].between + 2) > 0.1);
    T_NEAR(h.taken[1].mean, 0.0, 1e-9);
    vrk_hours_free(&h);
    vrk_weeks_free(&weeks);
    vrk_facts_close(facts);
    vrk_arena_free(&ctx.scratch);
}

static void knows_nothing_without_a_calendar(void)
{
    vrk_ctx ctx = {0};
    vrk_weeks weeks = {0};
    vrk_hours h = {0};
    vrk_facts *facts = made(&ctx, false);
    T_OK(vrk_weeks_read(&ctx, facts, &weeks) == VRK_OK);
    T_OK(vrk_hours_find(&ctx, facts, &weeks, &h) == VRK_OK);
    T_OK((h.sellers) == (0));
    T_OK(!h.taken[0].known && !h.taken[1].known);
    vrk_hours_free(&h);
    vrk_weeks_free(&weeks);
    vrk_facts_close(facts);
    vrk_arena_free(&ctx.scratch);
}

/* Any allocation may fail: an error, and nothing kept. */
static void fails_cleanly_at_every_allocation(void)
{
    vrk_ctx ctx = {0};
    vrk_weeks weeks = {0};
    vrk_facts *facts = made(&ctx, true);
    T_OK(vrk_weeks_read(&ctx, facts, &weeks) == VRK_OK);
    for (size_t limit = 64; limit < 40000; limit += limit / 4 + 64) {
        vrk_hours h = {0};
        ctx.scratch.limit = limit;
        vrk_status st = vrk_hours_find(&ctx, facts, &weeks, &h);
        T_OK(st == VRK_OK || (st == VRK_EMEMORY && !h.sellers));
        vrk_hours_free(&h);
    }
    ctx.scratch.limit = 0;
    vrk_weeks_free(&weeks);
    vrk_facts_close(facts);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(adds_up_the_hours_of_sellers_and_teams),
       T_CASE(finds_what_an_internal_hour_takes_within_sellers),
       T_CASE(knows_nothing_without_a_calendar), T_CASE(fails_cleanly_at_every_allocation))
