-- Situational tests (people/sitting.h). An invitation is a link without account: its token is not
-- kept, only the hash of it. Times are microseconds since 1970 UTC.
CREATE TABLE invitation (
    id           INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice
    token        TEXT NOT NULL UNIQUE,  -- sha256
    person       INTEGER NOT NULL,      -- key in identity
    kind         TEXT NOT NULL CHECK (kind IN ('seller', 'candidate')),
    purpose      TEXT NOT NULL,
    competencies TEXT NOT NULL,         -- ids with commas, in the order asked
    keys         TEXT NOT NULL,         -- sha256 of their scoring keys: a changed one is another test
    lang         TEXT NOT NULL CHECK (lang IN ('en', 'sv')),
    seed         INTEGER NOT NULL,
    stop_se      INTEGER NOT NULL,      -- thousandths of the trait's standard deviation
    most         INTEGER NOT NULL,      -- situations a competency
    made_at      INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    withdrawn_at INTEGER
) STRICT;
CREATE INDEX invitation_of ON invitation (person);
-- What happened in a sitting, in order. Only added to; it goes with its invitation.
CREATE TABLE sitting_event (
    invitation INTEGER NOT NULL REFERENCES invitation ON DELETE CASCADE,
    n      INTEGER NOT NULL,            -- 1, 2 ...
    kind   TEXT NOT NULL CHECK (kind IN ('asked', 'answered', 'finished')),
    item   TEXT NOT NULL,               -- '' = finished
    choice TEXT,                        -- a, b, c, d as in the instrument; of answered
    at     INTEGER NOT NULL,
    trait  TEXT,                        -- before it was asked, or at the end: mean and SD in hexadecimal
    PRIMARY KEY (invitation, n)
) STRICT;
CREATE UNIQUE INDEX sitting_once ON sitting_event (invitation, kind, item);
CREATE TRIGGER sitting_event_stands BEFORE UPDATE ON sitting_event
BEGIN
    SELECT RAISE(ABORT, 'what happened in a sitting is not changed');
END
