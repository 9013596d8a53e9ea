-- People, the accounts they act with, what they may do and did.

-- A person of the coalition. The store has nothing else about people than this file's tables.
CREATE TABLE person (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    organisation TEXT,
    created_at TEXT NOT NULL,
    left_at TEXT
);

-- The accounts a person acts with: exactly this user of exactly this workspace or guild. `confirmed_by`: the
-- administrator who confirmed what another one gave; without one it acts for a member after a day.
CREATE TABLE account (
    platform TEXT NOT NULL,
    team TEXT NOT NULL,
    user_id TEXT NOT NULL,
    person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    linked_at TEXT NOT NULL,
    linked_by TEXT,
    confirmed_by TEXT,
    PRIMARY KEY (platform, team, user_id)
);
CREATE INDEX account_person ON account (person_id);

-- Where people learn that their accounts changed: an account or address as it was when the notice was written, because
-- it may be gone when the notice is sent. `platform` "": the admin channel, with a button to confirm.
CREATE TABLE account_notice (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    platform TEXT NOT NULL,
    address TEXT NOT NULL,
    text TEXT NOT NULL,
    made_at TEXT NOT NULL,
    posted_at TEXT
);

-- `confirmed_by`: as in `account`.
CREATE TABLE person_role (
    person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    granted_at TEXT NOT NULL,
    granted_by TEXT,
    confirmed_by TEXT,
    PRIMARY KEY (person_id, role)
);

-- What a person follows, and when they may be notified.
CREATE TABLE preference (
    person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (person_id, name)
);

-- Each person's own address, and what they want by email. `token` is in the addresses to which the person's bounces,
-- replies and unsubscribes come back. `code`: a hash. `digested_at`: until when the last daily digest looked; NULL
-- without a digest. `set_by`: who set the address; NULL: the person themselves.
CREATE TABLE mail_address (
    person_id TEXT NOT NULL PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    token TEXT NOT NULL UNIQUE,
    code TEXT NOT NULL,
    code_ends_at TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    set_at TEXT NOT NULL,
    confirmed_at TEXT,
    unsubscribed_at TEXT,
    direct INTEGER NOT NULL DEFAULT 0,
    digested_at TEXT,
    soft_bounces INTEGER NOT NULL DEFAULT 0,
    soft_bounced_at TEXT,
    set_by TEXT
);
-- One person for each confirmed address: a reply from it is that person's.
CREATE UNIQUE INDEX mail_address_own ON mail_address (address) WHERE confirmed_at IS NOT NULL;

-- First a link that was requested in chat, then the session that it opened. `hash`: of the link's token, and once
-- opened of the cookie's. `platform`, `team`, `user_id`: the account that asked.
CREATE TABLE web_session (
    id TEXT NOT NULL PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    person_id TEXT NOT NULL REFERENCES person (id),
    platform TEXT NOT NULL,
    team TEXT NOT NULL,
    user_id TEXT NOT NULL,
    made_at TEXT NOT NULL,
    opened_at TEXT,
    seen_at TEXT,
    ends_at TEXT NOT NULL
);
CREATE INDEX web_session_person ON web_session (person_id);

-- Who changed what, when, from where. Never edited.
CREATE TABLE audit (
    id TEXT NOT NULL PRIMARY KEY,
    seq INTEGER NOT NULL,
    at TEXT NOT NULL,
    person_id TEXT,
    who TEXT NOT NULL,
    origin TEXT NOT NULL,
    command TEXT NOT NULL,
    subject TEXT NOT NULL,
    before_text TEXT NOT NULL,
    after_text TEXT NOT NULL
);
CREATE INDEX audit_at ON audit (seq);

-- Requests that were handled: Slack and Discord deliver some twice. Kept ten days.
CREATE TABLE inbox (
    key TEXT NOT NULL PRIMARY KEY,
    seen_at TEXT NOT NULL
);

-- Requests from chat that were acknowledged and not answered yet, so that the next start answers those that were cut
-- off. What was typed is not stored: `path` is the command alone. `at`: when a process last worked on it.
CREATE TABLE promise (
    key TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    path TEXT NOT NULL,
    at TEXT NOT NULL
);
