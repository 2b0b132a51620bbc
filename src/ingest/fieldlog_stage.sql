-- A change log as stage events: in: step. What follows a closing re-opens; "open" said of a deal
-- that was not closed is nothing new.
, told AS (
    SELECT *, lag(says) OVER w AS before,
           last_value(CASE WHEN means = 'stage' AND says = 'stage' THEN stage END IGNORE NULLS)
               OVER w AS stands
    FROM step
    WINDOW w AS (PARTITION BY deal_id ORDER BY t NULLS FIRST, late, record
                 ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
)
SELECT record AS _line, deal_id, CASE WHEN says = 'open' THEN stands ELSE stage END AS stage,
       changed_at AS entered_at,
       CASE WHEN says IN ('won', 'lost') THEN says
            WHEN before IN ('won', 'lost') THEN 'reopened' ELSE 'stage' END AS kind,
       'exact' AS quality
FROM told
WHERE says <> 'open' OR (before IN ('won', 'lost') AND stands IS NOT NULL)
ORDER BY record
