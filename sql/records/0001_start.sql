-- What cannot be rebuilt from the sources: which files are the facts, who the persons are, what
-- was refused. Times are microseconds since 1970 UTC.
CREATE TABLE generation (
    id      INTEGER PRIMARY KEY,
    parent  INTEGER,          -- the generation before; undo goes back to it
    made_at INTEGER NOT NULL,
    as_of   INTEGER           -- local wall time in microseconds, given by --as-of; NULL = the newest
) STRICT;
CREATE TABLE part (
    generation INTEGER NOT NULL REFERENCES generation ON DELETE CASCADE,
    name       TEXT NOT NULL, -- the fact table
    partition  TEXT NOT NULL, -- 2026-11 (month), 03 (hash of the deal) or all
    sha256     TEXT NOT NULL, -- also the file's name: facts/<sha256>.parquet
    rows       INTEGER NOT NULL,
    PRIMARY KEY (generation, name, sha256)
) STRICT;
-- The one row that says which generation stands; NULL = none.
CREATE TABLE standing (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    generation INTEGER REFERENCES generation
) STRICT;
INSERT INTO standing VALUES (1, NULL);
-- How a fact table is cut, fixed when it is first filled.
CREATE TABLE cut (
    name    TEXT PRIMARY KEY,
    buckets INTEGER NOT NULL  -- 0 = by month, else by hash of the deal into that many
) STRICT;
CREATE TABLE identity (
    key       INTEGER PRIMARY KEY,
    space     TEXT NOT NULL,  -- person or contact
    source_id TEXT NOT NULL,
    name      TEXT,
    email     TEXT,
    title     TEXT,
    UNIQUE (space, source_id)
) STRICT;
CREATE TABLE import_file (
    generation INTEGER NOT NULL REFERENCES generation ON DELETE CASCADE,
    path       TEXT NOT NULL,
    name       TEXT NOT NULL, -- the fact table
    read INTEGER NOT NULL, used INTEGER NOT NULL, identical INTEGER NOT NULL,
    replaced INTEGER NOT NULL, rejected INTEGER NOT NULL, skipped INTEGER NOT NULL
) STRICT;
-- What was refused or repaired. Raw values are taken out 30 days later.
CREATE TABLE reject (
    generation INTEGER NOT NULL REFERENCES generation ON DELETE CASCADE,
    path       TEXT NOT NULL,
    line       INTEGER,
    field      TEXT,
    value      TEXT,
    code       TEXT NOT NULL,
    sentence   TEXT NOT NULL,
    warning    INTEGER NOT NULL, -- 1: the row was kept
    made_at    INTEGER NOT NULL
) STRICT;
CREATE TABLE lease (
    id         INTEGER PRIMARY KEY,
    generation INTEGER NOT NULL,
    pid        INTEGER NOT NULL,
    host       TEXT NOT NULL,
    started    INTEGER NOT NULL
) STRICT;
