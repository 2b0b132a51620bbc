-- How often contact that would count as an answer comes without an objection. Weeks are whole weeks of a
-- stay from its start. Columns: seller_key, weeks (without objection), done (of those, with contact).
WITH contact AS (
    SELECT deal, s, 0 AS objection FROM answer
    UNION ALL
    SELECT deal, s, 1 FROM objection
), marked AS (
    SELECT y.seller_key, y.deal, y.visit, y.a, c.s - y.a - (c.s - y.a) % 604800 AS week, max(c.objection) AS objection
    FROM stay y
    JOIN contact c ON c.deal = y.deal AND c.s >= y.a AND c.s < y.b - (y.b - y.a) % 604800
    WHERE y.gap = 0
    GROUP BY y.seller_key, y.deal, y.visit, y.a, c.s - y.a - (c.s - y.a) % 604800
), counted AS (
    SELECT seller_key, -sum(objection) AS weeks, sum(1 - objection) AS done FROM marked GROUP BY seller_key
    UNION ALL
    SELECT seller_key, sum((b - a - (b - a) % 604800) / 604800), 0 FROM stay WHERE gap = 0 GROUP BY seller_key
)
SELECT seller_key, cast(sum(weeks) AS bigint) AS weeks, cast(sum(done) AS bigint) AS done
FROM counted
GROUP BY seller_key
