-- Deals from creation to close, counted by the quarter of creation. days: the k-th 24 hours, 1
-- first; workdays: working days passed; late: days passed when the deal came under observation,
-- -1 = none (late_workdays the same). A deal that was cleaned away is open until then.
-- Columns: quarter (year * 10 + quarter), late, late_workdays, days, workdays, outcome (0, 1, 2),
-- n.
WITH life AS (
    SELECT d.deal, d.created_s, greatest(d.created_s, coalesce(p.history_s, d.created_s)) AS from_s,
        coalesce(d.closed_s, p.as_of_s) AS end_s, d.outcome
    FROM deal d CROSS JOIN parameter p
    WHERE d.created_s IS NOT NULL AND d.created_s <= p.as_of_s
        AND (d.outcome = 0 OR d.closed_s >= d.created_s)
), seen AS (
    SELECT l.created_s, l.from_s, l.end_s,
        CASE WHEN c.deal IS NOT NULL AND l.outcome = 2 THEN 0 ELSE l.outcome END AS outcome
    FROM life l LEFT JOIN (SELECT DISTINCT deal FROM visit WHERE cause = 6) c ON c.deal = l.deal
    WHERE l.end_s >= l.from_s
)
SELECT b.quarter,
    CASE WHEN s.from_s > s.created_s
        THEN CAST(floor((s.from_s - s.created_s) / 86400.0) AS bigint) ELSE -1 END AS late,
    CASE WHEN s.from_s > s.created_s THEN f.working_number - b.working_number ELSE -1 END
        AS late_workdays,
    CASE WHEN s.end_s > s.created_s
        THEN CAST(ceil((s.end_s - s.created_s) / 86400.0) AS bigint) ELSE 1 END AS days,
    e.working_number - b.working_number AS workdays, s.outcome, count(*) AS n
FROM seen s
JOIN day b ON b.day = CAST(floor(s.created_s / 86400.0) AS bigint)
JOIN day f ON f.day = CAST(floor(s.from_s / 86400.0) AS bigint)
JOIN day e ON e.day = CAST(floor(s.end_s / 86400.0) AS bigint)
GROUP BY 1, 2, 3, 4, 5, 6
ORDER BY 1, 2, 3, 4, 5, 6
