-- What somebody had when taking a test: more time, a reader, another format (people/accommodation.h).
-- No score reads it. Only added to. Times are microseconds since 1970 UTC.
CREATE TABLE accommodation (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    person     INTEGER NOT NULL, -- key in identity
    invitation INTEGER REFERENCES invitation ON DELETE CASCADE, -- NULL = all tests
    kind       TEXT NOT NULL CHECK (kind IN ('time', 'breaks', 'reader', 'aid', 'format', 'place', 'other')),
    note       TEXT NOT NULL,
    recorder   TEXT NOT NULL,    -- 'account 3', or the name given at the terminal
    made_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX accommodation_of ON accommodation (person);
CREATE TRIGGER accommodation_stands BEFORE UPDATE ON accommodation
BEGIN
    SELECT RAISE(ABORT, 'what somebody had is not changed; a new record is added');
END
