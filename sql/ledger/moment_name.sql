-- Moments by number. Columns: moment (1 prospecting, 2 qualification, 3 decision_steering,
-- 4 objection_handling, 5 next_step, from 6 others of the table moments), name.
WITH known AS (
    SELECT 1 AS moment, 'prospecting' AS name
    UNION ALL SELECT 2, 'qualification'
    UNION ALL SELECT 3, 'decision_steering'
    UNION ALL SELECT 4, 'objection_handling'
    UNION ALL SELECT 5, 'next_step'
)
SELECT moment, name FROM known
UNION ALL
SELECT cast(5 + row_number() OVER (ORDER BY o.name) AS integer), o.name
FROM (SELECT DISTINCT moment AS name FROM moments WHERE moment NOT IN (SELECT name FROM known)) o
