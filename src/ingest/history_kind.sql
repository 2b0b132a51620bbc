-- A stage history of any source as stage events. In: raw (_line, deal_id, stage, entered_at, says
-- [stage, won, lost], sure, quality, recorded_by). A row that is not sure to be a change and repeats
-- the stage before it (an amount or a date was changed) is no event. A move is back if of the deals
-- that came to both stages more came to the later one first.
, timed AS (
    SELECT *, try_cast(entered_at AS timestamptz) AS t FROM raw
), ordered AS (
    SELECT *, lag(stage) OVER w AS stage_before, lag(says) OVER w AS says_before
    FROM timed WINDOW w AS (PARTITION BY deal_id ORDER BY t NULLS FIRST, says <> 'stage', _line)
), moved AS (
    SELECT * FROM ordered
    WHERE sure OR stage_before IS NULL OR stage IS NULL OR deal_id IS NULL OR stage <> stage_before
), first_entry AS (
    SELECT deal_id, stage, min(t) AS t FROM moved WHERE says = 'stage' GROUP BY deal_id, stage
), pair AS (
    SELECT a.stage AS one, b.stage AS other, count(*) AS n
    FROM first_entry a JOIN first_entry b ON b.deal_id = a.deal_id
    WHERE a.t < b.t
    GROUP BY a.stage, b.stage
)
SELECT m._line, m.deal_id, m.stage, m.entered_at,
       CASE WHEN m.says <> 'stage' THEN m.says
            WHEN m.says_before IN ('won', 'lost') THEN 'reopened'
            WHEN coalesce(against.n, 0) > coalesce(along.n, 0) THEN 'back'
            ELSE 'stage' END AS kind,
       m.quality, m.recorded_by
FROM moved m
LEFT JOIN pair along ON along.one = m.stage_before AND along.other = m.stage
LEFT JOIN pair against ON against.one = m.stage AND against.other = m.stage_before
ORDER BY m._line
