-- What happened in the deal $1, in order: when, what, and the word that goes with it.
SELECT happened, what, word FROM (
    SELECT entered_at AS happened, kind AS what, stage AS word FROM stage_events WHERE deal_id = $1
    UNION ALL
    SELECT started_at, kind, outcome FROM activities WHERE deal_id = $1
    UNION ALL
    SELECT created_at, 'next_step', CAST(due_on AS varchar) FROM next_steps WHERE deal_id = $1
    UNION ALL
    SELECT done_at, 'step_done', CAST(due_on AS varchar) FROM next_steps WHERE deal_id = $1 AND done_at IS NOT NULL
    UNION ALL
    SELECT changed_at, 'date_moved', CAST(new_on AS varchar) FROM close_date_changes WHERE deal_id = $1
    UNION ALL
    SELECT changed_at, 'owner_changed', NULL FROM owner_changes WHERE deal_id = $1
) AS event
ORDER BY happened, what, word
LIMIT 2000
