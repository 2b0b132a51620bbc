-- Time at risk and ends of visits by what a deal is like when it starts. Columns: stage, band, complexity,
-- decision_structure, segment (varchar), source, exposure_s [s], onward (forward or skipped), back, won, lost.
WITH aged AS (
    SELECT v.deal, v.stage, v.situation, b.band,
           least(v.from_s + v.risk_s, v.entry_s + b.to_day * 86400) - greatest(v.from_s, v.entry_s + b.from_day * 86400) AS risk_s,
           CASE WHEN v.from_s + v.risk_s <= v.entry_s + b.to_day * 86400 THEN v.cause ELSE 0 END AS cause
    FROM visit v
    -- written so that it is no range join, for which DuckDB would sort all rows: there are few bands
    JOIN band b ON greatest(v.from_s, v.entry_s + b.from_day * 86400) < least(v.from_s + v.risk_s, v.entry_s + b.to_day * 86400)
)
SELECT a.stage, a.band, x.complexity, x.decision_structure, x.segment, d.source,
       cast(sum(a.risk_s) AS bigint) AS exposure_s,
       cast(sum(CASE WHEN a.cause IN (1, 2) THEN 1 ELSE 0 END) AS bigint) AS onward,
       cast(sum(CASE WHEN a.cause = 3 THEN 1 ELSE 0 END) AS bigint) AS back,
       cast(sum(CASE WHEN a.cause = 4 THEN 1 ELSE 0 END) AS bigint) AS won,
       cast(sum(CASE WHEN a.cause = 5 THEN 1 ELSE 0 END) AS bigint) AS lost
FROM aged a
JOIN deal d ON d.deal = a.deal
JOIN situation x ON x.situation = a.situation
GROUP BY a.stage, a.band, x.complexity, x.decision_structure, x.segment, d.source
ORDER BY a.stage, a.band, x.complexity, x.decision_structure, x.segment, d.source
