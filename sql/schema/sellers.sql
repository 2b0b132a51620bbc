-- Sellers. Source id, name, mail address: in the identity table of the records, under the key.
CREATE TABLE sellers (
    seller_key  bigint NOT NULL,
    role        varchar,
    team_id     varchar,
    manager_key bigint,
    hired_on    date,
    left_on     date,
    attributes  varchar
)
