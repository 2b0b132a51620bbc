-- Scores of sellers that tell of competence: not the person's own view. Columns: person_key, competency,
-- instrument, item_id (varchar), rater_key, score, max_score (double precision).
SELECT a.person_key, a.competency, a.instrument, a.item_id, a.rater_key, a.score, a.max_score
FROM assessments a
JOIN seller s ON s.seller_key = a.person_key
WHERE a.instrument IS NOT NULL AND a.instrument <> 'self_rating'
  AND (a.rater_key IS NULL OR a.rater_key <> a.person_key)
ORDER BY a.person_key, a.competency, a.instrument, a.item_id, a.rater_key, a.score, a.max_score
