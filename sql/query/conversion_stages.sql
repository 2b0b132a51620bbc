-- What CRM systems count per stage, n of `of`; diag/crm.h says which. Columns: stage, reached,
-- reached_of, next_step, next_step_of, later, later_of (standing today), every_win, every_win_of.
WITH stay AS (
    SELECT v.deal, s.pipeline, s.position,
        CASE WHEN v.cause = 0 AND v.exit_s = p.as_of_s THEN 1 ELSE 0 END AS standing,
        CASE WHEN v.cause IN (5, 6) THEN 1 ELSE 0 END AS lost_here
    FROM visit v JOIN stage s ON s.stage = v.stage CROSS JOIN parameter p
), way AS (
    SELECT y.deal, y.pipeline, max(y.position) AS furthest,
        max(CASE WHEN y.standing = 1 THEN y.position END) AS stands_at,
        max(CASE WHEN y.lost_here = 1 THEN y.position END) AS lost_at, max(d.outcome) AS outcome
    FROM stay y JOIN deal d ON d.deal = y.deal
    GROUP BY y.deal, y.pipeline
), here AS (
    SELECT DISTINCT y.deal, y.pipeline, y.position FROM stay y
), step AS (
    SELECT h.pipeline, h.position, count(*) AS next_step_of,
        count(CASE WHEN n.deal IS NOT NULL
            OR (h.position = m.last AND w.outcome = 1) THEN 1 END) AS next_step
    FROM here h
    JOIN way w ON w.deal = h.deal AND w.pipeline = h.pipeline
    JOIN (SELECT pipeline, max(position) AS last FROM stage GROUP BY pipeline) m
        ON m.pipeline = h.pipeline
    LEFT JOIN here n ON n.deal = h.deal AND n.pipeline = h.pipeline AND n.position = h.position + 1
    GROUP BY h.pipeline, h.position
), total AS (
    SELECT s.stage, s.pipeline, s.position,
        count(CASE WHEN w.furthest > s.position OR w.outcome = 1 THEN 1 END) AS reached,
        count(CASE WHEN w.furthest >= s.position OR w.outcome = 1 THEN 1 END) AS reached_of,
        count(CASE WHEN w.outcome = 0 AND w.stands_at > s.position THEN 1 END) AS later,
        count(CASE WHEN w.outcome = 0 AND w.stands_at >= s.position THEN 1 END) AS later_of,
        count(CASE WHEN w.outcome = 1 THEN 1 END) AS every_win,
        count(CASE WHEN w.outcome = 1 OR (w.outcome = 2 AND w.lost_at >= s.position) THEN 1 END)
            AS every_win_of
    FROM stage s LEFT JOIN way w ON w.pipeline = s.pipeline
    GROUP BY s.stage, s.pipeline, s.position
)
SELECT t.stage, t.reached, t.reached_of, coalesce(x.next_step, 0) AS next_step,
    coalesce(x.next_step_of, 0) AS next_step_of, t.later, t.later_of, t.every_win, t.every_win_of
FROM total t LEFT JOIN step x ON x.pipeline = t.pipeline AND x.position = t.position
ORDER BY t.pipeline, t.position, t.stage
