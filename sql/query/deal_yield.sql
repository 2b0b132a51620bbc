-- What deals bring by their age, in the currency that most won deals have (ties: the first by name). Columns: own (0/1: with an
-- own source), age (whole weeks since creation: for `deals` at as-of, for the rest at closing), deals, won, amount
-- [hundredths], units2 (sum of squared amounts [whole units], double precision: exact sums, but no whole number holds them).
WITH most AS (
    SELECT currency
    FROM (
        SELECT coalesce(currency, '') AS currency, count(*) AS n
        FROM deal
        WHERE outcome = 1 AND amount IS NOT NULL
        GROUP BY coalesce(currency, '')
    ) c
    ORDER BY n DESC, currency
    LIMIT 1
), known AS (
    SELECT CASE WHEN d.source = 1 THEN 1 ELSE 0 END AS own, cast(floor((p.as_of_s - d.created_s) / 604800.0) AS bigint) AS at_as_of,
           CASE WHEN d.outcome = 1 AND d.closed_s >= d.created_s
                THEN cast(floor((d.closed_s - d.created_s) / 604800.0) AS bigint) END AS at_won,
           CASE WHEN coalesce(d.currency, '') = m.currency THEN coalesce(d.amount, 0) ELSE 0 END AS amount
    FROM deal d
    CROSS JOIN parameter p
    CROSS JOIN most m
    WHERE d.created_s IS NOT NULL AND d.created_s <= p.as_of_s
), part AS (
    SELECT own, at_as_of AS age, 1 AS deals, 0 AS won, 0 AS amount FROM known
    UNION ALL
    SELECT own, at_won, 0, 1, amount FROM known WHERE at_won IS NOT NULL AND at_won < at_as_of
)
SELECT t.own, t.age, (SELECT currency FROM most) AS currency, cast(sum(t.deals) AS bigint) AS deals, cast(sum(t.won) AS bigint) AS won,
       cast(sum(t.amount) AS bigint) AS amount,
       cast(sum(cast(floor(t.amount / 100.0) AS decimal(19, 0)) * cast(floor(t.amount / 100.0) AS decimal(19, 0))) AS double precision) AS units2
FROM part t
GROUP BY t.own, t.age
ORDER BY t.own, t.age
