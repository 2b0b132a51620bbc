-- What answers of one's own say of a competency's situations (people/measure.h): one version after
-- the other, only added to. Numbers are hexadecimal floating point, so that a sitting plays again bit
-- for bit.
CREATE TABLE measure (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    competency TEXT NOT NULL,
    key        TEXT NOT NULL,   -- sha256 of its scoring key: a changed one is another test
    persons    INTEGER NOT NULL,
    made_at    INTEGER NOT NULL -- microseconds since 1970 UTC
) STRICT;
CREATE TABLE measure_item (
    measure    INTEGER NOT NULL REFERENCES measure ON DELETE CASCADE,
    item       TEXT NOT NULL,
    answered   INTEGER NOT NULL,
    difficulty TEXT NOT NULL,   -- trait at which half find the best answer
    slope      TEXT NOT NULL,   -- 1 = as assumed at the start
    PRIMARY KEY (measure, item)
) STRICT;
-- By which versions an invitation's situations are chosen: ids with commas, one a competency, 0 = the
-- start values; empty = all of them.
ALTER TABLE invitation ADD COLUMN measures TEXT NOT NULL DEFAULT ''
