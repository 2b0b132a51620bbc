-- The moment ledger: one row an occasion. Columns: moment (see moment_name), seller_key, deal, at_s,
-- monday, stage, situation, quarter, internal_min, load [SD], done, success, qualified, last_step,
-- age_days, open_deals, free_min, observed.
WITH told AS (
    -- what is learnt of a deal: at s, its qualification was done or not, a next step was kept or late
    SELECT deal, at_s AS s, 1 AS later, at_s * 2 + done AS qualified, cast(NULL AS bigint) AS kept, 0 AS moment,
           cast(NULL AS bigint) AS seller_key, cast(NULL AS integer) AS stage, 0 AS done, 0 AS success, 0 AS observed
    FROM moment_qualification
    UNION ALL
    SELECT deal, decided_s, 1, NULL, decided_s * 2 + kept, 0, NULL, NULL, 0, 0, 0
    FROM planned_step
    WHERE decided_s IS NOT NULL
    UNION ALL
    SELECT deal, at_s, 0, NULL, NULL, moment, seller_key, stage, done, success, observed
    FROM occasion
    WHERE deal IS NOT NULL
), before AS (
    SELECT moment, seller_key, deal, s AS at_s, stage, done, success, observed, max(qualified) OVER w AS qualified,
           max(kept) OVER w AS kept
    FROM told
    WINDOW w AS (PARTITION BY deal ORDER BY s, later ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
), every_one AS (
    SELECT b.moment, b.seller_key, b.deal, b.at_s, b.stage, b.done, b.success, b.observed, b.qualified % 2 AS qualified,
           CASE WHEN NOT EXISTS (SELECT 1 FROM planned_step) THEN NULL WHEN b.kept IS NULL THEN 0 ELSE 1 + b.kept % 2 END
               AS last_step
    FROM before b
    WHERE b.moment > 0
    UNION ALL
    SELECT moment, seller_key, deal, at_s, stage, done, success, observed, NULL, NULL
    FROM occasion
    WHERE deal IS NULL
)
SELECT e.moment, e.seller_key, e.deal, e.at_s, y.monday, e.stage, d.situation, y.quarter,
       CASE WHEN w.has_calendar = 1 THEN w.internal_min END AS internal_min,
       CASE WHEN w.has_calendar = 1 AND l.sd_min > 0 THEN (w.internal_min - l.mean_min) / l.sd_min END AS load,
       e.done, e.success, cast(e.qualified AS integer) AS qualified, cast(e.last_step AS integer) AS last_step,
       cast((e.at_s - d.created_s - (e.at_s - d.created_s) % 86400) / 86400 AS integer) AS age_days, w.open_deals,
       p.full_week_min - w.busy_min AS free_min, e.observed
FROM every_one e
CROSS JOIN parameter p
CROSS JOIN load_scale l
JOIN day y ON y.day = cast((e.at_s - e.at_s % 86400) / 86400 AS bigint)
LEFT JOIN deal d ON d.deal = e.deal
LEFT JOIN load_week w ON w.seller_key = e.seller_key AND w.monday = y.monday
