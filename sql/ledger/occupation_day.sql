-- Moves of deals between states by age in whole days: sufficient for state occupation. Columns:
-- situation (0 = all), from_state, to_state, day, n, at_risk (deals in from_state just before).
-- States: a stage; 0 whole deal; -1 won, -2 lost, -3 cleaned up; -9 the start.
WITH origin AS (
    -- deals whose beginning is known and that were still to be seen when the history starts
    SELECT v.deal, v.entry_s, d.situation, greatest(p.history_s, v.entry_s) - v.entry_s AS late_s, p.as_of_s
    FROM spell v
    CROSS JOIN parameter p
    JOIN deal d ON d.deal = v.deal
    WHERE v.visit = 1 AND v.gap <> 2 AND NOT (d.outcome > 0 AND d.closed_s IS NULL AND d.closings = 0)
), placed AS (
    SELECT o.deal, o.situation, o.late_s, o.as_of_s - o.entry_s AS end_s, s.k,
           CASE s.closing WHEN 0 THEN s.stage WHEN 1 THEN -1
                ELSE CASE WHEN c.user_key IS NULL THEN -2 ELSE -3 END END AS state,
           greatest(s.s - o.entry_s, 0) AS age_s, s.next_s - o.entry_s AS next_age_s,
           CASE WHEN s.closing > 0 AND s.s = o.entry_s THEN 1 ELSE 0 END AS at_once
    FROM origin o
    JOIN step s ON s.deal = o.deal
    JOIN deal d ON d.deal = o.deal
    LEFT JOIN cleanup_day c ON c.user_key = coalesce(s.recorded_by, d.seller_key)
        AND c.day = cast((s.s - s.s % 86400) / 86400 AS bigint)
), aged AS (
    -- the whole day on which the state is reached; 0 only for the first
    SELECT deal, situation, k, state,
           cast((late_s - late_s % 86400) / 86400 AS integer) AS late_day,
           cast((end_s + 86399 - (end_s + 86399) % 86400) / 86400 AS integer) AS end_day,
           cast(CASE WHEN at_once = 1 THEN 1 ELSE (age_s + 86399 - (age_s + 86399) % 86400) / 86400 END AS integer) AS day
    FROM placed
    WHERE next_age_s IS NULL OR next_age_s > late_s OR at_once = 1 OR (age_s = 0 AND next_age_s = 0 AND late_s = 0)
), last_of_day AS (
    SELECT a.deal, a.situation, a.k, a.state, a.late_day, a.end_day, a.day,
           lead(a.day) OVER (PARTITION BY a.deal ORDER BY a.k) AS next_day
    FROM aged a
), held AS (
    SELECT deal, situation, state, late_day, end_day, greatest(day, late_day) AS day, k,
           lag(state) OVER (PARTITION BY deal ORDER BY k) AS before_state
    FROM last_of_day
    WHERE next_day IS NULL OR next_day > greatest(day, late_day)
), changed AS (
    SELECT deal, situation, state, late_day, end_day, day, before_state,
           lead(day) OVER (PARTITION BY deal ORDER BY k) AS next_day
    FROM held
    WHERE before_state IS NULL OR before_state <> state
), moved AS (
    -- arrivals: from the start, late, or from another state; and who is in which state from when on
    SELECT situation, coalesce(before_state, -9) AS from_state, state AS to_state, day, late_day, end_day, next_day
    FROM changed
    WHERE day <= end_day
), counted AS (
    SELECT situation, from_state, to_state, day, count(*) AS n FROM moved GROUP BY situation, from_state, to_state, day
), present AS (
    -- +1 on the day after which a state is held, -1 on the last day at risk in it
    SELECT situation, to_state AS state, day AS after_day, count(*) AS n FROM moved GROUP BY situation, to_state, day
    UNION ALL
    SELECT situation, to_state, coalesce(next_day, end_day), -count(*)
    FROM moved GROUP BY situation, to_state, coalesce(next_day, end_day)
), both_counted AS (
    SELECT situation, from_state, to_state, day, n FROM counted
    UNION ALL
    SELECT 0, from_state, to_state, day, sum(n) FROM counted GROUP BY from_state, to_state, day
), both_present AS (
    SELECT situation, state, after_day, n FROM present
    UNION ALL
    SELECT 0, state, after_day, sum(n) FROM present GROUP BY state, after_day
), risk AS (
    SELECT situation, state, after_day + 1 AS day, sum(sum(n)) OVER (PARTITION BY situation, state ORDER BY after_day) AS at_risk
    FROM both_present
    GROUP BY situation, state, after_day
), asked AS (
    -- the last known number at risk on or before each day of a move
    SELECT situation, from_state AS state, day, 1 AS ask, cast(0 AS bigint) AS at_risk FROM both_counted
    GROUP BY situation, from_state, day
    UNION ALL
    SELECT situation, state, day, 0, cast(at_risk AS bigint) FROM risk
), numbered AS (
    SELECT situation, state, day, ask, at_risk,
           sum(1 - ask) OVER (PARTITION BY situation, state ORDER BY day, ask) AS block
    FROM asked
), answered AS (
    SELECT situation, state, day, ask,
           max(CASE WHEN ask = 0 THEN at_risk END) OVER (PARTITION BY situation, state, block) AS at_risk
    FROM numbered
)
SELECT c.situation, c.from_state, c.to_state, c.day, cast(c.n AS bigint) AS n,
       coalesce(a.at_risk, cast(c.n AS bigint)) AS at_risk
FROM both_counted c
LEFT JOIN answered a ON a.ask = 1 AND a.situation = c.situation AND a.state = c.from_state AND a.day = c.day
