-- Who does not interview an applicant, and says so: sees what others gave, and gives nothing any more
-- (people/interview_give.h). Only added to.
CREATE TABLE interview_pass (
    person  INTEGER NOT NULL, -- key in identity: who applies
    rater   INTEGER NOT NULL, -- key in identity
    made_at INTEGER NOT NULL, -- microseconds since 1970 UTC
    PRIMARY KEY (person, rater)
) STRICT;
CREATE TRIGGER interview_pass_stands BEFORE UPDATE ON interview_pass
BEGIN
    SELECT RAISE(ABORT, 'who has seen what others gave has seen it');
END
