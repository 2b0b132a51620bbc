-- The expected close date of a deal is moved.
CREATE TABLE close_date_changes (
    deal_id    varchar NOT NULL,
    changed_at timestamp NOT NULL,
    old_on     date,
    new_on     date,
    attributes varchar
)
