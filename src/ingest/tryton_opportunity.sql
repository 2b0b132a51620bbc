-- Tryton's opportunities, as its client exports them. Columns: texts, NULL where there is none.
SELECT o.number, o.reference, o.description, p.name AS "party.rec_name", n.name AS "employee.rec_name",
       o.start_date::text AS start_date, o.end_date::text AS end_date, o.amount::text AS amount, c.code AS "currency.code",
       o.conversion_probability::text AS conversion_probability, o.state, o.lost_reason,
       to_char(o.create_date, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS create_date,
       to_char(coalesce(o.write_date, o.create_date), 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS write_date
FROM sale_opportunity o
LEFT JOIN party_party p ON p.id = o.party
LEFT JOIN company_employee e ON e.id = o.employee
LEFT JOIN party_party n ON n.id = e.party
LEFT JOIN company_company m ON m.id = o.company
LEFT JOIN currency_currency c ON c.id = m.currency
ORDER BY o.id
