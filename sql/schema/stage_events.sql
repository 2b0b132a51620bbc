-- A deal enters a stage, is closed or re-opened.
CREATE TABLE stage_events (
    deal_id         varchar NOT NULL,
    stage           varchar NOT NULL, -- with won and lost the closing stage's own name
    entered_at      timestamp NOT NULL,
    kind            varchar NOT NULL, -- stage, won, lost, reopened, back
    quality         varchar,          -- exact, derived, snapshot, inferred; NULL = exact
    recorded_by_key bigint,
    attributes      varchar
)
