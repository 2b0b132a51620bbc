-- On which weekdays deals are moved (METHODS 1.3: a peak tells of batch edits). Columns: weekday, n.
SELECT (cast(entered_at AS date) - date '1970-01-01' + 3) % 7 + 1 AS weekday, count(*) AS n
FROM stage_events
GROUP BY (cast(entered_at AS date) - date '1970-01-01' + 3) % 7 + 1
