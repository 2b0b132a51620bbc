-- What each completed event is: in: event, name_of (activity, is_stage, outcome). role: stage (with
-- kind) or activity. closing: the seq of the case's last closing; alive: a stage comes after that,
-- which is a re-opening if the deal was lost.
CREATE TABLE step AS
WITH named AS (
    SELECT e.*, coalesce(n.is_stage, false) AS is_stage, n.outcome,
           max(CASE WHEN n.outcome IS NOT NULL THEN e.seq END) OVER (PARTITION BY e.case_id)
               AS closing
    FROM event e LEFT JOIN name_of n ON n.activity = e.activity
    WHERE e.done
), closed AS (
    SELECT *, max(CASE WHEN seq = closing THEN outcome END) OVER (PARTITION BY case_id) AS ended,
           max(CASE WHEN seq = closing THEN t END) OVER (PARTITION BY case_id) AS ended_t
    FROM named
), told AS (
    SELECT *, bool_or(is_stage AND outcome IS NULL AND seq > closing AND t > ended_t
                      AND ended = 'lost') OVER (PARTITION BY case_id) AS reopened
    FROM closed
), cast_as AS (
    SELECT *, is_stage AND (closing IS NULL OR seq <= closing OR coalesce(reopened, false))
              AS enters
    FROM told
), before AS (
    SELECT *, lag(outcome) OVER (PARTITION BY case_id, enters ORDER BY seq) AS outcome_before
    FROM cast_as
), started AS (
    -- The start that belongs to a completed event: the last since the one completed before it.
    SELECT case_id, activity, seq,
           max(CASE WHEN lifecycle = 'start' THEN t END) OVER span AS start_t,
           max(CASE WHEN lifecycle = 'start' THEN seq END) OVER span AS start_seq
    FROM (SELECT *, coalesce(sum(CASE WHEN done THEN 1 ELSE 0 END) OVER (
                        PARTITION BY case_id, activity ORDER BY seq
                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS earlier
          FROM event) e
    WINDOW span AS (PARTITION BY case_id, activity, earlier)
)
SELECT b.file, b.line, b.case_id, b.activity, b.resource, b.seq, b.t, b.copy, b.attributes,
       b.enters, b.closing, coalesce(b.reopened, false) AS reopened,
       CASE WHEN b.outcome IS NOT NULL THEN b.outcome
            WHEN b.outcome_before IS NOT NULL THEN 'reopened' ELSE 'stage' END AS kind,
       b."timestamp", coalesce(a."timestamp", b."timestamp") AS begun,
       CASE WHEN s.start_t IS NOT NULL THEN date_diff('second', s.start_t, b.t) END AS seconds
FROM before b
LEFT JOIN started s ON s.case_id = b.case_id AND s.seq = b.seq
LEFT JOIN event a ON a.case_id = b.case_id AND a.seq = s.start_seq
