-- How many things happened on each day: never what is due, expected or planned. No deal closes before it is created:
-- such a closing is misdated, and the months before it would all be weeks in which nothing was done. Columns: day, n,
-- from_s, to_s (the first and the newest of the day). No row where nothing has a time.
SELECT cast(seen_at AS date) - date '1970-01-01' AS day, count(*) AS n,
       cast(floor(extract(epoch FROM min(seen_at))) AS bigint) AS from_s,
       cast(floor(extract(epoch FROM max(seen_at))) AS bigint) AS to_s
FROM (
    SELECT started_at AS seen_at FROM activities WHERE coalesce(outcome, '') NOT IN ('planned', 'scheduled')
    UNION ALL
    SELECT entered_at FROM stage_events
    UNION ALL
    SELECT created_at FROM deals
    UNION ALL
    SELECT closed_at FROM deals WHERE coalesce(closed_at >= created_at, 1 = 1)
    UNION ALL
    SELECT changed_at FROM owner_changes
    UNION ALL
    SELECT changed_at FROM close_date_changes
) r
WHERE seen_at IS NOT NULL
GROUP BY 1
ORDER BY 1
