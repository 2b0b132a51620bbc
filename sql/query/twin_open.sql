-- Deals that are open, by owner and place in the process. Columns: seller_key, position, complexity (varchar), deals.
SELECT v.seller_key, s.position, coalesce(x.complexity, '') AS complexity, count(*) AS deals
FROM visit v
JOIN parameter p ON v.exit_s = p.as_of_s
JOIN deal d ON d.deal = v.deal AND d.outcome = 0
JOIN stage s ON s.stage = v.stage
LEFT JOIN situation x ON x.situation = v.situation
WHERE v.cause = 0 AND v.seller_key IS NOT NULL
GROUP BY v.seller_key, s.position, coalesce(x.complexity, '')
ORDER BY v.seller_key, s.position, complexity
