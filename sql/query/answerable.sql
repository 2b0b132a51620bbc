-- What the facts hold, counted: which questions they can carry (diag/coverage.c). One row.
-- The pace of recording (created_lately, closed_lately) is that of the 26 weeks before as of.
-- A transition is made in bulk when the same person moves ten deals in the same second (sources
-- that keep only dates say nothing about it, so midnight does not count).
WITH sold AS (
    SELECT count(*) AS deals, count(d.created_s) AS dated,
        count(CASE WHEN d.outcome = 1 THEN 1 END) AS won,
        count(CASE WHEN d.outcome = 2 THEN 1 END) AS lost,
        count(d.seller_key) AS owned, count(DISTINCT d.seller_key) AS owners,
        count(d.amount) AS priced
    FROM deal d CROSS JOIN parameter p
    WHERE d.created_s IS NULL OR d.created_s <= p.as_of_s
), lately AS (
    SELECT count(CASE WHEN d.created_s > p.as_of_s - 15724800 THEN 1 END) AS created_lately,
        count(CASE WHEN d.closed_s > p.as_of_s - 15724800 THEN 1 END) AS closed_lately
    FROM deal d CROSS JOIN parameter p
), event AS (
    SELECT e.deal_id, e.entered_at, coalesce(e.recorded_by_key, d.seller_key, 0) AS recorded_by
    FROM stage_events e JOIN deals d ON d.deal_id = e.deal_id
    WHERE e.kind IN ('stage', 'back') AND coalesce(e.quality, 'exact') IN ('exact', 'derived')
), history AS (
    SELECT count(*) AS transitions, count(DISTINCT deal_id) AS with_history FROM event
), bulk AS (
    SELECT coalesce(sum(moved), 0) AS bulk
    FROM (SELECT count(*) AS moved FROM event
        WHERE entered_at <> CAST(CAST(entered_at AS date) AS timestamp)
        GROUP BY recorded_by, entered_at HAVING count(*) >= 10) b
), by_deal AS ( -- many activities a deal: counted before the deals are met
    SELECT a.deal_id, count(*) AS n, count(CASE WHEN a.direction = 'inbound' THEN 1 END) AS inbound,
        count(CASE WHEN a.kind IN ('meeting', 'demo') AND a.outcome = 'held' THEN 1 END) AS held,
        count(CASE WHEN a.outcome = 'objection' THEN 1 END) AS objections
    FROM activities a
    GROUP BY a.deal_id
), activity AS (
    SELECT cast(coalesce(sum(a.n), 0) AS bigint) AS activities,
        cast(coalesce(sum(CASE WHEN d.deal_id IS NOT NULL THEN a.n END), 0) AS bigint) AS linked,
        count(d.deal_id) AS deals_with_activity,
        cast(coalesce(sum(a.inbound), 0) AS bigint) AS inbound,
        cast(coalesce(sum(CASE WHEN d.deal_id IS NOT NULL THEN a.held END), 0) AS bigint) AS held,
        cast(coalesce(sum(a.objections), 0) AS bigint) AS objections,
        count(CASE WHEN d.outcome = 'lost' AND a.objections > 0 THEN 1 END) AS lost_with_objection
    FROM by_deal a LEFT JOIN deals d ON d.deal_id = a.deal_id
), assessed AS (
    SELECT count(*) AS assessments, count(DISTINCT s.seller_key) AS assessed,
        count(DISTINCT competency) AS competencies
    FROM assessments a LEFT JOIN (SELECT DISTINCT seller_key FROM deals) s
        ON s.seller_key = a.person_key
), scheduled AS (
    SELECT count(*) AS events, count(DISTINCT s.seller_key) AS scheduled
    FROM calendar c LEFT JOIN (SELECT DISTINCT seller_key FROM deals) s
        ON s.seller_key = c.seller_key
), segment AS (
    SELECT count(*) AS segments, count(CASE WHEN closed >= 30 THEN 1 END) AS large_segments
    FROM (SELECT count(CASE WHEN outcome IN ('won', 'lost') THEN 1 END) AS closed
        FROM deals WHERE segment IS NOT NULL GROUP BY segment) s
), spread AS (
    SELECT count(CASE WHEN segments > 1 THEN 1 END) AS in_several
    FROM (SELECT count(DISTINCT segment) AS segments FROM deals
        WHERE seller_key IS NOT NULL GROUP BY seller_key) s
), action AS (
    SELECT count(*) AS interventions,
        count(CASE WHEN seller_key IS NULL AND team_id IS NULL THEN 1 END) AS for_everyone
    FROM interventions
)
SELECT sold.*, lately.*, history.*, bulk.*, activity.*, assessed.*, scheduled.*, segment.*,
    spread.*, action.*,
    (SELECT count(*) FROM next_steps) AS next_steps,
    (SELECT count(*) FROM contact_roles WHERE role = 'decision_maker') AS decision_makers,
    (SELECT count(*) FROM moments) AS observed,
    (SELECT count(*) FROM candidates) AS candidates,
    (SELECT count(*) FROM sellers) AS sellers
FROM sold, lately, history, bulk, activity, assessed, scheduled, segment, spread, action
