-- Letters: texts, approvals, signatures, what was sent, filed or mailed, and the public page to sign.

-- A letter from its first draft to its answer. `number` is what people say: L-014. `facts`: what the template was
-- given, as JSON. `entry_id`: the alert it grew from. `closes_at`: until when it may be signed. `addressed`: JSON, the
-- addressee of each id in the letter's texts, and `coalition`: its facts with its letterhead, as JSON, both written
-- down at the lock; NULL before. `tried_at`: when a letter could
-- not go on, so that it is not tried again at every step. `untrue`: why its text is not true any more, by the last
-- look: a JSON list of sentences; NULL if it is true. `summary`: one sentence by its author, for those who are asked to
-- sign.
CREATE TABLE letter (
    id TEXT NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    state TEXT NOT NULL,
    template TEXT NOT NULL,
    template_digest TEXT NOT NULL,
    facts TEXT NOT NULL,
    lobbying TEXT NOT NULL,
    lobbying_why TEXT NOT NULL,
    ask INTEGER,
    entry_id TEXT REFERENCES entry (id) ON DELETE SET NULL,
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL REFERENCES person (id),
    closes_at TEXT,
    reminded_at TEXT,
    locked_at TEXT,
    shown_version INTEGER,
    published_at TEXT,
    addressed TEXT,
    coalition TEXT,
    tried_at TEXT,
    untrue TEXT,
    summary TEXT NOT NULL DEFAULT ''
);

-- Every text a letter ever had. `texts`: subject, paragraphs, claims and addressees, as JSON; `digest` is of them.
-- `opened_at`: when it was opened for sign-on, or locked: members see no other text.
CREATE TABLE letter_version (
    letter_id TEXT NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    texts TEXT NOT NULL,
    digest TEXT NOT NULL,
    written_at TEXT NOT NULL,
    written_by TEXT NOT NULL REFERENCES person (id),
    opened_at TEXT,
    PRIMARY KEY (letter_id, version)
);

-- A version that its template rendered; later versions, up to the next row, are edits of it. `facts`: what it was
-- rendered from, as JSON; NULL for a letter from before facts were stored. `texts`: the texts as rendered.
CREATE TABLE letter_rendering (
    letter_id TEXT NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    facts TEXT,
    texts TEXT NOT NULL,
    PRIMARY KEY (letter_id, version)
);

-- Who approved which text.
CREATE TABLE letter_approval (
    letter_id TEXT NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
    digest TEXT NOT NULL,
    person_id TEXT NOT NULL REFERENCES person (id),
    approved_at TEXT NOT NULL,
    PRIMARY KEY (letter_id, digest, person_id)
);

-- What a letter cites and a person has confirmed, sentence by sentence. `mark`: the digest of the citation and its
-- sentence: another sentence has another.
CREATE TABLE letter_confirmation (
    letter_id TEXT NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
    mark TEXT NOT NULL,
    cited TEXT NOT NULL,
    source TEXT NOT NULL,
    person_id TEXT NOT NULL REFERENCES person (id),
    confirmed_at TEXT NOT NULL,
    PRIMARY KEY (letter_id, mark)
);

-- One row per organization: a member by its id in coalition.yml, an ally by "ally:" and its name. `digest`: of the text
-- it was shown. `evidence`: given elsewhere, written down by `person_id`. `evidence_kind`: what that was; "" for what a
-- representative decided in chat. `legal_name` "": the name that the coalition knows. `objected_at`: when it said after
-- the lock that it did not sign.
CREATE TABLE signature (
    letter_id TEXT NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
    organisation TEXT NOT NULL,
    decision TEXT NOT NULL,
    legal_name TEXT NOT NULL,
    signatory TEXT NOT NULL,
    title TEXT NOT NULL,
    digest TEXT NOT NULL,
    evidence TEXT NOT NULL,
    person_id TEXT NOT NULL REFERENCES person (id),
    decided_at TEXT NOT NULL,
    evidence_kind TEXT NOT NULL DEFAULT '',
    objected_at TEXT,
    PRIMARY KEY (letter_id, organisation)
);

-- Legal names that administrators set in chat until 0.2, until a start makes them changes of their members.
CREATE TABLE member_name (
    member TEXT NOT NULL PRIMARY KEY,
    legal_name TEXT NOT NULL,
    set_by TEXT NOT NULL REFERENCES person (id),
    set_at TEXT NOT NULL
);

-- The cards that show a letter and change with it. `organisation`: whose own card it is; "" for one that all see.
CREATE TABLE letter_card (
    letter_id TEXT NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
    delivery_id TEXT NOT NULL PRIMARY KEY REFERENCES delivery (id) ON DELETE CASCADE,
    organisation TEXT NOT NULL
);
CREATE INDEX letter_card_letter ON letter_card (letter_id);

