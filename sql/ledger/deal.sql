-- Deals, as they stood by the as-of time. Columns: deal, deal_id, seller_key (present owner),
-- account_id, situation, pipeline, source (0 unknown, 1 outbound, 2 inbound), created_s, closed_s
-- (NULL unless closed by then), outcome (0 open, 1 won, 2 lost), amount [hundredths], currency,
-- events (stage events by then), last_s and closings (of those, the last time; closing events).
WITH seen AS (
    SELECT deal_id, count(*) AS events, max(cast(floor(extract(epoch FROM entered_at)) AS bigint)) AS last_s,
           sum(CASE WHEN kind IN ('won', 'lost') THEN 1 ELSE 0 END) AS closings
    FROM stage_events, parameter
    WHERE floor(extract(epoch FROM entered_at)) <= as_of_s
    GROUP BY deal_id
), told AS (
    SELECT n.deal, n.deal_id, n.pipeline, d.seller_key, d.account_id, d.source, d.amount, d.currency,
           coalesce(d.complexity, '') AS complexity, coalesce(d.decision_structure, '') AS decision_structure,
           coalesce(d.segment, '') AS segment, coalesce(d.product, '') AS product,
           cast(floor(extract(epoch FROM d.created_at)) AS bigint) AS created_s,
           cast(floor(extract(epoch FROM d.closed_at)) AS bigint) AS closed_s,
           CASE d.outcome WHEN 'won' THEN 1 WHEN 'lost' THEN 2 ELSE 0 END AS outcome
    FROM deal_no n
    LEFT JOIN deals d ON d.deal_id = n.deal_id
)
SELECT t.deal, t.deal_id, t.seller_key, t.account_id, cast(s.situation AS integer) AS situation, t.pipeline,
       CASE t.source WHEN 'outbound' THEN 1 WHEN 'inbound' THEN 2 ELSE 0 END AS source,
       CASE WHEN t.created_s <= p.as_of_s THEN t.created_s END AS created_s,
       CASE WHEN t.closed_s <= p.as_of_s AND t.outcome > 0 THEN t.closed_s END AS closed_s,
       CASE WHEN t.closed_s > p.as_of_s THEN 0 ELSE t.outcome END AS outcome,
       t.amount, t.currency, cast(coalesce(e.events, 0) AS integer) AS events, e.last_s,
       cast(coalesce(e.closings, 0) AS integer) AS closings
FROM told t
CROSS JOIN parameter p
LEFT JOIN cycle_class c ON c.pipeline = t.pipeline AND c.product = t.product
JOIN situation s ON s.complexity = t.complexity AND s.decision_structure = t.decision_structure
    AND s.segment = t.segment AND s.cycle = coalesce(c.cycle, '')
LEFT JOIN seen e ON e.deal_id = t.deal_id
