-- How many deals a seller has open at an account, from one change to the next. Columns: seller_key,
-- account_id, from_s, to_s, n, deal (the only one, where n is 1).
WITH change AS (
    SELECT seller_key, account_id, s, sum(n) AS n, sum(deal) AS deal
    FROM (
        SELECT seller_key, account_id, from_s AS s, 1 AS n, deal FROM tenure
        WHERE account_id IS NOT NULL AND seller_key IS NOT NULL
        UNION ALL
        SELECT seller_key, account_id, to_s, -1, -deal FROM tenure
        WHERE account_id IS NOT NULL AND seller_key IS NOT NULL
    ) e
    GROUP BY seller_key, account_id, s
), running AS (
    -- the sum of the numbers of the open deals is the deal's own where one is open
    SELECT seller_key, account_id, s AS from_s, lead(s) OVER w AS to_s, sum(n) OVER w AS n, sum(deal) OVER w AS deal
    FROM change
    WINDOW w AS (PARTITION BY seller_key, account_id ORDER BY s)
)
SELECT seller_key, account_id, from_s, to_s, cast(n AS integer) AS n,
       cast(CASE WHEN n = 1 THEN deal END AS integer) AS deal
FROM running
WHERE n > 0 AND to_s IS NOT NULL
