-- Attributes of events by case, and which of them describe the case: those with one value in every
-- event of each case that they occur in. In: event.
CREATE TABLE per_case AS
WITH cell AS (
    SELECT case_id, unnest(json_keys(attributes)) AS key, attributes FROM event
), valued AS (
    SELECT case_id, key,
           nullif(json_extract_string(
               attributes, '/' || replace(replace(key, '~', '~0'), '/', '~1')), '') AS value
    FROM cell
), whole AS (
    SELECT case_id, count(*) AS events FROM event GROUP BY case_id
)
SELECT v.case_id, v.key, any_value(w.events) AS events, count(v.value) AS given,
       min(v.value) AS value, max(v.value) AS top
FROM valued v JOIN whole w ON w.case_id = v.case_id
GROUP BY v.case_id, v.key;
CREATE TABLE steady_key AS
SELECT key FROM per_case GROUP BY key
HAVING bool_and(given = 0 OR (given = events AND value = top)) AND max(events) > 1
