-- What people decide and say beside the findings. Rows are only added: a decision is closed by a
-- row of its own.
CREATE TABLE decision (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    made_at    INTEGER NOT NULL,
    account    INTEGER NOT NULL REFERENCES account,
    action     TEXT NOT NULL,
    moment     TEXT,
    team_id    TEXT,
    person_key INTEGER REFERENCES identity ON DELETE SET NULL,
    note       TEXT NOT NULL,
    review_on  TEXT            -- a day
) STRICT;
CREATE TABLE decision_close (
    decision INTEGER PRIMARY KEY REFERENCES decision,
    made_at  INTEGER NOT NULL,
    account  INTEGER NOT NULL REFERENCES account,
    note     TEXT NOT NULL
) STRICT;
CREATE TABLE note (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    made_at    INTEGER NOT NULL,
    account    INTEGER NOT NULL REFERENCES account,
    kind       TEXT NOT NULL CHECK (kind IN ('contest', 'note', 'judgement')),
    page       TEXT NOT NULL,
    person_key INTEGER REFERENCES identity ON DELETE SET NULL,
    moment     TEXT,
    deal_id    TEXT,
    text       TEXT NOT NULL,
    value      TEXT
) STRICT;
-- Inside a case the one who opened it may see the person's row, from when the person knows of it.
CREATE TABLE person_case (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    made_at    INTEGER NOT NULL,
    account    INTEGER NOT NULL REFERENCES account,
    person_key INTEGER NOT NULL REFERENCES identity ON DELETE CASCADE,
    purpose    TEXT NOT NULL,
    until      TEXT NOT NULL,   -- the last day
    known_at   INTEGER,
    closed_at  INTEGER
) STRICT;
CREATE INDEX person_case_of ON person_case (person_key);
-- Work that the server was asked for; what is running stands in memory beside it.
CREATE TABLE job (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    made_at  INTEGER NOT NULL,
    account  INTEGER NOT NULL REFERENCES account,
    kind     TEXT NOT NULL,
    asked    TEXT NOT NULL,     -- JSON
    state    TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    text     TEXT NOT NULL DEFAULT '',
    result   TEXT,              -- JSON
    ended_at INTEGER
) STRICT;
CREATE TRIGGER decision_no_update BEFORE UPDATE OF id, made_at, account, action, moment, team_id, note, review_on ON decision BEGIN SELECT raise(ABORT, 'decisions are only added'); END;
CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision BEGIN SELECT raise(ABORT, 'decisions are only added'); END;
CREATE TRIGGER note_no_update BEFORE UPDATE OF id, made_at, account, kind, page, moment, deal_id, text, value ON note BEGIN SELECT raise(ABORT, 'notes are only added'); END;
CREATE TRIGGER note_no_delete BEFORE DELETE ON note BEGIN SELECT raise(ABORT, 'notes are only added'); END;
