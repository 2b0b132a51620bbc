-- The log (store/audit.h): each row's hash covers the row before it. Rows are only ever added.
CREATE TABLE audit (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    account INTEGER,          -- NULL = nobody was logged in, or the terminal
    what    TEXT NOT NULL,
    subject TEXT NOT NULL,    -- keys and numbers, no names
    purpose TEXT NOT NULL,
    outcome TEXT NOT NULL,
    hash    TEXT NOT NULL     -- SHA-256 of the hash before and the columns above
) STRICT;
-- The last row, so that a cut tail is seen.
CREATE TABLE audit_head (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    id   INTEGER NOT NULL,
    hash TEXT NOT NULL
) STRICT;
INSERT INTO audit_head VALUES (1, 0, '');
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the log is only added to'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the log is only added to'); END;
