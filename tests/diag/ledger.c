#include "sql.h"
#include "tests/diag/small.h"

/* A full history for the order Lead > Demo > Offer > Sign, far from what is tested. */
#define ORDER                                                                                      \
    EVENTS EV("z", "Lead", 0, 0, "stage") ", " EV("z", "Demo", 1, 0, "stage") ", " EV(             \
        "z", "Offer", 2, 0, "stage") ", " EV("z", "Sign", 3, 0, "stage") ", " EV("z", "Won", 4, 0, \
                                                                                 "won")

static const char *const visits =
    "SELECT d.deal_id, v.visit, coalesce(t.name, '*'), v.entry_s - 1767571200, v.from_s - "
    "v.entry_s, "
    "v.risk_s, v.cause, u.name, v.seller_key, v.provisional, v.reopened FROM visit v "
    "JOIN deal d ON d.deal = v.deal LEFT JOIN stage t ON t.stage = v.stage "
    "LEFT JOIN stage u ON u.stage = v.to_stage WHERE d.deal_id <> 'z' ORDER BY d.deal_id, v.visit";

/* forward; skip by passing (Lead > Offer); skip by a stage entered and left in one second; back;
 * won, lost, censored at as-of; a repeated stage continues. */
static void names_the_cause_of_every_end(void)
{
    world w;
    vrk_ledger_opt opt = {.unread = true, .as_of_s = t0 + 30 * 86400};
    T_OK(t0 == 1767571200);
    if (BUILD(
            &w, &opt, ORDER,
            DEALS "('a', 1, NULL, NULL, 'won'), ('b', 1, NULL, NULL, 'lost'), "
                  "('c', 2, NULL, NULL, 'open')",
            EVENTS EV("a", "Lead", 0, 0, "stage") ", " EV("a", "Demo", 1, 0, "stage") ", " EV(
                "a", "Demo", 2, 0,
                "stage") ", " EV("a", "Offer", 3, 0,
                                 "stage") ", " EV("a", "Demo", 4, 0,
                                                  "back") ", " EV("a", "Offer", 5, 0,
                                                                  "stage") ", " EV("a", "Sign", 6,
                                                                                   0,
                                                                                   "stage") ", " EV("a",
                                                                                                    "Won",
                                                                                                    7,
                                                                                                    12,
                                                                                                    "won"),
            EVENTS EV("b", "Lead", 0, 0, "stage") ", " EV("b", "Offer", 1, 0, "stage") ", " EV(
                "b", "Sign", 2, 0, "stage") ", " EV("b", "Lost", 2, 0, "lost"),
            EVENTS EV("c", "Lead", 0, 0, "stage") ", " EV("c", "Demo", 1, 0, "stage") ", " EV(
                "c", "Offer", 1, 0, "stage") ", " EV("c", "Sign", 40, 0, "stage"))) {
        want_rows(&w.ctx, w.facts, visits,
                  "a 1 Lead 0 0 86400 1 Demo 1 0 0\n"
                  "a 2 Demo 86400 0 172800 1 Offer 1 0 0\n"
                  "a 3 Offer 259200 0 86400 3 Demo 1 0 0\n"
                  "a 4 Demo 345600 0 86400 1 Offer 1 0 0\n"
                  "a 5 Offer 432000 0 86400 1 Sign 1 0 0\n"
                  "a 6 Sign 518400 0 129600 4 - 1 0 0\n"
                  "b 1 Lead 0 0 86400 2 Offer 1 0 0\n"
                  "b 2 Offer 86400 0 86400 5 - 1 0 0\n"
                  "c 1 Lead 0 0 86400 2 Offer 2 0 0\n"
                  "c 2 Offer 86400 0 2505600 0 - 2 0 0");
    }
    done_with(&w);
}

/* H = day 10. a: entered on day 4, known -> counts from H, age 6 days. b ended before H: gone. c: a
 * snapshot of unknown age -> its first visit gives nothing, the next one everything. d: a snapshot
 * in the first stage of a deal created on day 8 -> entered then. e closed, without a date. f: no
 * date. */
