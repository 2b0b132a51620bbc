-- Sellers' weeks: what time there was and what took it. Columns: seller_key, monday, work_days,
-- off_days, is_occasion, is_over, internal_min, customer_min, busy_min, has_calendar, open_deals,
-- crowding (open deals per hour that internal work leaves, in quarters of a natural logarithm).
WITH timed AS (
    -- what lasts a day or longer, all-day or with a mistyped end, is no hours
    SELECT c.seller_key, c.category, cast(c.starts_at AS date) - date '1970-01-01' AS day,
           cast(floor(floor(extract(epoch FROM c.ends_at) - extract(epoch FROM c.starts_at)) / 60) AS bigint) AS m
    FROM calendar c
    WHERE c.ends_at > c.starts_at AND coalesce(c.category, '') <> 'absence'
      AND extract(epoch FROM c.ends_at) - extract(epoch FROM c.starts_at) < 86400
), spent AS (
    SELECT seller_key, day - (day + 3) % 7 AS monday,
           cast(sum(CASE WHEN category IN ('internal', 'admin') THEN m ELSE 0 END) AS bigint) AS internal_min,
           cast(sum(CASE WHEN category = 'customer' THEN m ELSE 0 END) AS bigint) AS customer_min,
           cast(sum(m) AS bigint) AS busy_min
    FROM timed
    GROUP BY seller_key, day - (day + 3) % 7
), absent AS (
    SELECT c.seller_key, d.day
    FROM (
        SELECT seller_key, cast(floor(extract(epoch FROM starts_at)) AS bigint) AS s,
               cast(floor(extract(epoch FROM ends_at)) AS bigint) AS e
        FROM calendar
        WHERE category = 'absence' AND ends_at > starts_at
    ) c
    JOIN day d ON d.day * 86400 < c.e AND (d.day + 1) * 86400 > c.s
    WHERE d.weekday <= 5
    GROUP BY c.seller_key, d.day
    HAVING sum(least(c.e, (d.day + 1) * 86400) - greatest(c.s, d.day * 86400)) >= 14400
), week AS (
    SELECT d.monday, max(CASE WHEN d.is_working = 1 THEN d.day ELSE d.monday END) AS last_day
    FROM day d
    CROSS JOIN parameter p
    WHERE d.monday + 6 >= p.from_day AND d.monday <= p.to_day
    GROUP BY d.monday
), worked AS (
    SELECT s.seller_key, d.monday,
           sum(CASE WHEN d.is_working = 1 AND a.day IS NULL AND d.day BETWEEN s.from_day AND s.to_day THEN 1 ELSE 0 END)
               AS work_days,
           sum(CASE WHEN d.is_holiday = 1 OR a.day IS NOT NULL THEN 1 ELSE 0 END) AS off_days
    FROM seller s
    JOIN day d ON d.weekday <= 5 AND d.monday + 6 >= s.from_day AND d.monday <= s.to_day
    LEFT JOIN absent a ON a.seller_key = s.seller_key AND a.day = d.day
    GROUP BY s.seller_key, d.monday
), moved AS (
    -- open on Monday 00:00: begun by then and not ended by then
    SELECT seller_key, s + (604800 - (s + 259200) % 604800) % 604800 AS s, n
    FROM (
        SELECT seller_key, greatest(from_s, 0) AS s, 1 AS n FROM tenure WHERE seller_key IS NOT NULL
        UNION ALL
        SELECT seller_key, to_s, -1 FROM tenure WHERE seller_key IS NOT NULL AND to_s < 1000000000000
    ) t
), stock AS (
    SELECT seller_key, monday, sum(sum(n)) OVER (PARTITION BY seller_key ORDER BY monday) AS open_deals
    FROM (
        SELECT seller_key, cast((s - s % 86400) / 86400 AS bigint) AS monday, n FROM moved
        UNION ALL
        SELECT seller_key, monday, 0 FROM worked
    ) m
    GROUP BY seller_key, monday
), calendars AS (
    -- before its first event and after its last a calendar says nothing of a week
    SELECT seller_key, min(day - (day + 3) % 7) AS from_monday, max(day - (day + 3) % 7) AS to_monday
    FROM (SELECT seller_key, cast(starts_at AS date) - date '1970-01-01' AS day FROM calendar) c
    GROUP BY seller_key
)
SELECT w.seller_key, w.monday, cast(w.work_days AS bigint) AS work_days, cast(w.off_days AS bigint) AS off_days,
       CASE WHEN w.off_days < p.off_days AND w.work_days >= p.week_days THEN 1 ELSE 0 END AS is_occasion,
       CASE WHEN k.last_day <= p.to_day THEN 1 ELSE 0 END AS is_over,
       coalesce(c.internal_min, 0) AS internal_min, coalesce(c.customer_min, 0) AS customer_min,
       coalesce(c.busy_min, 0) AS busy_min, CASE WHEN h.seller_key IS NOT NULL THEN 1 ELSE 0 END AS has_calendar,
       cast(coalesce(o.open_deals, 0) AS bigint) AS open_deals,
       -- not from busy_min: meetings that a deal got are no reason why it got them
       cast(floor(4 * ln((coalesce(o.open_deals, 0) + 2) * 12.0 * greatest(w.work_days, 1)
                         / greatest(480 * w.work_days - coalesce(c.internal_min, 0), 120)) + 0.5) AS integer) AS crowding
FROM worked w
CROSS JOIN parameter p
JOIN week k ON k.monday = w.monday
LEFT JOIN spent c ON c.seller_key = w.seller_key AND c.monday = w.monday
LEFT JOIN calendars h ON h.seller_key = w.seller_key AND h.from_monday <= w.monday AND w.monday <= h.to_monday
LEFT JOIN stock o ON o.seller_key = w.seller_key AND o.monday = w.monday
