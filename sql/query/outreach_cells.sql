-- Prospecting weeks by what was recorded of them. Columns: seller_key, load_level, crowding, quarter, touches,
-- weeks.
SELECT seller_key, load_level, crowding, quarter, touches, weeks
FROM outreach_cell
ORDER BY seller_key, load_level, crowding, quarter, touches
