-- Activities on deals that were more than planned: of open deals, and of every stage_sample-th. Columns: deal,
-- s, day, duration_s (0 = not told), is_sign (1: the customer was heard of - inbound contact, or a meeting that
-- was held), is_chosen (1: of every stage_sample-th).
WITH wanted AS (
    SELECT d.deal, d.deal_id, p.as_of_s, CASE WHEN d.deal % p.stage_sample = 0 THEN 1 ELSE 0 END AS is_chosen
    FROM deal d
    CROSS JOIN parameter p
    WHERE d.deal % p.stage_sample = 0 OR d.outcome = 0
)
SELECT d.deal, cast(floor(extract(epoch FROM a.started_at)) AS bigint) AS s,
       cast(a.started_at AS date) - date '1970-01-01' AS day, coalesce(a.duration_s, 0) AS duration_s,
       CASE WHEN a.direction = 'inbound' OR (a.kind IN ('meeting', 'demo') AND a.outcome = 'held') THEN 1 ELSE 0 END AS is_sign,
       d.is_chosen
FROM activities a
JOIN wanted d ON d.deal_id = a.deal_id
WHERE floor(extract(epoch FROM a.started_at)) <= d.as_of_s
  AND coalesce(a.outcome, '') <> 'planned'
  AND (a.duration_s > 0 OR a.direction = 'inbound' OR (a.kind IN ('meeting', 'demo') AND a.outcome = 'held'))
