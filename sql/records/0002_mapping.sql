-- What a user said of files, by the signature of their headings (ingest/memory.h): the lines of a
-- mapping file without the file's name.
CREATE TABLE mapping (
    signature text PRIMARY KEY,
    lines text NOT NULL,
    made_at bigint NOT NULL
);