static void starts_late_visits_at_their_true_age(void)
{
    world w;
    vrk_ledger_opt opt = {.unread = true, .as_of_s = t0 + 30 * 86400, .history_s = t0 + 10 * 86400};
    if (BUILD(
            &w, &opt, ORDER,
            "INSERT INTO deals (deal_id, seller_key, created_at, outcome) VALUES ('a', 1, NULL, "
            "'open'), "
            "('c', 1, NULL, 'open'), ('d', 1, " AT(8, 0) ", 'open'), ('e', 1, NULL, 'lost'), "
                                                         "('f', 1, NULL, 'open')",
            EVENTS EV("a", "Lead", 4, 0, "stage") ", " EV("a", "Demo", 11, 0, "stage"),
            EVENTS EV("b", "Lead", 4, 0, "stage") ", " EV("b", "Lost", 9, 0, "lost"),
            EVENTS "('c', 'Demo', " AT(12, 0) ", 'stage', 'snapshot'), ('c', 'Offer', " AT(
                13, 0) ", 'stage', 'snapshot'), ('d', 'Lead', " AT(12, 0) ", 'stage', 'snapshot')",
            EVENTS EV("e", "Lead", 12, 0, "stage") ", " EV("e", "Demo", 13, 0, "stage"))) {
        want_rows(&w.ctx, w.facts, visits,
                  "a 1 Lead 345600 518400 86400 1 Demo 1 0 0\n"
                  "a 2 Demo 950400 0 1641600 0 - 1 0 0\n"
                  "c 2 Offer 1123200 0 1468800 0 - 1 0 0\n"
                  "d 1 Lead 691200 172800 1728000 0 - 1 0 0\n"
                  "e 1 Lead 1036800 0 86400 1 Demo 1 0 0");
        want_rows(
            &w.ctx, w.facts,
            "SELECT d.deal_id, g.reason, g.visits FROM deal_gap g JOIN deal d ON d.deal = g.deal "
            "WHERE d.deal_id <> 'z' ORDER BY 1, 2",
            "b 1 1\nc 2 1\ne 3 1\nf 4 0");
        /* a is at risk from age 6 days on: 1 day in band 0, its move falls on day 7 */
        want_rows(&w.ctx, w.facts,
                  "SELECT band, quarter, exposure_s, forward FROM exposure_cell e JOIN stage s ON "
                  "s.stage = "
                  "e.stage AND s.name = 'Lead' ORDER BY band, quarter",
                  "0 20261 604800 2\n1 20261 604800 0\n2 20261 691200 0");
        want_rows(&w.ctx, w.facts,
                  "SELECT day, at_risk, entered, forward, censored FROM risk_day r JOIN stage s ON "
                  "s.stage = "
                  "r.stage AND s.name = 'Lead' WHERE situation = 0 ORDER BY day",
                  "1 1 1 1 0\n3 1 1 0 0\n7 2 1 1 0\n22 1 0 0 1");
    }
    done_with(&w);
}

/* Re-opened after 5 days (the only lag: its 99th percentile). p: lost 4 days before as-of, still
 * provisional. q: without events, closed by its row. r: won in the second in which it began. */
