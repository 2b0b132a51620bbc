-- What became of deals by whether their qualification was recorded as done. Columns: seller_key, quarter, source,
-- done, complexity, segment (varchar), deals, stopped, won, lost.
SELECT c.seller_key, c.quarter, c.source, c.done, coalesce(s.complexity, '') AS complexity, coalesce(s.segment, '') AS segment,
       cast(sum(c.deals) AS bigint) AS deals, cast(sum(c.stopped) AS bigint) AS stopped,
       cast(sum(c.won) AS bigint) AS won, cast(sum(c.lost) AS bigint) AS lost
FROM qualification_cell c
LEFT JOIN situation s ON s.situation = c.situation
GROUP BY c.seller_key, c.quarter, c.source, c.done, coalesce(s.complexity, ''), coalesce(s.segment, '')
ORDER BY c.seller_key, c.quarter, c.source, c.done, complexity, segment
