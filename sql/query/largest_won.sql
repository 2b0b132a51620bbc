-- The largest of the won deals beside all of them, in the currency of most. One row at most. Columns: won, amount [hundredths], deal_id, largest.
SELECT g.won, cast(g.amount AS bigint) AS amount, d.deal_id, g.largest
FROM (
    SELECT coalesce(currency, '') AS currency, count(*) AS won, sum(amount) AS amount, max(amount) AS largest
    FROM deal
    WHERE outcome = 1 AND amount > 0
    GROUP BY coalesce(currency, '')
) g
JOIN (
    SELECT coalesce(currency, '') AS currency, amount, min(deal_id) AS deal_id
    FROM deal
    WHERE outcome = 1 AND amount > 0
    GROUP BY coalesce(currency, ''), amount
) d ON d.currency = g.currency AND d.amount = g.largest
ORDER BY g.won DESC, d.deal_id
LIMIT 1
