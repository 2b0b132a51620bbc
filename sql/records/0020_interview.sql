-- What interviewers gave to answers, by the questions of the guide (people/interview_give.h). Only added
-- to; the newest of an interviewer to a question counts. Times are microseconds since 1970 UTC.
CREATE TABLE interview (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    person     INTEGER NOT NULL, -- key in identity: who was interviewed
    rater      INTEGER NOT NULL, -- key in identity
    competency TEXT NOT NULL,
    question   INTEGER NOT NULL CHECK (question >= 1), -- of the guide, in its order
    level      INTEGER CHECK (level BETWEEN 1 AND 5),  -- by the anchors; NULL = not asked
    note       TEXT NOT NULL,                          -- what was said
    made_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX interview_of ON interview (person);
CREATE TRIGGER interview_stands BEFORE UPDATE ON interview
BEGIN
    SELECT RAISE(ABORT, 'what was given in an interview is not changed; a new one is added');
END
