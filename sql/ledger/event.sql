-- What happened to deals by the as-of time: stages entered, closings. A deal without stage events
-- enters stage 0; a deal closed by its own row and without a closing event closes at closed_s, never
-- before its last event. Columns: deal, s, closing (0, 1 won, 2 lost), stage, position, is_first,
-- inferred (1: the time of entry is no more than a snapshot's), recorded_by.
SELECT n.deal, cast(floor(extract(epoch FROM e.entered_at)) AS bigint) AS s,
       CASE e.kind WHEN 'won' THEN 1 WHEN 'lost' THEN 2 ELSE 0 END AS closing,
       cast(coalesce(t.stage, 0) AS integer) AS stage, cast(coalesce(t.position, 0) AS integer) AS position,
       cast(coalesce(t.is_first, 0) AS integer) AS is_first,
       CASE WHEN e.quality IN ('snapshot', 'inferred') THEN 1 ELSE 0 END AS inferred,
       e.recorded_by_key AS recorded_by
FROM stage_events e
CROSS JOIN parameter p
JOIN deal_no n ON n.deal_id = e.deal_id
LEFT JOIN stage t ON t.pipeline = n.pipeline AND t.name = e.stage
WHERE floor(extract(epoch FROM e.entered_at)) <= p.as_of_s AND (t.stage IS NOT NULL OR e.kind IN ('won', 'lost'))
UNION ALL
SELECT deal, created_s, 0, 0, 0, 1, 0, cast(NULL AS bigint)
FROM deal
WHERE events = 0 AND created_s IS NOT NULL
UNION ALL
SELECT deal, greatest(closed_s, coalesce(last_s, closed_s), CASE WHEN events = 0 THEN created_s ELSE closed_s END),
       outcome, 0, 0, 0, 0, cast(NULL AS bigint)
FROM deal
WHERE outcome > 0 AND closed_s IS NOT NULL AND closings = 0
