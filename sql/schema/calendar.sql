-- Calendar events. Titles are used to find the category and then dropped.
CREATE TABLE calendar (
    event_id   varchar, -- NULL where the source has none; then the key is the other columns
    seller_key bigint NOT NULL,
    starts_at  timestamp NOT NULL,
    ends_at    timestamp NOT NULL,
    category   varchar, -- customer, internal, admin, travel, focus, absence
    attributes varchar
)
