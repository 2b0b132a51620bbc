-- Teams. Names of teams are business data and stay here.
CREATE TABLE teams (
    team_id        varchar NOT NULL, -- the source's own
    name           varchar,
    parent_team_id varchar,
    attributes     varchar           -- unknown columns as one JSON object, or NULL
)
