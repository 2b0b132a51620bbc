-- What deals take of the sellers' time, by stage. Columns: stage, worked_s (recorded length of activities on
-- deals while they stood there), exposure_s [s]. Where deals are many, what every stage_sample-th took stands
-- for the others.
WITH chosen AS (
    SELECT n.deal, n.deal_id FROM deal_no n CROSS JOIN parameter p WHERE n.deal % p.stage_sample = 0
), work AS (
    SELECT n.deal, cast(floor(extract(epoch FROM a.started_at)) AS bigint) AS s, a.duration_s
    FROM activities a
    CROSS JOIN parameter p
    JOIN chosen n ON n.deal_id = a.deal_id
    WHERE a.duration_s > 0 AND floor(extract(epoch FROM a.started_at)) <= p.as_of_s AND coalesce(a.outcome, '') <> 'planned'
), spent AS (
    SELECT v.stage, sum(w.duration_s) AS worked_s
    FROM work w
    JOIN visit v ON v.deal = w.deal AND v.from_s <= w.s AND w.s < v.exit_s
    GROUP BY v.stage
), stood AS (
    SELECT v.stage, sum(CASE WHEN c.deal IS NULL THEN 0 ELSE v.risk_s END) AS exposure_s
    FROM visit v
    LEFT JOIN chosen c ON c.deal = v.deal
    GROUP BY v.stage
)
SELECT t.stage, cast(coalesce(s.worked_s, 0) * p.stage_sample AS bigint) AS worked_s,
       cast(t.exposure_s * p.stage_sample AS bigint) AS exposure_s
FROM stood t
CROSS JOIN parameter p
LEFT JOIN spent s ON s.stage = t.stage
ORDER BY t.stage
