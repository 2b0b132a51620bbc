/* tests/diag/made.h - a world of `deals` deals made from whole-number arithmetic in DuckDB, with
 * something of everything that the statements know, for comparing and for timing. It is not meant
 * to look like sales: src/sim is. */
#ifndef TESTS_DIAG_MADE_H
#define TESTS_DIAG_MADE_H

#include "tests/diag/rows.h"

/* h(i): a number that looks random, the same everywhere. */
static const char *const made[] = {
    "CREATE OR REPLACE MACRO h(a, b) AS cast(hash(a * 1000 + b) % 1000003 AS bigint)",
    "INSERT INTO teams (team_id) SELECT 't' || i FROM range(1 + %1$d // 40) AS r(i)",
    "INSERT INTO sellers (seller_key, team_id, hired_on, left_on) SELECT i, 't' || (i // 8), CASE "
    "WHEN i % 5 = 0 "
    "THEN date '2025-02-12' END, CASE WHEN i % 11 = 3 THEN date '2025-11-13' END FROM range(1 + "
    "%1$d // 20) AS r(i)",
    "INSERT INTO deals (deal_id, account_id, seller_key, amount, currency, source, product, "
    "pipeline, stage, segment, "
    "complexity, decision_structure, created_at, closed_at, outcome) "
    "SELECT 'D' || i, 'A' || (i // 3), h(i, 1) % (1 + %1$d // 20), 100 * h(i, 2), 'SEK', "
    "CASE h(i, 3) % 5 WHEN 0 THEN NULL WHEN 1 THEN 'inbound' ELSE 'outbound' END, 'p' || (h(i, 4) "
    "% 3), "
    "CASE h(i, 5) % 9 WHEN 0 THEN 'Partner' END, NULL, CASE h(i, 6) % 3 WHEN 0 THEN NULL WHEN 1 "
    "THEN 'public' ELSE "
    "'industry' END, CASE h(i, 7) % 2 WHEN 0 THEN 'simple' ELSE 'complex' END, CASE h(i, 8) % 2 "
    "WHEN 0 THEN 'single' "
    "ELSE 'committee' END, t - (i % 3) * interval '2 days', CASE WHEN o > 0 AND h(i, 10) % 40 > 0 "
    "THEN t + (1 + h(i, 11) % "
    "200) * interval '1 day' "
    "END, CASE o WHEN 0 THEN 'open' WHEN 1 THEN 'won' ELSE 'lost' END "
    "FROM (SELECT i, h(i, 9) % 4 AS o, timestamp '2025-01-01' + (h(i, 12) % 500) * interval '1 "
    "day' + (h(i, 13) % 86400) "
    "* interval '1 second' AS t FROM range(%1$d) AS r(i)) d",
    "INSERT INTO stage_events (deal_id, stage, entered_at, kind, quality, recorded_by_key) "
    "SELECT 'D' || i, CASE WHEN k = n AND h(i, 9) % 4 = 1 THEN 'Won' WHEN k = n AND h(i, 9) % 4 > "
    "1 THEN 'Lost' ELSE "
    "['Lead', 'Möte', 'Offert', 'Förhandling'][1 + (k + CASE WHEN h(i, 20 + k) % 7 = 0 THEN 1 WHEN "
    "h(i, 20 + k) % 11 "
    "= 0 AND k > 0 THEN -1 ELSE 0 END) % 4] END, timestamp '2025-01-01' + (h(i, 12) % 500) * "
    "interval '1 day' + k * (1 + "
    "h(i, 30) % 40) * interval '1 day' + (CASE WHEN h(i, 40 + k) % 13 = 0 THEN 0 ELSE h(i, 13) % "
    "43200 END) * interval "
    "'1 second', CASE WHEN k = n AND h(i, 9) % 4 = 1 THEN 'won' WHEN k = n AND h(i, 9) % 4 > 1 "
    "THEN 'lost' ELSE 'stage' "
    "END, CASE WHEN h(i, 50) % 7 = 0 THEN 'snapshot' END, CASE WHEN h(i, 51) % 3 > 0 THEN h(i, 1) "
    "% (1 + %1$d // 20) "
    "END FROM (SELECT i, 1 + h(i, 14) % 5 AS n FROM range(%1$d) AS r(i)) d, range(6) AS s(k) WHERE "
    "k <= n AND h(i, 15) "
    "% 12 > 0",
    "INSERT INTO stage_events (deal_id, stage, entered_at, kind) SELECT deal_id, 'Offert', "
    "max(entered_at) + (1 + "
    "hash(deal_id) % 60) * interval '1 day', 'reopened' FROM stage_events GROUP BY deal_id HAVING "
    "max(kind) = 'stage' "
    "AND min(kind) = 'lost' AND hash(deal_id) % 7 = 0",
    "INSERT INTO stage_events (deal_id, stage, entered_at, kind, recorded_by_key) SELECT 'X' || i, "
    "CASE k WHEN 0 THEN "
    "'Lead' ELSE 'Lost' END, timestamp '2025-03-01' + k * interval '100 days', CASE k WHEN 0 THEN "
    "'stage' ELSE 'lost' "
    "END, 1 FROM range(40) AS r(i), range(2) AS s(k)",
    "INSERT INTO owner_changes (deal_id, seller_key, changed_at) SELECT deal_id, h(hash(deal_id) % "
    "10000, 60) % (1 + "
    "%1$d // 20), created_at + (hash(deal_id) % 50) * interval '1 day' FROM deals WHERE "
    "hash(deal_id) % 9 = 0",
    "INSERT INTO close_date_changes (deal_id, changed_at, old_on, new_on) SELECT 'D' || i, "
    "timestamp '2025-01-01' + "
    "(h(i, 70) % 560) * interval '1 day', date '2025-06-01', date '2025-06-01' + cast(h(i, 71) % "
    "60 - 10 AS integer) FROM "
    "range(%1$d) AS r(i) WHERE h(i, 72) % 3 = 0",
    "INSERT INTO activities (activity_id, seller_key, deal_id, account_id, kind, direction, "
    "started_at, duration_s, "
    "outcome, contact_key) SELECT 'a' || i, h(i, 80) % (1 + %1$d // 20), CASE h(i, 81) % 3 WHEN 0 "
    "THEN NULL ELSE 'D' || "
    "(h(i, 82) % %1$d) END, CASE h(i, 83) % 2 WHEN 0 THEN NULL ELSE 'A' || (h(i, 84) % (1 + %1$d "
    "// 3)) END, ['call', "
    "'call', 'email', 'email', 'meeting', 'demo', 'other'][1 + h(i, 85) % 7], ['outbound', "
    "'outbound', 'inbound', "
    "NULL][1 + h(i, 86) % 4], timestamp '2025-01-01' + (h(i, 87) % 600) * interval '1 day' + "
    "(28800 + h(i, 88) % 32400) "
    "* interval '1 second', 1800, ['held', 'connected', 'no answer', 'held', 'no show', 'sent', "
    "'objection', 'planned', "
    "NULL][1 + h(i, 89) % 9], h(i, 90) % (1 + %1$d // 2) FROM range(%1$d * 25) AS r(i)",
    "INSERT INTO next_steps (step_id, deal_id, seller_key, created_at, due_on, done_at) SELECT 's' "
    "|| activity_id, "
    "deal_id, seller_key, started_at + (hash(activity_id) % 60) * interval '1 hour', CASE WHEN "
    "hash(activity_id) % 5 > "
    "0 THEN cast(started_at AS date) + cast(hash(activity_id) % 14 AS integer) END, CASE WHEN "
    "hash(activity_id) % 4 > 0 "
    "THEN started_at + (hash(activity_id) % 20) * interval '1 day' END FROM activities WHERE "
    "deal_id IS NOT NULL AND "
    "kind IN ('meeting', 'demo') AND hash(activity_id) % 3 > 0",
    "INSERT INTO contact_roles (deal_id, contact_key, role, since) SELECT 'D' || (c * 2), c, CASE "
    "c % 3 WHEN 0 THEN "
    "'champion' ELSE 'decision_maker' END, NULL FROM range(%1$d // 2) AS r(c)",
    "INSERT INTO contact_roles (deal_id, contact_key, role) SELECT deal_id, contact_key, "
    "'decision_maker' FROM activities "
    "WHERE deal_id IS NOT NULL AND hash(activity_id) % 4 = 0",
    "INSERT INTO calendar (event_id, seller_key, starts_at, ends_at, category) SELECT 'e' || i, "
    "h(i, 100) % (1 + %1$d // "
    "20), t, t + CASE WHEN c = 0 THEN (1 + h(i, 101) % 6) * interval '1 day' ELSE (1 + h(i, 101) "
    "% 4) * interval '45 "
    "minutes' END, ['absence', 'internal', 'admin', 'customer', 'focus'][1 + c] FROM (SELECT i, "
    "timestamp '2025-01-01' + "
    "(h(i, 102) % 600) * interval '1 day' + CASE WHEN h(i, 103) % 5 = 0 THEN interval '0 hours' "
    "ELSE (7 + h(i, 104) % 10) "
    "* interval '1 hour' END AS t, h(i, 103) % 5 AS c FROM range(%1$d * 10) AS r(i)) e WHERE (c > "
    "0 OR i % 10 = 0)",
    "INSERT INTO moments (moment, seller_key, deal_id, \"at\", done, success) SELECT ['next_step', "
    "'objection_handling', "
    "'prospecting'][1 + i % 3], h(i, 110) % (1 + %1$d // 20), CASE WHEN i % 3 < 2 THEN 'D' || i "
    "END, timestamp "
    "'2025-06-01' + i * interval '7 hours', i % 2, CASE WHEN i % 5 > 0 THEN i % 4 // 2 END FROM "
    "range(%1$d // 4) AS r(i)",
    "INSERT INTO interventions (intervention_id, kind, moment, started_on) VALUES ('i1', "
    "'training', "
    "'next_step', date '2025-06-01')",
    "INSERT INTO assessments (person_key, competency, item_id, score, max_score, instrument, "
    "rater_key) VALUES (1, 'next_step', 'q1', 3, 5, 'manager_rating', 2), (1, 'next_step', 'q2', "
    "1, 1, 'sjt', NULL), (1, 'next_step', 'q3', 4, 5, 'self_rating', 1)",
};

static bool make_world(vrk_ctx *ctx, vrk_facts *f, int deals)
{
    bool good = true;
    for (size_t i = 0; i < sizeof(made) / sizeof(made[0]) && good; i++) {
        vrk_mark mark = vrk_mark_of(&ctx->scratch);
        vrk_str sql = {.mem = &ctx->scratch};
        for (const char *p = made[i]; *p; p++) {
            bool number = vrk_starts_with(p, "%1$d") || vrk_starts_with(p, "%1$d");
            if (number)
                vrk_str_addf(&sql, "%d", deals);
            else
                vrk_str_add_n(&sql, p, 1);
            p += number ? 3 : 0;
        }
        good = fill(ctx, f, &(const char *){vrk_str_of(&sql)}, 1);
        vrk_rewind(&ctx->scratch, mark);
    }
    t_bad += !good;
    return good;
}

#endif
