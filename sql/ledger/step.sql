-- Events in order, without what is no step: of several in one second the last stands (METHODS 1.3: a
-- stage passed in no time is skipped), except a deal's first stage that closes in the same second; a
-- stage or closing that repeats the one before it is dropped. Columns as in event, and k (1, 2 ...
-- within the deal), next_s, next_closing, next_stage, next_position, next_recorded_by,
-- after_next_closing.
WITH placed AS (
    SELECT e.*, lead(s) OVER w AS after_s, lead(closing) OVER w AS after_closing,
           first_value(s) OVER w AS first_s
    FROM event e
    WINDOW w AS (PARTITION BY deal ORDER BY s, CASE WHEN closing > 0 THEN 1 ELSE 0 END, position, stage, closing)
), kept AS (
    SELECT p.*, lag(stage) OVER w AS before_stage, lag(closing) OVER w AS before_closing
    FROM placed p
    WHERE after_s IS NULL OR after_s > s OR (s = first_s AND closing = 0 AND after_closing > 0)
    WINDOW w AS (PARTITION BY deal ORDER BY s, closing)
)
SELECT deal, s, closing, stage, position, is_first, inferred, recorded_by,
       cast(row_number() OVER w AS integer) AS k, lead(s) OVER w AS next_s,
       lead(closing) OVER w AS next_closing, lead(stage) OVER w AS next_stage,
       lead(position) OVER w AS next_position, lead(recorded_by) OVER w AS next_recorded_by,
       lead(closing, 2) OVER w AS after_next_closing
FROM kept
WHERE before_closing IS NULL OR before_closing <> closing OR (closing = 0 AND before_stage <> stage)
WINDOW w AS (PARTITION BY deal ORDER BY s, closing)
