-- Deals by who started them and what they are like. Columns: seller_key, inbound (0/1), complexity,
-- decision_structure, segment (varchar), quarter (of creation), currency (varchar), started, closed, won, amount (of
-- the won [hundredths]).
SELECT o.seller_key, CASE WHEN d.source = 2 THEN 1 ELSE 0 END AS inbound, x.complexity, x.decision_structure, x.segment,
       q.quarter, coalesce(d.currency, '') AS currency, count(*) AS started,
       cast(sum(CASE WHEN d.outcome > 0 THEN 1 ELSE 0 END) AS bigint) AS closed,
       cast(sum(CASE WHEN d.outcome = 1 THEN 1 ELSE 0 END) AS bigint) AS won,
       cast(coalesce(sum(CASE WHEN d.outcome = 1 THEN d.amount END), 0) AS bigint) AS amount
FROM deal d
JOIN owner_spell o ON o.deal = d.deal AND o.from_s <= d.created_s AND d.created_s < o.to_s
JOIN situation x ON x.situation = d.situation
JOIN quarter q ON q.from_s <= d.created_s AND d.created_s < q.to_s
WHERE o.seller_key IS NOT NULL
GROUP BY o.seller_key, CASE WHEN d.source = 2 THEN 1 ELSE 0 END, x.complexity, x.decision_structure, x.segment, q.quarter,
         coalesce(d.currency, '')
ORDER BY 1, 2, 3, 4, 5, 6, 7
