-- Occasion: a deal leaves its first stage, or closes in it. Done: a held customer meeting, demo or
-- connected call before leaving, from prequalify_days before creation. Success: of those that went on
-- and closed, won. Columns: seller_key, deal, at_s, stage, done, success, stopped (1: lost in the first
-- stage).
WITH left_first AS (
    SELECT v.deal, v.seller_key, v.stage, v.entry_s, v.b AS at_s, v.cause, v.visit,
           min(v.visit) OVER (PARTITION BY v.deal) AS first_visit
    FROM stay v
    JOIN stage t ON t.stage = v.stage AND t.is_first = 1
    WHERE v.cause BETWEEN 1 AND 5
), leaving AS (
    SELECT l.deal, l.seller_key, l.stage, l.at_s, l.cause, least(l.entry_s, coalesce(d.created_s, l.entry_s)) AS from_s
    FROM left_first l
    JOIN deal d ON d.deal = l.deal
    WHERE l.visit = l.first_visit
), contact AS (
    SELECT l.deal, count(*) AS n
    FROM leaving l
    CROSS JOIN parameter p
    JOIN touch t ON t.deal = l.deal AND t.s >= l.from_s - p.prequalify_days * 86400 AND t.s < l.at_s
    WHERE t.held = 1 OR t.connected = 1
    GROUP BY l.deal
), ended AS (
    SELECT deal, cause FROM stay WHERE cause IN (4, 5, 6)
), last_end AS (
    -- a deal that was re-opened has the end that came last: won before others
    SELECT e.deal, max(CASE WHEN e.cause = 4 THEN 1 ELSE 0 END) AS won, max(CASE WHEN e.cause = 6 THEN 1 ELSE 0 END) AS cleanup
    FROM ended e
    GROUP BY e.deal
)
SELECT l.seller_key, l.deal, l.at_s, l.stage, CASE WHEN c.n > 0 THEN 1 ELSE 0 END AS done,
       CASE WHEN l.cause = 5 OR e.deal IS NULL THEN NULL WHEN e.won = 1 THEN 1 WHEN e.cleanup = 1 OR x.outcome = 0 THEN NULL
            ELSE 0 END AS success,
       CASE WHEN l.cause = 5 THEN 1 ELSE 0 END AS stopped
FROM leaving l
JOIN (
    -- open again after a loss: not yet decided
    SELECT deal, max(CASE WHEN next_s IS NULL THEN closing ELSE 0 END) AS outcome FROM step GROUP BY deal
) x ON x.deal = l.deal
LEFT JOIN contact c ON c.deal = l.deal
LEFT JOIN last_end e ON e.deal = l.deal
