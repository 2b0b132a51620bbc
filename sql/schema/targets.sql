-- Targets of a seller or a team for a period.
CREATE TABLE targets (
    seller_key bigint,
    team_id    varchar,
    period     varchar NOT NULL, -- 2026, 2026-Q3, 2026-09 ...
    metric     varchar NOT NULL, -- amount, deals, meetings, calls ...
    amount     bigint NOT NULL,  -- [1/100], of the currency where the metric is amount
    currency   varchar,
    attributes varchar
)
