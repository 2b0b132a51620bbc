-- Who may use the server (store/accounts.h). Of passwords only Argon2id, of tokens only SHA-256.
CREATE TABLE account (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL UNIQUE COLLATE NOCASE,
    role       TEXT NOT NULL,
    person_key INTEGER REFERENCES identity ON DELETE SET NULL,
    lang       TEXT,              -- sv, en; NULL = the browser's
    password   TEXT,              -- NULL = the link was not used yet
    disabled   INTEGER NOT NULL DEFAULT 0,
    made_at    INTEGER NOT NULL
) STRICT;
CREATE TABLE account_team (
    account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    team_id TEXT NOT NULL,
    PRIMARY KEY (account, team_id)
) STRICT;
-- One-time links: the first start's (account NULL), invitations, new passwords.
CREATE TABLE link (
    token_sha256 TEXT PRIMARY KEY,
    account      INTEGER REFERENCES account ON DELETE CASCADE,
    made_at      INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL
) STRICT;
CREATE TABLE session (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    account      INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    token_sha256 TEXT NOT NULL UNIQUE,
    made_at      INTEGER NOT NULL,
    seen_at      INTEGER NOT NULL, -- within a minute
    agent        TEXT              -- what the browser calls itself
) STRICT;
CREATE INDEX session_of ON session (account);
