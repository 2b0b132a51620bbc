-- How many things happened on each day, for times far beyond all others; what counts is as in data_range.
-- Columns: day, n, from_s, to_s (the first and the newest of the day).
SELECT day, cast(sum(n) AS bigint) AS n, cast(floor(extract(epoch FROM min(lo))) AS bigint) AS from_s,
       cast(floor(extract(epoch FROM max(hi))) AS bigint) AS to_s
FROM (
    SELECT cast(started_at AS date) - date '1970-01-01' AS day, count(*) AS n, min(started_at) AS lo, max(started_at) AS hi
    FROM activities
    WHERE started_at IS NOT NULL AND coalesce(outcome, '') NOT IN ('planned', 'scheduled')
    GROUP BY 1
    UNION ALL
    SELECT cast(entered_at AS date) - date '1970-01-01', count(*), min(entered_at), max(entered_at)
    FROM stage_events
    WHERE entered_at IS NOT NULL
    GROUP BY 1
    UNION ALL
    SELECT cast(created_at AS date) - date '1970-01-01', count(*), min(created_at), max(created_at)
    FROM deals
    WHERE created_at IS NOT NULL
    GROUP BY 1
    UNION ALL
    SELECT cast(closed_at AS date) - date '1970-01-01', count(*), min(closed_at), max(closed_at)
    FROM deals
    WHERE closed_at IS NOT NULL AND coalesce(closed_at >= created_at, 1 = 1)
    GROUP BY 1
    UNION ALL
    SELECT cast(changed_at AS date) - date '1970-01-01', count(*), min(changed_at), max(changed_at)
    FROM owner_changes
    WHERE changed_at IS NOT NULL
    GROUP BY 1
    UNION ALL
    SELECT cast(changed_at AS date) - date '1970-01-01', count(*), min(changed_at), max(changed_at)
    FROM close_date_changes
    WHERE changed_at IS NOT NULL
    GROUP BY 1
) r
GROUP BY day
ORDER BY day
