-- Occasions observed directly, beside what the CRM says of them. Columns as in sql/ledger/audit_cell.
SELECT moment, seller_key, load_level, crowding, quarter, occasions, done, cast(done_told AS bigint) AS done_told,
       cast(done_recorded AS bigint) AS done_recorded, cast(missed_told AS bigint) AS missed_told,
       cast(missed_recorded AS bigint) AS missed_recorded
FROM audit_cell
WHERE seller_key IS NOT NULL AND moment <= 5
ORDER BY moment, seller_key, load_level, crowding, quarter
