-- Occasions of deals whose result is known (not done, or done with a known success), by what they came in, with
-- sums over deals n and y for a variance that allows for several of one deal. Columns: moment, seller_key, stage
-- (0 = none), segment (varchar, '' = unknown), n, y (done with success), nn, ny, yy (sums over deals of products).
SELECT o.moment, o.seller_key, o.stage, o.segment, cast(sum(o.n) AS bigint) AS n, cast(sum(o.y) AS bigint) AS y,
       cast(sum(o.n * o.n) AS bigint) AS nn, cast(sum(o.n * o.y) AS bigint) AS ny, cast(sum(o.y * o.y) AS bigint) AS yy
FROM (
    SELECT l.moment, l.seller_key, coalesce(l.stage, 0) AS stage, coalesce(s.segment, '') AS segment, l.deal,
           count(*) AS n, sum(CASE WHEN l.done = 1 AND l.success = 1 THEN 1 ELSE 0 END) AS y
    FROM ledger l
    LEFT JOIN situation s ON s.situation = l.situation
    WHERE l.deal IS NOT NULL AND l.seller_key IS NOT NULL AND (l.done = 0 OR l.success IS NOT NULL)
    GROUP BY l.moment, l.seller_key, coalesce(l.stage, 0), coalesce(s.segment, ''), l.deal
) o
GROUP BY o.moment, o.seller_key, o.stage, o.segment
ORDER BY o.moment, o.seller_key, o.stage, o.segment
