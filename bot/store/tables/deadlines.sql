-- Commitments of offices, and dockets on regulations.gov.

-- A commitment that people wrote down or changed in chat, laid over the duty of that id in coalition.yml. `basis`: the
-- statute, answer, hearing, meeting or notice that makes it, as `kind` says.
CREATE TABLE commitment (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL DEFAULT 'law',
    basis TEXT NOT NULL,
    quote TEXT NOT NULL DEFAULT '',
    owed TEXT NOT NULL,
    owed_by TEXT NOT NULL,
    since TEXT NOT NULL,
    period TEXT NOT NULL,
    source TEXT NOT NULL,
    looked_on TEXT,
    asks TEXT NOT NULL,
    note TEXT NOT NULL,
    confirmed_at TEXT,
    changed_at TEXT NOT NULL,
    changed_by TEXT REFERENCES person (id),
    removed_at TEXT
);

-- What a person found out about a commitment. The newest that was not withdrawn counts; none means no record found.
-- `moved_to`: the day to which its office moved it.
CREATE TABLE commitment_finding (
    id TEXT NOT NULL PRIMARY KEY,
    commitment_id TEXT NOT NULL,
    state TEXT NOT NULL,
    moved_to TEXT,
    source TEXT NOT NULL,
    found_on TEXT NOT NULL,
    found_at TEXT NOT NULL,
    found_by TEXT REFERENCES person (id),
    taken_back_at TEXT
);
CREATE INDEX commitment_finding_newest ON commitment_finding (commitment_id, found_at);

-- A duty that a law's text seems to contain, until a person adopts it; kept a week.
CREATE TABLE commitment_proposal (
    id TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL,
    made_at TEXT NOT NULL
);

-- followed_by NULL: the Register's number of an alert's document leads to it. `read_to`: the last change that was read,
-- where the next reading continues.
CREATE TABLE docket (
    id TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    followed_at TEXT NOT NULL,
    followed_by TEXT REFERENCES person (id),
    unfollowed_at TEXT,
    read_to TEXT,
    looked_at TEXT,
    trouble TEXT NOT NULL
);

-- Published by others: what regulations.gov lists. comments NULL: not counted yet.
CREATE TABLE docket_document (
    id TEXT NOT NULL PRIMARY KEY,
    docket TEXT NOT NULL,
    object_id TEXT NOT NULL,
    number TEXT,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    posted_on TEXT,
    closes_on TEXT,
    status TEXT NOT NULL,
    comments INTEGER,
    counted_at TEXT
);
CREATE INDEX docket_document_docket ON docket_document (docket);
CREATE INDEX docket_document_number ON docket_document (number);

-- Which numbers of the Register were looked up, found or not.
CREATE TABLE docket_lookup (
    number TEXT NOT NULL PRIMARY KEY,
    looked_at TEXT NOT NULL
);

-- A comment of ours by its tracking number; `what`: the letter's number. posted_as NULL: not posted by the agency.
CREATE TABLE docket_comment (
    tracking TEXT NOT NULL PRIMARY KEY,
    document TEXT NOT NULL,
    what TEXT NOT NULL,
    organization TEXT NOT NULL,
    filed_at TEXT NOT NULL,
    filed_by TEXT REFERENCES person (id),
    posted_as TEXT,
    posted_seen_at TEXT,
    looked_at TEXT
);
