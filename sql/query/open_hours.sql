-- What deals take of the sellers' time, by stage. Columns: stage, worked_s (recorded length of activities on
-- deals while they stood there), exposure_s [s].
WITH work AS (
    SELECT n.deal, cast(floor(extract(epoch FROM a.started_at)) AS bigint) AS s, a.duration_s
    FROM activities a
    CROSS JOIN parameter p
    JOIN deal_no n ON n.deal_id = a.deal_id
    WHERE a.duration_s > 0 AND floor(extract(epoch FROM a.started_at)) <= p.as_of_s AND coalesce(a.outcome, '') <> 'planned'
), spent AS (
    SELECT v.stage, sum(w.duration_s) AS worked_s
    FROM work w
    JOIN visit v ON v.deal = w.deal AND v.from_s <= w.s AND w.s < v.exit_s
    GROUP BY v.stage
), stood AS (
    SELECT stage, sum(risk_s) AS exposure_s FROM visit GROUP BY stage
)
SELECT t.stage, cast(coalesce(s.worked_s, 0) AS bigint) AS worked_s, cast(t.exposure_s AS bigint) AS exposure_s
FROM stood t
LEFT JOIN spent s ON s.stage = t.stage
ORDER BY t.stage
