-- Occasions in the ledger by seller and moment. Columns: seller_key, team_id (varchar, '' = none),
-- moment (varchar), occasions.
SELECT c.seller_key, coalesce(max(s.team_id), '') AS team_id, c.moment,
    sum(c.occasions) AS occasions
FROM moment_cell c LEFT JOIN seller s ON s.seller_key = c.seller_key
WHERE c.seller_key IS NOT NULL
GROUP BY c.seller_key, c.moment
ORDER BY c.seller_key, c.moment
