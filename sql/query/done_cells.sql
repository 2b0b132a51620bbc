-- Occasions by what was recorded as done (sql/ledger/done_cell). Columns: moment, seller_key, load_level,
-- crowding, quarter, occasions, done.
SELECT moment, seller_key, load_level, crowding, quarter, occasions, done
FROM done_cell
ORDER BY moment, seller_key, load_level, crowding, quarter
