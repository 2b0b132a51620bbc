-- Results as they were given (store/results.h). Which facts, which program, which settings: what
-- `verify` needs to make the same again.
CREATE TABLE snapshot (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice
    generation INTEGER NOT NULL, -- which may be gone since
    made_at    INTEGER NOT NULL,
    version    TEXT NOT NULL,
    build      TEXT NOT NULL,    -- of the program: the linker's id
    seed       INTEGER NOT NULL,
    settings   TEXT NOT NULL,    -- JSON
    machine    TEXT NOT NULL,    -- processor and BLAS kernel
    sha256     TEXT NOT NULL,    -- of the document
    document   TEXT,             -- NULL = let go
    expired_at INTEGER
) STRICT;
CREATE INDEX snapshot_of ON snapshot (generation);
