-- Who is who at the customer. A role counts for all the deal's meetings.
CREATE TABLE contact_roles (
    deal_id     varchar NOT NULL,
    contact_key bigint NOT NULL,
    role        varchar NOT NULL, -- decision_maker, champion, influencer ...
    since       timestamp,
    attributes  varchar
)
