-- Applicants. Source id and name are in the identity table.
CREATE TABLE candidates (
    candidate_key    bigint NOT NULL,
    role             varchar,
    applied_on       date,
    experience_years double precision,
    decision         varchar,
    decided_on       date,
    attributes       varchar
)
