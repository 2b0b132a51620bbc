-- Sellers' working weeks that are over, and what was done in them. Columns: seller_key, monday, work_days, has_calendar
-- (0/1), internal_min, touches (prospecting's activities), meetings (with customers, in the calendar), own_deals and
-- other_deals (created that week by the owner of that time; with an own source, and not or unknown), held, steps, steps_kept
-- (occasions of next_step, done, and success), leaving, qualified (occasions of qualification, done), open_deals (on Monday
-- 00:00), followed, followed_won (of the deals created that week those that are 26 weeks old or more, and won by that age).
WITH met AS (
    SELECT seller_key, day - (day + 3) % 7 AS monday, count(*) AS n
    FROM (SELECT seller_key, cast(starts_at AS date) - date '1970-01-01' AS day FROM calendar WHERE category = 'customer') c
    GROUP BY seller_key, day - (day + 3) % 7
), started AS (
    SELECT o.seller_key, cast((d.created_s - (d.created_s + 259200) % 604800) / 86400 AS bigint) AS monday,
           sum(CASE WHEN d.source = 1 THEN 1 ELSE 0 END) AS own, sum(CASE WHEN d.source = 1 THEN 0 ELSE 1 END) AS other,
           sum(CASE WHEN p.as_of_s - d.created_s >= 15724800 THEN 1 ELSE 0 END) AS followed,
           sum(CASE WHEN p.as_of_s - d.created_s >= 15724800 AND d.outcome = 1 AND d.closed_s - d.created_s < 15724800
                    THEN 1 ELSE 0 END) AS followed_won
    FROM deal d
    CROSS JOIN parameter p
    JOIN owner_spell o ON o.deal = d.deal AND o.from_s <= d.created_s AND d.created_s < o.to_s
    WHERE d.created_s IS NOT NULL AND o.seller_key IS NOT NULL
    GROUP BY o.seller_key, cast((d.created_s - (d.created_s + 259200) % 604800) / 86400 AS bigint)
), occasions AS (
    SELECT seller_key, monday, sum(CASE WHEN moment = 5 THEN 1 ELSE 0 END) AS held,
           sum(CASE WHEN moment = 5 THEN done ELSE 0 END) AS steps,
           sum(CASE WHEN moment = 5 AND done = 1 THEN success ELSE 0 END) AS steps_kept,
           sum(CASE WHEN moment = 2 THEN 1 ELSE 0 END) AS leaving, sum(CASE WHEN moment = 2 THEN done ELSE 0 END) AS qualified
    FROM ledger
    WHERE moment IN (2, 5) AND seller_key IS NOT NULL
    GROUP BY seller_key, monday
)
SELECT w.seller_key, w.monday, w.work_days, w.has_calendar, w.internal_min, coalesce(a.touches, 0) AS touches,
       coalesce(m.n, 0) AS meetings, cast(coalesce(s.own, 0) AS bigint) AS own_deals,
       cast(coalesce(s.other, 0) AS bigint) AS other_deals, cast(coalesce(k.held, 0) AS bigint) AS held,
       cast(coalesce(k.steps, 0) AS bigint) AS steps, cast(coalesce(k.steps_kept, 0) AS bigint) AS steps_kept,
       cast(coalesce(k.leaving, 0) AS bigint) AS leaving, cast(coalesce(k.qualified, 0) AS bigint) AS qualified,
       w.open_deals, cast(coalesce(s.followed, 0) AS bigint) AS followed,
       cast(coalesce(s.followed_won, 0) AS bigint) AS followed_won
FROM load_week w
LEFT JOIN outreach_week a ON a.seller_key = w.seller_key AND a.monday = w.monday
LEFT JOIN met m ON m.seller_key = w.seller_key AND m.monday = w.monday
LEFT JOIN started s ON s.seller_key = w.seller_key AND s.monday = w.monday
LEFT JOIN occasions k ON k.seller_key = w.seller_key AND k.monday = w.monday
WHERE w.is_occasion = 1 AND w.is_over = 1
ORDER BY w.seller_key, w.monday
