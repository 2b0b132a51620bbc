-- Was it done: occasions of moments other than prospecting as sufficient statistics, those observed
-- directly left out (audit_cell has them). Columns: moment, seller_key, load_level (load in half SDs, rounded, in
-- [-4, 6]; NULL without calendar),
-- crowding (of the week, see load_week), quarter, occasions, done.
SELECT l.moment, l.seller_key, cast(least(greatest(floor(l.load * 2 + 0.5), -4), 6) AS integer) AS load_level,
       w.crowding, l.quarter, count(*) AS occasions, cast(sum(l.done) AS bigint) AS done
FROM ledger l
LEFT JOIN load_week w ON w.seller_key = l.seller_key AND w.monday = l.monday
WHERE l.observed = 0 AND l.moment > 1 AND l.seller_key IS NOT NULL
GROUP BY l.moment, l.seller_key, cast(least(greatest(floor(l.load * 2 + 0.5), -4), 6) AS integer), w.crowding,
         l.quarter
