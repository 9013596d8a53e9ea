-- What is posted: messages, their files, digest lines, and channels on hold.

-- A message. Each is posted once because of UNIQUE (channel, key). `seq`: the order of enqueueing. `due_at`: when it
-- may next be claimed (the end of the lease while it is being sent). `attempted_at`: set while an attempt is under way
-- or its end is not known. `tried_at`: until when the last attempt may have arrived; before that a look into the
-- channel proves nothing. `edits`: the delivery whose posted message this one changes. `needs`: the role that a direct
-- message is for; looked up when it is delivered, because the role may be revoked before. `journey`: the id under which
-- the log has what the message came from.
CREATE TABLE delivery (
    id TEXT NOT NULL PRIMARY KEY,
    seq INTEGER NOT NULL,
    channel TEXT NOT NULL,
    platform TEXT NOT NULL,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    thread TEXT,
    card TEXT NOT NULL,
    state TEXT NOT NULL,
    due_at TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    first_attempt_at TEXT,
    attempted_at TEXT,
    lease TEXT,
    ref TEXT,
    why TEXT,
    may_repeat INTEGER NOT NULL,
    told_at TEXT,
    created_at TEXT NOT NULL,
    sent_at TEXT,
    edits TEXT REFERENCES delivery (id),
    tried_at TEXT,
    needs TEXT NOT NULL DEFAULT '',
    journey TEXT,
    UNIQUE (channel, key)
);
CREATE INDEX delivery_seq ON delivery (seq);
-- Only what is still to be posted, so that years of sent messages cost a claim nothing.
CREATE INDEX delivery_open ON delivery (channel, seq) WHERE state IN ('pending', 'sending', 'retry', 'ambiguous');
CREATE INDEX delivery_thread ON delivery (channel, thread, sent_at);
CREATE INDEX delivery_kind ON delivery (kind, seq);
-- Deleting a delivery looks for those that edit it.
CREATE INDEX delivery_edits ON delivery (edits);
-- Each answer with a match looks up the messages that wait for the end of quiet hours. SQLite does not use
-- `delivery_open` for that; it would read all deliveries ever made.
CREATE INDEX delivery_waiting ON delivery (due_at) WHERE state = 'pending';
-- For the limit of email per hour.
CREATE INDEX delivery_mailed ON delivery (sent_at) WHERE platform = 'mail' AND edits IS NULL;

-- SQLite takes any name for a column's type, and stores bytes unchanged. `alt`: the text of a picture.
CREATE TABLE delivery_file (
    delivery_id TEXT NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    data BYTEA NOT NULL,
    alt TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (delivery_id, position)
);

-- Which entries a delivery posts: for `why`, and so that a digest only counts what was alerted.
CREATE TABLE delivery_entry (
    delivery_id TEXT NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
    entry_id TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    stage TEXT NOT NULL,
    PRIMARY KEY (delivery_id, entry_id, stage)
);
CREATE INDEX delivery_entry_entry ON delivery_entry (entry_id);

-- Lines that wait for a channel's next digest; `delivery_id` is set when one takes them.
CREATE TABLE digest_line (
    channel TEXT NOT NULL,
    entry_id TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    stage TEXT NOT NULL,
    created_at TEXT NOT NULL,
    delivery_id TEXT REFERENCES delivery (id),
    PRIMARY KEY (channel, entry_id, stage)
);
CREATE INDEX digest_line_waiting ON digest_line (channel, delivery_id);
CREATE INDEX digest_line_delivery ON digest_line (delivery_id);
CREATE INDEX digest_line_entry ON digest_line (entry_id);

-- A channel or platform on hold, and why: "channel:policy", "platform:slack", "all". `refused`: a fingerprint of the
-- token and address that were refused; with another one, someone has fixed them. NULL: a person's pause, or a wait that
-- a platform asked for.
CREATE TABLE hold (
    scope TEXT NOT NULL PRIMARY KEY,
    why TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT,
    told_at TEXT,
    refused TEXT
);

-- Our own messages that a platform showed when a backup was restored, posted since it was made. `words`: letters and
-- digits alone; `links`: their addresses, as JSON. Deleted after ninety days.
CREATE TABLE recalled (
    channel TEXT NOT NULL,
    ref TEXT NOT NULL,
    mark TEXT NOT NULL,
    said_at TEXT NOT NULL,
    words TEXT NOT NULL,
    links TEXT NOT NULL,
    PRIMARY KEY (channel, ref)
);
CREATE INDEX recalled_mark ON recalled (channel, mark);
