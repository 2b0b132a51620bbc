-- Working weeks by outreach, and the deals not come from customers that were started in them. Columns: seller_key,
-- touches (60 = that or more), weeks, deals.
WITH started AS (
    SELECT o.seller_key, cast((d.created_s - (d.created_s + 259200) % 604800) / 86400 AS bigint) AS monday, count(*) AS deals
    FROM deal d
    JOIN owner_spell o ON o.deal = d.deal AND o.from_s <= d.created_s AND d.created_s < o.to_s
    WHERE d.created_s IS NOT NULL AND d.source <> 2
    GROUP BY o.seller_key, cast((d.created_s - (d.created_s + 259200) % 604800) / 86400 AS bigint)
)
SELECT w.seller_key, least(coalesce(o.touches, 0), 60) AS touches, count(*) AS weeks,
       cast(coalesce(sum(s.deals), 0) AS bigint) AS deals
FROM load_week w
LEFT JOIN outreach_week o ON o.seller_key = w.seller_key AND o.monday = w.monday
LEFT JOIN started s ON s.seller_key = w.seller_key AND s.monday = w.monday
WHERE w.is_occasion = 1 AND w.is_over = 1
GROUP BY w.seller_key, least(coalesce(o.touches, 0), 60)
ORDER BY 1, 2
