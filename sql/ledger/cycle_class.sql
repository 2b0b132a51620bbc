-- Length class of the sales cycle by pipeline and product, from the lower median of days from
-- creation to close. Columns: pipeline, product ('' = none), cycle (short, medium, long, '' where
-- fewer than 10 deals closed).
WITH closed AS (
    SELECT coalesce(pipeline, '') AS pipeline, coalesce(product, '') AS product,
           cast(closed_at AS date) - cast(created_at AS date) AS days
    FROM deals, parameter
    WHERE outcome IN ('won', 'lost') AND created_at IS NOT NULL AND closed_at >= created_at
      AND floor(extract(epoch FROM closed_at)) <= as_of_s
), ranked AS (
    SELECT pipeline, product, days,
           row_number() OVER (PARTITION BY pipeline, product ORDER BY days) AS k,
           count(*) OVER (PARTITION BY pipeline, product) AS n
    FROM closed
)
SELECT pipeline, product,
       CASE WHEN n < 10 THEN '' WHEN days <= cycle_short_days THEN 'short'
            WHEN days <= cycle_long_days THEN 'medium' ELSE 'long' END AS cycle
FROM ranked, parameter
WHERE 2 * k IN (n, n + 1)
