-- Other ids of a person: what another system calls him, told by his mail address (ingest/import_parts.h).
-- Facts have the key alone.
CREATE TABLE identity_alias (
    space     TEXT NOT NULL,  -- person
    source_id TEXT NOT NULL,
    key       INTEGER NOT NULL REFERENCES identity ON DELETE CASCADE,
    PRIMARY KEY (space, source_id)
) STRICT;
