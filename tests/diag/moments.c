#include "tests/diag/small.h"

/* Days are counted from Monday 2026-01-05: Mondays are 0, 7, 14 ... Tuesday the 6th is Epiphany.
 * The stages Lead > Demo > Offer > Sign are made known by deal z of seller 9, who is looked past.
 */
#define ORDER                                                                                      \
    EVENTS EV("z", "Lead", 0, 0, "stage") ", " EV("z", "Demo", 1, 0, "stage") ", " EV(             \
        "z", "Offer", 2, 0, "stage") ", " EV("z", "Sign", 3, 0, "stage") ", " EV("z", "Won", 4, 0, \
                                                                                 "won")
#define LEAD(deal) EV(deal, "Lead", 7, 0, "stage")
#define ACTS                                                                                       \
    "INSERT INTO activities (activity_id, seller_key, deal_id, account_id, kind, direction, "      \
    "started_at, outcome, "                                                                        \
    "contact_key) VALUES "
#define ACT(seller, deal, account, kind, direction, d, h, outcome, contact)                        \
    "('', " #seller ", " deal ", " account ", '" kind "', '" direction                             \
    "', " AT(d, h) ", '" outcome "', " #contact ")"
#define MEET(deal, d, h, outcome, contact)                                                         \
    ACT(1, deal, "NULL", "meeting", "outbound", d, h, outcome, contact)
#define CALL(deal, d, h) ACT(1, deal, "NULL", "call", "outbound", d, h, "connected", 0)
#define OBJECT(deal, d, h) ACT(1, deal, "NULL", "call", "inbound", d, h, "objection", 0)
#define STEPS                                                                                      \
    "INSERT INTO next_steps (step_id, deal_id, seller_key, created_at, due_on, done_at) VALUES "
#define STEP(deal, d, h, due, done) "('', '" deal "', 1, " AT(d, h) ", " due ", " done ")"
#define ON(d) "date '2026-01-05' + " #d
#define OWNED                                                                                      \
    "INSERT INTO deals (deal_id, seller_key, account_id, created_at, closed_at, outcome, source) " \
    "VALUES "
#define OWN(deal, seller, account, d, outcome, source)                                             \
    "('" deal "', " #seller ", " account ", " AT(d, 0) ", NULL, '" outcome "', " source ")"

static const vrk_ledger_opt opt = {.keep_working = true,
                                   .unread = true,
                                   .as_of_s = (int64_t)MONDAY * 86400 + 40 * 86400 + 12 * 3600,
                                   .stages.decision = "Offer"};

/* Seller, deal, day, second of the day, stage, done, success of a moment's table. */
static void want_moment(world *w, const char *table, const char *want)
{
    char sql[600];
    snprintf(
        sql, sizeof(sql),
        "SELECT m.seller_key, d.deal_id, cast((m.at_s - m.at_s %% 86400) / 86400 AS bigint) - "
        "20458 AS day, "
        "m.at_s %% 86400 AS second, t.name, m.done, m.success FROM (SELECT seller_key, deal, "
        "at_s, stage, done, success FROM %s) m LEFT JOIN deal d ON d.deal = m.deal LEFT JOIN stage "
        "t ON "
        "t.stage = m.stage WHERE coalesce(d.deal_id, '') <> 'z' AND coalesce(m.seller_key, 0) <> 9 "
        "ORDER BY m.seller_key, d.deal_id, m.at_s",
        table);
    want_rows(&w->ctx, w->facts, sql, want);
}

/* Seller 1 is hired on Wednesday 9, leaving three working days of that week; 2 on Thursday, leaving
 * two. 3 is absent from 15 to 17: no occasion in week 14; Epiphany alone does not take week 0.
 * As-of is Thursday 24, so week 21 is not over. 1 writes four times in week 7; in week 14 three
 * times, and once to an account where he has an open deal, and has one call planned: not done. To 3
 * that account is a new one: done. A deal of own source in week 7 is 3's success; 1's is inbound;
 * 2's source is unknown. */
