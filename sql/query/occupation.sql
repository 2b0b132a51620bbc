-- Transitions between the deals' states by age, all situations, clean-ups left out (censored).
-- Columns: day, from_state, to_state, n, at_risk.
SELECT day, from_state, to_state, n, at_risk
FROM occupation_day
WHERE situation = 0 AND to_state <> -3 AND from_state <> -3
ORDER BY day, from_state, to_state
