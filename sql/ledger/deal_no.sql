-- Deals as dense whole numbers, so that wide tables carry no texts. All deals that have a row or an
-- event. Columns: deal (1, 2 ... by deal_id), deal_id, pipeline ('' = none).
SELECT cast(row_number() OVER (ORDER BY a.deal_id) AS integer) AS deal, a.deal_id,
       coalesce(d.pipeline, '') AS pipeline
FROM (SELECT deal_id FROM deals UNION SELECT deal_id FROM stage_events) a
LEFT JOIN deals d ON d.deal_id = a.deal_id
