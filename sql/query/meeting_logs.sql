-- The sellers' meetings in the calendar, and those that the CRM has too. Columns: seller_key, meetings, logged.
SELECT seller_key, meetings, logged FROM meeting_log ORDER BY seller_key
