-- What happens where a moment's deed was not done. Columns: moment, known, success (qualification: deals, and of
-- these stopped in the first stage).
SELECT moment, cast(sum(missed_known) AS bigint) AS known, cast(sum(missed_success) AS bigint) AS success
FROM moment_cell
WHERE moment <= 5 AND moment <> 2
GROUP BY moment
UNION ALL
SELECT 2, cast(sum(deals) AS bigint), cast(sum(stopped) AS bigint) FROM qualification_cell WHERE done = 0
ORDER BY moment