static void keeps_losses_provisional_and_reopens(void)
{
    world w;
    vrk_ledger_opt opt = {.unread = true, .as_of_s = t0 + 30 * 86400};
    if (BUILD(&w, &opt, ORDER,
              DEALS "('q', 7, " AT(1, 0) ", " AT(3, 6) ", 'lost'), ('r', 7, " AT(1, 0) ", " AT(
                  1, 0) ", 'won'), ('s', 7, " AT(1, 0) ", NULL, 'open')",
              EVENTS EV("o", "Lead", 0, 0, "stage") ", " EV("o", "Lost", 2, 0, "lost") ", " EV(
                  "o", "Demo", 7, 0, "reopened") ", " EV("o", "Won", 9, 0, "won"),
              EVENTS EV("p", "Lead", 0, 0, "stage") ", " EV("p", "Lost", 26, 0, "lost"))) {
        T_OK(w.info.reopen_s == 5 * 86400 && w.info.reopenings == 1);
        want_rows(&w.ctx, w.facts, visits,
                  "o 1 Lead 0 0 172800 5 - - 0 1\n"
                  "o 2 Demo 604800 0 172800 4 - - 0 0\n"
                  "p 1 Lead 0 0 2246400 5 - - 1 0\n"
                  "q 1 * 86400 0 194400 5 - 7 0 0\n"
                  "r 1 * 86400 0 43200 4 - 7 0 0\n"
                  "s 1 * 86400 0 2505600 0 - 7 0 0");
        /* o, p, z start in Lead, q, r, s in the whole deal; o goes Lead -> lost (day 2) -> Demo (7)
         * -> won (9). Won and lost deals stay until as-of. */
        want_rows(
            &w.ctx, w.facts,
            "SELECT coalesce(f.name, cast(o.from_state AS varchar)), coalesce(t.name, "
            "cast(o.to_state AS "
            "varchar)), o.day, o.n, o.at_risk FROM occupation_day o LEFT JOIN stage f ON f.stage = "
            "o.from_state LEFT JOIN stage t ON t.stage = o.to_state WHERE situation = 0 ORDER BY "
            "o.day, "
            "o.from_state, o.to_state",
            "-9 0 0 3 3\n-9 Lead 0 3 3\n0 -1 1 1 3\nLead Demo 1 1 3\nLead -2 2 1 2\nDemo Offer 2 1 "
            "1\n"
            "0 -2 3 1 2\nOffer Sign 3 1 1\nSign -1 4 1 1\n-2 Demo 7 1 2\nDemo -1 9 1 1\nLead -2 26 "
            "1 1");
    }
    done_with(&w);
}

/* User 9 loses one deal on each of five days, then 40 in an hour: P(N >= 40 | about 1) is nil. User
 * 8 loses 12 on each of four Fridays: that is how he works, P(N >= 12 | about 12) = 0.5. */
static void tells_cleanups_from_habits(void)
{
    world w;
    vrk_ledger_opt opt = {.unread = true, .as_of_s = t0 + 60 * 86400, .history_s = t0 - 86400};
    if (BUILD(&w, &opt, ORDER,
              "INSERT INTO stage_events (deal_id, stage, entered_at, kind) SELECT 'c' || i, "
              "'Lead', " AT(0, 0) ", 'stage' FROM generate_series(1, 93) AS g(i)",
              "INSERT INTO stage_events (deal_id, stage, entered_at, kind, recorded_by_key) SELECT "
              "'c' || "
              "i, 'Lost', " AT(
                  1, 0) " + CASE WHEN i <= 5 THEN i WHEN i <= 45 THEN 10 ELSE 4 + 7 * ((i - "
                        "46) % 4) END * interval '1 day', 'lost', CASE WHEN i <= 45 THEN 9 "
                        "ELSE 8 END FROM generate_series(1, 93) AS g(i)")) {
        T_OK(w.info.cleanup_days == 1 && w.info.cleanup_deals == 40 && w.info.notes == 1);
        want_rows(&w.ctx, w.facts,
                  "SELECT cause, count(*) FROM visit GROUP BY cause ORDER BY cause",
                  "1 3\n4 1\n5 53\n6 40");
        want_rows(
            &w.ctx, w.facts,
            "SELECT cast(sum(cleanup) AS bigint), cast(sum(lost) AS bigint) FROM exposure_cell",
            "40 53");
        want_rows(&w.ctx, w.facts,
                  "SELECT to_state, cast(sum(n) AS bigint) FROM occupation_day WHERE situation = 0 "
                  "AND to_state IN "
                  "(-2, -3) GROUP BY to_state ORDER BY to_state",
                  "-3 40\n-2 53");
    }
    done_with(&w);
}

