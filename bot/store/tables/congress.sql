-- Bills and the directory of Congress, as they were published.

-- Published by others. A bill's record as one source has it. `name` ("s567") is another bill in every Congress.
CREATE TABLE bill (
    bill_id TEXT NOT NULL,
    source TEXT NOT NULL,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    record TEXT NOT NULL,
    as_of TEXT,
    read_at TEXT NOT NULL,
    PRIMARY KEY (bill_id, source)
);
CREATE INDEX bill_name ON bill (name);

-- A bill that looks like one of a family's, introduced again. People are asked about it once.
CREATE TABLE bill_proposal (
    bill_id TEXT NOT NULL PRIMARY KEY,
    family TEXT NOT NULL,
    title TEXT NOT NULL,
    proposed_at TEXT NOT NULL,
    answer TEXT,
    answered_at TEXT,
    answered_by TEXT
);

-- Published by others. Roll calls on our bills. `body`: the roll call with each member's vote.
CREATE TABLE roll_call (
    id TEXT NOT NULL PRIMARY KEY,
    bill_id TEXT NOT NULL,
    voted_at TEXT,
    body TEXT NOT NULL,
    read_at TEXT NOT NULL
);
CREATE INDEX roll_call_bill ON roll_call (bill_id);

-- Published by others. The snapshot of members, committees and seats that is stored: one row, "congress".
CREATE TABLE directory (
    id TEXT NOT NULL PRIMARY KEY,
    as_of TEXT NOT NULL,
    taken_at TEXT NOT NULL,
    source TEXT NOT NULL
);

-- Members. `first_term` is empty where the source lists the present term alone. `lis`: the number by which the Senate's
-- votes name a senator.
CREATE TABLE legislator (
    bioguide TEXT NOT NULL PRIMARY KEY,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    suffix TEXT NOT NULL,
    nickname TEXT NOT NULL,
    official_full TEXT NOT NULL,
    gender TEXT NOT NULL,
    role TEXT NOT NULL,
    state TEXT NOT NULL,
    district INTEGER,
    party TEXT NOT NULL,
    term_start TEXT NOT NULL,
    term_end TEXT NOT NULL,
    first_term TEXT,
    room TEXT NOT NULL,
    leads TEXT NOT NULL,
    lis TEXT NOT NULL DEFAULT ''
);

-- Committees; a subcommittee names its parent.
CREATE TABLE committee (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    chamber TEXT NOT NULL,
    parent_id TEXT REFERENCES committee (id)
);

CREATE TABLE committee_seat (
    committee_id TEXT NOT NULL REFERENCES committee (id),
    bioguide TEXT NOT NULL REFERENCES legislator (bioguide),
    place INTEGER NOT NULL,
    title TEXT NOT NULL,
    PRIMARY KEY (committee_id, bioguide)
);
CREATE INDEX committee_seat_member ON committee_seat (bioguide);
