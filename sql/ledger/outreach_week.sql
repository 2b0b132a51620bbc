-- Prospecting by seller and week: outbound activities tied neither to a deal nor to an account where the
-- seller has an open deal. Columns: seller_key, monday, touches.
SELECT w.seller_key, w.monday, coalesce(a.outreach, 0) + coalesce(c.n, 0) AS touches
FROM load_week w
LEFT JOIN activity_week a ON a.seller_key = w.seller_key AND a.monday = w.monday
LEFT JOIN account_week c ON c.seller_key = w.seller_key AND c.monday = w.monday
WHERE coalesce(a.outreach, 0) + coalesce(c.n, 0) > 0
