-- Visits by stage and situation (0 = all). Columns: stage, situation, entered (seen to begin),
-- standing (open at the as-of date).
SELECT v.stage, v.situation, count(CASE WHEN v.from_s = v.entry_s THEN 1 END) AS entered,
    count(CASE WHEN v.cause = 0 AND v.exit_s = p.as_of_s THEN 1 END) AS standing
FROM (SELECT stage, situation, from_s, entry_s, exit_s, cause FROM visit
    UNION ALL SELECT stage, 0 AS situation, from_s, entry_s, exit_s, cause FROM visit) v
CROSS JOIN parameter p
GROUP BY v.stage, v.situation
ORDER BY v.stage, v.situation
