-- Which of two stages a deal comes to first. Columns: pipeline, a, b (names), n (deals whose first
-- visit to a is before that to b).
SELECT a.pipeline, a.name AS a, b.name AS b, count(*) AS n
FROM stage_first a
JOIN stage_first b ON b.deal = a.deal AND b.s > a.s
GROUP BY a.pipeline, a.name, b.name
ORDER BY a.pipeline, a.name, b.name
