-- What was agreed to happen next in a deal.
CREATE TABLE next_steps (
    step_id    varchar NOT NULL,
    deal_id    varchar NOT NULL,
    seller_key bigint NOT NULL,
    created_at timestamp NOT NULL,
    due_on     date,
    done_at    timestamp,
    updated_at timestamp,
    attributes varchar
)
