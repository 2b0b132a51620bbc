-- Deals of the last 52 weeks before as of. Columns: closed, won_of_closed, created,
-- won_of_created.
SELECT
    count(CASE WHEN d.closed_s > p.as_of_s - 31449600 AND d.outcome > 0 THEN 1 END) AS closed,
    count(CASE WHEN d.closed_s > p.as_of_s - 31449600 AND d.outcome = 1 THEN 1 END) AS won_of_closed,
    count(CASE WHEN d.created_s > p.as_of_s - 31449600 THEN 1 END) AS created,
    count(CASE WHEN d.created_s > p.as_of_s - 31449600 AND d.outcome = 1 THEN 1 END)
        AS won_of_created
FROM deal d CROSS JOIN parameter p
