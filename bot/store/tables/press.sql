-- News about us: mentions, stories, posts; and the press list, embargoes and inquiries.

-- A story, and what people did with it. `number` is what they say: S-12. `asks_set`: numbers, as JSON, where a person
-- has set them. `delivery_id`: the card that shows it, and changes with it.
CREATE TABLE story (
    id TEXT NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    opened_at TEXT NOT NULL,
    thread TEXT NOT NULL,
    delivery_id TEXT REFERENCES delivery (id) ON DELETE SET NULL,
    claimed_by TEXT REFERENCES person (id),
    claimed_at TEXT,
    clipped_by TEXT REFERENCES person (id),
    clipped_at TEXT,
    clip_note TEXT NOT NULL,
    muted_at TEXT,
    released_by TEXT REFERENCES person (id),
    asks_set TEXT,
    tone TEXT,
    spokesperson TEXT,
    reporter TEXT
);
-- Deleting an old delivery looks for the story whose card it is.
CREATE INDEX story_delivery ON story (delivery_id);

-- One published item. `body`: what else is known of it, as JSON, with no more than 60 words of its text.
CREATE TABLE mention (
    id TEXT NOT NULL PRIMARY KEY,
    story_id TEXT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    entry_id TEXT REFERENCES entry (id) ON DELETE SET NULL,
    key TEXT NOT NULL UNIQUE,
    at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    weight TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX mention_story ON mention (story_id);
CREATE INDEX mention_entry ON mention (entry_id);
CREATE INDEX mention_at ON mention (at);

-- Pairs of neighboring words, by which copies find their story; deleted when a story is too old for copies.
CREATE TABLE mention_shingle (
    shingle TEXT NOT NULL,
    mention_id TEXT NOT NULL REFERENCES mention (id) ON DELETE CASCADE,
    written_at TEXT NOT NULL,
    PRIMARY KEY (shingle, mention_id)
);
CREATE INDEX mention_shingle_mention ON mention_shingle (mention_id);

-- What is to be done about a story, and what was.
CREATE TABLE story_note (
    id TEXT NOT NULL PRIMARY KEY,
    story_id TEXT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    due_on TEXT,
    done_at TEXT,
    told_at TEXT,
    person_id TEXT NOT NULL REFERENCES person (id),
    written_at TEXT NOT NULL
);
CREATE INDEX story_note_story ON story_note (story_id);

-- What must not come back, as nothing but a hash of its key. `person_id`: NULL if a restore repeated it and the backup
-- lacks that person.
CREATE TABLE redaction (
    hash TEXT NOT NULL PRIMARY KEY,
    person_id TEXT REFERENCES person (id),
    redacted_at TEXT NOT NULL
);

-- Look-alikes that people have distinguished: words near which an entity's name does not count, or a site's host.
CREATE TABLE entity_rule (
    id TEXT NOT NULL PRIMARY KEY,
    entity TEXT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    person_id TEXT NOT NULL REFERENCES person (id),
    written_at TEXT NOT NULL,
    UNIQUE (entity, kind, value)
);

-- `key`: the folded name, so that no outlet is stored twice. `tier`: 1 is what everyone reads; NULL: not stated.
CREATE TABLE press_outlet (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    market TEXT NOT NULL,
    tier INTEGER
);

-- A reporter, or an outlet's desk where `name` is empty. `source` and `basis`: where the data come from, and why they
-- may be stored. `number` is what people say: P-31; it is never given twice.
CREATE TABLE press_contact (
    id TEXT NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    outlet_id TEXT NOT NULL REFERENCES press_outlet (id),
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    beat TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    channel TEXT NOT NULL,
    deadlines TEXT NOT NULL,
    source TEXT NOT NULL,
    basis TEXT NOT NULL,
    verified_on TEXT,
    opted_out_at TEXT,
    added_at TEXT NOT NULL
);
CREATE INDEX press_contact_outlet ON press_contact (outlet_id);

-- What was said or pitched to a contact. `pitched_by`: the member whose pitch it was; empty: the coalition's own.
CREATE TABLE press_log (
    id TEXT NOT NULL PRIMARY KEY,
    contact_id TEXT NOT NULL REFERENCES press_contact (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    person_id TEXT NOT NULL REFERENCES person (id),
    at TEXT NOT NULL,
    pitched_by TEXT NOT NULL,
    ask INTEGER,
    link TEXT NOT NULL,
    embargo_id TEXT,
    answer TEXT NOT NULL,
    result TEXT NOT NULL,
    follow_at TEXT,
    followed_at TEXT
);
CREATE INDEX press_log_contact ON press_log (contact_id, at);
CREATE INDEX press_log_follow ON press_log (follow_at);

-- Material that is shown before it may be published, and the hour at which it may, in the zone it was given in.
CREATE TABLE press_embargo (
    id TEXT NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    about TEXT NOT NULL,
    lifts_at TEXT NOT NULL,
    zone TEXT NOT NULL
);

-- Who agreed to it in writing, and where that is.
CREATE TABLE press_agreement (
    embargo_id TEXT NOT NULL REFERENCES press_embargo (id) ON DELETE CASCADE,
    contact_id TEXT NOT NULL REFERENCES press_contact (id) ON DELETE CASCADE,
    evidence TEXT NOT NULL,
    noted_at TEXT NOT NULL,
    PRIMARY KEY (embargo_id, contact_id)
);

-- A question from the press. `reporter` and `outlet` as given; for a request to meet someone served no question is
-- stored. `spokesperson_id`: who it was passed to.
CREATE TABLE press_inquiry (
    id TEXT NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    reporter TEXT NOT NULL,
    outlet TEXT NOT NULL,
    question TEXT NOT NULL,
    ask INTEGER,
    member TEXT,
    due_at TEXT NOT NULL,
    zone TEXT NOT NULL,
    state TEXT NOT NULL,
    received_at TEXT NOT NULL,
    received_by TEXT NOT NULL REFERENCES person (id),
    spokesperson_id TEXT REFERENCES person (id),
    acknowledged_at TEXT,
    answered_at TEXT,
    ended_at TEXT,
    outcome TEXT NOT NULL,
    link TEXT NOT NULL
);
CREATE INDEX press_inquiry_state ON press_inquiry (state);

-- The messages that name a person of the press, so that they change with what they show and can be emptied.
CREATE TABLE press_card (
    delivery_id TEXT NOT NULL PRIMARY KEY REFERENCES delivery (id) ON DELETE CASCADE,
    about_id TEXT NOT NULL
);
CREATE INDEX press_card_about ON press_card (about_id);

-- Who asked not to be contacted or stored, as nothing but salted hashes of how an import would name them.
CREATE TABLE press_suppression (
    hash TEXT NOT NULL PRIMARY KEY,
    since TEXT NOT NULL
);
