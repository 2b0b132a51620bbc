-- When the data begin and how far they reach: the as-of time is the newest of what has happened, never
-- of what is due, expected or planned. No deal closes before it is created: such a closing is misdated, and the
-- months before it would all be weeks in which nothing was done. Columns: from_s, to_s (NULL where nothing has
-- a time).
SELECT cast(floor(min(lo)) AS bigint) AS from_s, cast(floor(max(hi)) AS bigint) AS to_s
FROM (
    SELECT extract(epoch FROM min(started_at)) AS lo, extract(epoch FROM max(started_at)) AS hi
    FROM activities
    WHERE coalesce(outcome, '') NOT IN ('planned', 'scheduled')
    UNION ALL
    SELECT extract(epoch FROM min(entered_at)), extract(epoch FROM max(entered_at)) FROM stage_events
    UNION ALL
    SELECT extract(epoch FROM min(created_at)), extract(epoch FROM max(created_at)) FROM deals
    UNION ALL
    SELECT extract(epoch FROM min(CASE WHEN created_at IS NULL THEN closed_at END)), extract(epoch FROM max(closed_at))
    FROM deals
    UNION ALL
    SELECT extract(epoch FROM min(changed_at)), extract(epoch FROM max(changed_at)) FROM owner_changes
    UNION ALL
    SELECT extract(epoch FROM min(changed_at)), extract(epoch FROM max(changed_at)) FROM close_date_changes
) r
