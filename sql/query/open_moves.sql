-- Where moves lead. Columns: stage, to_stage, onward (1 forward or skipped, 0 back), n.
SELECT stage, to_stage, CASE WHEN cause = 3 THEN 0 ELSE 1 END AS onward, count(*) AS n
FROM visit
WHERE cause IN (1, 2, 3)
GROUP BY stage, to_stage, CASE WHEN cause = 3 THEN 0 ELSE 1 END
ORDER BY 1, 2, 3
