-- Was the history of deals that closed early left out? Columns: closed_s (the first closing, NULL =
-- none), before (deals that began earlier than that), deals (that have a beginning).
WITH began AS (
    SELECT n.deal, min(b.s) AS s
    FROM (
        SELECT deal_id, extract(epoch FROM created_at) AS s FROM deals WHERE created_at IS NOT NULL
        UNION ALL
        SELECT deal_id, extract(epoch FROM min(entered_at)) FROM stage_events GROUP BY deal_id
    ) b
    JOIN deal_no n ON n.deal_id = b.deal_id
    GROUP BY n.deal
), ended AS (
    SELECT min(s) AS s
    FROM (
        SELECT extract(epoch FROM min(closed_at)) AS s FROM deals WHERE outcome IN ('won', 'lost')
        UNION ALL
        SELECT extract(epoch FROM min(entered_at)) FROM stage_events WHERE kind IN ('won', 'lost')
    ) e
)
SELECT cast(floor(max(ended.s)) AS bigint) AS closed_s,
       cast(sum(CASE WHEN began.s < ended.s THEN 1 ELSE 0 END) AS bigint) AS before, count(*) AS deals
FROM began, ended
