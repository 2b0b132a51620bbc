-- Situations by number. Columns: situation, complexity, decision_structure, cycle, segment
-- (varchar, '' = unknown).
SELECT situation, complexity, decision_structure, cycle, segment FROM situation ORDER BY situation
