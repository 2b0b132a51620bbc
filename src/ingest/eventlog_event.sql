-- Every event of every file, once, in the order of its case. In: raw (file, line, case_id,
-- activity, lifecycle, timestamp, resource, attributes). An event that stands in several files is
-- taken from the first; one that stands twice in the same file is two events.
CREATE TABLE event AS
WITH timed AS (
    SELECT *, coalesce(lifecycle, 'complete') IN ('complete', 'completed') AS done,
           try_cast("timestamp" AS timestamptz) AS t
    FROM raw
), numbered AS (
    SELECT *, row_number() OVER (PARTITION BY file, case_id, activity, lifecycle, t, resource
                                 ORDER BY line) AS copy
    FROM timed
), once AS (
    SELECT *, row_number() OVER (PARTITION BY case_id, activity, lifecycle, t, resource, copy
                                 ORDER BY file, line) AS place
    FROM numbered
)
SELECT file, line, case_id, activity, lifecycle, "timestamp", t, resource, attributes, done, copy,
       row_number() OVER (PARTITION BY case_id ORDER BY t NULLS LAST, file, line) AS seq
FROM once
WHERE place = 1
