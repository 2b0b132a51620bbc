-- How it went where it was done (qualification: see qualification_cell). Columns: moment, seller_key, deal
-- (steering, whose occasions a deal gives several of; else NULL), situation (0 = none), quarter, stage, source (of the deal), qualified, last_step, crowding, age_level
-- (deal's age: 2 ln(1 + days / 30), rounded), touches (prospecting: 60 = that or more), occasions, success.
WITH went AS (
    SELECT l.moment, l.seller_key, CASE WHEN l.moment = 3 THEN l.deal END AS deal, coalesce(l.situation, 0) AS situation, l.quarter, l.stage, d.source, l.qualified,
           l.last_step, w.crowding,
           cast(floor(2 * ln(1 + greatest(l.age_days, 0) / 30.0) + 0.5) AS integer) AS age_level,
           CASE WHEN l.moment = 1 THEN least(coalesce(o.touches, 0), 60) END AS touches, l.success
    FROM ledger l
    LEFT JOIN load_week w ON w.seller_key = l.seller_key AND w.monday = l.monday
    LEFT JOIN outreach_week o ON o.seller_key = l.seller_key AND o.monday = l.monday
    LEFT JOIN deal d ON d.deal = l.deal
    WHERE l.done = 1 AND l.success IS NOT NULL AND l.moment <> 2 AND l.seller_key IS NOT NULL
)
SELECT moment, seller_key, deal, situation, quarter, stage, source, qualified, last_step, crowding, age_level, touches,
       count(*) AS occasions, cast(sum(success) AS bigint) AS success
FROM went
GROUP BY moment, seller_key, deal, situation, quarter, stage, source, qualified, last_step, crowding, age_level, touches
