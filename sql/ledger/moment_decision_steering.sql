-- Occasion: a week at whose start a deal is open in a decision stage. Done: a held meeting or demo with
-- a decision maker in that week. Success: the deal moves forward or is won in it or within grace_days
-- after; unknown where as-of comes first, or a clean-up. Columns: seller_key, deal, at_s, stage, done,
-- success.
WITH met AS (
    SELECT t.deal, cast((t.s - (t.s + 259200) % 604800) / 86400 AS bigint) AS monday
    FROM touch t
    JOIN deal_no n ON n.deal = t.deal
    JOIN contact_roles r ON r.deal_id = n.deal_id AND r.contact_key = t.contact_key AND r.role = 'decision_maker'
    WHERE t.held = 1
    GROUP BY t.deal, cast((t.s - (t.s + 259200) % 604800) / 86400 AS bigint)
)
SELECT d.seller_key, d.deal, d.monday * 86400 AS at_s, d.stage, CASE WHEN m.deal IS NOT NULL THEN 1 ELSE 0 END AS done,
       CASE WHEN d.moves_s < (d.monday + 7 + p.grace_days) * 86400 THEN 1
            WHEN d.cleaned_s < (d.monday + 7 + p.grace_days) * 86400 THEN NULL
            WHEN p.as_of_s < (d.monday + 7 + p.grace_days) * 86400 THEN NULL ELSE 0 END AS success
FROM decision_week d
CROSS JOIN parameter p
JOIN load_week w ON w.seller_key = d.seller_key AND w.monday = d.monday
LEFT JOIN met m ON m.deal = d.deal AND m.monday = d.monday
WHERE w.is_occasion = 1 AND w.is_over = 1
