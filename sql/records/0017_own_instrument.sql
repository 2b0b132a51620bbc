-- Instruments of one's own (people/own.h): situations brought in as QTI, as the JSON that
-- people/instrument.h reads. Only added to; what is retired is no longer sent, and still scored. Times
-- are microseconds since 1970 UTC.
CREATE TABLE own_instrument (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    competency TEXT NOT NULL UNIQUE,
    text       TEXT NOT NULL,   -- JSON
    lang       TEXT NOT NULL,   -- en or sv: the one language that it has; '' = not said
    stated     INTEGER NOT NULL, -- situations whose difficulty the author stated; the others are taken as middling
    source     TEXT NOT NULL,   -- name of the file
    made_at    INTEGER NOT NULL,
    retired_at INTEGER
) STRICT;
CREATE TRIGGER own_instrument_stands BEFORE UPDATE OF competency, text, lang, stated, source, made_at ON own_instrument
BEGIN
    SELECT RAISE(ABORT, 'an instrument is not changed; another one is brought in');
END