-- What was sent and what was answered.
CREATE TABLE letter_mail (
    id TEXT NOT NULL PRIMARY KEY,
    letter_id TEXT NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    on_day TEXT NOT NULL,
    how TEXT NOT NULL,
    note TEXT NOT NULL,
    follow_up_on TEXT,
    followed_up_at TEXT,
    person_id TEXT NOT NULL REFERENCES person (id),
    written_at TEXT NOT NULL
);
CREATE INDEX letter_mail_letter ON letter_mail (letter_id);

-- Documents that are still to be made, one per addressee, and for whom; the row is deleted with the last one. `made`:
-- how many are done. `delivery_id`: the message that shows the progress.
CREATE TABLE letter_merge (
    id TEXT NOT NULL PRIMARY KEY,
    letter_id TEXT NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    person_id TEXT NOT NULL REFERENCES person (id),
    delivery_id TEXT,
    made INTEGER NOT NULL,
    asked_at TEXT NOT NULL,
    UNIQUE (letter_id, person_id)
);

-- Letters that a person mailed to an office's listed address. `address`, `reply_to` and `digest` (of the mail's text)
-- as the person saw them. `state`: queued, sent, failed, bounced, or unclear (it may have been sent).
-- `told_at`: when the person was notified of any but the first two.
CREATE TABLE office_mail (
    id TEXT NOT NULL PRIMARY KEY,
    letter_id TEXT NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
    office TEXT NOT NULL,
    address TEXT NOT NULL,
    reply_to TEXT NOT NULL,
    digest TEXT NOT NULL,
    person_id TEXT NOT NULL REFERENCES person (id),
    asked_at TEXT NOT NULL,
    state TEXT NOT NULL,
    why TEXT NOT NULL,
    told_at TEXT
);
CREATE INDEX office_mail_letter ON office_mail (letter_id);

-- Filings of letters as comments on regulations.gov, each with the state that was recorded before its next step.
-- `body`: the comment as it is shown and sent, to the byte. `pdf_digest`: of the attachment, which is rendered again
-- and compared before it is sent.
CREATE TABLE letter_filing (
    id TEXT NOT NULL PRIMARY KEY,
    letter_id TEXT NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    document TEXT NOT NULL,
    document_title TEXT NOT NULL,
    object_id TEXT NOT NULL,
    url TEXT NOT NULL,
    body TEXT NOT NULL,
    submission_key TEXT NOT NULL,
    pdf_name TEXT NOT NULL,
    pdf_digest TEXT NOT NULL,
    pdf_size INTEGER NOT NULL,
    prepared_by TEXT NOT NULL REFERENCES person (id),
    prepared_at TEXT NOT NULL,
    filed_by TEXT REFERENCES person (id),
    stepped_at TEXT NOT NULL,
    tries INTEGER NOT NULL,
    retry_at TEXT,
    asked_at TEXT,
    tracking TEXT,
    why TEXT NOT NULL
);
-- A comment on a document is filed once for a letter, or again only after it certainly was not.
CREATE UNIQUE INDEX letter_filing_once ON letter_filing (letter_id, document)
    WHERE state NOT IN ('not filed', 'replaced');

-- A letter with a row here has a public page, on which organizations outside the coalition sign.
CREATE TABLE letter_page (
    letter_id TEXT NOT NULL PRIMARY KEY REFERENCES letter (id) ON DELETE CASCADE,
    opened_by TEXT NOT NULL REFERENCES person (id),
    opened_at TEXT NOT NULL
);

-- One organization's request under one letter, from one address. `organisation`: its id among the signatures. `digest`:
-- the text it confirmed. `turn`: how many requests its network had made that day, itself included: where many wait, the
-- first of each network goes first.
CREATE TABLE ally_request (
    id TEXT NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    letter_id TEXT NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
    organisation TEXT NOT NULL,
    legal_name TEXT NOT NULL,
    website TEXT NOT NULL,
    signatory TEXT NOT NULL,
    title TEXT NOT NULL,
    address TEXT NOT NULL,
    listed INTEGER NOT NULL,
    digest TEXT NOT NULL,
    stage TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    confirmed_at TEXT,
    decided_by TEXT REFERENCES person (id),
    turn INTEGER NOT NULL DEFAULT 1,
    UNIQUE (letter_id, address)
);

-- The SHA-256 of each mailed link's secret. A request has one for each mail.
CREATE TABLE ally_link (
    secret TEXT NOT NULL PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES ally_request (id) ON DELETE CASCADE,
    made_at TEXT NOT NULL
);
CREATE INDEX ally_link_request ON ally_link (request_id);
CREATE INDEX ally_link_made ON ally_link (made_at);

-- How often an address, a mail domain or a network asked on a day, under a keyed hash.
CREATE TABLE ally_limit (
    day TEXT NOT NULL,
    subject TEXT NOT NULL,
    times INTEGER NOT NULL,
    PRIMARY KEY (day, subject)
);
