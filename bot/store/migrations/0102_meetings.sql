-- Meetings with offices: who of ours came, what was asked and said, and the next step.

-- `office`: as a letter's addressee, such as member:G000555; `office_name`: as it was called then. `role`: of
-- the people met, never a name. `next_by`: who has the next step. `number` is what people say: M-7; never given
-- twice.
CREATE TABLE meeting (
    id TEXT NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    office TEXT NOT NULL,
    office_name TEXT NOT NULL,
    state TEXT NOT NULL,
    held_on TEXT NOT NULL,
    purpose TEXT NOT NULL,
    role TEXT NOT NULL,
    next_step TEXT NOT NULL,
    next_on TEXT,
    next_by TEXT REFERENCES person (id),
    reminded_at TEXT,
    done_at TEXT,
    logged_by TEXT NOT NULL REFERENCES person (id),
    logged_at TEXT NOT NULL,
    removed_at TEXT
);

-- The members of the coalition that came: their representatives may read it.
CREATE TABLE meeting_organization (
    meeting_id TEXT NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
    organization TEXT NOT NULL,
    PRIMARY KEY (meeting_id, organization)
);

-- What was asked and what they said, in their words. `answer`: on the bill, as we heard it.
CREATE TABLE meeting_ask (
    id TEXT NOT NULL PRIMARY KEY,
    meeting_id TEXT NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
    asked TEXT NOT NULL,
    reply TEXT NOT NULL,
    bill TEXT,
    answer TEXT,
    noted_at TEXT NOT NULL
);
CREATE INDEX meeting_ask_meeting ON meeting_ask (meeting_id);
