-- Occasion: a held customer meeting or demo, unless the deal closes within closing_days of it. Done: a
-- next step with a due date created within step_days (one without a time of day: from that day on).
-- Success: such a step is done no later than late_days after it was due; unknown while one is pending.
-- Columns: seller_key, deal, at_s, stage, done, success.
WITH meeting AS (
    SELECT t.deal, t.s, y.seller_key, y.stage
    FROM (SELECT DISTINCT deal, s FROM touch WHERE held = 1) t
    CROSS JOIN parameter p
    JOIN stay y ON y.deal = t.deal AND y.a <= t.s AND t.s < y.b
    WHERE t.s + p.step_days * 86400 <= p.as_of_s
), agreed AS (
    SELECT m.deal, m.s, max(x.kept) AS kept, max(CASE WHEN x.kept IS NULL THEN 1 ELSE 0 END) AS pending
    FROM meeting m
    CROSS JOIN parameter p
    JOIN planned_step x ON x.deal = m.deal AND x.has_due = 1 AND x.created_s <= m.s + p.step_days * 86400
        AND (x.created_s >= m.s OR (x.created_s % 86400 = 0 AND x.created_s = m.s - m.s % 86400))
    GROUP BY m.deal, m.s
), ended AS (
    SELECT m.deal, m.s
    FROM meeting m
    CROSS JOIN parameter p
    JOIN closing c ON c.deal = m.deal AND c.s >= m.s AND c.s <= m.s + p.closing_days * 86400
    GROUP BY m.deal, m.s
)
SELECT m.seller_key, m.deal, m.s AS at_s, m.stage, CASE WHEN a.deal IS NOT NULL THEN 1 ELSE 0 END AS done,
       CASE WHEN a.deal IS NULL THEN NULL WHEN a.kept = 1 THEN 1 WHEN a.pending = 1 THEN NULL ELSE 0 END AS success
FROM meeting m
LEFT JOIN agreed a ON a.deal = m.deal AND a.s = m.s
LEFT JOIN ended e ON e.deal = m.deal AND e.s = m.s
WHERE e.deal IS NULL
