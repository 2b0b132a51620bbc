-- Who has which deal open, when. Columns: deal, seller_key, account_id, from_s, to_s (half open; an
-- open deal's last to 10^12).
WITH life AS (
    SELECT s.deal, min(s.s) AS from_s, max(CASE WHEN s.next_s IS NULL AND s.closing = 0 THEN 1000000000000 ELSE s.s END) AS to_s
    FROM step s
    GROUP BY s.deal
)
SELECT l.deal, o.seller_key, d.account_id,
       greatest(least(l.from_s, coalesce(d.created_s, l.from_s)), o.from_s) AS from_s, least(l.to_s, o.to_s) AS to_s
FROM life l
JOIN deal d ON d.deal = l.deal
JOIN owner_spell o ON o.deal = l.deal AND o.from_s < l.to_s AND o.to_s > least(l.from_s, coalesce(d.created_s, l.from_s))
