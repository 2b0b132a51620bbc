-- Occasions that were observed directly, beside what the CRM says of the same ones: how well what was done
-- is recorded. Columns: moment, seller_key, load_level, crowding, quarter, occasions, done (both as
-- observed), done_told (of those done the CRM knows the occasion), done_recorded (and that it was done),
-- missed_told, missed_recorded (not done, but recorded as done).
WITH seen AS (
    SELECT o.moment, o.seller_key, coalesce(o.deal, 0) AS deal, o.done, l.load, l.monday, l.quarter,
           CASE WHEN o.moment IN (1, 3) THEN o.at_s - (o.at_s + 259200) % 604800 WHEN o.moment = 2 THEN 0
                ELSE o.at_s - o.at_s % 86400 END AS since_s
    FROM ledger l
    JOIN occasion o ON o.moment = l.moment AND o.seller_key = l.seller_key AND o.at_s = l.at_s
        AND coalesce(o.deal, 0) = coalesce(l.deal, 0) AND o.observed = 1
    WHERE l.observed = 1
), told AS (
    SELECT 1 AS moment, seller_key, coalesce(deal, 0) AS deal, at_s AS since_s, done FROM moment_prospecting
    UNION ALL
    SELECT 2, seller_key, deal, cast(0 AS bigint), done FROM moment_qualification
    UNION ALL
    SELECT 3, seller_key, deal, at_s, done FROM moment_decision_steering
    UNION ALL
    SELECT 4, seller_key, deal, at_s - at_s % 86400, done FROM moment_objection_handling
    UNION ALL
    SELECT 5, seller_key, deal, at_s - at_s % 86400, done FROM moment_next_step
), asked AS (
    SELECT DISTINCT moment, seller_key, deal, since_s FROM seen
), once AS (
    SELECT t.moment, t.seller_key, t.deal, t.since_s, max(t.done) AS done
    FROM told t
    JOIN asked a ON a.moment = t.moment AND a.seller_key = t.seller_key AND a.deal = t.deal AND a.since_s = t.since_s
    GROUP BY t.moment, t.seller_key, t.deal, t.since_s
)
SELECT l.moment, l.seller_key, cast(least(greatest(floor(l.load * 2 + 0.5), -4), 6) AS integer) AS load_level,
       w.crowding, l.quarter, count(*) AS occasions, cast(sum(l.done) AS bigint) AS done,
       sum(CASE WHEN l.done = 1 AND t.done IS NOT NULL THEN 1 ELSE 0 END) AS done_told,
       sum(CASE WHEN l.done = 1 AND t.done = 1 THEN 1 ELSE 0 END) AS done_recorded,
       sum(CASE WHEN l.done = 0 AND t.done IS NOT NULL THEN 1 ELSE 0 END) AS missed_told,
       sum(CASE WHEN l.done = 0 AND t.done = 1 THEN 1 ELSE 0 END) AS missed_recorded
FROM seen l
LEFT JOIN load_week w ON w.seller_key = l.seller_key AND w.monday = l.monday
LEFT JOIN once t ON t.moment = l.moment AND t.seller_key = l.seller_key AND t.deal = l.deal AND t.since_s = l.since_s
GROUP BY l.moment, l.seller_key, cast(least(greatest(floor(l.load * 2 + 0.5), -4), 6) AS integer), w.crowding,
         l.quarter
