-- How long after a loss deals are re-opened: the 99th percentile (the smallest lag that 99 of 100 do
-- not exceed). Columns: lag_s, n (re-openings). No row where there are none.
WITH ranked AS (
    SELECT next_s - s AS lag_s, row_number() OVER (ORDER BY next_s - s) AS k, count(*) OVER () AS n
    FROM step
    WHERE closing = 2 AND next_closing = 0
)
SELECT lag_s, n FROM ranked WHERE 100 * k >= 99 * n AND 100 * (k - 1) < 99 * n
