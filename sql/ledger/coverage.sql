-- What the data cover, as counts. One row; columns in doc/ledger.md.
WITH d AS (
    SELECT count(*) AS deals, sum(CASE WHEN created_s IS NOT NULL OR events > 0 THEN 1 ELSE 0 END) AS deals_dated,
           sum(CASE WHEN events > closings THEN 1 ELSE 0 END) AS deals_with_history,
           sum(CASE WHEN outcome > 0 OR closings > 0 THEN 1 ELSE 0 END) AS deals_closed,
           sum(CASE WHEN source > 0 THEN 1 ELSE 0 END) AS deals_sourced
    FROM deal
), v AS (
    SELECT count(*) AS visits, sum(CASE WHEN cause = 6 THEN 1 ELSE 0 END) AS visits_cleanup FROM visit
), e AS (
    SELECT count(*) AS events, sum(CASE WHEN coalesce(quality, 'exact') = 'exact' THEN 1 ELSE 0 END) AS events_exact
    FROM stage_events
), b AS (
    -- moves of one recorder in one second, from ten on
    SELECT sum(n) AS transitions, sum(CASE WHEN n >= 10 THEN n ELSE 0 END) AS transitions_bulk
    FROM (
        SELECT count(*) AS n
        FROM step s
        JOIN deal d ON d.deal = s.deal
        WHERE s.k > 1
        GROUP BY s.s, coalesce(s.recorded_by, d.seller_key)
    ) g
), a AS (
    SELECT count(*) AS activities, count(deal_id) AS activities_tied, count(direction) AS activities_direction,
           sum(CASE WHEN direction = 'inbound' THEN 1 ELSE 0 END) AS activities_inbound,
           count(outcome) AS activities_outcome, count(contact_key) AS activities_contact,
           sum(CASE WHEN outcome = 'objection' THEN 1 ELSE 0 END) AS objections
    FROM activities
), k AS (
    SELECT count(*) AS activities_on_deal FROM activities a JOIN deal_no n ON n.deal_id = a.deal_id
), r AS (
    SELECT count(DISTINCT r.deal_id) AS deals_with_role,
           count(DISTINCT CASE WHEN r.role = 'decision_maker' THEN r.deal_id END) AS deals_with_decision_maker
    FROM contact_roles r
    JOIN deal_no n ON n.deal_id = r.deal_id
), x AS (
    SELECT count(*) AS next_steps, count(due_on) AS next_steps_due FROM next_steps
), c AS (
    SELECT count(*) AS calendar, count(DISTINCT seller_key) AS calendar_sellers FROM calendar
), s AS (
    SELECT count(*) AS sellers, count(team_id) AS sellers_with_team FROM seller
)
SELECT d.deals, cast(coalesce(d.deals_dated, 0) AS bigint) AS deals_dated,
       cast(coalesce(d.deals_with_history, 0) AS bigint) AS deals_with_history,
       cast(coalesce(d.deals_closed, 0) AS bigint) AS deals_closed,
       e.events, cast(coalesce(e.events_exact, 0) AS bigint) AS events_exact,
       cast(coalesce(b.transitions, 0) AS bigint) AS transitions,
       cast(coalesce(b.transitions_bulk, 0) AS bigint) AS transitions_bulk, v.visits,
       cast(coalesce(v.visits_cleanup, 0) AS bigint) AS visits_cleanup, a.activities, a.activities_tied,
       k.activities_on_deal, a.activities_direction,
       cast(coalesce(a.activities_inbound, 0) AS bigint) AS activities_inbound, a.activities_outcome,
       a.activities_contact, cast(coalesce(a.objections, 0) AS bigint) AS objections, r.deals_with_role,
       r.deals_with_decision_maker, x.next_steps, x.next_steps_due, c.calendar, c.calendar_sellers,
       (SELECT count(*) FROM assessments) AS assessments, (SELECT count(*) FROM moments) AS moments, s.sellers,
       s.sellers_with_team, cast(coalesce(d.deals_sourced, 0) AS bigint) AS deals_sourced,
       (SELECT count(*) FROM interventions) AS interventions
FROM d, v, e, b, a, k, r, x, c, s
