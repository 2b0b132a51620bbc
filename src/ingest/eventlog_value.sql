-- What is known about a case beside its events: in: per_case, steady_key, case_raw. name: lower
-- case, without case:, deal: or the like before it. The first file that says it stands.
CREATE TABLE case_value AS
WITH cell AS (
    SELECT case_id, file, line, unnest(json_keys(attributes)) AS key, attributes FROM case_raw
), found AS (
    SELECT case_id, key, 0 AS file, 0 AS line, value
    FROM per_case WHERE key IN (SELECT key FROM steady_key)
    UNION ALL
    SELECT case_id, key, file, line,
           json_extract_string(attributes, '/' || replace(replace(key, '~', '~0'), '/', '~1'))
    FROM cell
)
SELECT case_id, regexp_replace(lower(key), '^.*:', '') AS name, min(key) AS key,
       arg_min(value, (file, line)) AS value
FROM found
WHERE value IS NOT NULL AND value <> ''
GROUP BY case_id, regexp_replace(lower(key), '^.*:', '')