static void counts_a_sellers_working_weeks(void)
{
    world w;
    vrk_ledger_opt early = {.keep_working = true, .as_of_s = t0 + 24 * 86400 + 12 * 3600};
#define WRITE(seller, d) ACT(seller, "NULL", "NULL", "email", "outbound", d, 9, "sent", NULL)
    /* clang-format off */
    if (BUILD(&w, &early, ORDER,
              "INSERT INTO sellers (seller_key, team_id, hired_on) VALUES (1, 'A', " ON(9) "), (2, 'A', " ON(10) "), (3, 'B', NULL)",
              OWNED OWN("k", 1, "'K'", 5, "open", "'outbound'")
              ", " OWN("n", 3, "NULL", 8, "open", "'outbound'")
              ", " OWN("m", 1, "NULL", 15, "open", "'inbound'")
              ", " OWN("o", 2, "NULL", 16, "open", "NULL"), ACTS WRITE(1, 9) ", " WRITE(1, 9)
              ", " WRITE(1, 10) ", " WRITE(1, 11) ", " WRITE(1, 14) ", " WRITE(1, 15)
              ", " WRITE(1, 16)
              ", " ACT(1, "NULL", "'K'", "email", "outbound", 16, 10, "sent", NULL)
              ", " ACT(1, "NULL", "NULL", "call", "outbound", 17, 10, "planned", NULL)
              ", " WRITE(3, 8) ", " WRITE(3, 8) ", " WRITE(3, 8)
              ", " ACT(3, "NULL", "'K'", "email", "outbound", 9, 10, "sent", NULL)
              ", " ACT(3, "NULL", "NULL", "email", "inbound", 0, 10, "replied", NULL)
              ", " WRITE(2, 12),
              "INSERT INTO calendar (seller_key, starts_at, ends_at, category) VALUES (3, " AT(15, 0)
              ", " AT(18, 0) ", 'absence'), (3, " AT(7, 9)
              ", " AT(7, 10) ", 'internal'), (3, " AT(7, 9)
              ", " AT(7, 11) ", 'admin'), (3, " AT(8, 9)
              ", " AT(8, 10) ", 'customer'), (3, " AT(9, 0)
              ", " AT(10, 0) ", 'internal'), (3, " AT(11, 9) ", " AT(11, 12) ", 'absence'), (3, " AT(2, 9)
              ", " AT(2, 12) ", 'absence'), (3, " AT(22, 9) ", " AT(22, 12) ", 'absence')")) {
        /* clang-format on */
        want_moment(&w, "moment_prospecting",
                    "1 - 7 0 - 1 0\n1 - 14 0 - 0 0\n2 - 14 0 - 0 -\n3 - 0 0 - 0 0\n3 - 7 0 - 1 1");
        /* double bookings count each; all-day and absence events are no minutes; three hours of
         * absence are no absent day, but the calendar reaches from week 0 to week 21 by them; deal
         * n, of day 8, is open on Monday 14 */
        want_rows(&w.ctx, w.facts,
                  "SELECT monday - 20458, work_days, off_days, is_occasion, is_over, internal_min, "
                  "customer_min, "
                  "busy_min, has_calendar, open_deals FROM load_week WHERE seller_key = 3 ORDER BY "
                  "monday",
                  "0 4 1 1 1 0 0 0 1 0\n7 5 0 1 1 180 60 240 1 0\n14 2 3 0 1 0 0 0 1 1\n"
                  "21 4 0 1 0 0 0 0 1 1");
        /* occasions with calendar: 0, 180 and 0 (week 21 counts for the scale): mean 60, SD 60 sqrt
         * 3 */
        T_NEAR(w.info.load_mean_min, 60.0, 1e-12);
        T_NEAR(w.info.load_sd_min, 60 * sqrt(3.0), 1e-12);
        want_rows(&w.ctx, w.facts,
                  "SELECT monday - 20458, internal_min, cast(floor(load * 1000) AS bigint), "
                  "quarter, open_deals, free_min "
                  "FROM ledger WHERE moment = 1 AND seller_key = 3 ORDER BY 1",
                  "0 0 -578 20261 0 2400\n7 180 1154 20261 0 2160");
    }
    done_with(&w);
}

/* q1 had a connected call 20 days before creation; q2 none, and closes in Lead; q3 met after
 * leaving; q4 had a call 31 days before; q5's meeting names the account only, where q5 is the one
 * open deal. */
