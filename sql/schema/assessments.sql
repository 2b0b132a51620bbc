-- Scores of persons by items of an instrument.
CREATE TABLE assessments (
    person_key  bigint NOT NULL,
    competency  varchar NOT NULL,
    item_id     varchar NOT NULL,
    score       double precision NOT NULL,
    max_score   double precision,
    rater_key   bigint,
    instrument  varchar,
    assessed_on date,
    attributes  varchar
)
