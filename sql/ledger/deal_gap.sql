-- Deals that give no exposure, or not all of it. Columns: deal, reason (1 ended before the history
-- starts, 2 age unknown, 3 closed without a date, 4 no date at all), visits.
SELECT deal, gap AS reason, count(*) AS visits FROM spell WHERE gap > 0 GROUP BY deal, gap
UNION ALL
SELECT d.deal, 4, 0 FROM deal d LEFT JOIN step s ON s.deal = d.deal AND s.closing = 0 WHERE s.deal IS NULL
