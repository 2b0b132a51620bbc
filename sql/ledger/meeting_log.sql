-- How much of what the calendar captures by itself stands in the CRM too: the sellers' diligence in
-- recording. Columns: seller_key, meetings (with customers, in the calendar), logged (of these: the CRM has a
-- meeting or demo of the seller's that began within half an hour of it).
WITH met AS (
    SELECT c.seller_key, cast(floor(extract(epoch FROM c.starts_at)) AS bigint) AS s
    FROM calendar c
    CROSS JOIN parameter p
    WHERE c.category = 'customer' AND c.seller_key IS NOT NULL AND floor(extract(epoch FROM c.ends_at)) <= p.as_of_s
    GROUP BY c.seller_key, cast(floor(extract(epoch FROM c.starts_at)) AS bigint)
), held AS (
    SELECT seller_key, cast(floor(extract(epoch FROM started_at)) AS bigint) AS s
    FROM activities
    WHERE kind IN ('meeting', 'demo') AND seller_key IS NOT NULL
), near AS (
    -- by the half hour that it began in and the two beside that
    SELECT m.seller_key, m.s
    FROM held h
    JOIN (SELECT m.seller_key, m.s, (m.s - m.s % 1800) / 1800 + k.d AS slot
          FROM met m CROSS JOIN (SELECT -1 AS d UNION ALL SELECT 0 UNION ALL SELECT 1) k) m
        ON h.seller_key = m.seller_key AND m.slot = (h.s - h.s % 1800) / 1800
    WHERE h.s - m.s BETWEEN -1800 AND 1800
    GROUP BY m.seller_key, m.s
)
SELECT m.seller_key, count(*) AS meetings, count(n.s) AS logged
FROM met m
LEFT JOIN near n ON n.seller_key = m.seller_key AND n.s = m.s
GROUP BY m.seller_key
