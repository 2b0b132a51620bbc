-- How long deals in a stage were silent, and what ended it. A silence begins where the stage is entered and with
-- each day on which the customer was heard of (inbound contact, or a meeting that was held), and ends with the
-- next such day or with the visit. Columns: stage, complexity (varchar), age_day (days in the stage when it
-- began), days, ended (0 a sign, 1 a move or a win, 2 a loss, 3 not seen to end), n, total_s [s]. Where deals are
-- many, of every stage_sample-th.
WITH chosen AS (
    SELECT n.deal FROM deal_no n CROSS JOIN parameter p WHERE n.deal % p.stage_sample = 0
), sign AS (
    SELECT deal, min(s) AS s FROM deal_contact WHERE is_chosen = 1 AND is_sign = 1 GROUP BY deal, day
), mark AS (
    SELECT v.deal, v.visit, v.stage, v.situation, v.entry_s, v.from_s AS s, v.exit_s, v.cause
    FROM visit v
    JOIN chosen c ON c.deal = v.deal
    WHERE v.exit_s > v.from_s
    UNION ALL
    SELECT v.deal, v.visit, v.stage, v.situation, v.entry_s, g.s, v.exit_s, v.cause
    FROM sign g
    JOIN visit v ON v.deal = g.deal AND v.from_s < g.s AND g.s < v.exit_s
), silence AS (
    SELECT stage, situation, s - entry_s AS age_s, s AS from_s, exit_s, cause,
           lead(s) OVER (PARTITION BY deal, visit ORDER BY s) AS next_s
    FROM mark
)
SELECT t.stage, x.complexity, cast((t.age_s - t.age_s % 86400) / 86400 AS bigint) AS age_day,
       cast((coalesce(t.next_s, t.exit_s) - t.from_s + 43200 - (coalesce(t.next_s, t.exit_s) - t.from_s + 43200) % 86400) / 86400
           AS bigint) AS days,
       CASE WHEN t.next_s IS NOT NULL THEN 0 WHEN t.cause IN (1, 2, 3, 4) THEN 1 WHEN t.cause = 5 THEN 2 ELSE 3 END AS ended,
       count(*) AS n, cast(sum(coalesce(t.next_s, t.exit_s) - t.from_s) AS bigint) AS total_s
FROM silence t
JOIN situation x ON x.situation = t.situation
GROUP BY 1, 2, 3, 4, 5
ORDER BY 1, 2, 3, 4, 5
