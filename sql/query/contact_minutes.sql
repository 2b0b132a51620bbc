-- How long a contact of prospecting takes, where it is recorded. Columns: n (contacts with a duration of four
-- hours at most), total_s.
SELECT count(*) AS n, cast(coalesce(sum(a.duration_s), 0) AS bigint) AS total_s
FROM activities a
CROSS JOIN parameter p
WHERE a.direction = 'outbound' AND a.deal_id IS NULL AND a.account_id IS NULL AND a.duration_s BETWEEN 1 AND 14400
    AND floor(extract(epoch FROM a.started_at)) <= p.as_of_s
