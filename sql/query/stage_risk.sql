-- Numbers at risk and exits by day in stage, for Aalen-Johansen. Skipped stages count as forward; a
-- clean-up is a censoring. Columns: stage, situation (0 = all), day, at_risk, forward, back, won,
-- lost, ended (all exits and censorings).
SELECT stage, situation, day, at_risk, forward + skip AS forward, back, won, lost,
    forward + skip + back + won + lost + cleanup + censored AS ended
FROM risk_day
WHERE stage > 0
ORDER BY stage, situation, day
