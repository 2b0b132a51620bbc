-- Won deals by currency. Columns: currency, complexity (varchar), deals, amount [hundredths].
SELECT coalesce(d.currency, '') AS currency, coalesce(x.complexity, '') AS complexity, count(*) AS deals,
       cast(sum(d.amount) AS bigint) AS amount
FROM deal d
LEFT JOIN situation x ON x.situation = d.situation
WHERE d.outcome = 1 AND d.amount > 0
GROUP BY coalesce(d.currency, ''), coalesce(x.complexity, '')
ORDER BY currency, complexity
