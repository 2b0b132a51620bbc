-- The occasions of all moments; those observed directly replace derived ones of the same moment, deal
-- (or seller) and day (weekly moments: week; qualification: once a deal). Columns: moment, seller_key, deal, at_s, stage, done,
-- success, observed.
WITH derived AS (
    SELECT 1 AS moment, seller_key, deal, at_s, stage, done, success FROM moment_prospecting
    UNION ALL
    SELECT 2, seller_key, deal, at_s, stage, done, success FROM moment_qualification
    UNION ALL
    SELECT 3, seller_key, deal, at_s, stage, done, success FROM moment_decision_steering
    UNION ALL
    SELECT 4, seller_key, deal, at_s, stage, done, success FROM moment_objection_handling
    UNION ALL
    SELECT 5, seller_key, deal, at_s, stage, done, success FROM moment_next_step
), observed AS (
    SELECT k.moment, m.seller_key, n.deal, cast(floor(extract(epoch FROM m."at")) AS bigint) AS at_s,
           cast(m.done AS integer) AS done, cast(m.success AS integer) AS success
    FROM moments m
    CROSS JOIN parameter p
    JOIN moment_name k ON k.name = m.moment
    LEFT JOIN deal_no n ON n.deal_id = m.deal_id
    WHERE floor(extract(epoch FROM m."at")) <= p.as_of_s
), taken AS (
    SELECT DISTINCT moment, coalesce(-deal, seller_key) AS whose,
           CASE WHEN moment IN (1, 3) THEN at_s - (at_s + 259200) % 604800 WHEN moment = 2 THEN 0
                ELSE at_s - at_s % 86400 END AS since_s
    FROM observed
)
SELECT d.moment, d.seller_key, d.deal, d.at_s, d.stage, d.done, d.success, 0 AS observed
FROM derived d
LEFT JOIN taken t ON t.moment = d.moment AND t.whose = coalesce(-d.deal, d.seller_key)
    AND t.since_s = CASE WHEN d.moment IN (1, 3) THEN d.at_s WHEN d.moment = 2 THEN 0 ELSE d.at_s - d.at_s % 86400 END
WHERE t.moment IS NULL
UNION ALL
SELECT moment, seller_key, deal, at_s, cast(NULL AS integer), done, success, 1
FROM observed
