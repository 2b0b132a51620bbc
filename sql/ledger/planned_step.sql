-- Next steps by as-of. Columns: deal, created_s, has_due, decided_s (when it was known to be kept or
-- late; NULL = still pending, or without due date), kept (1: done no later than late_days after it was
-- due; 0 late; NULL).
WITH step_on AS (
    SELECT n.deal, cast(floor(extract(epoch FROM x.created_at)) AS bigint) AS created_s,
           x.due_on - date '1970-01-01' + p.late_days + 1 AS limit_day, p.as_of_s,
           CASE WHEN floor(extract(epoch FROM x.done_at)) <= p.as_of_s
                THEN cast(floor(extract(epoch FROM x.done_at)) AS bigint) END AS done_s
    FROM next_steps x
    CROSS JOIN parameter p
    JOIN deal_no n ON n.deal_id = x.deal_id
    WHERE floor(extract(epoch FROM x.created_at)) <= p.as_of_s
)
SELECT deal, created_s, CASE WHEN limit_day IS NULL THEN 0 ELSE 1 END AS has_due,
       CASE WHEN done_s < limit_day * 86400 THEN done_s WHEN limit_day * 86400 <= as_of_s THEN limit_day * 86400 END
           AS decided_s,
       CASE WHEN done_s < limit_day * 86400 THEN 1 WHEN limit_day * 86400 <= as_of_s THEN 0 END AS kept
FROM step_on
