-- The stages in order, with how many visits each had. Columns: stage, name (varchar; with its
-- pipeline where there are several), is_first, is_decision (0/1).
SELECT s.stage,
    CASE WHEN s.pipeline <> '' AND (SELECT count(DISTINCT pipeline) FROM stage) > 1
        THEN s.pipeline || ': ' || s.name ELSE s.name END AS name,
    s.is_first, s.is_decision
FROM stage s
ORDER BY s.pipeline, s.position, s.stage
