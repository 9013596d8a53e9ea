-- What member organizations record of their lobbying and of their tax years; the telephones of Congress.

-- One line of the ledger. `cents`: what it cost; `minutes` and `rate_cents` say how, if it was given in hours.
-- `off_grant`: 1 if a person said that no grant paid for it. A line that corrects another keeps that one.
CREATE TABLE lobbying_entry (
    id TEXT NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    organization TEXT NOT NULL,
    on_day TEXT NOT NULL,
    kind TEXT NOT NULL,
    legislation TEXT NOT NULL,
    what TEXT NOT NULL,
    letter_id TEXT REFERENCES letter (id) ON DELETE SET NULL,
    minutes INTEGER,
    rate_cents BIGINT,
    cents BIGINT NOT NULL,
    off_grant INTEGER NOT NULL,
    corrects INTEGER UNIQUE,
    entered_by TEXT NOT NULL REFERENCES person (id),
    entered_at TEXT NOT NULL
);
CREATE INDEX lobbying_entry_organization ON lobbying_entry (organization);

-- What an organization tells of the tax year that begins on a day. `budget_cents`: exempt-purpose expenditures.
-- `reported`: of which shares of its ceilings it got a message.
CREATE TABLE lobbying_year (
    organization TEXT NOT NULL,
    begins TEXT NOT NULL,
    elects TEXT NOT NULL,
    budget_cents BIGINT,
    reported TEXT NOT NULL,
    entered_by TEXT NOT NULL REFERENCES person (id),
    entered_at TEXT NOT NULL,
    PRIMARY KEY (organization, begins)
);

-- The number that a member's office lists for everyone.
ALTER TABLE legislator ADD COLUMN phone TEXT NOT NULL DEFAULT '';
