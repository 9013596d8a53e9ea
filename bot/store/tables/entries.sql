-- Sources, what they published, and what the coalition thinks of it.

-- Published by others. One row per source of feeds.yml, with its validators and status.
CREATE TABLE source (
    id TEXT NOT NULL PRIMARY KEY,
    memory TEXT NOT NULL,
    health TEXT NOT NULL,
    health_detail TEXT NOT NULL,
    health_since TEXT NOT NULL,
    health_told TEXT,
    checked_at TEXT NOT NULL,
    first_success_at TEXT,
    last_success_at TEXT,
    last_change_at TEXT,
    failures INTEGER NOT NULL,
    due_at TEXT NOT NULL
);

-- How the checks of each source on a day of the coalition ended, for its strip: `failures` found a problem.
CREATE TABLE source_day (
    day TEXT NOT NULL,
    source_id TEXT NOT NULL,
    checks INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    new_entries INTEGER NOT NULL,
    PRIMARY KEY (day, source_id)
);

-- Published by others. `body` is the Entry as JSON, as last read; `first_body` as first read, stored once the two
-- differ. `position`: its place in the answer that first brought it. The other columns are what SQL asks for.
CREATE TABLE entry (
    id TEXT NOT NULL PRIMARY KEY,
    source_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    stage TEXT NOT NULL,
    thread TEXT NOT NULL,
    title TEXT NOT NULL,
    url TEXT NOT NULL,
    published_at TEXT,
    first_seen_at TEXT NOT NULL,
    position INTEGER NOT NULL,
    updated_at TEXT NOT NULL,
    comments_close_on TEXT,
    baseline INTEGER NOT NULL,
    body TEXT NOT NULL,
    first_body TEXT
);
CREATE INDEX entry_thread ON entry (thread);
CREATE INDEX entry_comments ON entry (comments_close_on);
CREATE INDEX entry_seen ON entry (first_seen_at);
CREATE INDEX entry_hearing ON entry (first_seen_at) WHERE kind = 'hearing';
CREATE INDEX entry_planned_rule ON entry (first_seen_at) WHERE kind = 'planned-rule';

-- Which sources brought an entry, and at what stage: for `why`, and so that a second source posts nothing again.
CREATE TABLE sighting (
    entry_id TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    source_id TEXT NOT NULL,
    stage TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    PRIMARY KEY (entry_id, source_id, stage)
);

-- Every key by which the same thing may come again. Kept at least 400 days: old items resurface.
CREATE TABLE entry_key (
    key TEXT NOT NULL PRIMARY KEY,
    entry_id TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    seen_at TEXT NOT NULL
);
CREATE INDEX entry_key_entry ON entry_key (entry_id);

-- Numbers, dockets and RINs that an amending document may name; the newest entry with the reference wins.
CREATE TABLE entry_reference (
    reference TEXT NOT NULL,
    entry_id TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    seen_at TEXT NOT NULL,
    PRIMARY KEY (reference, entry_id)
);
CREATE INDEX entry_reference_entry ON entry_reference (entry_id);

-- Which watch matched an entry at a stage, with its reasons as JSON.
CREATE TABLE match (
    entry_id TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    stage TEXT NOT NULL,
    watch TEXT NOT NULL,
    level TEXT NOT NULL,
    asks TEXT NOT NULL,
    reasons TEXT NOT NULL,
    matched_at TEXT NOT NULL,
    PRIMARY KEY (entry_id, stage, watch)
);
CREATE INDEX match_at ON match (matched_at);

-- What people did with an alert: who works on it, how long it is snoozed, what they thought of it.
CREATE TABLE entry_work (
    entry_id TEXT NOT NULL PRIMARY KEY REFERENCES entry (id) ON DELETE CASCADE,
    assigned_to TEXT REFERENCES person (id),
    assigned_at TEXT,
    snoozed_until TEXT,
    snoozed_by TEXT REFERENCES person (id),
    verdict TEXT,
    verdict_by TEXT REFERENCES person (id),
    verdict_at TEXT
);

-- Which entries people found relevant. One answer for an entry and an ask; ask 0 is the coalition as a whole. "skip" is
-- an answer, too: the entry is not shown again.
CREATE TABLE judgment (
    entry_id TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    ask INTEGER NOT NULL,
    answer TEXT NOT NULL,
    judged_by TEXT REFERENCES person (id),
    judged_at TEXT NOT NULL,
    PRIMARY KEY (entry_id, ask)
);
CREATE INDEX judgment_ask ON judgment (ask, judged_at);

-- The round of entries that a person is answering. `cards`: JSON, the entries to show with the words for which each is
-- shown.
CREATE TABLE learning_round (
    person_id TEXT NOT NULL REFERENCES person (id),
    ask INTEGER NOT NULL,
    cards TEXT NOT NULL,
    made_at TEXT NOT NULL,
    PRIMARY KEY (person_id, ask)
);

-- The random sample of a quarter's entries that no watch raised, for the estimate of what is missed. `month`: its last.
-- `size`: entries of the stratum in that quarter; `drawn`: JSON, the ids of those to judge.
CREATE TABLE recall_sample (
    month TEXT NOT NULL,
    stratum INTEGER NOT NULL,
    size INTEGER NOT NULL,
    drawn TEXT NOT NULL,
    drawn_at TEXT NOT NULL,
    PRIMARY KEY (month, stratum)
);
