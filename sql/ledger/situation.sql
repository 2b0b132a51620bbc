-- The situations that deals stand in. Columns: situation (1, 2 ...), complexity,
-- decision_structure, cycle, segment ('' = unknown).
SELECT row_number() OVER (ORDER BY complexity, decision_structure, cycle, segment) AS situation,
       complexity, decision_structure, cycle, segment
FROM (
    SELECT DISTINCT coalesce(d.complexity, '') AS complexity,
           coalesce(d.decision_structure, '') AS decision_structure,
           coalesce(c.cycle, '') AS cycle, coalesce(d.segment, '') AS segment
    FROM deal_no n
    LEFT JOIN deals d ON d.deal_id = n.deal_id
    LEFT JOIN cycle_class c ON c.pipeline = n.pipeline AND c.product = coalesce(d.product, '')
) s
