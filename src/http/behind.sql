-- Deals behind each moment, when the ledger is made: name of the moment, deal, seller of the occasion. Prospecting has
-- weeks for occasions and no deals: behind it are the deals of an own source.
SELECT m.name, n.deal_id, coalesce(l.seller_key, 0) AS seller_key
FROM (SELECT DISTINCT moment, deal, seller_key FROM ledger WHERE deal IS NOT NULL) l
JOIN moment_name m ON m.moment = l.moment
JOIN deal_no n ON n.deal = l.deal
UNION
SELECT 'prospecting', d.deal_id, coalesce(d.seller_key, 0) FROM deal d WHERE d.source = 1
UNION
SELECT name, '', 0 FROM moment_name
ORDER BY 1, 2, 3