static void judges_the_leaving_of_the_first_stage(void)
{
    world w;
    /* clang-format off */
    if (BUILD(&w, &opt, ORDER, OWNED OWN("q1", 1, "NULL", 7, "open", "NULL")
              ", " OWN("q4", 1, "NULL", 7, "open", "NULL")
              ", " OWN("q2", 1, "NULL", 7, "open", "NULL")
              ", " OWN("q3", 1, "NULL", 7, "open", "NULL")
              ", " OWN("q5", 1, "'K'", 7, "open", "NULL"), EVENTS LEAD("q1")
              ", " EV("q1", "Demo", 9, 0, "stage") ", " EV("q1", "Won", 12, 0, "won")
              ", " LEAD("q2") ", " EV("q2", "Lost", 10, 0, "lost") ", " LEAD("q3")
              ", " EV("q3", "Demo", 11, 0, "stage") ", " EV("q3", "Lost", 20, 0, "lost")
              ", " LEAD("q4") ", " EV("q4", "Demo", 11, 0, "stage") ", " LEAD("q5")
              ", " EV("q5", "Offer", 12, 0, "stage"), ACTS CALL("'q1'", -13, 9)
              ", " MEET("'q3'", 12, 9, "held", 0) ", " CALL("'q4'", -24, 9)
              ", " ACT(1, "NULL", "'K'", "meeting", "outbound", 8, 9, "held", 0))) {
        /* clang-format on */
        want_moment(
            &w, "moment_qualification",
            "1 q1 9 0 Lead 1 1\n1 q2 10 0 Lead 0 -\n1 q3 11 0 Lead 0 0\n1 q4 11 0 Lead 0 -\n"
            "1 q5 12 0 Lead 1 -");
        want_rows(&w.ctx, w.facts,
                  "SELECT d.deal_id, stopped FROM moment_qualification m JOIN deal d ON d.deal = "
                  "m.deal WHERE stopped = 1",
                  "q2 1");
    }
    done_with(&w);
}

/* In Offer from day 9 to 29 (Tuesday 9 o'clock), in Sign since. Week 21 has two days' grace, to day
 * 30: moved. Week 35's window reaches past as-of: unknown. Seller 2 takes over on day 25. A meeting
 * with a champion, or one that nobody came to, is not steering. */
static void judges_weeks_in_decision_stages(void)
{
    world w;
    /* clang-format off */
    if (BUILD(&w, &opt, ORDER, "INSERT INTO sellers (seller_key) VALUES (1), (2)",
              OWNED OWN("s", 2, "NULL", 7, "open", "NULL"),
              "INSERT INTO stage_events (deal_id, stage, entered_at, kind, recorded_by_key) VALUES ('s', 'Lead', " AT(7, 0) ", 'stage', 1), ('s', 'Offer', " AT(9, 10) ", 'stage', 1), ('s', 'Sign', " AT(29, 9) ", 'stage', 2)",
              "INSERT INTO owner_changes (deal_id, seller_key, changed_at) VALUES ('s', 2, " AT(25, 0) ")",
              "INSERT INTO contact_roles (deal_id, contact_key, role) VALUES ('s', 5, 'decision_maker'), ('s', 6, 'champion')",
              ACTS MEET("'s'", 16, 9, "held", 5) ", " MEET("'s'", 23, 9, "held", 6)
              ", " MEET("'s'", 30, 9, "no show", 5)
              ", " ACT(2, "'s'", "NULL", "demo", "outbound", 36, 9, "held", 5))) {
        /* clang-format on */
        want_moment(
            &w, "moment_decision_steering",
            "1 s 14 0 Offer 1 0\n1 s 21 0 Offer 0 1\n2 s 28 0 Offer 0 1\n2 s 35 0 Sign 1 -");
    }
    done_with(&w);
}

/* Objections at noon of day 14, unless said. o1: a call that connects exactly 7 days after counts.
 * o2: a meeting that nothing shows to be agreed after it, and lost exactly 14 days after. o3: a
 * meeting agreed the day after. o4 on day 36: its 7 days are not over. o5 on day 30: not lost yet,
 * with 4 of 14 days to come; its meeting was agreed before. o6 is won on day 16. o7 is closed
 * already. */
