-- Days on which one user lost many deals, for the test of clean-ups. Columns: user_key, day, n, and of
-- the user's other days with losses: other_days, other_n; of all days of a user with losses: all_days,
-- all_n.
WITH loss AS (
    SELECT coalesce(s.next_recorded_by, d.seller_key) AS user_key,
           cast((s.next_s - s.next_s % 86400) / 86400 AS bigint) AS day
    FROM step s
    JOIN deal d ON d.deal = s.deal
    WHERE s.closing = 0 AND s.next_closing = 2
), by_day AS (
    SELECT user_key, day, count(*) AS n FROM loss WHERE user_key IS NOT NULL GROUP BY user_key, day
), by_user AS (
    SELECT user_key, count(*) AS days, cast(sum(n) AS bigint) AS n FROM by_day GROUP BY user_key
)
SELECT b.user_key, b.day, b.n, u.days - 1 AS other_days, u.n - b.n AS other_n, a.all_days, a.all_n
FROM by_day b
CROSS JOIN (SELECT count(*) AS all_days, cast(sum(n) AS bigint) AS all_n FROM by_day) a
CROSS JOIN parameter p
JOIN by_user u ON u.user_key = b.user_key
WHERE b.n >= p.cleanup_min
ORDER BY b.user_key, b.day
