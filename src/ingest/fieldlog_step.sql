-- The changes of a log that move a deal: in: log, `by_reason` (true: a reason for a loss is all that
-- tells a loss). says: stage, won, lost or open; late: of one moment, closings come last.
, step AS (
    SELECT record, deal_id, changed_at, t, means,
           CASE WHEN means = 'lost_reason' THEN 'Lost' ELSE label END AS stage,
           CASE WHEN means = 'lost_reason' THEN 'lost'
                WHEN means = 'stage' THEN coalesce(nullif(outcome, 'open'), 'stage')
                ELSE outcome END AS says,
           means <> 'stage' OR coalesce(outcome IN ('won', 'lost'), false) AS late
    FROM log, by_reason
    WHERE means = 'stage' OR (means = 'outcome' AND outcome IS NOT NULL)
       OR (means = 'lost_reason' AND value IS NOT NULL AND by_reason.yes)
)