static void judges_objections(void)
{
    world w;
    /* clang-format off */
    if (BUILD(&w, &opt, ORDER, OWNED OWN("o1", 1, "NULL", 7, "open", "NULL")
              ", " OWN("o2", 1, "NULL", 7, "open", "NULL")
              ", " OWN("o3", 1, "NULL", 7, "open", "NULL")
              ", " OWN("o4", 1, "NULL", 7, "open", "NULL")
              ", " OWN("o5", 1, "NULL", 7, "open", "NULL")
              ", " OWN("o6", 1, "NULL", 7, "open", "NULL")
              ", " OWN("o7", 1, "NULL", 7, "open", "NULL"), EVENTS LEAD("o1") ", " LEAD("o2")
              ", " EV("o2", "Lost", 28, 12, "lost") ", " LEAD("o3") ", " LEAD("o4")
              ", " LEAD("o5") ", " LEAD("o6") ", " EV("o6", "Won", 16, 0, "won") ", " LEAD("o7")
              ", " EV("o7", "Lost", 10, 0, "lost"), ACTS OBJECT("'o1'", 14, 12)
              ", " OBJECT("'o2'", 14, 12) ", " OBJECT("'o3'", 14, 12) ", " OBJECT("'o4'", 36, 12)
              ", " OBJECT("'o5'", 30, 12) ", " OBJECT("'o6'", 14, 12) ", " OBJECT("'o7'", 14, 12)
              ", " CALL("'o1'", 21, 12) ", " MEET("'o2'", 16, 9, "held", 0)
              ", " MEET("'o3'", 18, 9, "held", 0) ", " MEET("'o5'", 31, 9, "held", 0),
              STEPS STEP("o3", 15, 9, "NULL", "NULL") ", " STEP("o5", 29, 9, "NULL", "NULL"))) {
        /* clang-format on */
        want_moment(&w, "moment_objection_handling",
                    "1 o1 14 43200 Lead 1 1\n1 o2 14 43200 Lead 0 0\n1 o3 14 43200 Lead 1 1\n"
                    "1 o5 30 43200 Lead 0 -\n1 o6 14 43200 Lead 0 1");
        /* Whole weeks of each deal from day 7 on. To as-of (day 40.5) 4 each for o1, o3, o4, o5; o2
         * to day 28.5 has 3; o6 (to 16) 1, o7 (to 10) 0. With an objection: o1, o2, o3 and o5 one
         * each, o4's (day 36) lies past its whole weeks, o6's (14.5) too. Contact without: o1's
         * call in week 21. */
        want_rows(&w.ctx, w.facts, "SELECT weeks, done FROM objection_base WHERE seller_key = 1",
                  "16 1");
    }
    done_with(&w);
}

/* No objection is logged anywhere: a push and a no-show of one day are one sign, a move back
 * another; a close date moved nearer is none. */
static void takes_signs_for_objections_where_none_are_logged(void)
{
    world w;
    /* clang-format off */
    if (BUILD(&w, &opt, ORDER, OWNED OWN("p", 1, "NULL", 7, "open", "NULL"), EVENTS LEAD("p")
              ", " EV("p", "Demo", 10, 0, "stage") ", " EV("p", "Lead", 20, 0, "back"),
              "INSERT INTO close_date_changes (deal_id, changed_at, old_on, new_on) VALUES ('p', " AT(14, 15)
              ", " ON(30) ", " ON(60) "), ('p', " AT(17, 9) ", " ON(60) ", " ON(50) ")",
              ACTS MEET("'p'", 14, 9, "no show", 0))) {
        /* clang-format on */
        want_moment(&w, "moment_objection_handling", "1 p 14 32400 Demo 0 1\n1 p 20 0 Lead 0 1");
    }
    done_with(&w);
}

/* Meetings at 10 on day 14, unless said. n1: a step 47 hours later, due on day 20, done late on day
 * 23: three days are allowed. n2: 49 hours later, none. n3: a step dated that day without time,
 * done on day 24: late. n4 closes within two days. n5 (day 39): its two days are not over. n6 (day
 * 30): due on day 38, may still be kept. n7: observed, not done though the records say so. */
