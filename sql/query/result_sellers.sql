-- Sellers with the working weeks that they could sell in. Columns: seller_key, team_id (varchar, '' = none), weeks,
-- touches (prospecting's activities in these weeks).
SELECT s.seller_key, coalesce(s.team_id, '') AS team_id, count(*) AS weeks,
       cast(coalesce(sum(o.touches), 0) AS bigint) AS touches
FROM seller s
JOIN load_week w ON w.seller_key = s.seller_key AND w.is_occasion = 1 AND w.is_over = 1
LEFT JOIN outreach_week o ON o.seller_key = w.seller_key AND o.monday = w.monday
GROUP BY s.seller_key, coalesce(s.team_id, '')
ORDER BY s.seller_key
