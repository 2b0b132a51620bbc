-- A deal gets another owner.
CREATE TABLE owner_changes (
    deal_id    varchar NOT NULL,
    seller_key bigint NOT NULL, -- the owner from changed_at on
    changed_at timestamp NOT NULL,
    attributes varchar
)
