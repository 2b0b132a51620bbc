/* tests/diag/world.h - a small organisation whose figures can be counted by hand. 60 deals; deal i
 * starts on day i % 20 in Lead. 40 go on to Offer after 5 days, 12 are lost in Lead after 8 days, 8
 * stay in Lead. Of the 40 in Offer, 20 are won after 10 days, 12 lost after 20 days, 8 stay. One
 * more deal, created on day 119, carries the as-of time: every stay before it is seen for at least
 * 75 days. Day 0 is Thursday 2026-01-01, everything happens at 09:00. */
#ifndef TESTS_DIAG_WORLD_H
#define TESTS_DIAG_WORLD_H

#include "base/str.h"
#include "store/facts.h"

#include <stdio.h>

enum { WORLD_DEALS = 60 };

static inline void world_event(vrk_str *sql, int i, const char *stage, const char *kind, int day)
{
    vrk_str_addf(sql,
                 ", ('d%02d', '%s', TIMESTAMP '2026-01-01 09:00:00' + INTERVAL '%d days', '%s')", i,
                 stage, day, kind);
}

/* `shift` moves the order of the rows and who has which seller key; `money` is the amount. */
static inline void world_sql(vrk_str *deals, vrk_str *events, int shift, long long money)
{
    static const char at[] = "TIMESTAMP '2026-01-01 09:00:00' + INTERVAL";
    vrk_str_addf(deals,
                 "INSERT INTO deals (deal_id, seller_key, amount, currency, segment, created_at, "
                 "closed_at, outcome) VALUES ('last', %d, %lld, 'SEK', 'A', %s '119 days', NULL, "
                 "'open')",
                 1 + shift % 3, money, at);
    vrk_str_addf(events,
                 "INSERT INTO stage_events (deal_id, stage, entered_at, kind) VALUES "
                 "('last', 'Lead', %s '119 days', 'stage')",
                 at);
    for (int k = 0; k < WORLD_DEALS; k++) {
        int i = (k + shift) % WORLD_DEALS, day = i % 20, closed = -1;
        const char *outcome = "open";
        world_event(events, i, "Lead", "stage", day);
        if (i < 40)
            world_event(events, i, "Offer", "stage", day + 5);
        if (i < 20) {
            outcome = "won";
            world_event(events, i, "Closed won", "won", closed = day + 15);
        } else if (i < 32) {
            outcome = "lost";
            world_event(events, i, "Closed lost", "lost", closed = day + 25);
        } else if (i >= 40 && i < 52) {
            outcome = "lost";
            world_event(events, i, "Closed lost", "lost", closed = day + 8);
        }
        vrk_str_addf(deals, ", ('d%02d', %d, %lld, 'SEK', '%s', %s '%d days', ", i,
                     1 + (i + shift) % 3, money, i % 2 ? "A" : "B", at, day);
        vrk_str_addf(deals, closed < 0 ? "NULL, 'open')" : "%s '%d days', '%s')", at, closed,
                     outcome);
    }
}

/* Opens facts that hold it; the caller closes them. */
static inline vrk_status world_open(vrk_ctx *ctx, int shift, long long money, vrk_facts **facts)
{
    vrk_arena mem = {0};
    vrk_str deals = {.mem = &mem}, events = {.mem = &mem};
    vrk_status st = vrk_facts_open_duckdb(ctx, NULL, facts);
    world_sql(&deals, &events, shift, money);
    if (st == VRK_OK)
        st = vrk_facts_query(ctx, *facts, vrk_str_of(&deals), NULL, 0, NULL);
    if (st == VRK_OK)
        st = vrk_facts_query(ctx, *facts, vrk_str_of(&events), NULL, 0, NULL);
    vrk_arena_free(&mem);
    return st;
}

#endif
