-- Occasion: a working week of a seller. Done: at least prospecting_min outbound activities tied neither
-- to a deal nor to an account where the seller has an open deal. Success: a deal with an own source
-- created that week (unknown where only deals of unknown source were). Columns: seller_key, deal, at_s,
-- stage, done, success.
WITH won_over AS (
    SELECT o.seller_key, cast((d.created_s - (d.created_s + 259200) % 604800) / 86400 AS bigint) AS monday,
           max(CASE WHEN d.source = 1 THEN 1 ELSE 0 END) AS own, max(CASE WHEN d.source = 0 THEN 1 ELSE 0 END) AS unknown
    FROM deal d
    JOIN owner_spell o ON o.deal = d.deal AND o.from_s <= d.created_s AND d.created_s < o.to_s
    WHERE d.created_s IS NOT NULL
    GROUP BY o.seller_key, cast((d.created_s - (d.created_s + 259200) % 604800) / 86400 AS bigint)
)
SELECT w.seller_key, cast(NULL AS integer) AS deal, w.monday * 86400 AS at_s, cast(NULL AS integer) AS stage,
       CASE WHEN a.touches >= p.prospecting_min THEN 1 ELSE 0 END AS done,
       CASE WHEN o.own = 1 THEN 1 WHEN o.unknown = 1 THEN NULL ELSE 0 END AS success
FROM load_week w
CROSS JOIN parameter p
LEFT JOIN outreach_week a ON a.seller_key = w.seller_key AND a.monday = w.monday
LEFT JOIN won_over o ON o.seller_key = w.seller_key AND o.monday = w.monday
WHERE w.is_occasion = 1 AND w.is_over = 1
