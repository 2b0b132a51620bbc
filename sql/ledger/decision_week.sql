-- Mondays on which a deal is open in a decision stage. Columns: deal, seller_key (owner then), stage,
-- monday, moves_s (when it leaves the stage forward or won, NULL = not yet or otherwise), cleaned_s.
WITH span AS (
    -- n weeks as n rows: k = 0 ... n - 1
    SELECT a.k AS n, b.k
    FROM (SELECT row_number() OVER (ORDER BY day) AS k FROM day WHERE weekday = 1) a
    JOIN (SELECT row_number() OVER (ORDER BY day) - 1 AS k FROM day WHERE weekday = 1) b ON b.k < a.k
), held AS (
    -- first Monday on or after a; Mondays before b
    SELECT y.deal, y.visit, y.seller_key, y.stage, (y.a + (604800 - (y.a + 259200) % 604800) % 604800) AS first_s, y.b
    FROM stay y
    JOIN stage t ON t.stage = y.stage AND t.is_decision = 1
), counted AS (
    SELECT h.*, cast((h.first_s - h.first_s % 86400) / 86400 AS bigint) AS first_monday,
           cast((h.b - h.first_s + 604799 - (h.b - h.first_s + 604799) % 604800) / 604800 AS bigint) AS weeks
    FROM held h
    WHERE h.first_s < h.b
)
SELECT c.deal, c.seller_key, c.stage, c.first_monday + 7 * s.k AS monday,
       CASE WHEN v.cause IN (1, 2, 4) THEN v.exit_s END AS moves_s, CASE WHEN v.cause = 6 THEN v.exit_s END AS cleaned_s
FROM counted c
JOIN spell v ON v.deal = c.deal AND v.visit = c.visit
JOIN span s ON s.n = c.weeks
