-- Exits and exposure by place in the process. Columns: position (1 the first), is_decision, complexity (varchar),
-- risk_s [s], forward (past
-- a place too: skip), skip, won, lost, back.
SELECT s.position, s.is_decision, coalesce(x.complexity, '') AS complexity, cast(sum(v.risk_s) AS bigint) AS risk_s,
       cast(sum(CASE WHEN v.cause IN (1, 2) THEN 1 ELSE 0 END) AS bigint) AS forward,
       cast(sum(CASE WHEN v.cause = 2 THEN 1 ELSE 0 END) AS bigint) AS skip,
       cast(sum(CASE WHEN v.cause = 4 THEN 1 ELSE 0 END) AS bigint) AS won,
       cast(sum(CASE WHEN v.cause IN (5, 6) THEN 1 ELSE 0 END) AS bigint) AS lost,
       cast(sum(CASE WHEN v.cause = 3 THEN 1 ELSE 0 END) AS bigint) AS back
FROM visit v
JOIN stage s ON s.stage = v.stage
LEFT JOIN situation x ON x.situation = v.situation
GROUP BY s.position, s.is_decision, coalesce(x.complexity, '')
ORDER BY s.position, s.is_decision, complexity
