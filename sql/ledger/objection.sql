-- Objections: those logged; where the data have none at all, close-date pushes, moves back and
-- customers who did not show up, one a deal and day. Columns: deal, s, seller_key (owner then), stage.
WITH logged AS (
    SELECT deal, s FROM touch WHERE objection = 1 GROUP BY deal, s
), sign AS (
    SELECT n.deal, cast(floor(extract(epoch FROM c.changed_at)) AS bigint) AS s
    FROM close_date_changes c
    CROSS JOIN parameter p
    JOIN deal_no n ON n.deal_id = c.deal_id
    WHERE c.new_on > c.old_on AND floor(extract(epoch FROM c.changed_at)) <= p.as_of_s
    UNION ALL
    SELECT deal, exit_s FROM spell WHERE cause = 3
    UNION ALL
    SELECT deal, s FROM touch WHERE no_show = 1
), chosen AS (
    SELECT deal, s FROM logged
    UNION ALL
    SELECT deal, min(s) FROM sign WHERE NOT EXISTS (SELECT 1 FROM logged) GROUP BY deal, s - s % 86400
)
SELECT c.deal, c.s, y.seller_key, y.stage
FROM chosen c
JOIN stay y ON y.deal = c.deal AND y.a <= c.s AND c.s < y.b
