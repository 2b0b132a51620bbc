-- The moment ledger: one row an occasion. Columns: moment (see moment_name), seller_key, deal, at_s,
-- monday, stage, situation, quarter, internal_min, load [SD], done, success, qualified, last_step,
-- age_days, open_deals, free_min, observed.
WITH decided AS (
    -- what is known of a deal's next steps after from_s until to_s: the latest was kept (1) or late
    SELECT deal, decided_s AS from_s, max(kept) AS kept,
           coalesce(lead(decided_s) OVER (PARTITION BY deal ORDER BY decided_s), 1000000000000) AS to_s
    FROM planned_step
    WHERE decided_s IS NOT NULL
    GROUP BY deal, decided_s
), planned AS (
    SELECT count(*) AS n FROM planned_step
)
SELECT e.moment, e.seller_key, e.deal, e.at_s, y.monday, e.stage, d.situation, y.quarter,
       CASE WHEN w.has_calendar = 1 THEN w.internal_min END AS internal_min,
       CASE WHEN w.has_calendar = 1 AND l.sd_min > 0 THEN (w.internal_min - l.mean_min) / l.sd_min END AS load,
       e.done, e.success, CASE WHEN q.at_s < e.at_s THEN q.done END AS qualified,
       CASE WHEN a.n = 0 OR e.deal IS NULL THEN NULL WHEN k.kept IS NULL THEN 0 ELSE 1 + k.kept END AS last_step,
       cast((e.at_s - d.created_s - (e.at_s - d.created_s) % 86400) / 86400 AS integer) AS age_days, w.open_deals,
       p.full_week_min - w.busy_min AS free_min, e.observed
FROM occasion e
CROSS JOIN parameter p
CROSS JOIN load_scale l
CROSS JOIN planned a
JOIN day y ON y.day = cast((e.at_s - e.at_s % 86400) / 86400 AS bigint)
LEFT JOIN deal d ON d.deal = e.deal
LEFT JOIN moment_qualification q ON q.deal = e.deal
LEFT JOIN decided k ON k.deal = e.deal AND k.from_s < e.at_s AND k.to_s >= e.at_s
LEFT JOIN load_week w ON w.seller_key = e.seller_key AND w.monday = y.monday
