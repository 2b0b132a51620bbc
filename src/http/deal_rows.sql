-- Deals behind a number. $1 teams that may be seen, each between line breaks ('' = all), $2 seller (0 = all), $3 stage
-- (been in it), $4 outcome, $5 team, $6 deal ('' = all), $7 how many, $8 whether only those in the table behind (http/behind.h). Amount in hundredths.
SELECT d.deal_id, d.name, d.stage, d.outcome, d.amount, d.currency, s.team_id, d.seller_key,
       CAST(d.created_at AS date) AS created_on, CAST(d.closed_at AS date) AS closed_on
FROM deals d LEFT JOIN sellers s ON s.seller_key = d.seller_key
WHERE ($1 = '' OR strpos($1, chr(10) || coalesce(s.team_id, '') || chr(10)) > 0)
  AND ($2 = 0 OR d.seller_key = $2)
  AND ($3 = '' OR d.stage = $3
       OR EXISTS (SELECT 1 FROM stage_events e WHERE e.deal_id = d.deal_id AND e.stage = $3))
  AND ($4 = '' OR d.outcome = $4)
  AND ($5 = '' OR s.team_id = $5)
  AND ($6 = '' OR d.deal_id = $6)
  AND ($8 = 0 OR EXISTS (SELECT 1 FROM behind b WHERE b.deal_id = d.deal_id AND ($2 = 0 OR b.seller_key = $2)))
ORDER BY coalesce(d.amount, 0) DESC, d.deal_id
LIMIT $7
