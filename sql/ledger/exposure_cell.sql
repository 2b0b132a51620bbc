-- Time at risk and ends, as sufficient statistics of the piecewise-exponential model. Columns:
-- seller_key, stage, situation, band, quarter, exposure_s [s], forward, skip, back, won, lost, cleanup.
WITH aged AS (
    SELECT w.seller_key, w.stage, w.situation, b.band, greatest(w.a, w.entry_s + b.from_day * 86400) AS a,
           least(w.b, w.entry_s + b.to_day * 86400) AS b,
           CASE WHEN w.b <= w.entry_s + b.to_day * 86400 THEN w.cause ELSE 0 END AS cause
    FROM stay w
    -- written so that it is no range join, for which DuckDB would sort all rows: there are few bands
    JOIN band b ON greatest(w.a, w.entry_s + b.from_day * 86400) < least(w.b, w.entry_s + b.to_day * 86400)
    WHERE w.gap = 0
), dated AS (
    SELECT g.seller_key, g.stage, g.situation, g.band, q.quarter,
           least(g.b, q.to_s) - greatest(g.a, q.from_s) AS exposure_s,
           CASE WHEN g.b <= q.to_s THEN g.cause ELSE 0 END AS cause
    FROM aged g
    -- likewise
    JOIN quarter q ON greatest(g.a, q.from_s) < least(g.b, q.to_s)
)
SELECT seller_key, stage, situation, band, quarter, cast(sum(exposure_s) AS bigint) AS exposure_s,
       cast(sum(CASE WHEN cause = 1 THEN 1 ELSE 0 END) AS integer) AS forward,
       cast(sum(CASE WHEN cause = 2 THEN 1 ELSE 0 END) AS integer) AS skip,
       cast(sum(CASE WHEN cause = 3 THEN 1 ELSE 0 END) AS integer) AS back,
       cast(sum(CASE WHEN cause = 4 THEN 1 ELSE 0 END) AS integer) AS won,
       cast(sum(CASE WHEN cause = 5 THEN 1 ELSE 0 END) AS integer) AS lost,
       cast(sum(CASE WHEN cause = 6 THEN 1 ELSE 0 END) AS integer) AS cleanup
FROM dated
GROUP BY seller_key, stage, situation, band, quarter
