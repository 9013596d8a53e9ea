-- Whose store this is, what the bot itself must remember, what was set in chat, and the copies of this store.

-- One row: the coalition that the store belongs to.
CREATE TABLE coalition (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    created_at TEXT NOT NULL
);

-- Single values that must outlast a restart.
CREATE TABLE memo (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- Watches that are muted, and watches and sources that were shown and wait to be saved (their kind is "watch draft").
CREATE TABLE overlay (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT,
    muted_until TEXT,
    changed_at TEXT NOT NULL,
    changed_by TEXT,
    PRIMARY KEY (kind, name)
);

-- What people set in chat instead of in the two files: every change, in order, so that each can be undone. The newest
-- version of a section is active. `effect`: set (to `body`), removed, reset to the file's value, or now the same in files.
CREATE TABLE setting_change (
    version INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    effect TEXT NOT NULL,
    body TEXT,
    undoes INTEGER,
    changed_at TEXT NOT NULL,
    changed_by TEXT
);
CREATE INDEX setting_change_section ON setting_change (kind, name, version);

-- Copies of this store: backups, exports, stores that a restore replaced. `path`: as this machine has it.
CREATE TABLE backup (
    path TEXT NOT NULL PRIMARY KEY,
    made_at TEXT NOT NULL
);

-- Who was erased, by an id that means nothing to others: a restored backup that still has them is erased again.
CREATE TABLE erasure (
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    erased_at TEXT NOT NULL,
    PRIMARY KEY (kind, subject)
);
