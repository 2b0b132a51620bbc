-- What meets an objection: an outbound call that connected, or a held meeting that was agreed on before
-- it. Agreed: a next step of the deal was created since asked_s. Columns: deal, s, asked_s (an objection
-- must not be later: of the latest step by then; the call's own time).
SELECT deal, s, s AS asked_s FROM touch WHERE connected = 1 AND outbound = 1 AND objection = 0
UNION ALL
SELECT t.deal, t.s, max(cast(floor(extract(epoch FROM x.created_at)) AS bigint))
FROM touch t
JOIN deal_no n ON n.deal = t.deal
JOIN next_steps x ON x.deal_id = n.deal_id AND floor(extract(epoch FROM x.created_at)) <= t.s
WHERE t.held = 1
GROUP BY t.deal, t.s
