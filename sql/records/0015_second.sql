-- A second factor at login: the key that the authenticator app has too, and codes for when it is lost, each good for once.
CREATE TABLE second_factor (
    account      INTEGER PRIMARY KEY REFERENCES account,
    secret       TEXT NOT NULL,               -- 160 bits, base 32
    confirmed_at INTEGER,                     -- NULL: not asked for yet
    last_step    INTEGER NOT NULL DEFAULT 0   -- the half minute whose code was used last
) STRICT;
CREATE TABLE recovery_code (
    account INTEGER NOT NULL REFERENCES account,
    sha256  TEXT NOT NULL,
    PRIMARY KEY (account, sha256)
) STRICT;
