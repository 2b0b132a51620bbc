-- Who owned a deal, when. Before the first change: the recorder of the deal's first event if that is
-- a seller, else unknown; without changes the deal's seller. Columns: deal, seller_key, from_s, to_s
-- (half open; the first from -10^12, the last to 10^12).
WITH change AS (
    SELECT n.deal, cast(floor(extract(epoch FROM o.changed_at)) AS bigint) AS s, max(o.seller_key) AS seller_key
    FROM owner_changes o
    CROSS JOIN parameter p
    JOIN deal_no n ON n.deal_id = o.deal_id
    WHERE floor(extract(epoch FROM o.changed_at)) <= p.as_of_s
    GROUP BY n.deal, cast(floor(extract(epoch FROM o.changed_at)) AS bigint)
), spell AS (
    SELECT deal, seller_key, s AS from_s,
           coalesce(lead(s) OVER (PARTITION BY deal ORDER BY s), 1000000000000) AS to_s
    FROM change
), opening AS (
    SELECT c.deal, max(r.seller_key) AS seller_key, min(c.from_s) AS to_s
    FROM (SELECT deal, min(from_s) AS from_s FROM spell GROUP BY deal) c
    LEFT JOIN step f ON f.deal = c.deal AND f.k = 1
    LEFT JOIN sellers r ON r.seller_key = f.recorded_by
    GROUP BY c.deal
)
SELECT deal, seller_key, from_s, to_s FROM spell
UNION ALL
SELECT deal, seller_key, -1000000000000, to_s FROM opening
UNION ALL
SELECT d.deal, d.seller_key, -1000000000000, 1000000000000
FROM deal d
LEFT JOIN opening o ON o.deal = d.deal
WHERE o.deal IS NULL
