-- What deals brought, by currency, the one with most won deals first. Columns: currency (varchar), won (deals),
-- amount [hundredths].
SELECT coalesce(currency, '') AS currency, count(*) AS won, cast(coalesce(sum(amount), 0) AS bigint) AS amount
FROM deal
WHERE outcome = 1
GROUP BY coalesce(currency, '')
ORDER BY 2 DESC, 1
