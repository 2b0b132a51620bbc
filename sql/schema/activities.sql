-- What sellers do: calls, mails, meetings.
CREATE TABLE activities (
    activity_id varchar NOT NULL,
    seller_key  bigint NOT NULL,
    deal_id     varchar,
    account_id  varchar,
    kind        varchar NOT NULL, -- call, email, meeting, demo, quote, other
    direction   varchar,          -- inbound, outbound
    started_at  timestamp NOT NULL,
    duration_s  bigint,           -- [s]
    outcome     varchar,          -- held, no show, connected, no answer, sent, replied, objection, planned ...
    contact_key bigint,
    updated_at  timestamp,
    attributes  varchar
)
