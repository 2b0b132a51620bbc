-- What managers, peers and customer-facing observers saw (people/rating.h). Only added to; the newest
-- of a rater on a person's competency counts. Times are microseconds since 1970 UTC.
CREATE TABLE rating (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    person     INTEGER NOT NULL, -- key in identity
    rater      INTEGER NOT NULL, -- key in identity
    role       TEXT NOT NULL CHECK (role IN ('manager', 'peer', 'customer', 'self')),
    competency TEXT NOT NULL,
    level      INTEGER CHECK (level BETWEEN 1 AND 5), -- NULL = not observed
    evidence   TEXT NOT NULL,
    made_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX rating_of ON rating (person);
CREATE TRIGGER rating_stands BEFORE UPDATE ON rating
BEGIN
    SELECT RAISE(ABORT, 'a rating is not changed; a new one is added');
END
