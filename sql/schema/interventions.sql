-- What was done to change something.
CREATE TABLE interventions (
    intervention_id varchar NOT NULL,
    kind            varchar NOT NULL,
    moment          varchar,
    seller_key      bigint,
    team_id         varchar,
    started_on      date NOT NULL,
    ended_on        date,
    cost            bigint, -- [1/100 of the main currency]
    note            varchar,
    attributes      varchar
)
