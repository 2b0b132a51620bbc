-- New deals by who owned them when they began. Columns: seller_key, source (0 unknown, 1 own, 2 inbound), done (1: prospecting
-- was done that week, 0 not, NULL no such week), complexity (varchar), deals.
SELECT o.seller_key, d.source, l.done, coalesce(x.complexity, '') AS complexity, count(*) AS deals
FROM deal d
JOIN owner_spell o ON o.deal = d.deal AND o.from_s <= d.created_s AND d.created_s < o.to_s
LEFT JOIN situation x ON x.situation = d.situation
LEFT JOIN ledger l ON l.moment = 1 AND l.seller_key = o.seller_key
    AND l.monday = cast((d.created_s - (d.created_s + 259200) % 604800) / 86400 AS bigint)
WHERE d.created_s IS NOT NULL AND o.seller_key IS NOT NULL
GROUP BY o.seller_key, d.source, l.done, coalesce(x.complexity, '')
ORDER BY o.seller_key, d.source, l.done, complexity
