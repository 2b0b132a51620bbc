-- Deals whose closing lies on a day before the one they were created on. Columns: n.
SELECT count(*) AS n
FROM deal
WHERE outcome > 0 AND closed_s - closed_s % 86400 < created_s - created_s % 86400
