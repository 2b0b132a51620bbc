-- Sellers with the working weeks that they could sell in. Columns: seller_key, team_id (varchar, '' = none), weeks.
SELECT s.seller_key, coalesce(s.team_id, '') AS team_id, count(*) AS weeks
FROM seller s
JOIN load_week w ON w.seller_key = s.seller_key AND w.is_occasion = 1 AND w.is_over = 1
GROUP BY s.seller_key, coalesce(s.team_id, '')
ORDER BY s.seller_key
