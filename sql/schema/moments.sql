-- Occasions observed directly, by call review or conversation tools.
CREATE TABLE moments (
    moment     varchar NOT NULL,
    seller_key bigint NOT NULL,
    deal_id    varchar,
    "at"       timestamp NOT NULL,
    done       smallint, -- 0, 1
    success    smallint, -- 0, 1
    attributes varchar
)
