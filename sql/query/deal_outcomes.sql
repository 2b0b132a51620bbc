-- What became of deals. Columns: deal_id, outcome (1 won, 2 lost), by deal_id.
SELECT deal_id, CASE WHEN outcome = 'won' THEN 1 ELSE 2 END AS outcome
FROM deals
WHERE outcome IN ('won', 'lost')
ORDER BY deal_id