/* 60 deals from day 0 on, none closes before day 20: a list of survivors, at risk from day 20. */
static void sees_that_early_closings_are_missing(void)
{
    world w;
    vrk_ledger_opt opt = {.unread = true, .as_of_s = t0 + 60 * 86400};
    if (BUILD(&w, &opt,
              "INSERT INTO deals (deal_id, created_at, closed_at, outcome) SELECT 'd' || i, " AT(
                  0, 0) ", " AT(20, 0) " + i * interval '1 day', 'won' FROM generate_series(0, 59) "
                                       "AS g(i)")) {
        T_OK(w.info.history_s == t0 + 20 * 86400 && w.info.notes == 1);
        T_OK(!strcmp(w.info.note[0].arg[0], "2026-01-25") && !strcmp(w.info.note[0].arg[1], "60"));
        want_rows(&w.ctx, w.facts, "SELECT count(*), min(from_s - entry_s) FROM visit",
                  "59 1728000");
    }
    done_with(&w);
}

/* Of four deals one is closed on the day before it was created, one earlier on the same day. */
static void tells_of_deals_closed_before_they_were_created(void)
{
    world w;
    vrk_ledger_opt opt = {.unread = true, .as_of_s = t0 + 60 * 86400};
    if (BUILD(&w, &opt,
              "INSERT INTO deals (deal_id, created_at, closed_at, outcome) VALUES "
              "('a', " AT(9, 0) ", " AT(8, 12) ", 'won'), ('b', " AT(9, 12) ", " AT(
                  9, 0) ", 'lost'), "
                        "('c', " AT(9, 0) ", " AT(12, 0) ", 'won'), ('d', " AT(
                            9, 0) ", NULL, 'open')")) {
        T_OK(w.info.notes == 1 && !strcmp(w.info.note[0].arg[0], "1"));
        want_rows(&w.ctx, w.facts,
                  "SELECT d.deal_id, v.risk_s, v.cause FROM visit v JOIN deal d ON d.deal = v.deal "
                  "WHERE d.deal_id <> 'd' ORDER BY d.deal_id",
                  "a 43200 4\nb 43200 5\nc 259200 4");
    }
    done_with(&w);
}

/* A deal created on day 7 is said to have closed 98 days before day 0; the seller's calendar holds
 * an hour a week from day 7 to day 21: the data begin with the first deal, in the week of day 0,
 * and weeks without a calendar are no light weeks. */
static void begins_with_what_was_begun(void)
{
    world w;
    vrk_ledger_opt opt = {.unread = true, .as_of_s = t0 + 28 * 86400, .history_s = t0};
    if (BUILD(&w, &opt, "INSERT INTO sellers (seller_key) VALUES (1)",
              DEALS "('a', 1, " AT(7, 9) ", " AT(-98, 12) ", 'won'), ('b', 1, " AT(
                  0, 9) ", NULL, 'open'), ('c', 1, " AT(28, 0) ", NULL, 'open')",
              "INSERT INTO calendar (seller_key, starts_at, ends_at, category) SELECT 1, " AT(
                  7, 9) " + i * interval '7 days', " AT(7, 10) " + i * interval '7 days', "
                                                               "'internal' FROM "
                                                               "generate_series(0, 2) AS g(i)")) {
        want_rows(&w.ctx, w.facts,
                  "SELECT monday - 20458, has_calendar, internal_min FROM load_week ORDER BY 1",
                  "0 0 0\n7 1 60\n14 1 60\n21 1 60\n28 0 0");
        want_rows(&w.ctx, w.facts,
                  "SELECT cast(mean_min AS bigint), cast(sd_min AS bigint) FROM load_scale",
                  "60 0");
    }
    done_with(&w);
}

/* Eleven won deals, the amount of one with five noughts too many: it is told of, and its square is
 * no whole number that a machine holds. */
