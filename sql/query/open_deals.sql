-- Deals that are open, as they stand. Columns: deal, deal_id, stage, stage_name, team_id, complexity,
-- decision_structure, segment, currency (varchar), seller_key, source, amount [hundredths], has_amount (0/1),
-- is_decision (0/1), entry_s, as_of_s, heard_s (last sign of the customer, 0 = none), due_day (of the next
-- step that is due and not done, as-of day or later; 0 = none), late_day (of the last one that is overdue; 0 = none),
-- steps (next steps of any deal), to_day (as-of day).
WITH sign AS (
    SELECT deal, max(s) AS heard_s FROM deal_contact WHERE is_sign = 1 GROUP BY deal
), pending AS (
    SELECT n.deal, min(CASE WHEN x.due_on - date '1970-01-01' >= p.to_day THEN x.due_on - date '1970-01-01' END) AS due_day,
           max(CASE WHEN x.due_on - date '1970-01-01' < p.to_day THEN x.due_on - date '1970-01-01' END) AS late_day
    FROM next_steps x
    CROSS JOIN parameter p
    JOIN deal_no n ON n.deal_id = x.deal_id
    WHERE floor(extract(epoch FROM x.created_at)) <= p.as_of_s
      AND (x.done_at IS NULL OR floor(extract(epoch FROM x.done_at)) > p.as_of_s)
    GROUP BY n.deal
), last_visit AS (
    SELECT deal, max(visit) AS visit FROM visit GROUP BY deal
)
SELECT d.deal, d.deal_id, v.stage, coalesce(s.name, '') AS stage_name, coalesce(l.team_id, '') AS team_id, x.complexity,
       x.decision_structure, x.segment, coalesce(d.currency, '') AS currency, d.seller_key, d.source, d.amount,
       CASE WHEN d.amount IS NULL THEN 0 ELSE 1 END AS has_amount, coalesce(s.is_decision, 0) AS is_decision,
       v.entry_s, p.as_of_s, coalesce(g.heard_s, 0) AS heard_s, coalesce(n.due_day, 0) AS due_day,
       coalesce(n.late_day, 0) AS late_day,
       (SELECT count(*) FROM next_steps) AS steps, p.to_day
FROM deal d
CROSS JOIN parameter p
JOIN last_visit k ON k.deal = d.deal
JOIN visit v ON v.deal = k.deal AND v.visit = k.visit
JOIN situation x ON x.situation = v.situation
LEFT JOIN stage s ON s.stage = v.stage
LEFT JOIN seller l ON l.seller_key = d.seller_key
LEFT JOIN sign g ON g.deal = d.deal
LEFT JOIN pending n ON n.deal = d.deal
WHERE d.outcome = 0 AND v.cause = 0
ORDER BY d.deal
