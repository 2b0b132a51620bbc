-- Sellers: who owns a deal or has an activity. Columns: seller_key, team_id, from_day, to_day
-- (employed, as far as is known).
WITH seen AS (
    SELECT seller_key, min(first_day) AS first_day, max(last_day) AS last_day
    FROM (
        SELECT seller_key, min(first_day) AS first_day, max(last_day) AS last_day FROM activity_week GROUP BY seller_key
        UNION ALL
        SELECT seller_key, cast(min((greatest(from_s, 0) - greatest(from_s, 0) % 86400) / 86400) AS bigint),
               cast(max((least(to_s, as_of_s) - least(to_s, as_of_s) % 86400) / 86400) AS bigint)
        FROM tenure, parameter
        WHERE seller_key IS NOT NULL
        GROUP BY seller_key
    ) r
    GROUP BY seller_key
)
SELECT s.seller_key, r.team_id, greatest(coalesce(r.hired_on - date '1970-01-01', s.first_day), p.from_day) AS from_day,
       least(coalesce(r.left_on - date '1970-01-01',
                      CASE WHEN s.last_day < p.to_day - p.gone_days THEN s.last_day ELSE p.to_day END), p.to_day) AS to_day
FROM seen s
CROSS JOIN parameter p
LEFT JOIN sellers r ON r.seller_key = s.seller_key
