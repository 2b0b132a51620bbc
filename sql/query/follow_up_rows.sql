-- What was done to change something, by start. Columns: intervention_id, kind, moment (number, 0 =
-- none that has a ledger), seller_key (0 = none), team_id ('' = none), from_day, to_day (-1 = not told).
SELECT i.intervention_id, i.kind, coalesce(n.moment, 0) AS moment, coalesce(i.seller_key, 0) AS seller_key,
       coalesce(i.team_id, '') AS team_id, i.started_on - date '1970-01-01' AS from_day,
       coalesce(i.ended_on - date '1970-01-01', -1) AS to_day
FROM interventions i
LEFT JOIN moment_name n ON n.name = i.moment
ORDER BY i.started_on, i.intervention_id
