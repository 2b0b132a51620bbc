-- Applicants of the data. One row each, by key: candidate_key, role (as the source has it), applied_on
-- and decided_on (text, YYYY-MM-DD), experience_years, decision.
SELECT candidate_key, role, CAST(applied_on AS varchar) AS applied_on,
    CAST(experience_years AS double precision) AS experience_years, decision,
    CAST(decided_on AS varchar) AS decided_on
FROM candidates
ORDER BY candidate_key, role, applied_on
