-- Internal and administrative minutes of the sellers' working weeks, in order. Columns: seller_key, internal_min.
SELECT seller_key, internal_min
FROM load_week
WHERE is_occasion = 1 AND is_over = 1 AND has_calendar = 1
ORDER BY seller_key, internal_min
