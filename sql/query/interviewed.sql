-- Scores of interviews, by whom. One row each, by person and rater: person_key, rater_key (0 = not
-- told), competency, score, max_score (null = not told).
SELECT person_key, coalesce(rater_key, 0) AS rater_key, competency, score, max_score
FROM assessments
WHERE instrument = 'interview'
ORDER BY person_key, rater_key, competency, item_id, assessed_on, score
