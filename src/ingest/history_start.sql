-- The stage in which a deal began, where a history tells only what it was changed from: entered when
-- the deal was created. In: raw (as for history_kind.sql, and from_stage), created (deal_id,
-- created_at).
, first_row AS (
    SELECT deal_id, first(from_stage ORDER BY try_cast(entered_at AS timestamptz), _line) AS stage,
           min(try_cast(entered_at AS timestamptz)) AS t
    FROM raw GROUP BY deal_id
)
SELECT f.deal_id, f.stage, c.created_at AS entered_at, 'stage' AS kind, 'derived' AS quality
FROM first_row f JOIN created c ON c.deal_id = f.deal_id
WHERE f.stage IS NOT NULL AND try_cast(c.created_at AS timestamptz) < f.t
ORDER BY f.deal_id
