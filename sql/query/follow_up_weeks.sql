-- Occasions by seller, moment and week, of the moments that something was done about. Columns: moment,
-- seller_key, monday (day), occasions, done, known (done and success known), success (of those).
SELECT l.moment, l.seller_key, l.monday, count(*) AS occasions, cast(sum(l.done) AS bigint) AS done,
       count(CASE WHEN l.done = 1 THEN l.success END) AS known,
       cast(sum(CASE WHEN l.done = 1 AND l.success = 1 THEN 1 ELSE 0 END) AS bigint) AS success
FROM ledger l
WHERE l.seller_key IS NOT NULL AND l.done IS NOT NULL AND l.moment IN (
    SELECT n.moment FROM interventions i JOIN moment_name n ON n.name = i.moment)
GROUP BY l.moment, l.seller_key, l.monday
ORDER BY l.moment, l.seller_key, l.monday
