-- What a person practises, and when it is looked at again. Rows are only added: a plan is closed by a
-- row of its own.
CREATE TABLE plan (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    made_at    INTEGER NOT NULL,
    account    INTEGER NOT NULL REFERENCES account,
    person_key INTEGER NOT NULL REFERENCES identity ON DELETE CASCADE,
    competency TEXT NOT NULL,
    practise   TEXT NOT NULL,
    deal_id    TEXT,            -- one of the person's own that went well, as a model
    review_on  TEXT NOT NULL    -- a day
) STRICT;
CREATE TABLE plan_close (
    plan    INTEGER PRIMARY KEY REFERENCES plan ON DELETE CASCADE,
    made_at INTEGER NOT NULL,
    account INTEGER NOT NULL REFERENCES account,
    note    TEXT NOT NULL
) STRICT;
CREATE INDEX plan_of ON plan (person_key);
CREATE TRIGGER plan_no_update BEFORE UPDATE ON plan BEGIN SELECT raise(ABORT, 'plans are only added'); END;
CREATE TRIGGER plan_close_no_update BEFORE UPDATE ON plan_close BEGIN SELECT raise(ABORT, 'plans are only added'); END;
