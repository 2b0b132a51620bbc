-- Customers.
CREATE TABLE accounts (
    account_id varchar NOT NULL,
    name       varchar,
    industry   varchar,
    region     varchar,
    employees  bigint,
    attributes varchar
)
