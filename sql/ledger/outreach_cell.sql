-- Prospecting weeks by what was recorded of them. Columns: seller_key, load_level, crowding, quarter,
-- touches (60 = that or more), weeks.
SELECT l.seller_key, cast(least(greatest(floor(l.load * 2 + 0.5), -4), 6) AS integer) AS load_level, w.crowding, l.quarter,
       least(coalesce(o.touches, 0), 60) AS touches, count(*) AS weeks
FROM ledger l
JOIN load_week w ON w.seller_key = l.seller_key AND w.monday = l.monday
LEFT JOIN outreach_week o ON o.seller_key = l.seller_key AND o.monday = l.monday
WHERE l.moment = 1 AND l.observed = 0
GROUP BY l.seller_key, cast(least(greatest(floor(l.load * 2 + 0.5), -4), 6) AS integer), w.crowding, l.quarter,
         least(coalesce(o.touches, 0), 60)
