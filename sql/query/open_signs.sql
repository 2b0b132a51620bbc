-- Of open deals, the twelve weeks up to the as-of date in which anything was done. Columns: deal, ago (weeks before the
-- last, 0 = the last), is_sign (1: the customer was heard of, 0: only the seller).
SELECT d.deal, cast((p.as_of_s - x.s - (p.as_of_s - x.s) % 604800) / 604800 AS bigint) AS ago, max(x.is_sign) AS is_sign
FROM (
    SELECT deal_id, cast(floor(extract(epoch FROM started_at)) AS bigint) AS s,
           CASE WHEN direction = 'inbound' OR (kind IN ('meeting', 'demo') AND outcome = 'held') THEN 1 ELSE 0 END AS is_sign
    FROM activities
    WHERE deal_id IS NOT NULL AND coalesce(outcome, '') <> 'planned'
) x
CROSS JOIN parameter p
JOIN deal d ON d.deal_id = x.deal_id
WHERE d.outcome = 0 AND x.s <= p.as_of_s AND x.s > p.as_of_s - 7257600
GROUP BY d.deal, cast((p.as_of_s - x.s - (p.as_of_s - x.s) % 604800) / 604800 AS bigint)
ORDER BY 1, 2
