-- Occasions of sellers, summed. Columns: moment, seller_key, occasions, done, done_known (done and success
-- known), success (of those), missed_known, missed_success (the same where not done).
SELECT moment, seller_key, count(*) AS occasions, cast(sum(done) AS bigint) AS done,
       sum(CASE WHEN done = 1 AND success IS NOT NULL THEN 1 ELSE 0 END) AS done_known,
       sum(CASE WHEN done = 1 AND success = 1 THEN 1 ELSE 0 END) AS success,
       sum(CASE WHEN done = 0 AND success IS NOT NULL THEN 1 ELSE 0 END) AS missed_known,
       sum(CASE WHEN done = 0 AND success = 1 THEN 1 ELSE 0 END) AS missed_success
FROM ledger
GROUP BY moment, seller_key
