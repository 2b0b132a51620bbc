-- Occasion: an objection (see objection). Done: an answer (see answer) within objection_days. Success:
-- not lost within keep_days; unknown where as-of comes first, or a clean-up. Columns: seller_key, deal,
-- at_s, stage, done, success.
WITH met AS (
    SELECT o.deal, o.s
    FROM objection o
    CROSS JOIN parameter p
    JOIN answer a ON a.deal = o.deal AND a.s > o.s AND a.s <= o.s + p.objection_days * 86400 AND a.asked_s >= o.s
    GROUP BY o.deal, o.s
), ended AS (
    SELECT o.deal, o.s, min(c.cause) AS cause
    FROM objection o
    CROSS JOIN parameter p
    JOIN closing c ON c.deal = o.deal AND c.s >= o.s AND c.s <= o.s + p.keep_days * 86400
    GROUP BY o.deal, o.s
)
SELECT o.seller_key, o.deal, o.s AS at_s, o.stage, CASE WHEN m.deal IS NOT NULL THEN 1 ELSE 0 END AS done,
       CASE WHEN e.cause = 4 THEN 1 WHEN e.cause = 5 THEN 0 WHEN e.cause = 6 THEN NULL
            WHEN p.as_of_s < o.s + p.keep_days * 86400 THEN NULL ELSE 1 END AS success
FROM objection o
CROSS JOIN parameter p
LEFT JOIN met m ON m.deal = o.deal AND m.s = o.s
LEFT JOIN ended e ON e.deal = o.deal AND e.s = o.s
WHERE o.s + p.objection_days * 86400 <= p.as_of_s
