-- What experts say a role asks for (people/role.h), and decisions on applicants with their reasons.
-- Only added to; the newest of a rater counts. Times are microseconds since 1970 UTC.
CREATE TABLE role_weight (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    role       TEXT NOT NULL,
    rater      TEXT NOT NULL,
    competency TEXT NOT NULL,
    weight     INTEGER NOT NULL CHECK (weight BETWEEN 1 AND 5),
    made_at    INTEGER NOT NULL
) STRICT;
CREATE TABLE recruitment_decision (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    person   INTEGER NOT NULL,  -- key in identity
    role     TEXT NOT NULL,
    decision TEXT NOT NULL CHECK (decision IN ('advance', 'hold', 'reject', 'offer', 'hire', 'withdrawn')),
    reason   TEXT NOT NULL,
    by       TEXT NOT NULL,
    made_at  INTEGER NOT NULL
) STRICT;
CREATE TRIGGER role_weight_stands BEFORE UPDATE ON role_weight
BEGIN
    SELECT RAISE(ABORT, 'what a rater said of a role is not changed');
END;
CREATE TRIGGER recruitment_decision_stands BEFORE UPDATE ON recruitment_decision
BEGIN
    SELECT RAISE(ABORT, 'a decision is not changed; a new one is added');
END
