-- The stages there are. Columns: pipeline, name, n (deals looked at that came there), starts (that
-- came there first).
SELECT f.pipeline, f.name, count(*) AS n, sum(CASE WHEN f.s = m.s THEN 1 ELSE 0 END) AS starts
FROM stage_first f
JOIN (SELECT deal, min(s) AS s FROM stage_first GROUP BY deal) m ON m.deal = f.deal
GROUP BY f.pipeline, f.name
ORDER BY f.pipeline, f.name
