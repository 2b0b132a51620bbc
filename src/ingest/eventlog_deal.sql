-- One row a case: in: event, step. An open deal stands in the stage it entered last.
CREATE TABLE deal AS
WITH span AS (
    SELECT case_id, arg_min("timestamp", seq) AS created_at,
           arg_max(resource, seq) FILTER (resource IS NOT NULL) AS seller_id
    FROM event GROUP BY case_id
), state AS (
    SELECT case_id,
           max(CASE WHEN seq = closing AND NOT reopened THEN kind END) AS outcome,
           max(CASE WHEN seq = closing AND NOT reopened THEN "timestamp" END) AS closed_at,
           arg_max(activity, seq) FILTER (enters) AS stage
    FROM step GROUP BY case_id
)
SELECT s.case_id AS deal_id, s.seller_id, s.created_at, t.closed_at,
       coalesce(t.outcome, 'open') AS outcome, t.stage
FROM span s LEFT JOIN state t ON t.case_id = s.case_id
WHERE s.case_id IS NOT NULL
