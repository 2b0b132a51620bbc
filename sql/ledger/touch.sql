-- Activities that moments ask for, tied to a deal: by its id, else by the seller's only open deal at
-- the account. Planned ones never. Columns: deal, seller_key, s, contact_key, held (1: meeting or demo
-- that took place), connected (1: call that did), outbound, no_show, objection.
WITH seen AS (
    SELECT a.deal_id, CASE WHEN a.deal_id IS NULL THEN a.account_id END AS account_id, a.seller_key, a.contact_key,
           cast(floor(extract(epoch FROM a.started_at)) AS bigint) AS s,
           CASE WHEN a.kind IN ('meeting', 'demo') AND a.outcome IN ('held', 'objection') THEN 1 ELSE 0 END AS held,
           CASE WHEN a.kind = 'call' AND a.outcome IN ('connected', 'held', 'objection') THEN 1 ELSE 0 END AS connected,
           CASE WHEN a.direction = 'outbound' THEN 1 ELSE 0 END AS outbound,
           CASE WHEN a.kind IN ('meeting', 'demo') AND a.outcome = 'no show' THEN 1 ELSE 0 END AS no_show,
           CASE WHEN a.outcome = 'objection' THEN 1 ELSE 0 END AS objection
    FROM activities a
    CROSS JOIN parameter p
    WHERE a.outcome IN ('held', 'connected', 'no show', 'objection') AND floor(extract(epoch FROM a.started_at)) <= p.as_of_s
      AND (a.deal_id IS NOT NULL OR a.account_id IS NOT NULL)
      AND (a.kind IN ('meeting', 'demo', 'call') OR a.outcome = 'objection')
)
SELECT coalesce(n.deal, o.deal) AS deal, a.seller_key, a.s, a.contact_key, a.held, a.connected, a.outbound, a.no_show,
       a.objection
FROM seen a
LEFT JOIN deal_no n ON n.deal_id = a.deal_id
LEFT JOIN account_open o ON o.seller_key = a.seller_key AND o.account_id = a.account_id AND o.from_s <= a.s
    AND a.s < o.to_s
WHERE n.deal IS NOT NULL OR o.n = 1
