-- A change log as deals, one row each: in: log (record, deal_id, changed_at, t, means, value, label)
-- and step (deal_id, stage, says, t, late, record). What stands is what was said last.
, ended AS (
    SELECT deal_id, last(says ORDER BY t NULLS FIRST, late, record) AS says,
           last(changed_at ORDER BY t NULLS FIRST, late, record) AS changed_at,
           last(stage ORDER BY t NULLS FIRST, late, record) FILTER (means = 'stage' AND says = 'stage') AS stage
    FROM step GROUP BY deal_id
)
SELECT l.deal_id,
       last(label ORDER BY l.t NULLS FIRST, record) FILTER (l.means = 'seller_id') AS seller_id,
       first(coalesce(value, l.changed_at) ORDER BY l.t NULLS FIRST, record) FILTER (l.means = 'created_at')
           AS created_at,
       any_value(CASE WHEN e.says IN ('won', 'lost') THEN e.changed_at END) AS closed_at,
       any_value(CASE WHEN e.says IN ('won', 'lost') THEN e.says ELSE 'open' END) AS outcome,
       any_value(e.stage) AS stage,
       last(label ORDER BY l.t NULLS FIRST, record) FILTER (l.means = 'lost_reason') AS lost_reason,
       last(l.changed_at ORDER BY l.t, record) FILTER (l.t IS NOT NULL) AS updated_at
