-- Changes of fields of Tryton's opportunities: each row of the history beside the one before it. A
-- deleted one leaves a row without values. Columns: deal_id, field, old_value, new_value,
-- changed_at (UTC), user.
WITH step AS (
    SELECT h.__id, h.id, h.number, h.state, h.amount::text AS amount, n.name AS employee, h.end_date::text AS end_date,
           to_char(coalesce(h.write_date, h.create_date), 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at,
           coalesce(u.name, coalesce(h.write_uid, h.create_uid)::text) AS by_user
    FROM sale_opportunity__history h
    LEFT JOIN company_employee e ON e.id = h.employee
    LEFT JOIN party_party n ON n.id = e.party
    LEFT JOIN res_user u ON u.id = coalesce(h.write_uid, h.create_uid)
    WHERE h.number IS NOT NULL
), said AS (
    SELECT __id, id, number, 'stage' AS field, state AS value, at, by_user FROM step
    UNION ALL
    SELECT __id, id, number, 'amount', amount, at, by_user FROM step
    UNION ALL
    SELECT __id, id, number, 'owner', employee, at, by_user FROM step
    UNION ALL
    SELECT __id, id, number, 'expected close date', end_date, at, by_user FROM step
), told AS (
    SELECT __id, id, number, field, value, at, by_user,
           lag(value) OVER (PARTITION BY id, field ORDER BY __id) AS before
    FROM said
)
SELECT number AS deal_id, field, before AS old_value, value AS new_value, at AS changed_at, by_user AS "user"
FROM told
WHERE value IS NOT NULL AND (before IS NULL OR before <> value)
ORDER BY __id, field