static void tells_of_one_deal_that_is_most_of_the_money(void)
{
    world w;
    if (BUILD(&w, &(vrk_ledger_opt){.as_of_s = t0 + 21 * 86400},
              "INSERT INTO deals (deal_id, seller_key, created_at, closed_at, outcome, amount, "
              "currency) SELECT 'd' || i, 1, " AT(0, 9) ", " AT(
                  5,
                  12) ", 'won', CASE WHEN i = 3 THEN "
                      "790000000000 ELSE 7900000 END, 'SEK' FROM generate_series(1, 11) AS g(i)")) {
        T_OK(w.info.notes == 1 && !strcmp(w.info.note[0].arg[0], "d3") &&
             !strcmp(w.info.note[0].arg[1], "100"));
        want_rows(&w.ctx, w.facts, vrk_embed_sql[VRK_SQL_DEAL_YIELD].bytes,
                  "0 0 SEK 0 11 790079000000 6.2410000062409998e+19\n0 2 SEK 11 0 0 0");
    }
    done_with(&w);
}

/* Deals of one week, one of them said to have closed in 2062, and one of 400 days before. */
static bool build_with_strays(world *w, int64_t as_of_s)
{
    const vrk_ledger_opt opt = {.as_of_s = as_of_s};
    return BUILD(w, &opt, DEALS "('a', 1, " AT(0, 9) ", " AT(5, 12) ", 'won')",
                 DEALS "('b', 1, " AT(1, 9) ", " AT(12836, 12) ", 'won')",
                 DEALS "('c', 1, " AT(2, 9) ", NULL, 'open')",
                 DEALS "('d', 1, " AT(3, 9) ", NULL, 'open')",
                 DEALS "('e', 1, " AT(4, 9) ", NULL, 'open')",
                 DEALS "('f', 1, " AT(-400, 9) ", NULL, 'open')");
}

/* Both are told of, and the data are those of the week; --as-of is obeyed. */
static void ends_and_begins_where_the_others_do(void)
{
    const int64_t late = t0 + (int64_t)12900 * 86400;
    world w;
    if (build_with_strays(&w, 0)) {
        T_OK(w.info.as_of_s == t0 + 5 * 86400 + 12 * 3600);
        T_OK(w.info.from_s == t0 + 9 * 3600);
        T_OK(w.info.notes == 2);
        want_rows(&w.ctx, w.facts, "SELECT count(*), sum(outcome) FROM deal", "6 1");
    }
    done_with(&w);
    if (build_with_strays(&w, late))
        T_OK(w.info.as_of_s == late);
    done_with(&w);
}

/* Owner 1 until day 3 (the recorder of the first event, a seller), 2 until the win on day 5, in
 * whose second the deal is handed to 3: exposure is split, the win is 2's. */
static void credits_the_owner_at_the_time(void)
{
    world w;
    vrk_ledger_opt opt = {.unread = true, .as_of_s = t0 + 60 * 86400};
    if (BUILD(&w, &opt, ORDER, "INSERT INTO sellers (seller_key) VALUES (1)",
              "INSERT INTO deals (deal_id, seller_key) VALUES ('a', 3)",
              "INSERT INTO stage_events (deal_id, stage, entered_at, kind, recorded_by_key) VALUES "
              "('a', "
              "'Lead', " AT(0, 0) ", 'stage', 1), ('a', 'Won', " AT(5, 0) ", 'won', 1)",
              "INSERT INTO owner_changes (deal_id, seller_key, changed_at) VALUES ('a', 2, " AT(
                  3, 0) "), ('a', 3, " AT(5, 0) ")")) {
        want_rows(&w.ctx, w.facts, visits, "a 1 Lead 0 0 432000 4 - 2 0 0");
        want_rows(
            &w.ctx, w.facts,
            "SELECT seller_key, exposure_s, won FROM exposure_cell WHERE seller_key > 0 ORDER BY 1",
            "1 259200 0\n2 172800 1");
    }
    done_with(&w);
}

