-- Occasions as sufficient statistics. Columns: moment, seller_key, situation (0 = none), quarter,
-- load_level (load in half SDs, rounded, in [-4, 6]; NULL without calendar), qualified, last_step,
-- occasions, done, done_known (done and success known), success (of those), missed_known, missed_success
-- (the same where not done).
SELECT moment, seller_key, coalesce(situation, 0) AS situation, quarter,
       cast(least(greatest(floor(load * 2 + 0.5), -4), 6) AS integer) AS load_level, qualified, last_step,
       count(*) AS occasions, cast(sum(done) AS bigint) AS done,
       sum(CASE WHEN done = 1 AND success IS NOT NULL THEN 1 ELSE 0 END) AS done_known,
       sum(CASE WHEN done = 1 AND success = 1 THEN 1 ELSE 0 END) AS success,
       sum(CASE WHEN done = 0 AND success IS NOT NULL THEN 1 ELSE 0 END) AS missed_known,
       sum(CASE WHEN done = 0 AND success = 1 THEN 1 ELSE 0 END) AS missed_success
FROM ledger
GROUP BY moment, seller_key, coalesce(situation, 0), quarter,
         cast(least(greatest(floor(load * 2 + 0.5), -4), 6) AS integer), qualified, last_step
