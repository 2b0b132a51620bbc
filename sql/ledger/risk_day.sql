-- Visits on whole days since entry: sufficient for Aalen-Johansen by stage. Columns: stage, situation
-- (0 = all), day, at_risk, entered, forward, skip, back, won, lost, cleanup, censored.
WITH spent AS (
    SELECT stage, situation, cause,
           cast((from_s - entry_s - (from_s - entry_s) % 86400) / 86400 AS integer) AS day_in,
           cast((from_s - entry_s + risk_s + 86399 - (from_s - entry_s + risk_s + 86399) % 86400) / 86400 AS integer)
               AS day_out
    FROM visit
    WHERE risk_s > 0
), moved AS (
    SELECT stage, situation, day_in + 1 AS day, 7 AS cause, count(*) AS n
    FROM spent
    GROUP BY stage, situation, day_in
    UNION ALL
    SELECT stage, situation, day_out, cause, count(*) FROM spent GROUP BY stage, situation, day_out, cause
), daily AS (
    SELECT stage, CASE WHEN every.one = 1 THEN 0 ELSE situation END AS situation, day,
           sum(CASE WHEN cause = 7 THEN n ELSE 0 END) AS entered, sum(CASE WHEN cause < 7 THEN n ELSE 0 END) AS ended,
           sum(CASE WHEN cause = 1 THEN n ELSE 0 END) AS forward, sum(CASE WHEN cause = 2 THEN n ELSE 0 END) AS skip,
           sum(CASE WHEN cause = 3 THEN n ELSE 0 END) AS back, sum(CASE WHEN cause = 4 THEN n ELSE 0 END) AS won,
           sum(CASE WHEN cause = 5 THEN n ELSE 0 END) AS lost, sum(CASE WHEN cause = 6 THEN n ELSE 0 END) AS cleanup,
           sum(CASE WHEN cause = 0 THEN n ELSE 0 END) AS censored
    FROM moved
    CROSS JOIN (SELECT 0 AS one UNION ALL SELECT 1) every
    GROUP BY stage, CASE WHEN every.one = 1 THEN 0 ELSE situation END, day
)
SELECT stage, situation, day,
       cast(sum(entered) OVER w - (sum(ended) OVER w - ended) AS bigint) AS at_risk,
       cast(entered AS bigint) AS entered, cast(forward AS bigint) AS forward, cast(skip AS bigint) AS skip,
       cast(back AS bigint) AS back, cast(won AS bigint) AS won, cast(lost AS bigint) AS lost,
       cast(cleanup AS bigint) AS cleanup, cast(censored AS bigint) AS censored
FROM daily
WINDOW w AS (PARTITION BY stage, situation ORDER BY day)