static void sums_of_cells_are_those_of_visits(void)
{
    world w;
    vrk_ledger_opt opt = {.unread = true, .as_of_s = t0 + 900 * (int64_t)86400};
    if (BUILD(
            &w, &opt, ORDER,
            "INSERT INTO deals (deal_id, seller_key, segment) SELECT 'd' || i, i % 7, 's' || (i % "
            "3) FROM "
            "generate_series(1, 500) AS g(i)",
            "INSERT INTO stage_events (deal_id, stage, entered_at, kind) SELECT 'd' || i, CASE k "
            "WHEN 0 THEN "
            "'Lead' WHEN 1 THEN 'Demo' WHEN 2 THEN 'Offer' WHEN 3 THEN 'Sign' ELSE 'Won' END, " AT(
                0, 0) " + ((i * 7919) % 500) * interval '1 day' + k * ((i * 104729) % 97 * 37) * "
                      "interval "
                      "'1 hour', CASE WHEN k < 4 THEN 'stage' ELSE 'won' END FROM "
                      "generate_series(1, 500) "
                      "AS g(i), generate_series(0, 4) AS h(k) WHERE k <= i % 6",
            "INSERT INTO owner_changes (deal_id, seller_key, changed_at) SELECT 'd' || i, 1 + i % "
            "5, " AT(100, 5) " + i * interval '1 day' FROM generate_series(1, 500) AS g(i) WHERE i "
                             "% 3 = 0")) {
        want_rows(&w.ctx, w.facts,
                  "SELECT count(*) FROM (SELECT cast(sum(exposure_s) AS bigint) AS e, "
                  "cast(sum(forward) AS bigint) AS f, "
                  "cast(sum(won) AS bigint) AS w FROM exposure_cell) c JOIN (SELECT "
                  "cast(sum(risk_s) AS bigint) AS e, "
                  "sum(CASE WHEN cause = 1 THEN 1 ELSE 0 END) AS f, sum(CASE WHEN cause = 4 THEN 1 "
                  "ELSE 0 END) "
                  "AS w FROM visit) v ON v.e = c.e AND v.f = c.f AND v.w = c.w",
                  "1");
        /* what is at risk on a day leaves by an end or is there on the next */
        want_rows(&w.ctx, w.facts,
                  "SELECT count(*) FROM (SELECT at_risk, lag(at_risk - forward - skip - back - won "
                  "- lost - cleanup - "
                  "censored) OVER (PARTITION BY stage, situation ORDER BY day) AS left_over, "
                  "entered FROM risk_day) r "
                  "WHERE at_risk <> coalesce(left_over, 0) + entered",
                  "0");
    }
    done_with(&w);
}

/* P(N >= 3 | 2) = 1 - 5 exp(-2); the far tail against its first terms in closed form. */
static void adds_poisson_tails(void)
{
    T_NEAR(vrk_poisson_tail(3, 2), 1 - 5 * exp(-2.0), 1e-14);
    T_OK(vrk_poisson_tail(0, 2) == 1 && vrk_poisson_tail(5, 0) == 0);
    T_OK(fabs(vrk_poisson_tail(30, 1) / (exp(-1.0 - lgamma(31)) * (1 + 1 / 31. + 1 / (31. * 32))) -
              1) < 1e-4);
    T_NEAR(vrk_poisson_tail(900, 1000), 1 - 0.0006225977842749211, 1e-12);
}

T_MAIN(T_CASE(names_the_cause_of_every_end), T_CASE(starts_late_visits_at_their_true_age),
       T_CASE(keeps_losses_provisional_and_reopens), T_CASE(tells_cleanups_from_habits),
       T_CASE(sees_that_early_closings_are_missing),
       T_CASE(tells_of_deals_closed_before_they_were_created), T_CASE(begins_with_what_was_begun),
       T_CASE(ends_and_begins_where_the_others_do),
       T_CASE(tells_of_one_deal_that_is_most_of_the_money), T_CASE(credits_the_owner_at_the_time),
       T_CASE(sums_of_cells_are_those_of_visits), T_CASE(adds_poisson_tails))
