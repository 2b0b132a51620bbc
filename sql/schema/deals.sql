-- Deals as they last stood. Times are the organisation's local wall time.
CREATE TABLE deals (
    deal_id            varchar NOT NULL,
    account_id         varchar,
    seller_key         bigint,  -- the present owner
    name               varchar,
    amount             bigint,  -- [1/100 of the currency]
    currency           varchar, -- ISO 4217, capitals
    source             varchar, -- outbound, inbound or NULL
    product            varchar,
    pipeline           varchar,
    stage              varchar,
    segment            varchar,
    complexity         varchar, -- simple, complex or own levels
    decision_structure varchar, -- single, committee or own levels
    created_at         timestamp,
    closed_at          timestamp,
    outcome            varchar, -- open, won, lost
    lost_reason        varchar,
    expected_close_on  date,
    updated_at         timestamp,
    attributes         varchar
)
