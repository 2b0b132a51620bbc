-- Occasions in the ledger by seller and moment. Columns: seller_key, team_id (varchar, '' = none),
-- moment (number), name (varchar), occasions, done, known (done and success known), success (of those).
SELECT c.seller_key, coalesce(max(s.team_id), '') AS team_id, c.moment, max(n.name) AS name,
       cast(sum(c.occasions) AS bigint) AS occasions, cast(sum(c.done) AS bigint) AS done,
       cast(sum(c.done_known) AS bigint) AS known, cast(sum(c.success) AS bigint) AS success
FROM moment_cell c
JOIN moment_name n ON n.moment = c.moment
LEFT JOIN seller s ON s.seller_key = c.seller_key
WHERE c.seller_key IS NOT NULL
GROUP BY c.seller_key, c.moment
ORDER BY c.seller_key, c.moment
