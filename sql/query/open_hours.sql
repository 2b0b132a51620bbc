-- What deals take of the sellers' time, by stage. Columns: stage, worked_s (recorded length of activities on
-- deals while they stood there), exposure_s [s]. Where deals are many, what every stage_sample-th took stands
-- for the others.
WITH chosen AS (
    SELECT n.deal FROM deal_no n CROSS JOIN parameter p WHERE n.deal % p.stage_sample = 0
), work AS (
    SELECT deal, s, duration_s FROM deal_contact WHERE is_chosen = 1 AND duration_s > 0
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
