-- Spells cut at changes of owner. Columns: deal, visit, stage, situation, gap, entry_s, seller_key,
-- a, b (observed from and to [s]), cause (of the end b; 0 = goes on, or censored).
SELECT v.deal, v.visit, v.stage, v.situation, v.gap, v.entry_s, o.seller_key, greatest(v.from_s, o.from_s) AS a,
       CASE WHEN v.exit_s <= o.to_s THEN v.from_s + v.risk_s ELSE o.to_s END AS b,
       CASE WHEN v.exit_s <= o.to_s THEN v.cause ELSE 0 END AS cause
FROM spell v
JOIN owner_spell o ON o.deal = v.deal AND o.from_s < v.exit_s
    AND (o.to_s > v.from_s OR (v.from_s = v.exit_s AND o.to_s >= v.exit_s))
WHERE v.risk_s > 0 AND v.gap IN (0, 2)
