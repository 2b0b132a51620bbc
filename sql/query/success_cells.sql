-- How it went where it was done, with what the situation is. Columns: moment, seller_key, deal, quarter, stage,
-- source, qualified, last_step, crowding, age_level, touches, complexity, decision_structure, segment
-- (varchar), occasions, success.
SELECT c.moment, c.seller_key, c.deal, c.quarter, c.stage, c.source, c.qualified, c.last_step, c.crowding, c.age_level, c.touches,
       coalesce(s.complexity, '') AS complexity, coalesce(s.decision_structure, '') AS decision_structure,
       coalesce(s.segment, '') AS segment, cast(sum(c.occasions) AS bigint) AS occasions,
       cast(sum(c.success) AS bigint) AS success
FROM success_cell c
LEFT JOIN situation s ON s.situation = c.situation
GROUP BY c.moment, c.seller_key, c.deal, c.quarter, c.stage, c.source, c.qualified, c.last_step, c.crowding, c.age_level, c.touches,
         coalesce(s.complexity, ''), coalesce(s.decision_structure, ''), coalesce(s.segment, '')
ORDER BY c.moment, c.seller_key, c.deal, c.quarter, c.stage, c.source, c.qualified, c.last_step, c.crowding, c.age_level, c.touches,
         complexity, decision_structure, segment
