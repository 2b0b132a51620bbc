-- Every stay of a deal in a stage, with the reason why it gives no exposure. Columns as in visit, and
-- gap (0 none, 1 ended before the history starts, 2 age unknown, 3 closed without a date).
WITH stay AS (
    SELECT s.deal, s.k, s.stage, CASE WHEN s.next_closing = 2 AND s.after_next_closing = 0 THEN 1 ELSE 0 END AS reopened, s.inferred, s.next_s, s.next_stage,
           -- a snapshot in the first stage entered it when the deal was created
           CASE WHEN s.k = 1 AND s.inferred = 1 AND s.is_first = 1 AND d.created_s < s.s THEN d.created_s
                ELSE s.s END AS entry_s,
           CASE WHEN s.next_s IS NULL AND d.outcome > 0 AND d.closed_s IS NULL THEN 3
                WHEN s.k = 1 AND s.inferred = 1 AND s.is_first = 0
                     AND (d.created_s IS NULL OR d.created_s < s.s - 86400) THEN 2
                ELSE 0 END AS gap,
           coalesce(s.next_s, p.as_of_s) AS exit_s,
           CASE WHEN s.next_s IS NULL THEN 0 WHEN s.next_closing = 1 THEN 4
                WHEN s.next_closing = 2 AND c.user_key IS NOT NULL THEN 6 WHEN s.next_closing = 2 THEN 5
                WHEN s.next_position < s.position THEN 3 WHEN s.next_position = s.position + 1 THEN 1
                ELSE 2 END AS cause,
           d.situation, p.history_s, p.as_of_s, p.reopen_s
    FROM step s
    CROSS JOIN parameter p
    JOIN deal d ON d.deal = s.deal
    LEFT JOIN cleanup_day c ON c.user_key = coalesce(s.next_recorded_by, d.seller_key)
        AND c.day = cast((s.next_s - s.next_s % 86400) / 86400 AS bigint)
    WHERE s.closing = 0
)
SELECT y.deal, cast(row_number() OVER (PARTITION BY y.deal ORDER BY y.k) AS integer) AS visit, y.stage,
       y.entry_s, greatest(y.entry_s, y.history_s) AS from_s, y.exit_s, y.cause,
       CASE WHEN y.cause IN (1, 2, 3) THEN y.next_stage END AS to_stage,
       CASE WHEN y.exit_s = y.entry_s AND y.cause > 0 THEN 43200
            ELSE greatest(y.exit_s - greatest(y.entry_s, y.history_s), 0) END AS risk_s,
       o.seller_key, y.situation, y.inferred AS quality,
       CASE WHEN y.cause = 5 AND y.as_of_s - y.exit_s < y.reopen_s AND y.reopened = 0 THEN 1 ELSE 0 END AS provisional,
       y.reopened,
       CASE WHEN y.gap > 0 THEN y.gap WHEN y.exit_s <= y.history_s AND y.exit_s < y.as_of_s THEN 1 ELSE 0 END AS gap
FROM stay y
JOIN owner_spell o ON o.deal = y.deal AND o.from_s < y.exit_s AND y.exit_s <= o.to_s
