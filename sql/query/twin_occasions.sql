-- Occasions by moment, over all sellers. Columns: moment, occasions, done.
SELECT moment, count(*) AS occasions, cast(sum(done) AS bigint) AS done
FROM ledger
GROUP BY moment
ORDER BY moment