static void judges_next_steps(void)
{
    world w;
    /* clang-format off */
    if (BUILD(&w, &opt, ORDER, OWNED OWN("n1", 1, "NULL", 7, "open", "NULL")
              ", " OWN("n2", 1, "NULL", 7, "open", "NULL")
              ", " OWN("n3", 1, "NULL", 7, "open", "NULL")
              ", " OWN("n4", 1, "NULL", 7, "open", "NULL")
              ", " OWN("n5", 1, "NULL", 7, "open", "NULL")
              ", " OWN("n6", 1, "NULL", 7, "open", "NULL")
              ", " OWN("n7", 1, "NULL", 7, "open", "NULL"), EVENTS LEAD("n1")
              ", " EV("n1", "Demo", 12, 0, "stage") ", " LEAD("n2") ", " LEAD("n3")
              ", " LEAD("n4") ", " EV("n4", "Won", 16, 9, "won") ", " LEAD("n5") ", " LEAD("n6")
              ", " LEAD("n7"), ACTS MEET("'n1'", 14, 10, "held", 0)
              ", " MEET("'n2'", 14, 10, "held", 0) ", " MEET("'n3'", 14, 10, "held", 0)
              ", " MEET("'n4'", 14, 10, "held", 0) ", " MEET("'n5'", 39, 10, "held", 0)
              ", " MEET("'n6'", 30, 10, "held", 0) ", " MEET("'n7'", 14, 10, "held", 0)
              ", " MEET("'n1'", 25, 10, "held", 0) ", " MEET("'n3'", 25, 10, "held", 0),
              STEPS STEP("n1", 16, 9, ON(20), AT(23, 23))
              ", " STEP("n2", 16, 11, ON(20), AT(18, 9)) ", " STEP("n3", 14, 0, ON(20), AT(24, 0))
              ", " STEP("n6", 31, 10, ON(38), "NULL") ", " STEP("n7", 14, 11, ON(20), AT(18, 9)),
              "INSERT INTO moments (moment, seller_key, deal_id, \"at\", done, success) VALUES ('next_step', 1, 'n7', " AT(14, 0) ", 0, NULL), ('closing_call', 1, 'n7', " AT(15, 0) ", 1, 1)")) {
        /* clang-format on */
        want_moment(&w, "moment_next_step",
                    "1 n1 14 36000 Demo 1 1\n1 n1 25 36000 Demo 0 -\n1 n2 14 36000 Lead 0 -\n"
                    "1 n3 14 36000 Lead 1 0\n1 n3 25 36000 Lead 0 -\n1 n6 30 36000 Lead 1 -\n"
                    "1 n7 14 36000 Lead 1 1");
        /* what came before: n1 left Lead unqualified on day 12 and kept its step by day 25; n3's
         * was known to be late when day 23 ended; n7's derived row is replaced */
        want_rows(&w.ctx, w.facts,
                  "SELECT d.deal_id, cast((e.at_s - e.at_s % 86400) / 86400 AS bigint) - 20458, "
                  "k.name, e.done, e.success, e.qualified, e.last_step, e.age_days, e.observed "
                  "FROM ledger e JOIN deal d "
                  "ON d.deal = e.deal JOIN moment_name k ON k.moment = e.moment WHERE e.moment >= "
                  "5 ORDER BY 1, 2, 3",
                  "n1 14 next_step 1 1 0 0 7 0\nn1 25 next_step 0 - 0 2 18 0\nn2 14 next_step 0 - "
                  "- 0 7 0\n"
                  "n3 14 next_step 1 0 - 0 7 0\nn3 25 next_step 0 - - 1 18 0\nn6 30 next_step 1 - "
                  "- 0 23 0\n"
                  "n7 14 next_step 0 - - 0 7 1\nn7 15 closing_call 1 1 - 0 8 1");
        want_rows(&w.ctx, w.facts,
                  "SELECT cast(sum(occasions) AS bigint), cast(sum(done) AS bigint), "
                  "cast(sum(done_known) AS bigint), "
                  "cast(sum(success) AS bigint), cast(sum(missed_known) AS bigint) FROM "
                  "moment_cell WHERE moment = 5",
                  "7 3 2 1 0");
    }
    done_with(&w);
}

T_MAIN(T_CASE(counts_a_sellers_working_weeks), T_CASE(judges_the_leaving_of_the_first_stage),
       T_CASE(judges_weeks_in_decision_stages), T_CASE(judges_objections),
       T_CASE(takes_signs_for_objections_where_none_are_logged), T_CASE(judges_next_steps))
