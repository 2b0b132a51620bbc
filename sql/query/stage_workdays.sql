-- Lengths of visits in working days, counted: from the working day of entry to that of exit, 0 =
-- the same. late: working days already passed when the visit came under observation, -1 = none.
-- Columns: stage, situation (0 = all), late, days, ended (0/1: an exit, not a censoring), n.
WITH stay AS (
    SELECT v.stage, v.situation, o.working_number - e.working_number AS days,
        CASE WHEN v.from_s > v.entry_s THEN f.working_number - e.working_number ELSE -1 END AS late,
        CASE WHEN v.cause BETWEEN 1 AND 5 THEN 1 ELSE 0 END AS ended, count(*) AS n
    FROM visit v
    JOIN day e ON e.day = CAST(floor(v.entry_s / 86400.0) AS bigint)
    JOIN day f ON f.day = CAST(floor(v.from_s / 86400.0) AS bigint)
    JOIN day o ON o.day = CAST(floor(v.exit_s / 86400.0) AS bigint)
    WHERE v.stage > 0
    GROUP BY 1, 2, 3, 4, 5
)
SELECT stage, situation, late, days, ended, n FROM stay
UNION ALL
SELECT stage, 0, late, days, ended, sum(n) FROM stay GROUP BY stage, late, days, ended
ORDER BY stage, situation, late, days, ended
