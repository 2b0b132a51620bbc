-- A second language may come to an instrument of one's own: the same situations, points and difficulties
-- in other words (people/own.h). lang is 'both' then. Nothing else of it changes.
DROP TRIGGER own_instrument_stands;
CREATE TRIGGER own_instrument_stands BEFORE UPDATE OF competency, text, lang, stated, source, made_at ON own_instrument
WHEN NOT (OLD.lang IN ('en', 'sv') AND NEW.lang = 'both' AND NEW.competency = OLD.competency AND NEW.stated = OLD.stated
          AND NEW.source = OLD.source AND NEW.made_at = OLD.made_at)
BEGIN
    SELECT RAISE(ABORT, 'an instrument is not changed; another one is brought in');
END
