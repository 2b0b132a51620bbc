-- First visits of deals to stages, for the order of stages; of every stage_sample-th deal, and of all
-- deals in a stage that is rare. Columns: deal, pipeline, name, s.
SELECT n.deal, n.pipeline, e.stage AS name, cast(floor(extract(epoch FROM min(e.entered_at))) AS bigint) AS s
FROM stage_events e
CROSS JOIN parameter p
JOIN deal_no n ON n.deal_id = e.deal_id
LEFT JOIN (
    SELECT stage FROM stage_events WHERE kind NOT IN ('won', 'lost') GROUP BY stage HAVING count(*) < 1000
) rare ON rare.stage = e.stage
WHERE e.kind NOT IN ('won', 'lost') AND floor(extract(epoch FROM e.entered_at)) <= p.as_of_s
  AND (n.deal % p.stage_sample = 0 OR rare.stage IS NOT NULL)
GROUP BY n.deal, n.pipeline, e.stage
