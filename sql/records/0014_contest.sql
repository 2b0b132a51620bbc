-- The answer to a contested finding, by somebody else than who contested it. Rows are only added; with one, it is closed.
CREATE TABLE note_answer (
    note    INTEGER PRIMARY KEY REFERENCES note,
    made_at INTEGER NOT NULL,
    account INTEGER NOT NULL REFERENCES account,
    outcome TEXT NOT NULL CHECK (outcome IN ('kept', 'changed', 'withdrawn')),
    text    TEXT NOT NULL
) STRICT;
CREATE TRIGGER note_answer_no_update BEFORE UPDATE ON note_answer BEGIN SELECT raise(ABORT, 'answers are only added'); END;
CREATE TRIGGER note_answer_no_delete BEFORE DELETE ON note_answer BEGIN SELECT raise(ABORT, 'answers are only added'); END;
