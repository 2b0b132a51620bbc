-- Whole sums for the scale of load, over occasions with a calendar. Columns: n, m [min], mm [min^2].
SELECT count(*) AS n, cast(sum(internal_min) AS bigint) AS m, cast(sum(internal_min * internal_min) AS bigint) AS mm
FROM load_week
WHERE is_occasion = 1 AND has_calendar = 1
