-- Sellers with their teams. Columns: seller_key, team_id (varchar, '' = none), from_day, to_day.
SELECT seller_key, coalesce(team_id, '') AS team_id, from_day, to_day FROM seller ORDER BY seller_key
