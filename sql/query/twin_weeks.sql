-- Sellers who are there at the end: their weeks. Columns: seller_key, weeks, occasions (working weeks), crowding (as in
-- load_week, summed over these), open_deals (summed), free_min (five eight-hour days less internal work, summed).
SELECT w.seller_key, count(*) AS weeks, cast(sum(w.is_occasion) AS bigint) AS occasions,
       cast(sum(CASE WHEN w.is_occasion = 1 THEN w.crowding ELSE 0 END) AS bigint) AS crowding,
       cast(sum(CASE WHEN w.is_occasion = 1 THEN w.open_deals ELSE 0 END) AS bigint) AS open_deals,
       cast(sum(CASE WHEN w.is_occasion = 1 THEN greatest(480 * w.work_days - w.internal_min, 120) ELSE 0 END) AS bigint)
           AS free_min
FROM load_week w
JOIN seller s ON s.seller_key = w.seller_key
CROSS JOIN parameter p
WHERE w.is_over = 1 AND s.to_day >= p.to_day
GROUP BY w.seller_key
ORDER BY w.seller_key
