-- What became of deals whose qualification was recorded as done (0: not done). Columns: seller_key,
-- situation, source, quarter, done, deals, stopped (closed in the first stage), won, lost (after going on; the
-- rest is undecided).
SELECT q.seller_key, d.situation, d.source, y.quarter, q.done, count(*) AS deals,
       cast(sum(q.stopped) AS bigint) AS stopped,
       sum(CASE WHEN q.stopped = 0 AND q.success = 1 THEN 1 ELSE 0 END) AS won,
       sum(CASE WHEN q.stopped = 0 AND q.success = 0 THEN 1 ELSE 0 END) AS lost
FROM moment_qualification q
JOIN deal d ON d.deal = q.deal
JOIN day y ON y.day = cast((q.at_s - q.at_s % 86400) / 86400 AS bigint)
WHERE q.seller_key IS NOT NULL
GROUP BY q.seller_key, d.situation, d.source, y.quarter, q.done
