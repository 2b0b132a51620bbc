-- Stays of deals in stages that give exposure. Columns: deal, visit, stage, entry_s, from_s, exit_s,
-- cause (0 censored, 1 forward, 2 skip, 3 back, 4 won, 5 lost, 6 clean-up), to_stage, risk_s,
-- seller_key (owner when it ended), situation, quality (1: snapshot), provisional, reopened.
SELECT deal, visit, stage, entry_s, from_s, exit_s, cause, to_stage, risk_s, seller_key, situation, quality,
       provisional, reopened
FROM spell
WHERE gap = 0
