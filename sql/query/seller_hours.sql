-- What took the sellers' working weeks, from the calendar. Columns: seller_key, category (varchar: customer, internal,
-- admin, travel, focus, other, absence), weeks (over and worked, of a seller with a calendar; for absence every week of
-- the employment that is over), minutes (in those weeks). An event belongs to the week of its start, double bookings count
-- each; what lasts a day or longer is no minutes; absence is its part of each Monday to Friday, at most eight hours a day.
WITH timed AS (
    SELECT c.seller_key, coalesce(nullif(c.category, ''), 'other') AS category,
           cast(c.starts_at AS date) - date '1970-01-01' AS day,
           cast(floor(floor(extract(epoch FROM c.ends_at) - extract(epoch FROM c.starts_at)) / 60) AS bigint) AS m
    FROM calendar c
    WHERE c.ends_at > c.starts_at AND coalesce(c.category, '') <> 'absence'
      AND extract(epoch FROM c.ends_at) - extract(epoch FROM c.starts_at) < 86400
), away AS (
    SELECT seller_key, monday, sum(least(m, 480)) AS m
    FROM (
        SELECT c.seller_key, d.monday, d.day,
               cast(floor(sum(least(c.e, (d.day + 1) * 86400) - greatest(c.s, d.day * 86400)) / 60.0) AS bigint) AS m
        FROM (
            SELECT seller_key, cast(floor(extract(epoch FROM starts_at)) AS bigint) AS s,
                   cast(floor(extract(epoch FROM ends_at)) AS bigint) AS e
            FROM calendar
            WHERE category = 'absence' AND ends_at > starts_at
        ) c
        JOIN day d ON d.day * 86400 < c.e AND (d.day + 1) * 86400 > c.s
        WHERE d.is_working = 1
        GROUP BY c.seller_key, d.monday, d.day
    ) a
    GROUP BY seller_key, monday
), week AS (
    SELECT seller_key, monday, is_occasion FROM load_week WHERE has_calendar = 1 AND is_over = 1
), weeks AS (
    SELECT seller_key, cast(sum(is_occasion) AS bigint) AS worked, count(*) AS n FROM week GROUP BY seller_key
), spent AS (
    SELECT t.seller_key, t.category, sum(t.m) AS m
    FROM (SELECT seller_key, category, day - (day + 3) % 7 AS monday, m FROM timed) t
    JOIN week w ON w.seller_key = t.seller_key AND w.monday = t.monday AND w.is_occasion = 1
    GROUP BY t.seller_key, t.category
    UNION ALL
    SELECT a.seller_key, 'absence', sum(a.m)
    FROM away a
    JOIN week w ON w.seller_key = a.seller_key AND w.monday = a.monday
    GROUP BY a.seller_key
)
SELECT w.seller_key, k.category, CASE WHEN k.category = 'absence' THEN w.n ELSE w.worked END AS weeks,
       cast(coalesce(s.m, 0) AS bigint) AS minutes
FROM weeks w
CROSS JOIN (SELECT 'customer' AS category UNION ALL SELECT 'internal' UNION ALL SELECT 'admin' UNION ALL SELECT 'travel'
            UNION ALL SELECT 'focus' UNION ALL SELECT 'other' UNION ALL SELECT 'absence') k
LEFT JOIN spent s ON s.seller_key = w.seller_key AND s.category = k.category
ORDER BY w.seller_key, k.category
