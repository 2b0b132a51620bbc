-- An XES log as lines: a head, a trace a deal, a foot. In: deals, stage_events, activities,
-- identity; the session's time zone is the organisation's. Control characters are no XML.
CREATE MACRO xml(x) AS replace(replace(replace(replace(replace(regexp_replace(
    CAST(x AS varchar), '[\x00-\x08\x0b\x0c\x0e-\x1f]', '', 'g'),
    '&', '&amp;'), '<', '&lt;'), '"', '&quot;'), chr(10), '&#10;'), chr(13), '&#13;');
CREATE MACRO text_of(k, x) AS
    coalesce('<string key="' || k || '" value="' || xml(x) || '"/>', '');
CREATE MACRO date_of(k, x) AS coalesce('<date key="' || k || '" value="'
    || strftime(x, '%Y-%m-%dT%H:%M:%S.%g')
    || regexp_replace(strftime(CAST(x AS timestamptz), '%z'), '^(...)$', '\1:00') || '"/>', '');
CREATE VIEW log_line AS
WITH happened AS (
    SELECT deal_id, entered_at AS t, 0 AS place, stage AS name, kind, recorded_by_key AS person,
           '' AS more, stage AS id
    FROM stage_events
    UNION ALL
    SELECT deal_id, started_at, 1, kind, 'activity', seller_key,
           coalesce('<int key="verkan:duration_s" value="' || duration_s || '"/>', ''), activity_id
    FROM activities WHERE deal_id IS NOT NULL
), trace AS (
    SELECT h.deal_id,
           string_agg('<event>' || text_of('concept:name', h.name) || date_of('time:timestamp', h.t)
               || text_of('org:resource', i.source_id)
               || '<string key="lifecycle:transition" value="complete"/>'
               || text_of('verkan:kind', h.kind) || h.more || '</event>', ''
               ORDER BY h.t, h.place, h.id) AS events
    FROM happened h LEFT JOIN identity i ON i.key = h.person
    GROUP BY h.deal_id
)
SELECT 0 AS place, '' AS deal_id, '<?xml version="1.0" encoding="UTF-8"?>'
    || '<log xes.version="1849-2016" xmlns="http://www.xes-standard.org/">'
    || '<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>'
    || '<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>'
    || '<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>'
    || '<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>'
    || '<global scope="trace"><string key="concept:name" value="?"/></global>'
    || '<global scope="event"><string key="concept:name" value="?"/>'
    || '<date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/></global>'
    || '<classifier name="Activity" keys="concept:name"/>' AS line
UNION ALL
SELECT 1, d.deal_id, '<trace>' || text_of('concept:name', d.deal_id) || text_of('deal:name', d.name)
    || coalesce('<float key="deal:amount" value="'
           || CAST(d.amount AS decimal(20, 0)) * CAST('0.01' AS decimal(3, 2)) || '"/>', '')
    || text_of('deal:currency', d.currency) || text_of('deal:source', d.source)
    || text_of('deal:outcome', d.outcome) || text_of('deal:stage', d.stage)
    || date_of('deal:created_at', d.created_at) || date_of('deal:closed_at', d.closed_at)
    || coalesce(t.events, '') || '</trace>'
FROM deals d LEFT JOIN trace t ON t.deal_id = d.deal_id
UNION ALL
SELECT 2, '', '</log>'
