-- Outbound activities at accounts where the seller has no open deal. Columns: seller_key, monday, n.
SELECT a.seller_key, a.day - (a.day + 3) % 7 AS monday, count(*) AS n
FROM (
    SELECT a.seller_key, a.account_id, cast(a.started_at AS date) - date '1970-01-01' AS day,
           cast(floor(extract(epoch FROM a.started_at)) AS bigint) AS s
    FROM activities a
    CROSS JOIN parameter p
    WHERE a.direction = 'outbound' AND a.deal_id IS NULL AND a.account_id IS NOT NULL
      AND coalesce(a.outcome, '') NOT IN ('planned', 'scheduled') AND floor(extract(epoch FROM a.started_at)) <= p.as_of_s
) a
LEFT JOIN account_open o ON o.seller_key = a.seller_key AND o.account_id = a.account_id AND o.from_s <= a.s AND a.s < o.to_s
WHERE o.n IS NULL
GROUP BY a.seller_key, a.day - (a.day + 3) % 7
