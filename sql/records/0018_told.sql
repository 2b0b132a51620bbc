-- What was chosen about a proposal, and what the result told of it when the decision was logged: as
-- JSON, in the same transaction as the decision. Rows are only added.
ALTER TABLE decision ADD COLUMN choice TEXT CHECK (choice IN ('do', 'not', 'later'));
CREATE TABLE decision_told (
    decision INTEGER PRIMARY KEY REFERENCES decision,
    told     TEXT NOT NULL      -- snapshot, verdict, value, cost, currency, p_positive, expects
) STRICT;
CREATE TRIGGER decision_choice_no_update BEFORE UPDATE OF choice ON decision BEGIN SELECT raise(ABORT, 'decisions are only added'); END;
CREATE TRIGGER decision_told_no_update BEFORE UPDATE ON decision_told BEGIN SELECT raise(ABORT, 'decisions are only added'); END;
CREATE TRIGGER decision_told_no_delete BEFORE DELETE ON decision_told BEGIN SELECT raise(ABORT, 'decisions are only added'); END;
