-- Activities by seller and week. Columns: seller_key, monday, first_day, last_day, n, outreach
-- (outbound, tied neither to a deal nor to an account).
SELECT seller_key, day - (day + 3) % 7 AS monday, min(day) AS first_day, max(day) AS last_day, count(*) AS n,
       cast(sum(outreach) AS bigint) AS outreach
FROM (
    SELECT a.seller_key, cast(a.started_at AS date) - date '1970-01-01' AS day,
           CASE WHEN a.direction = 'outbound' AND a.deal_id IS NULL AND a.account_id IS NULL THEN 1 ELSE 0 END AS outreach
    FROM activities a
    CROSS JOIN parameter p
    WHERE coalesce(a.outcome, '') NOT IN ('planned', 'scheduled') AND floor(extract(epoch FROM a.started_at)) <= p.as_of_s
) a
GROUP BY seller_key, day - (day + 3) % 7
