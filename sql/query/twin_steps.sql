-- What the last next step leaves behind: weeks in which a decision was steered, after a meeting. Columns: seller_key, stage,
-- complexity (varchar), meetings (before, 4 = more), since (weeks since the last, 2 = more), status (of the next step that was
-- agreed then, as known: 0 none, 1 late, 2 kept, 3 not due yet), occasions, success.
WITH meeting AS (
    SELECT deal, at_s, done, row_number() OVER (PARTITION BY deal ORDER BY at_s) AS k,
           lead(at_s) OVER (PARTITION BY deal ORDER BY at_s) AS next_s
    FROM ledger
    WHERE moment = 5
), known AS (
    SELECT l.seller_key, l.stage, l.situation, l.success, m.k, (l.at_s - m.at_s - (l.at_s - m.at_s) % 604800) / 604800 AS since,
           CASE WHEN m.done = 0 THEN 0 WHEN l.at_s - m.at_s < 12 * 86400 OR coalesce(l.last_step, 0) = 0 THEN 3
                ELSE l.last_step END AS status
    FROM ledger l
    JOIN meeting m ON m.deal = l.deal AND m.at_s < l.at_s AND (m.next_s IS NULL OR m.next_s >= l.at_s)
    WHERE l.moment = 3 AND l.done = 1 AND l.success IS NOT NULL AND l.seller_key IS NOT NULL
)
SELECT n.seller_key, n.stage, coalesce(x.complexity, '') AS complexity, least(n.k, 4) AS meetings, least(n.since, 2) AS since,
       n.status, count(*) AS occasions, cast(sum(n.success) AS bigint) AS success
FROM known n
LEFT JOIN situation x ON x.situation = n.situation
GROUP BY n.seller_key, n.stage, coalesce(x.complexity, ''), least(n.k, 4), least(n.since, 2), n.status
ORDER BY n.seller_key, n.stage, complexity, meetings, since, n.status
