-- A store of release 0.1.0 (tag v0.1.0),
-- made by that version: the coalition of its tests with alerts, letters, sign-ons and the press; then one row in each
-- table that was still empty, and one message in each state. Dumped with documents cut to 100 bytes.
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE TABLE coalition (
id TEXT PRIMARY KEY,
name TEXT NOT NULL,
created_at TEXT NOT NULL
    );
CREATE TABLE source (
id TEXT PRIMARY KEY,
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
CREATE TABLE entry (
id TEXT PRIMARY KEY,
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
CREATE INDEX entry_source ON entry (source_id, first_seen_at);
CREATE TABLE sighting (
entry_id TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
source_id TEXT NOT NULL,
stage TEXT NOT NULL,
seen_at TEXT NOT NULL,
PRIMARY KEY (entry_id, source_id, stage)
    );
CREATE TABLE entry_key (
key TEXT PRIMARY KEY,
entry_id TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
seen_at TEXT NOT NULL
    );
CREATE INDEX entry_key_entry ON entry_key (entry_id);
CREATE TABLE entry_reference (
reference TEXT NOT NULL,
entry_id TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
seen_at TEXT NOT NULL,
PRIMARY KEY (reference, entry_id)
    );
CREATE TABLE match (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
entry_id TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
stage TEXT NOT NULL,
watch TEXT NOT NULL,
level TEXT NOT NULL,
asks TEXT NOT NULL,
reasons TEXT NOT NULL,
matched_at TEXT NOT NULL,
PRIMARY KEY (coalition_id, entry_id, stage, watch)
    );
CREATE TABLE delivery (
id TEXT PRIMARY KEY,
seq INTEGER NOT NULL,
coalition_id TEXT NOT NULL REFERENCES coalition (id),
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
sent_at TEXT, edits TEXT REFERENCES delivery (id),
UNIQUE (channel, key)
    );
CREATE INDEX delivery_seq ON delivery (seq);
CREATE INDEX delivery_open ON delivery (channel, seq)
    WHERE state IN ('pending', 'sending', 'retry', 'ambiguous');
CREATE INDEX delivery_thread ON delivery (channel, thread, sent_at);
CREATE INDEX delivery_kind ON delivery (coalition_id, kind, seq);
CREATE TABLE delivery_entry (
delivery_id TEXT NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
entry_id TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
stage TEXT NOT NULL,
PRIMARY KEY (delivery_id, entry_id, stage)
    );
CREATE INDEX delivery_entry_entry ON delivery_entry (entry_id);
CREATE TABLE digest_line (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
channel TEXT NOT NULL,
entry_id TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
stage TEXT NOT NULL,
created_at TEXT NOT NULL,
delivery_id TEXT REFERENCES delivery (id),
PRIMARY KEY (channel, entry_id, stage)
    );
CREATE INDEX digest_line_waiting ON digest_line (channel, delivery_id);
CREATE TABLE hold (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
scope TEXT NOT NULL,
why TEXT NOT NULL,
since TEXT NOT NULL,
until TEXT,
told_at TEXT,
PRIMARY KEY (coalition_id, scope)
    );
CREATE TABLE person (
id TEXT PRIMARY KEY,
coalition_id TEXT NOT NULL REFERENCES coalition (id),
name TEXT NOT NULL,
organisation TEXT,
created_at TEXT NOT NULL,
left_at TEXT
    );
CREATE TABLE account (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
platform TEXT NOT NULL,
team TEXT NOT NULL,
user_id TEXT NOT NULL,
person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
linked_at TEXT NOT NULL,
linked_by TEXT,
PRIMARY KEY (coalition_id, platform, team, user_id)
    );
CREATE INDEX account_person ON account (person_id);
CREATE TABLE person_role (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
role TEXT NOT NULL,
granted_at TEXT NOT NULL,
granted_by TEXT,
PRIMARY KEY (person_id, role)
    );
CREATE TABLE audit (
id TEXT PRIMARY KEY,
seq INTEGER NOT NULL,
coalition_id TEXT NOT NULL REFERENCES coalition (id),
at TEXT NOT NULL,
person_id TEXT,
who TEXT NOT NULL,
origin TEXT NOT NULL,
command TEXT NOT NULL,
subject TEXT NOT NULL,
before_text TEXT NOT NULL,
after_text TEXT NOT NULL
    );
CREATE INDEX audit_at ON audit (coalition_id, seq);
CREATE TABLE inbox (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
key TEXT NOT NULL,
seen_at TEXT NOT NULL,
PRIMARY KEY (coalition_id, key)
    );
CREATE TABLE overlay (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
kind TEXT NOT NULL,
name TEXT NOT NULL,
body TEXT,
muted_until TEXT,
changed_at TEXT NOT NULL,
changed_by TEXT,
PRIMARY KEY (coalition_id, kind, name)
    );
CREATE TABLE entry_work (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
entry_id TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
assigned_to TEXT REFERENCES person (id),
assigned_at TEXT,
snoozed_until TEXT,
snoozed_by TEXT REFERENCES person (id),
verdict TEXT,
verdict_by TEXT REFERENCES person (id),
verdict_at TEXT,
PRIMARY KEY (coalition_id, entry_id)
    );
CREATE TABLE memo (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
name TEXT NOT NULL,
value TEXT NOT NULL,
PRIMARY KEY (coalition_id, name)
    );
CREATE TABLE preference (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
name TEXT NOT NULL,
value TEXT NOT NULL,
PRIMARY KEY (person_id, name)
    );
CREATE TABLE delivery_file (
delivery_id TEXT NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
position INTEGER NOT NULL,
name TEXT NOT NULL,
media_type TEXT NOT NULL,
data BYTEA NOT NULL,
PRIMARY KEY (delivery_id, position)
    );
CREATE INDEX match_at ON match (coalition_id, matched_at);
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
CREATE TABLE bill_proposal (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
bill_id TEXT NOT NULL,
family TEXT NOT NULL,
title TEXT NOT NULL,
proposed_at TEXT NOT NULL,
answer TEXT,
answered_at TEXT,
answered_by TEXT,
PRIMARY KEY (coalition_id, bill_id)
    );
CREATE TABLE duty (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
id TEXT NOT NULL,
statute TEXT NOT NULL,
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
removed_at TEXT,
PRIMARY KEY (coalition_id, id)
    );
CREATE TABLE duty_finding (
id TEXT PRIMARY KEY,
coalition_id TEXT NOT NULL REFERENCES coalition (id),
duty_id TEXT NOT NULL,
state TEXT NOT NULL,
source TEXT NOT NULL,
found_on TEXT NOT NULL,
found_at TEXT NOT NULL,
found_by TEXT REFERENCES person (id),
taken_back_at TEXT
    );
CREATE INDEX duty_finding_newest ON duty_finding (coalition_id, duty_id, found_at);
CREATE TABLE duty_proposal (
id TEXT PRIMARY KEY,
coalition_id TEXT NOT NULL REFERENCES coalition (id),
body TEXT NOT NULL,
made_at TEXT NOT NULL
    );
CREATE TABLE docket_date (
number TEXT PRIMARY KEY,
closes_on TEXT,
looked_at TEXT NOT NULL
    );
CREATE TABLE directory (
id TEXT PRIMARY KEY,
as_of TEXT NOT NULL,
taken_at TEXT NOT NULL,
source TEXT NOT NULL
    );
CREATE TABLE legislator (
bioguide TEXT PRIMARY KEY,
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
leads TEXT NOT NULL
    );
CREATE TABLE committee (
id TEXT PRIMARY KEY,
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
CREATE TABLE letter (
id TEXT PRIMARY KEY,
coalition_id TEXT NOT NULL REFERENCES coalition (id),
number INTEGER NOT NULL,
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
published_at TEXT, addressed TEXT, tried_at TEXT,
UNIQUE (coalition_id, number)
    );
CREATE TABLE letter_version (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
letter_id TEXT NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
version INTEGER NOT NULL,
texts TEXT NOT NULL,
digest TEXT NOT NULL,
written_at TEXT NOT NULL,
written_by TEXT NOT NULL REFERENCES person (id),
PRIMARY KEY (letter_id, version)
    );
CREATE TABLE letter_approval (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
letter_id TEXT NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
digest TEXT NOT NULL,
person_id TEXT NOT NULL REFERENCES person (id),
approved_at TEXT NOT NULL,
PRIMARY KEY (letter_id, digest, person_id)
    );
CREATE TABLE signature (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
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
PRIMARY KEY (letter_id, organisation)
    );
CREATE TABLE letter_card (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
letter_id TEXT NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
delivery_id TEXT NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
organisation TEXT NOT NULL,
PRIMARY KEY (delivery_id)
    );
CREATE INDEX letter_card_letter ON letter_card (letter_id);
CREATE TABLE letter_mail (
id TEXT PRIMARY KEY,
coalition_id TEXT NOT NULL REFERENCES coalition (id),
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
CREATE TABLE story (
id TEXT PRIMARY KEY,
coalition_id TEXT NOT NULL REFERENCES coalition (id),
number INTEGER NOT NULL,
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
reporter TEXT,
UNIQUE (coalition_id, number)
    );
CREATE TABLE mention (
id TEXT PRIMARY KEY,
coalition_id TEXT NOT NULL REFERENCES coalition (id),
story_id TEXT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
entry_id TEXT REFERENCES entry (id) ON DELETE SET NULL,
key TEXT NOT NULL,
at TEXT NOT NULL,
seen_at TEXT NOT NULL,
weight TEXT NOT NULL,
body TEXT NOT NULL,
UNIQUE (coalition_id, key)
    );
CREATE INDEX mention_story ON mention (story_id);
CREATE INDEX mention_entry ON mention (entry_id);
CREATE INDEX mention_at ON mention (coalition_id, at);
CREATE TABLE mention_shingle (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
shingle TEXT NOT NULL,
mention_id TEXT NOT NULL REFERENCES mention (id) ON DELETE CASCADE,
written_at TEXT NOT NULL,
PRIMARY KEY (coalition_id, shingle, mention_id)
    );
CREATE INDEX mention_shingle_mention ON mention_shingle (mention_id);
CREATE INDEX mention_shingle_written ON mention_shingle (written_at);
CREATE TABLE story_note (
id TEXT PRIMARY KEY,
coalition_id TEXT NOT NULL REFERENCES coalition (id),
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
CREATE TABLE redaction (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
hash TEXT NOT NULL,
person_id TEXT NOT NULL REFERENCES person (id),
redacted_at TEXT NOT NULL,
PRIMARY KEY (coalition_id, hash)
    );
CREATE TABLE entity_rule (
id TEXT PRIMARY KEY,
coalition_id TEXT NOT NULL REFERENCES coalition (id),
entity TEXT NOT NULL,
kind TEXT NOT NULL,
value TEXT NOT NULL,
person_id TEXT NOT NULL REFERENCES person (id),
written_at TEXT NOT NULL,
UNIQUE (coalition_id, entity, kind, value)
    );
CREATE TABLE press_outlet (
id TEXT PRIMARY KEY,
coalition_id TEXT NOT NULL REFERENCES coalition (id),
name TEXT NOT NULL,
key TEXT NOT NULL,
type TEXT NOT NULL,
market TEXT NOT NULL,
tier INTEGER,
UNIQUE (coalition_id, key)
    );
CREATE TABLE press_contact (
id TEXT PRIMARY KEY,
coalition_id TEXT NOT NULL REFERENCES coalition (id),
number INTEGER NOT NULL,
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
added_at TEXT NOT NULL,
UNIQUE (coalition_id, number)
    );
CREATE INDEX press_contact_outlet ON press_contact (outlet_id);
CREATE TABLE press_log (
id TEXT PRIMARY KEY,
coalition_id TEXT NOT NULL REFERENCES coalition (id),
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
CREATE INDEX press_log_follow ON press_log (coalition_id, follow_at);
CREATE TABLE press_embargo (
id TEXT PRIMARY KEY,
coalition_id TEXT NOT NULL REFERENCES coalition (id),
number INTEGER NOT NULL,
about TEXT NOT NULL,
lifts_at TEXT NOT NULL,
zone TEXT NOT NULL,
UNIQUE (coalition_id, number)
    );
CREATE TABLE press_agreement (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
embargo_id TEXT NOT NULL REFERENCES press_embargo (id) ON DELETE CASCADE,
contact_id TEXT NOT NULL REFERENCES press_contact (id) ON DELETE CASCADE,
evidence TEXT NOT NULL,
noted_at TEXT NOT NULL,
PRIMARY KEY (embargo_id, contact_id)
    );
CREATE TABLE press_inquiry (
id TEXT PRIMARY KEY,
coalition_id TEXT NOT NULL REFERENCES coalition (id),
number INTEGER NOT NULL,
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
link TEXT NOT NULL,
UNIQUE (coalition_id, number)
    );
CREATE INDEX press_inquiry_state ON press_inquiry (coalition_id, state);
CREATE TABLE press_card (
delivery_id TEXT NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
coalition_id TEXT NOT NULL REFERENCES coalition (id),
about_id TEXT NOT NULL,
PRIMARY KEY (delivery_id)
    );
CREATE INDEX press_card_about ON press_card (about_id);
CREATE TABLE press_suppression (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
hash TEXT NOT NULL,
since TEXT NOT NULL,
PRIMARY KEY (coalition_id, hash)
    );
CREATE TABLE backup (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
path TEXT NOT NULL,
made_at TEXT NOT NULL,
PRIMARY KEY (coalition_id, path)
    );
CREATE TABLE erasure (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
kind TEXT NOT NULL,
subject TEXT NOT NULL,
erased_at TEXT NOT NULL,
PRIMARY KEY (coalition_id, kind, subject)
    );
CREATE TABLE recalled (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
channel TEXT NOT NULL,
ref TEXT NOT NULL,
mark TEXT NOT NULL,
said_at TEXT NOT NULL,
words TEXT NOT NULL,
links TEXT NOT NULL,
PRIMARY KEY (coalition_id, channel, ref)
    );
CREATE INDEX recalled_mark ON recalled (coalition_id, channel, mark);
CREATE INDEX delivery_edits ON delivery (edits);
CREATE INDEX digest_line_delivery ON digest_line (delivery_id);
CREATE TABLE letter_merge (
id TEXT PRIMARY KEY,
coalition_id TEXT NOT NULL REFERENCES coalition (id),
letter_id TEXT NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
version INTEGER NOT NULL,
person_id TEXT NOT NULL REFERENCES person (id),
delivery_id TEXT,
made INTEGER NOT NULL,
asked_at TEXT NOT NULL,
UNIQUE (letter_id, person_id)
    );
INSERT INTO "_sqlite_migrations" VALUES (1, 'coalition-bot', '0001_main_job', '2026-11-30 04:58:42.722215+00:00');
INSERT INTO "_sqlite_migrations" VALUES (2, 'coalition-bot', '0002_people_and_commands', '2026-11-30 04:58:42.734158+00:00');
INSERT INTO "_sqlite_migrations" VALUES (3, 'coalition-bot', '0003_reach', '2026-11-30 04:58:42.741512+00:00');
INSERT INTO "_sqlite_migrations" VALUES (4, 'coalition-bot', '0004_bills', '2026-11-30 04:58:42.747110+00:00');
INSERT INTO "_sqlite_migrations" VALUES (5, 'coalition-bot', '0005_deadlines', '2026-11-30 04:58:42.757773+00:00');
INSERT INTO "_sqlite_migrations" VALUES (6, 'coalition-bot', '0006_directory', '2026-11-30 04:58:42.769701+00:00');
INSERT INTO "_sqlite_migrations" VALUES (7, 'coalition-bot', '0007_letters', '2026-11-30 04:58:42.776850+00:00');
INSERT INTO "_sqlite_migrations" VALUES (8, 'coalition-bot', '0008_mentions', '2026-11-30 04:58:42.789972+00:00');
INSERT INTO "_sqlite_migrations" VALUES (9, 'coalition-bot', '0009_press', '2026-11-30 04:58:42.796334+00:00');
INSERT INTO "_sqlite_migrations" VALUES (10, 'coalition-bot', '0011_keeping', '2026-11-30 04:58:42.809751+00:00');
INSERT INTO "_sqlite_migrations" VALUES (11, 'coalition-bot', '0014_letter_merges', '2026-11-30 04:58:42.817582+00:00');
INSERT INTO "_sqlite_migrations" VALUES (12, 'coalition-bot', '0020_letter_addressed', '2026-11-30 04:58:42.822093+00:00');
INSERT INTO "_sqlite_migrations" VALUES (13, 'coalition-bot', '0021_letter_tried', '2026-11-30 04:58:42.829930+00:00');
INSERT INTO "coalition" VALUES ('atest', 'Alliance to End Slavery and Trafficking', '2026-11-24T15:00:00.000000Z');
INSERT INTO "source" VALUES ('register', '{"validators":{},"cursor":{},"first_success_at":"2026-11-24T15:00:00Z","last_success_at":"2026-11-24T15:00:00Z","last_change_at":"2026-11-24T15:00:00Z"}', 'ok', '', '2026-11-24T15:00:00.000000Z', NULL, '2026-11-24T15:00:00.000000Z', '2026-11-24T15:00:00.000000Z', '2026-11-24T15:00:00.000000Z', '2026-11-24T15:00:00.000000Z', 0, '2026-11-24T15:00:00.000000Z');
INSERT INTO "entry" VALUES ('34ff2af5019ec27f35b86ced9360dbaa', 'register', 'document', 'published', 'fr:2026-00077', 'Enhanced Collaborative Model: forced labor', 'https://www.federalregister.gov/d/2026-00077', NULL, '2026-11-24T15:00:00.000000Z', 0, '2026-11-24T15:00:00.000000Z', NULL, 0, '{"source":"register","kind":"document","identity":["fr:2026-00077"],"thread":"fr:2026-00077","title":"Enhanced Collaborative Model: forced labor","url":"https://www.federalregister.gov/d/2026-00077","publication_date":"2026-11-24","agencies":[{"name":"U.S. Customs and Border Protection","slug":"u-s-customs-and-border-protection","parent":"homeland-security-department"},{"name":"Homeland Security Department","slug":"homeland-security-department"}],"type":"Notice","number":"2026-00077"}', NULL);
INSERT INTO "sighting" VALUES ('34ff2af5019ec27f35b86ced9360dbaa', 'register', 'published', '2026-11-24T15:00:00.000000Z');
INSERT INTO "entry_key" VALUES ('fr:2026-00077', '34ff2af5019ec27f35b86ced9360dbaa', '2026-11-24T15:00:00.000000Z');
INSERT INTO "entry_reference" VALUES ('fr:2026-00077', '34ff2af5019ec27f35b86ced9360dbaa', '2026-11-24T15:00:00.000000Z');
INSERT INTO "match" VALUES ('atest', '34ff2af5019ec27f35b86ced9360dbaa', 'published', 'forced-labour-findings', 'alert', '[4]', '{"name": "Forced-labor findings and import bans", "reasons": [{"field": "title", "words": "forced labor"}, {"field": "agency", "words": "U.S. Customs and Border Protection"}], "unknown": []}', '2026-11-24T15:00:00.000000Z');
INSERT INTO "match" VALUES ('atest', '34ff2af5019ec27f35b86ced9360dbaa', 'published', 'goods-lists', 'digest', '[4]', '{"name": "Goods made by forced or child labor", "reasons": [{"field": "title", "words": "forced labor"}], "unknown": []}', '2026-11-24T15:00:00.000000Z');
INSERT INTO "match" VALUES ('atest', '34ff2af5019ec27f35b86ced9360dbaa', 'published', 'trafficking-acts', 'alert', '[]', '{"name": "Federal acts on human trafficking", "reasons": [{"field": "title", "words": "forced labor"}, {"field": "agency", "words": "U.S. Customs and Border Protection"}], "unknown": []}', '2026-11-24T15:00:00.000000Z');
INSERT INTO "match" VALUES ('atest', '34ff2af5019ec27f35b86ced9360dbaa', 'published', 'trafficking-in-the-register', 'digest', '[]', '{"name": "Human trafficking in the Federal Register", "reasons": [{"field": "title", "words": "forced labor"}], "unknown": []}', '2026-11-24T15:00:00.000000Z');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000012', 1, 'atest', 'policy', 'console', 'policy/34ff2af5019ec27f35b86ced9360dbaa:published', 'alert', 'fr:2026-00077', '{"mark":"alert","head":"Enhanced Collaborative Model: forced labor","badge":"Ask 4","byline":"U.S. Customs and Border Protection · Notice · published Tue 24 Nov 2026","why":["“forced labor” in the title; agency U.S. Customs and Border Protection → Ask 4, Hold business to account (§ 1593A, § 307 of the Tariff Act)"],"links":[{"label":"Document","url":"https://www.federalregister.gov/d/2026-00077"}],"foot":"Federal Register 2026-00077","buttons":[{"label":"Draft letter","path":"letter draft","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]],"style":"primary"},{"label":"Why","path":"alerts why","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]},{"label":"Not relevant","path":"alerts not-relevant","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]},{"label":"Assign","path":"alerts assign","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]}]}', 'pending', '2026-11-24T15:00:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:00:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('00000000000000000000000000000018', 2, 'atest', 'dm:00000000000000000000000000000003', 'slack', 'dm:00000000000000000000000000000003/letter:00000000000000000000000000000014:approve:c0bde75a715a', 'letter', NULL, '{"mark":"letter","head":"Please approve L-001: Let service providers apply for anti-trafficking grants on their own","badge":"Ask 1","byline":"to the Director, Office for Victims of Crime · 331 words · by Pol","lines":[{"text":"It cites no law."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."},{"text":"It asks an agency for a policy of its own, not for legislation."}],"foot":"Text c0bde75a715a · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Approve","path":"letter approve","args":[["letter","00000000000000000000000000000014"],["text","c0bde75a715a"]],"style":"primary"},{"label":"Edit","path":"letter edit","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:02:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:02:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('00000000000000000000000000000019', 3, 'atest', 'dm:00000000000000000000000000000004', 'slack', 'dm:00000000000000000000000000000004/letter:00000000000000000000000000000014:approve:c0bde75a715a', 'letter', NULL, '{"mark":"letter","head":"Please approve L-001: Let service providers apply for anti-trafficking grants on their own","badge":"Ask 1","byline":"to the Director, Office for Victims of Crime · 331 words · by Pol","lines":[{"text":"It cites no law."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."},{"text":"It asks an agency for a policy of its own, not for legislation."}],"foot":"Text c0bde75a715a · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Approve","path":"letter approve","args":[["letter","00000000000000000000000000000014"],["text","c0bde75a715a"]],"style":"primary"},{"label":"Edit","path":"letter edit","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:02:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:02:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('0000000000000000000000000000001c', 4, 'atest', 'dm:00000000000000000000000000000002', 'slack', 'dm:00000000000000000000000000000002/letter:00000000000000000000000000000014:approved:c0bde75a715a', 'letter', NULL, '{"mark":"letter","head":"L-001 is approved","lines":[{"text":"Approved by App."}],"buttons":[{"label":"Open for sign-on","path":"letter signon","args":[["letter","00000000000000000000000000000014"]],"style":"primary"},{"label":"Lock","path":"letter lock","args":[["letter","00000000000000000000000000000014"]]},{"label":"Open","path":"letter show","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:03:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:03:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('0000000000000000000000000000001f', 5, 'atest', 'policy', 'console', 'policy/letter:00000000000000000000000000000014:sign-on', 'letter', 'letter:00000000000000000000000000000014', '{"mark":"sign-on","head":"L-001: sign-on open until Fri 27 Nov 2026 17:00 EST · 0 of 12","badge":"Ask 1","byline":"Let service providers apply for anti-trafficking grants on their own · to the Director, Office for Victims of Crime","lines":[{"text":"Waiting for CIW, CAST, Free the Slaves, HTI, NN4Y, Polaris, Safe Horizon, Solidarity Center, T’ruah, United Way, Verite and Vital Voices."}],"foot":"Text c0bde75a715a · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Sign","path":"letter sign","args":[["letter","00000000000000000000000000000014"],["text","c0bde75a715a"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000014"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:04:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:04:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('00000000000000000000000000000020', 6, 'atest', 'policy', 'console', 'edit:0000000000000000000000000000001f', 'edit', NULL, '{"mark":"sign-on","head":"L-001 locked: 3 of 12 signed","badge":"Ask 1","byline":"Let service providers apply for anti-trafficking grants on their own · to the Director, Office for Victims of Crime","lines":[{"text":"Signed: CIW, CAST and Free the Slaves."}],"foot":"Text c0bde75a715a · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:08:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:08:00.000000Z', NULL, '0000000000000000000000000000001f');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000021', 7, 'atest', 'dm:00000000000000000000000000000005', 'slack', 'dm:00000000000000000000000000000005/letter:00000000000000000000000000000014:ask:c0bde75a715a', 'letter', NULL, '{"mark":"sign-on","head":"CIW is asked to sign: L-001, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"CIW has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text c0bde75a715a · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Sign","path":"letter sign","args":[["letter","00000000000000000000000000000014"],["text","c0bde75a715a"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000014"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:04:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:04:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('00000000000000000000000000000022', 8, 'atest', 'dm:00000000000000000000000000000006', 'slack', 'dm:00000000000000000000000000000006/letter:00000000000000000000000000000014:ask:c0bde75a715a', 'letter', NULL, '{"mark":"sign-on","head":"CAST is asked to sign: L-001, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"CAST has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text c0bde75a715a · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Sign","path":"letter sign","args":[["letter","00000000000000000000000000000014"],["text","c0bde75a715a"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000014"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:04:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:04:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('00000000000000000000000000000023', 9, 'atest', 'dm:00000000000000000000000000000007', 'slack', 'dm:00000000000000000000000000000007/letter:00000000000000000000000000000014:ask:c0bde75a715a', 'letter', NULL, '{"mark":"sign-on","head":"Free the Slaves is asked to sign: L-001, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"Free the Slaves has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text c0bde75a715a · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Sign","path":"letter sign","args":[["letter","00000000000000000000000000000014"],["text","c0bde75a715a"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000014"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:04:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:04:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('00000000000000000000000000000024', 10, 'atest', 'dm:00000000000000000000000000000008', 'slack', 'dm:00000000000000000000000000000008/letter:00000000000000000000000000000014:ask:c0bde75a715a', 'letter', NULL, '{"mark":"sign-on","head":"HTI is asked to sign: L-001, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"HTI has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text c0bde75a715a · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Sign","path":"letter sign","args":[["letter","00000000000000000000000000000014"],["text","c0bde75a715a"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000014"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:04:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:04:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('00000000000000000000000000000025', 11, 'atest', 'dm:00000000000000000000000000000009', 'slack', 'dm:00000000000000000000000000000009/letter:00000000000000000000000000000014:ask:c0bde75a715a', 'letter', NULL, '{"mark":"sign-on","head":"NN4Y is asked to sign: L-001, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"NN4Y has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text c0bde75a715a · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Sign","path":"letter sign","args":[["letter","00000000000000000000000000000014"],["text","c0bde75a715a"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000014"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:04:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:04:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('00000000000000000000000000000026', 12, 'atest', 'dm:0000000000000000000000000000000a', 'slack', 'dm:0000000000000000000000000000000a/letter:00000000000000000000000000000014:ask:c0bde75a715a', 'letter', NULL, '{"mark":"sign-on","head":"Polaris is asked to sign: L-001, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"Polaris has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text c0bde75a715a · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Sign","path":"letter sign","args":[["letter","00000000000000000000000000000014"],["text","c0bde75a715a"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000014"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:04:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:04:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('00000000000000000000000000000027', 13, 'atest', 'dm:0000000000000000000000000000000b', 'slack', 'dm:0000000000000000000000000000000b/letter:00000000000000000000000000000014:ask:c0bde75a715a', 'letter', NULL, '{"mark":"sign-on","head":"Safe Horizon is asked to sign: L-001, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"Safe Horizon has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text c0bde75a715a · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Sign","path":"letter sign","args":[["letter","00000000000000000000000000000014"],["text","c0bde75a715a"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000014"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:04:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:04:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('00000000000000000000000000000028', 14, 'atest', 'dm:0000000000000000000000000000000c', 'slack', 'dm:0000000000000000000000000000000c/letter:00000000000000000000000000000014:ask:c0bde75a715a', 'letter', NULL, '{"mark":"sign-on","head":"Solidarity Center is asked to sign: L-001, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"Solidarity Center has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text c0bde75a715a · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Sign","path":"letter sign","args":[["letter","00000000000000000000000000000014"],["text","c0bde75a715a"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000014"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:04:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:04:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('00000000000000000000000000000029', 15, 'atest', 'dm:0000000000000000000000000000000d', 'slack', 'dm:0000000000000000000000000000000d/letter:00000000000000000000000000000014:ask:c0bde75a715a', 'letter', NULL, '{"mark":"sign-on","head":"T’ruah is asked to sign: L-001, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"T’ruah has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text c0bde75a715a · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Sign","path":"letter sign","args":[["letter","00000000000000000000000000000014"],["text","c0bde75a715a"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000014"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:04:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:04:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('0000000000000000000000000000002a', 16, 'atest', 'dm:0000000000000000000000000000000e', 'slack', 'dm:0000000000000000000000000000000e/letter:00000000000000000000000000000014:ask:c0bde75a715a', 'letter', NULL, '{"mark":"sign-on","head":"United Way is asked to sign: L-001, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"United Way has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text c0bde75a715a · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Sign","path":"letter sign","args":[["letter","00000000000000000000000000000014"],["text","c0bde75a715a"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000014"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:04:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:04:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('0000000000000000000000000000002b', 17, 'atest', 'dm:0000000000000000000000000000000f', 'slack', 'dm:0000000000000000000000000000000f/letter:00000000000000000000000000000014:ask:c0bde75a715a', 'letter', NULL, '{"mark":"sign-on","head":"Verite is asked to sign: L-001, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"Verite has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text c0bde75a715a · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Sign","path":"letter sign","args":[["letter","00000000000000000000000000000014"],["text","c0bde75a715a"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000014"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:04:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:04:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('0000000000000000000000000000002c', 18, 'atest', 'dm:00000000000000000000000000000010', 'slack', 'dm:00000000000000000000000000000010/letter:00000000000000000000000000000014:ask:c0bde75a715a', 'letter', NULL, '{"mark":"sign-on","head":"Vital Voices is asked to sign: L-001, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"Vital Voices has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text c0bde75a715a · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Sign","path":"letter sign","args":[["letter","00000000000000000000000000000014"],["text","c0bde75a715a"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000014"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:04:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:04:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('00000000000000000000000000000030', 19, 'atest', 'dm:00000000000000000000000000000005', 'slack', 'edit:00000000000000000000000000000021', 'edit', NULL, '{"mark":"sign-on","head":"L-001 locked: 3 of 12 signed","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"Signed for CIW as “Coalition of Immokalee Workers” by Rep ciw, Director, 10:05."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text c0bde75a715a · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:08:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:08:00.000000Z', NULL, '00000000000000000000000000000021');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000034', 20, 'atest', 'dm:00000000000000000000000000000006', 'slack', 'edit:00000000000000000000000000000022', 'edit', NULL, '{"mark":"sign-on","head":"L-001 locked: 3 of 12 signed","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"Signed for CAST as “Coalition to Abolish Slavery and Trafficking” by Rep cast, Director, 10:06."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text c0bde75a715a · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:08:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:08:00.000000Z', NULL, '00000000000000000000000000000022');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000038', 21, 'atest', 'dm:00000000000000000000000000000007', 'slack', 'edit:00000000000000000000000000000023', 'edit', NULL, '{"mark":"sign-on","head":"L-001 locked: 3 of 12 signed","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"Signed for Free the Slaves as “Free the Slaves”, 10:07 (recorded: e-mail of 3 November, says Pol)."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text c0bde75a715a · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:08:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:08:00.000000Z', NULL, '00000000000000000000000000000023');
INSERT INTO "delivery" VALUES ('0000000000000000000000000000003e', 22, 'atest', 'dm:00000000000000000000000000000008', 'slack', 'edit:00000000000000000000000000000024', 'edit', NULL, '{"mark":"sign-on","head":"L-001 locked: 3 of 12 signed","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"HTI has not answered yet; 3 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text c0bde75a715a · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:08:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:08:00.000000Z', NULL, '00000000000000000000000000000024');
INSERT INTO "delivery" VALUES ('0000000000000000000000000000003f', 23, 'atest', 'dm:00000000000000000000000000000009', 'slack', 'edit:00000000000000000000000000000025', 'edit', NULL, '{"mark":"sign-on","head":"L-001 locked: 3 of 12 signed","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"NN4Y has not answered yet; 3 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text c0bde75a715a · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:08:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:08:00.000000Z', NULL, '00000000000000000000000000000025');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000040', 24, 'atest', 'dm:0000000000000000000000000000000a', 'slack', 'edit:00000000000000000000000000000026', 'edit', NULL, '{"mark":"sign-on","head":"L-001 locked: 3 of 12 signed","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"Polaris has not answered yet; 3 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text c0bde75a715a · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:08:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:08:00.000000Z', NULL, '00000000000000000000000000000026');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000041', 25, 'atest', 'dm:0000000000000000000000000000000b', 'slack', 'edit:00000000000000000000000000000027', 'edit', NULL, '{"mark":"sign-on","head":"L-001 locked: 3 of 12 signed","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"Safe Horizon has not answered yet; 3 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text c0bde75a715a · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:08:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:08:00.000000Z', NULL, '00000000000000000000000000000027');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000042', 26, 'atest', 'dm:0000000000000000000000000000000c', 'slack', 'edit:00000000000000000000000000000028', 'edit', NULL, '{"mark":"sign-on","head":"L-001 locked: 3 of 12 signed","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"Solidarity Center has not answered yet; 3 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text c0bde75a715a · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:08:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:08:00.000000Z', NULL, '00000000000000000000000000000028');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000043', 27, 'atest', 'dm:0000000000000000000000000000000d', 'slack', 'edit:00000000000000000000000000000029', 'edit', NULL, '{"mark":"sign-on","head":"L-001 locked: 3 of 12 signed","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"T’ruah has not answered yet; 3 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text c0bde75a715a · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:08:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:08:00.000000Z', NULL, '00000000000000000000000000000029');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000044', 28, 'atest', 'dm:0000000000000000000000000000000e', 'slack', 'edit:0000000000000000000000000000002a', 'edit', NULL, '{"mark":"sign-on","head":"L-001 locked: 3 of 12 signed","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"United Way has not answered yet; 3 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text c0bde75a715a · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:08:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:08:00.000000Z', NULL, '0000000000000000000000000000002a');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000045', 29, 'atest', 'dm:0000000000000000000000000000000f', 'slack', 'edit:0000000000000000000000000000002b', 'edit', NULL, '{"mark":"sign-on","head":"L-001 locked: 3 of 12 signed","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"Verite has not answered yet; 3 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text c0bde75a715a · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:08:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:08:00.000000Z', NULL, '0000000000000000000000000000002b');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000046', 30, 'atest', 'dm:00000000000000000000000000000010', 'slack', 'edit:0000000000000000000000000000002c', 'edit', NULL, '{"mark":"sign-on","head":"L-001 locked: 3 of 12 signed","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"Vital Voices has not answered yet; 3 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text c0bde75a715a · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:08:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:08:00.000000Z', NULL, '0000000000000000000000000000002c');
INSERT INTO "delivery" VALUES ('0000000000000000000000000000004b', 31, 'atest', 'policy', 'console', 'policy/letter:00000000000000000000000000000014:locked', 'letter', 'letter:00000000000000000000000000000014', '{"mark":"letter","head":"L-001 locked: 3 of 12 signed","badge":"Ask 1","byline":"Let service providers apply for anti-trafficking grants on their own · to the Director, Office for Victims of Crime","lines":[{"text":"Signed: CIW, CAST and Free the Slaves."}],"foot":"Text c0bde75a715a · nothing of it changes from here on","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Log as sent","path":"letter sent","args":[["letter","00000000000000000000000000000014"]],"style":"primary"},{"label":"DOCX","path":"letter export","args":[["letter","00000000000000000000000000000014"],["as","docx"]]},{"label":"PDF","path":"letter export","args":[["letter","00000000000000000000000000000014"],["as","pdf"]]}]}', 'pending', '2026-11-24T15:10:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:10:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('0000000000000000000000000000004c', 32, 'atest', 'dm:00000000000000000000000000000002', 'slack', 'dm:00000000000000000000000000000002/letter:00000000000000000000000000000014:locked', 'letter', NULL, '{"mark":"letter","head":"L-001 locked: 3 of 12 signed","badge":"Ask 1","byline":"Let service providers apply for anti-trafficking grants on their own · to the Director, Office for Victims of Crime","lines":[{"text":"Signed: CIW, CAST and Free the Slaves."}],"foot":"Text c0bde75a715a · nothing of it changes from here on","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Log as sent","path":"letter sent","args":[["letter","00000000000000000000000000000014"]],"style":"primary"},{"label":"DOCX","path":"letter export","args":[["letter","00000000000000000000000000000014"],["as","docx"]]},{"label":"PDF","path":"letter export","args":[["letter","00000000000000000000000000000014"],["as","pdf"]]}]}', 'pending', '2026-11-24T15:10:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:10:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('0000000000000000000000000000004d', 33, 'atest', 'dm:00000000000000000000000000000005', 'slack', 'dm:00000000000000000000000000000005/letter:00000000000000000000000000000014:locked', 'letter', NULL, '{"mark":"letter","head":"L-001 locked: 3 of 12 signed","badge":"Ask 1","byline":"Let service providers apply for anti-trafficking grants on their own · to the Director, Office for Victims of Crime","lines":[{"text":"Signed: CIW, CAST and Free the Slaves."}],"foot":"Text c0bde75a715a · nothing of it changes from here on","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Log as sent","path":"letter sent","args":[["letter","00000000000000000000000000000014"]],"style":"primary"},{"label":"DOCX","path":"letter export","args":[["letter","00000000000000000000000000000014"],["as","docx"]]},{"label":"PDF","path":"letter export","args":[["letter","00000000000000000000000000000014"],["as","pdf"]]}]}', 'pending', '2026-11-24T15:10:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:10:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('0000000000000000000000000000004e', 34, 'atest', 'dm:00000000000000000000000000000006', 'slack', 'dm:00000000000000000000000000000006/letter:00000000000000000000000000000014:locked', 'letter', NULL, '{"mark":"letter","head":"L-001 locked: 3 of 12 signed","badge":"Ask 1","byline":"Let service providers apply for anti-trafficking grants on their own · to the Director, Office for Victims of Crime","lines":[{"text":"Signed: CIW, CAST and Free the Slaves."}],"foot":"Text c0bde75a715a · nothing of it changes from here on","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Log as sent","path":"letter sent","args":[["letter","00000000000000000000000000000014"]],"style":"primary"},{"label":"DOCX","path":"letter export","args":[["letter","00000000000000000000000000000014"],["as","docx"]]},{"label":"PDF","path":"letter export","args":[["letter","00000000000000000000000000000014"],["as","pdf"]]}]}', 'pending', '2026-11-24T15:10:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:10:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('00000000000000000000000000000054', 35, 'atest', 'dm:00000000000000000000000000000003', 'slack', 'dm:00000000000000000000000000000003/letter:00000000000000000000000000000050:approve:e85f4b8ca652', 'letter', NULL, '{"mark":"letter","head":"Please approve L-002: Let service providers apply for anti-trafficking grants on their own","badge":"Ask 2","byline":"to the Director, Office for Victims of Crime · 302 words · by Pol","lines":[{"text":"It cites no law."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."},{"text":"It asks an agency for a policy of its own, not for legislation."}],"foot":"Text e85f4b8ca652 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000050"]]},{"label":"Approve","path":"letter approve","args":[["letter","00000000000000000000000000000050"],["text","e85f4b8ca652"]],"style":"primary"},{"label":"Edit","path":"letter edit","args":[["letter","00000000000000000000000000000050"]]}]}', 'pending', '2026-11-24T15:12:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:12:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('00000000000000000000000000000055', 36, 'atest', 'dm:00000000000000000000000000000004', 'slack', 'dm:00000000000000000000000000000004/letter:00000000000000000000000000000050:approve:e85f4b8ca652', 'letter', NULL, '{"mark":"letter","head":"Please approve L-002: Let service providers apply for anti-trafficking grants on their own","badge":"Ask 2","byline":"to the Director, Office for Victims of Crime · 302 words · by Pol","lines":[{"text":"It cites no law."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."},{"text":"It asks an agency for a policy of its own, not for legislation."}],"foot":"Text e85f4b8ca652 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000050"]]},{"label":"Approve","path":"letter approve","args":[["letter","00000000000000000000000000000050"],["text","e85f4b8ca652"]],"style":"primary"},{"label":"Edit","path":"letter edit","args":[["letter","00000000000000000000000000000050"]]}]}', 'pending', '2026-11-24T15:12:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:12:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('00000000000000000000000000000058', 37, 'atest', 'dm:00000000000000000000000000000002', 'slack', 'dm:00000000000000000000000000000002/letter:00000000000000000000000000000050:approved:e85f4b8ca652', 'letter', NULL, '{"mark":"letter","head":"L-002 is approved","lines":[{"text":"Approved by App."}],"buttons":[{"label":"Open for sign-on","path":"letter signon","args":[["letter","00000000000000000000000000000050"]],"style":"primary"},{"label":"Lock","path":"letter lock","args":[["letter","00000000000000000000000000000050"]]},{"label":"Open","path":"letter show","args":[["letter","00000000000000000000000000000050"]]}]}', 'pending', '2026-11-24T15:13:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:13:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('0000000000000000000000000000005b', 38, 'atest', 'policy', 'console', 'policy/letter:00000000000000000000000000000050:sign-on', 'letter', 'letter:00000000000000000000000000000050', '{"mark":"sign-on","head":"L-002: sign-on open until Fri 27 Nov 2026 17:00 EST · 0 of 12","badge":"Ask 2","byline":"Let service providers apply for anti-trafficking grants on their own · to the Director, Office for Victims of Crime","lines":[{"text":"Waiting for CIW, CAST, Free the Slaves, HTI, NN4Y, Polaris, Safe Horizon, Solidarity Center, T’ruah, United Way, Verite and Vital Voices."}],"foot":"Text e85f4b8ca652 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000050"]]},{"label":"Sign","path":"letter sign","args":[["letter","00000000000000000000000000000050"],["text","e85f4b8ca652"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000050"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000050"]]}]}', 'pending', '2026-11-24T15:14:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:14:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('0000000000000000000000000000005c', 39, 'atest', 'policy', 'console', 'edit:0000000000000000000000000000005b', 'edit', NULL, '{"mark":"sign-on","head":"L-002: sign-on open until Fri 27 Nov 2026 17:00 EST · 1 of 12","badge":"Ask 2","byline":"Let service providers apply for anti-trafficking grants on their own · to the Director, Office for Victims of Crime","lines":[{"text":"Signed: CIW."},{"text":"Waiting for CAST, Free the Slaves, HTI, NN4Y, Polaris, Safe Horizon, Solidarity Center, T’ruah, United Way, Verite and Vital Voices."}],"foot":"Text e85f4b8ca652 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000050"]]},{"label":"Sign","path":"letter sign","args":[["letter","00000000000000000000000000000050"],["text","e85f4b8ca652"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000050"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000050"]]}]}', 'pending', '2026-11-24T15:15:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:15:00.000000Z', NULL, '0000000000000000000000000000005b');
INSERT INTO "delivery" VALUES ('0000000000000000000000000000005d', 40, 'atest', 'dm:00000000000000000000000000000005', 'slack', 'dm:00000000000000000000000000000005/letter:00000000000000000000000000000050:ask:e85f4b8ca652', 'letter', NULL, '{"mark":"sign-on","head":"CIW is asked to sign: L-002, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 2","lines":[{"text":"L-002 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"CIW has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text e85f4b8ca652 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000050"]]},{"label":"Sign","path":"letter sign","args":[["letter","00000000000000000000000000000050"],["text","e85f4b8ca652"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000050"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000050"]]}]}', 'pending', '2026-11-24T15:14:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:14:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('0000000000000000000000000000005e', 41, 'atest', 'dm:00000000000000000000000000000006', 'slack', 'dm:00000000000000000000000000000006/letter:00000000000000000000000000000050:ask:e85f4b8ca652', 'letter', NULL, '{"mark":"sign-on","head":"CAST is asked to sign: L-002, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 2","lines":[{"text":"L-002 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"CAST has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text e85f4b8ca652 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000050"]]},{"label":"Sign","path":"letter sign","args":[["letter","00000000000000000000000000000050"],["text","e85f4b8ca652"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000050"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000050"]]}]}', 'pending', '2026-11-24T15:14:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:14:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('0000000000000000000000000000005f', 42, 'atest', 'dm:00000000000000000000000000000007', 'slack', 'dm:00000000000000000000000000000007/letter:00000000000000000000000000000050:ask:e85f4b8ca652', 'letter', NULL, '{"mark":"sign-on","head":"Free the Slaves is asked to sign: L-002, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 2","lines":[{"text":"L-002 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"Free the Slaves has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text e85f4b8ca652 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000050"]]},{"label":"Sign","path":"letter sign","args":[["letter","00000000000000000000000000000050"],["text","e85f4b8ca652"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000050"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000050"]]}]}', 'pending', '2026-11-24T15:14:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:14:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('00000000000000000000000000000060', 43, 'atest', 'dm:00000000000000000000000000000008', 'slack', 'dm:00000000000000000000000000000008/letter:00000000000000000000000000000050:ask:e85f4b8ca652', 'letter', NULL, '{"mark":"sign-on","head":"HTI is asked to sign: L-002, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 2","lines":[{"text":"L-002 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"HTI has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text e85f4b8ca652 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000050"]]},{"label":"Sign","path":"letter sign","args":[["letter","00000000000000000000000000000050"],["text","e85f4b8ca652"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000050"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000050"]]}]}', 'pending', '2026-11-24T15:14:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:14:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('00000000000000000000000000000061', 44, 'atest', 'dm:00000000000000000000000000000009', 'slack', 'dm:00000000000000000000000000000009/letter:00000000000000000000000000000050:ask:e85f4b8ca652', 'letter', NULL, '{"mark":"sign-on","head":"NN4Y is asked to sign: L-002, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 2","lines":[{"text":"L-002 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"NN4Y has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text e85f4b8ca652 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000050"]]},{"label":"Sign","path":"letter sign","args":[["letter","00000000000000000000000000000050"],["text","e85f4b8ca652"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000050"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000050"]]}]}', 'pending', '2026-11-24T15:14:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:14:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('00000000000000000000000000000062', 45, 'atest', 'dm:0000000000000000000000000000000a', 'slack', 'dm:0000000000000000000000000000000a/letter:00000000000000000000000000000050:ask:e85f4b8ca652', 'letter', NULL, '{"mark":"sign-on","head":"Polaris is asked to sign: L-002, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 2","lines":[{"text":"L-002 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"Polaris has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text e85f4b8ca652 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000050"]]},{"label":"Sign","path":"letter sign","args":[["letter","00000000000000000000000000000050"],["text","e85f4b8ca652"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000050"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000050"]]}]}', 'pending', '2026-11-24T15:14:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:14:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('00000000000000000000000000000063', 46, 'atest', 'dm:0000000000000000000000000000000b', 'slack', 'dm:0000000000000000000000000000000b/letter:00000000000000000000000000000050:ask:e85f4b8ca652', 'letter', NULL, '{"mark":"sign-on","head":"Safe Horizon is asked to sign: L-002, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 2","lines":[{"text":"L-002 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"Safe Horizon has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text e85f4b8ca652 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000050"]]},{"label":"Sign","path":"letter sign","args":[["letter","00000000000000000000000000000050"],["text","e85f4b8ca652"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000050"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000050"]]}]}', 'pending', '2026-11-24T15:14:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:14:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('00000000000000000000000000000064', 47, 'atest', 'dm:0000000000000000000000000000000c', 'slack', 'dm:0000000000000000000000000000000c/letter:00000000000000000000000000000050:ask:e85f4b8ca652', 'letter', NULL, '{"mark":"sign-on","head":"Solidarity Center is asked to sign: L-002, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 2","lines":[{"text":"L-002 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"Solidarity Center has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text e85f4b8ca652 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000050"]]},{"label":"Sign","path":"letter sign","args":[["letter","00000000000000000000000000000050"],["text","e85f4b8ca652"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000050"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000050"]]}]}', 'pending', '2026-11-24T15:14:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:14:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('00000000000000000000000000000065', 48, 'atest', 'dm:0000000000000000000000000000000d', 'slack', 'dm:0000000000000000000000000000000d/letter:00000000000000000000000000000050:ask:e85f4b8ca652', 'letter', NULL, '{"mark":"sign-on","head":"T’ruah is asked to sign: L-002, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 2","lines":[{"text":"L-002 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"T’ruah has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text e85f4b8ca652 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000050"]]},{"label":"Sign","path":"letter sign","args":[["letter","00000000000000000000000000000050"],["text","e85f4b8ca652"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000050"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000050"]]}]}', 'pending', '2026-11-24T15:14:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:14:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('00000000000000000000000000000066', 49, 'atest', 'dm:0000000000000000000000000000000e', 'slack', 'dm:0000000000000000000000000000000e/letter:00000000000000000000000000000050:ask:e85f4b8ca652', 'letter', NULL, '{"mark":"sign-on","head":"United Way is asked to sign: L-002, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 2","lines":[{"text":"L-002 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"United Way has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text e85f4b8ca652 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000050"]]},{"label":"Sign","path":"letter sign","args":[["letter","00000000000000000000000000000050"],["text","e85f4b8ca652"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000050"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000050"]]}]}', 'pending', '2026-11-24T15:14:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:14:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('00000000000000000000000000000067', 50, 'atest', 'dm:0000000000000000000000000000000f', 'slack', 'dm:0000000000000000000000000000000f/letter:00000000000000000000000000000050:ask:e85f4b8ca652', 'letter', NULL, '{"mark":"sign-on","head":"Verite is asked to sign: L-002, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 2","lines":[{"text":"L-002 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"Verite has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text e85f4b8ca652 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000050"]]},{"label":"Sign","path":"letter sign","args":[["letter","00000000000000000000000000000050"],["text","e85f4b8ca652"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000050"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000050"]]}]}', 'pending', '2026-11-24T15:14:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:14:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('00000000000000000000000000000068', 51, 'atest', 'dm:00000000000000000000000000000010', 'slack', 'dm:00000000000000000000000000000010/letter:00000000000000000000000000000050:ask:e85f4b8ca652', 'letter', NULL, '{"mark":"sign-on","head":"Vital Voices is asked to sign: L-002, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 2","lines":[{"text":"L-002 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"Vital Voices has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text e85f4b8ca652 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000050"]]},{"label":"Sign","path":"letter sign","args":[["letter","00000000000000000000000000000050"],["text","e85f4b8ca652"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000050"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000050"]]}]}', 'pending', '2026-11-24T15:14:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:14:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('0000000000000000000000000000006c', 52, 'atest', 'dm:00000000000000000000000000000005', 'slack', 'edit:0000000000000000000000000000005d', 'edit', NULL, '{"mark":"sign-on","head":"CIW has signed L-002","badge":"Ask 2","lines":[{"text":"L-002 goes to the Director, Office for Victims of Crime: Let service providers apply for anti-trafficking grants on their own"},{"text":"Signed for CIW as “Coalition of Immokalee Workers” by Rep ciw, Director, 10:15."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text e85f4b8ca652 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000050"]]},{"label":"Take back","path":"letter unsign","args":[["letter","00000000000000000000000000000050"]],"style":"danger"}]}', 'pending', '2026-11-24T15:15:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:15:00.000000Z', NULL, '0000000000000000000000000000005d');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000076', 53, 'atest', 'press', 'console', 'press/inquiry:00000000000000000000000000000075', 'inquiry', 'inquiry:00000000000000000000000000000075', '{"mark":"news","head":"Press inquiry Q-1 from Example Wire: answer by Tue 24 Nov 2026 17:00 EST","lines":[{"text":"Jo Sample: “What changes?”"},{"text":"Passed to nobody: coalition.yml names nobody for this, or nobody who is linked here (/campaign link)."},{"text":"Nobody has told them yet that they were heard."}],"foot":"Received 10:18 by Pia","buttons":[{"label":"Acknowledge","path":"press acknowledge","args":[["inquiry","00000000000000000000000000000075"]],"style":"primary"},{"label":"Answered","path":"press answered","args":[["inquiry","00000000000000000000000000000075"]]},{"label":"Decline","path":"press decline","args":[["inquiry","00000000000000000000000000000075"]]},{"label":"Close","path":"press close","args":[["inquiry","00000000000000000000000000000075"]]}]}', 'pending', '2026-11-24T15:18:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:18:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('state-pending', 54, 'atest', 'policy', 'console', 'state:pending', 'alert', 'fr:2026-00077', '{"mark":"alert","head":"Enhanced Collaborative Model: forced labor","badge":"Ask 4","byline":"U.S. Customs and Border Protection · Notice · published Tue 24 Nov 2026","why":["“forced labor” in the title; agency U.S. Customs and Border Protection → Ask 4, Hold business to account (§ 1593A, § 307 of the Tariff Act)"],"links":[{"label":"Document","url":"https://www.federalregister.gov/d/2026-00077"}],"foot":"Federal Register 2026-00077","buttons":[{"label":"Draft letter","path":"letter draft","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]],"style":"primary"},{"label":"Why","path":"alerts why","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]},{"label":"Not relevant","path":"alerts not-relevant","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]},{"label":"Assign","path":"alerts assign","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]}]}', 'pending', '2026-11-24T15:00:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:00:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('state-retry', 55, 'atest', 'policy', 'console', 'state:retry', 'alert', 'fr:2026-00077', '{"mark":"alert","head":"Enhanced Collaborative Model: forced labor","badge":"Ask 4","byline":"U.S. Customs and Border Protection · Notice · published Tue 24 Nov 2026","why":["“forced labor” in the title; agency U.S. Customs and Border Protection → Ask 4, Hold business to account (§ 1593A, § 307 of the Tariff Act)"],"links":[{"label":"Document","url":"https://www.federalregister.gov/d/2026-00077"}],"foot":"Federal Register 2026-00077","buttons":[{"label":"Draft letter","path":"letter draft","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]],"style":"primary"},{"label":"Why","path":"alerts why","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]},{"label":"Not relevant","path":"alerts not-relevant","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]},{"label":"Assign","path":"alerts assign","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]}]}', 'retry', '2026-11-24T15:00:00.000000Z', 1, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:00:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('state-sending', 56, 'atest', 'policy', 'console', 'state:sending', 'alert', 'fr:2026-00077', '{"mark":"alert","head":"Enhanced Collaborative Model: forced labor","badge":"Ask 4","byline":"U.S. Customs and Border Protection · Notice · published Tue 24 Nov 2026","why":["“forced labor” in the title; agency U.S. Customs and Border Protection → Ask 4, Hold business to account (§ 1593A, § 307 of the Tariff Act)"],"links":[{"label":"Document","url":"https://www.federalregister.gov/d/2026-00077"}],"foot":"Federal Register 2026-00077","buttons":[{"label":"Draft letter","path":"letter draft","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]],"style":"primary"},{"label":"Why","path":"alerts why","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]},{"label":"Not relevant","path":"alerts not-relevant","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]},{"label":"Assign","path":"alerts assign","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]}]}', 'sending', '2026-11-24T15:00:00.000000Z', 1, NULL, '2026-11-24T15:00:00.000000Z', 'a lease', NULL, NULL, 0, NULL, '2026-11-24T15:00:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('state-ambiguous', 57, 'atest', 'policy', 'console', 'state:ambiguous', 'alert', 'fr:2026-00077', '{"mark":"alert","head":"Enhanced Collaborative Model: forced labor","badge":"Ask 4","byline":"U.S. Customs and Border Protection · Notice · published Tue 24 Nov 2026","why":["“forced labor” in the title; agency U.S. Customs and Border Protection → Ask 4, Hold business to account (§ 1593A, § 307 of the Tariff Act)"],"links":[{"label":"Document","url":"https://www.federalregister.gov/d/2026-00077"}],"foot":"Federal Register 2026-00077","buttons":[{"label":"Draft letter","path":"letter draft","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]],"style":"primary"},{"label":"Why","path":"alerts why","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]},{"label":"Not relevant","path":"alerts not-relevant","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]},{"label":"Assign","path":"alerts assign","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]}]}', 'ambiguous', '2026-11-24T15:00:00.000000Z', 1, NULL, '2026-11-24T15:00:00.000000Z', 'a lease', NULL, NULL, 0, NULL, '2026-11-24T15:00:00.000000Z', NULL, NULL);
INSERT INTO "delivery" VALUES ('state-sent', 58, 'atest', 'policy', 'console', 'state:sent', 'alert', 'fr:2026-00077', '{"mark":"alert","head":"Enhanced Collaborative Model: forced labor","badge":"Ask 4","byline":"U.S. Customs and Border Protection · Notice · published Tue 24 Nov 2026","why":["“forced labor” in the title; agency U.S. Customs and Border Protection → Ask 4, Hold business to account (§ 1593A, § 307 of the Tariff Act)"],"links":[{"label":"Document","url":"https://www.federalregister.gov/d/2026-00077"}],"foot":"Federal Register 2026-00077","buttons":[{"label":"Draft letter","path":"letter draft","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]],"style":"primary"},{"label":"Why","path":"alerts why","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]},{"label":"Not relevant","path":"alerts not-relevant","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]},{"label":"Assign","path":"alerts assign","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]}]}', 'sent', '2026-11-24T15:00:00.000000Z', 1, NULL, NULL, NULL, 'C1/1764000000.000100', NULL, 0, NULL, '2026-11-24T15:00:00.000000Z', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "delivery_entry" VALUES ('00000000000000000000000000000012', '34ff2af5019ec27f35b86ced9360dbaa', 'published');
INSERT INTO "digest_line" VALUES ('atest', 'digest_line channel', '34ff2af5019ec27f35b86ced9360dbaa', 'digest_line stage', '2026-11-24T15:00:00.000000Z', '00000000000000000000000000000012');
INSERT INTO "hold" VALUES ('atest', 'hold scope', 'hold why', '2026-11-24T15:00:00.000000Z', '2026-11-24T15:00:00.000000Z', '2026-11-24T15:00:00.000000Z');
INSERT INTO "person" VALUES ('00000000000000000000000000000001', 'atest', 'Ada', NULL, '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person" VALUES ('00000000000000000000000000000002', 'atest', 'Pol', NULL, '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person" VALUES ('00000000000000000000000000000003', 'atest', 'App', NULL, '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person" VALUES ('00000000000000000000000000000004', 'atest', 'Bap', NULL, '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person" VALUES ('00000000000000000000000000000005', 'atest', 'Rep ciw', 'ciw', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person" VALUES ('00000000000000000000000000000006', 'atest', 'Rep cast', 'cast', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person" VALUES ('00000000000000000000000000000007', 'atest', 'Rep free-the-slaves', 'free-the-slaves', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person" VALUES ('00000000000000000000000000000008', 'atest', 'Rep hti', 'hti', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person" VALUES ('00000000000000000000000000000009', 'atest', 'Rep nn4y', 'nn4y', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person" VALUES ('0000000000000000000000000000000a', 'atest', 'Rep polaris', 'polaris', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person" VALUES ('0000000000000000000000000000000b', 'atest', 'Rep safe-horizon', 'safe-horizon', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person" VALUES ('0000000000000000000000000000000c', 'atest', 'Rep solidarity-center', 'solidarity-center', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person" VALUES ('0000000000000000000000000000000d', 'atest', 'Rep truah', 'truah', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person" VALUES ('0000000000000000000000000000000e', 'atest', 'Rep united-way', 'united-way', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person" VALUES ('0000000000000000000000000000000f', 'atest', 'Rep verite', 'verite', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person" VALUES ('00000000000000000000000000000010', 'atest', 'Rep vital-voices', 'vital-voices', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person" VALUES ('00000000000000000000000000000011', 'atest', 'Pia', NULL, '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "account" VALUES ('atest', 'slack', 'T0HOME', 'UADA', '00000000000000000000000000000001', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "account" VALUES ('atest', 'slack', 'T0HOME', 'UPOL', '00000000000000000000000000000002', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "account" VALUES ('atest', 'slack', 'T0HOME', 'UAPP', '00000000000000000000000000000003', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "account" VALUES ('atest', 'slack', 'T0HOME', 'UBAP', '00000000000000000000000000000004', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "account" VALUES ('atest', 'slack', 'T0HOME', 'UCIW', '00000000000000000000000000000005', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "account" VALUES ('atest', 'slack', 'T0HOME', 'UCAST', '00000000000000000000000000000006', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "account" VALUES ('atest', 'slack', 'T0HOME', 'UFREE-THE-SLAVES', '00000000000000000000000000000007', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "account" VALUES ('atest', 'slack', 'T0HOME', 'UHTI', '00000000000000000000000000000008', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "account" VALUES ('atest', 'slack', 'T0HOME', 'UNN4Y', '00000000000000000000000000000009', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "account" VALUES ('atest', 'slack', 'T0HOME', 'UPOLARIS', '0000000000000000000000000000000a', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "account" VALUES ('atest', 'slack', 'T0HOME', 'USAFE-HORIZON', '0000000000000000000000000000000b', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "account" VALUES ('atest', 'slack', 'T0HOME', 'USOLIDARITY-CENTER', '0000000000000000000000000000000c', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "account" VALUES ('atest', 'slack', 'T0HOME', 'UTRUAH', '0000000000000000000000000000000d', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "account" VALUES ('atest', 'slack', 'T0HOME', 'UUNITED-WAY', '0000000000000000000000000000000e', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "account" VALUES ('atest', 'slack', 'T0HOME', 'UVERITE', '0000000000000000000000000000000f', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "account" VALUES ('atest', 'slack', 'T0HOME', 'UVITAL-VOICES', '00000000000000000000000000000010', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "account" VALUES ('atest', 'slack', 'T0HOME', 'UPIA', '00000000000000000000000000000011', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person_role" VALUES ('atest', '00000000000000000000000000000001', 'administrator', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person_role" VALUES ('atest', '00000000000000000000000000000002', 'policy', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person_role" VALUES ('atest', '00000000000000000000000000000003', 'approver', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person_role" VALUES ('atest', '00000000000000000000000000000004', 'approver', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person_role" VALUES ('atest', '00000000000000000000000000000005', 'representative', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person_role" VALUES ('atest', '00000000000000000000000000000006', 'representative', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person_role" VALUES ('atest', '00000000000000000000000000000007', 'representative', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person_role" VALUES ('atest', '00000000000000000000000000000008', 'representative', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person_role" VALUES ('atest', '00000000000000000000000000000009', 'representative', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person_role" VALUES ('atest', '0000000000000000000000000000000a', 'representative', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person_role" VALUES ('atest', '0000000000000000000000000000000b', 'representative', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person_role" VALUES ('atest', '0000000000000000000000000000000c', 'representative', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person_role" VALUES ('atest', '0000000000000000000000000000000d', 'representative', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person_role" VALUES ('atest', '0000000000000000000000000000000e', 'representative', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person_role" VALUES ('atest', '0000000000000000000000000000000f', 'representative', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person_role" VALUES ('atest', '00000000000000000000000000000010', 'representative', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "person_role" VALUES ('atest', '00000000000000000000000000000011', 'press', '2026-11-24T15:00:00.000000Z', NULL);
INSERT INTO "audit" VALUES ('00000000000000000000000000000015', 1, 'atest', '2026-11-24T15:01:00.000000Z', '00000000000000000000000000000002', 'Pol', 'slack T0HOME C1', 'letter draft', 'L-001', '', 'drafted from ask-1 to the Director, Office for Victims of Crime');
INSERT INTO "audit" VALUES ('00000000000000000000000000000017', 2, 'atest', '2026-11-24T15:02:00.000000Z', '00000000000000000000000000000002', 'Pol', 'slack T0HOME C1', 'letter review', 'L-001', 'draft', 'in review');
INSERT INTO "audit" VALUES ('0000000000000000000000000000001b', 3, 'atest', '2026-11-24T15:03:00.000000Z', '00000000000000000000000000000003', 'App', 'slack T0HOME C1', 'letter approve', 'L-001', 'in review', 'version 1 approved');
INSERT INTO "audit" VALUES ('0000000000000000000000000000001e', 4, 'atest', '2026-11-24T15:04:00.000000Z', '00000000000000000000000000000002', 'Pol', 'slack T0HOME C1', 'letter signon', 'L-001', 'approved', 'open for sign-on until Fri 27 Nov 2026 17:00');
INSERT INTO "audit" VALUES ('0000000000000000000000000000002e', 5, 'atest', '2026-11-24T15:05:00.000000Z', '00000000000000000000000000000005', 'Rep ciw', 'slack T0HOME C1', 'letter sign', 'L-001, ciw', '', 'signed, text c0bde75a715a');
INSERT INTO "audit" VALUES ('00000000000000000000000000000032', 6, 'atest', '2026-11-24T15:06:00.000000Z', '00000000000000000000000000000006', 'Rep cast', 'slack T0HOME C1', 'letter sign', 'L-001, cast', '', 'signed, text c0bde75a715a');
INSERT INTO "audit" VALUES ('00000000000000000000000000000036', 7, 'atest', '2026-11-24T15:07:00.000000Z', '00000000000000000000000000000002', 'Pol', 'slack T0HOME C1', 'letter record', 'L-001', '', 'recorded: Free the Slaves');
INSERT INTO "audit" VALUES ('00000000000000000000000000000047', 8, 'atest', '2026-11-24T15:08:00.000000Z', '00000000000000000000000000000002', 'Pol', 'slack T0HOME C1', 'letter lock', 'L-001', 'open for sign-on', 'locked, text c0bde75a715a, 3 of 12 signed');
INSERT INTO "audit" VALUES ('0000000000000000000000000000004a', 9, 'atest', '2026-11-24T15:09:00.000000Z', '00000000000000000000000000000002', 'Pol', 'slack T0HOME C1', 'letter sent', 'L-001', 'locked', 'sent on 2026-11-24');
INSERT INTO "audit" VALUES ('00000000000000000000000000000051', 10, 'atest', '2026-11-24T15:11:00.000000Z', '00000000000000000000000000000002', 'Pol', 'slack T0HOME C1', 'letter draft', 'L-002', '', 'drafted from ask-1 to the Director, Office for Victims of Crime');
INSERT INTO "audit" VALUES ('00000000000000000000000000000053', 11, 'atest', '2026-11-24T15:12:00.000000Z', '00000000000000000000000000000002', 'Pol', 'slack T0HOME C1', 'letter review', 'L-002', 'draft', 'in review');
INSERT INTO "audit" VALUES ('00000000000000000000000000000057', 12, 'atest', '2026-11-24T15:13:00.000000Z', '00000000000000000000000000000003', 'App', 'slack T0HOME C1', 'letter approve', 'L-002', 'in review', 'version 1 approved');
INSERT INTO "audit" VALUES ('0000000000000000000000000000005a', 13, 'atest', '2026-11-24T15:14:00.000000Z', '00000000000000000000000000000002', 'Pol', 'slack T0HOME C1', 'letter signon', 'L-002', 'approved', 'open for sign-on until Fri 27 Nov 2026 17:00');
INSERT INTO "audit" VALUES ('0000000000000000000000000000006a', 14, 'atest', '2026-11-24T15:15:00.000000Z', '00000000000000000000000000000005', 'Rep ciw', 'slack T0HOME C1', 'letter sign', 'L-002, ciw', '', 'signed, text e85f4b8ca652');
INSERT INTO "audit" VALUES ('00000000000000000000000000000070', 15, 'atest', '2026-11-24T15:16:00.000000Z', '00000000000000000000000000000011', 'Pia', 'slack T0HOME C1', 'press add', 'press contact P-1', '', 'added');
INSERT INTO "audit" VALUES ('00000000000000000000000000000073', 16, 'atest', '2026-11-24T15:17:00.000000Z', '00000000000000000000000000000011', 'Pia', 'slack T0HOME C1', 'press note', 'press contact P-1', '', 'a note');
INSERT INTO "audit" VALUES ('00000000000000000000000000000077', 17, 'atest', '2026-11-24T15:18:00.000000Z', '00000000000000000000000000000011', 'Pia', 'slack T0HOME C1', 'press inquiry', 'press inquiry Q-1', '', 'question, due 2026-11-24 22:00 UTC');
INSERT INTO "inbox" VALUES ('atest', 'slack:00000000000000000000000000000013', '2026-11-24T15:01:00.000000Z');
INSERT INTO "inbox" VALUES ('atest', 'slack:00000000000000000000000000000016', '2026-11-24T15:02:00.000000Z');
INSERT INTO "inbox" VALUES ('atest', 'slack:0000000000000000000000000000001a', '2026-11-24T15:03:00.000000Z');
INSERT INTO "inbox" VALUES ('atest', 'slack:0000000000000000000000000000001d', '2026-11-24T15:04:00.000000Z');
INSERT INTO "inbox" VALUES ('atest', 'slack:0000000000000000000000000000002d', '2026-11-24T15:05:00.000000Z');
INSERT INTO "inbox" VALUES ('atest', 'slack:00000000000000000000000000000031', '2026-11-24T15:06:00.000000Z');
INSERT INTO "inbox" VALUES ('atest', 'slack:00000000000000000000000000000035', '2026-11-24T15:07:00.000000Z');
INSERT INTO "inbox" VALUES ('atest', 'slack:00000000000000000000000000000039', '2026-11-24T15:08:00.000000Z');
INSERT INTO "inbox" VALUES ('atest', 'slack:00000000000000000000000000000048', '2026-11-24T15:09:00.000000Z');
INSERT INTO "inbox" VALUES ('atest', 'slack:0000000000000000000000000000004f', '2026-11-24T15:11:00.000000Z');
INSERT INTO "inbox" VALUES ('atest', 'slack:00000000000000000000000000000052', '2026-11-24T15:12:00.000000Z');
INSERT INTO "inbox" VALUES ('atest', 'slack:00000000000000000000000000000056', '2026-11-24T15:13:00.000000Z');
INSERT INTO "inbox" VALUES ('atest', 'slack:00000000000000000000000000000059', '2026-11-24T15:14:00.000000Z');
INSERT INTO "inbox" VALUES ('atest', 'slack:00000000000000000000000000000069', '2026-11-24T15:15:00.000000Z');
INSERT INTO "inbox" VALUES ('atest', 'slack:0000000000000000000000000000006d', '2026-11-24T15:16:00.000000Z');
INSERT INTO "inbox" VALUES ('atest', 'slack:00000000000000000000000000000071', '2026-11-24T15:17:00.000000Z');
INSERT INTO "inbox" VALUES ('atest', 'slack:00000000000000000000000000000074', '2026-11-24T15:18:00.000000Z');
INSERT INTO "overlay" VALUES ('atest', 'overlay kind', 'overlay name', '{}', '2026-11-24T15:00:00.000000Z', '2026-11-24T15:00:00.000000Z', 'overlay changed_by');
INSERT INTO "entry_work" VALUES ('atest', '34ff2af5019ec27f35b86ced9360dbaa', '00000000000000000000000000000001', '2026-11-24T15:00:00.000000Z', '2026-11-24T15:00:00.000000Z', '00000000000000000000000000000001', 'entry_work verdict', '00000000000000000000000000000001', '2026-11-24T15:00:00.000000Z');
INSERT INTO "memo" VALUES ('atest', 'press contact number', '1');
INSERT INTO "preference" VALUES ('atest', '00000000000000000000000000000001', 'preference name', 'preference value');
INSERT INTO "delivery_file" VALUES ('0000000000000000000000000000004b', 0, 'L-001-v1-let-service-providers-apply-for-anti.docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', X'504b0304140000000800000021002aa1e3746c0100009b050000130000005b436f6e74656e745f54797065735d2e786d6cb594cb6ec2301045f7fd8a289b2caac4d045555504167d2c5b16f4038c3d81a87ec91e28fc7dc781644169430bdd444ac673ef');
INSERT INTO "delivery_file" VALUES ('0000000000000000000000000000004b', 1, 'L-001-v1-let-service-providers-apply-for-anti.pdf', 'application/pdf', X'255044462d312e370a25808080800a0a312030206f626a0a3c3c2f547970652f50616765732f436f756e7420322f4b6964735b353920302052203630203020525d3e3e0a656e646f626a0a322030206f626a0a3c3c2f506172656e742033203020522f54');
INSERT INTO "delivery_file" VALUES ('0000000000000000000000000000004b', 2, 'L-001-v1-let-service-providers-apply-for-anti.csv', 'text/csv', X'efbbbf6f7267616e69736174696f6e2c7369676e61746f72792c7469746c652c686f772c6f6e2c746578740d0a436f616c6974696f6e206f6620496d6d6f6b616c656520576f726b6572732c526570206369772c4469726563746f722c696e2063686174');
INSERT INTO "delivery_file" VALUES ('0000000000000000000000000000004c', 0, 'L-001-v1-let-service-providers-apply-for-anti.docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', X'504b0304140000000800000021002aa1e3746c0100009b050000130000005b436f6e74656e745f54797065735d2e786d6cb594cb6ec2301045f7fd8a289b2caac4d045555504167d2c5b16f4038c3d81a87ec91e28fc7dc781644169430bdd444ac673ef');
INSERT INTO "delivery_file" VALUES ('0000000000000000000000000000004c', 1, 'L-001-v1-let-service-providers-apply-for-anti.pdf', 'application/pdf', X'255044462d312e370a25808080800a0a312030206f626a0a3c3c2f547970652f50616765732f436f756e7420322f4b6964735b353920302052203630203020525d3e3e0a656e646f626a0a322030206f626a0a3c3c2f506172656e742033203020522f54');
INSERT INTO "delivery_file" VALUES ('0000000000000000000000000000004c', 2, 'L-001-v1-let-service-providers-apply-for-anti.csv', 'text/csv', X'efbbbf6f7267616e69736174696f6e2c7369676e61746f72792c7469746c652c686f772c6f6e2c746578740d0a436f616c6974696f6e206f6620496d6d6f6b616c656520576f726b6572732c526570206369772c4469726563746f722c696e2063686174');
INSERT INTO "delivery_file" VALUES ('0000000000000000000000000000004d', 0, 'L-001-v1-let-service-providers-apply-for-anti.pdf', 'application/pdf', X'255044462d312e370a25808080800a0a312030206f626a0a3c3c2f547970652f50616765732f436f756e7420322f4b6964735b353920302052203630203020525d3e3e0a656e646f626a0a322030206f626a0a3c3c2f506172656e742033203020522f54');
INSERT INTO "delivery_file" VALUES ('0000000000000000000000000000004e', 0, 'L-001-v1-let-service-providers-apply-for-anti.pdf', 'application/pdf', X'255044462d312e370a25808080800a0a312030206f626a0a3c3c2f547970652f50616765732f436f756e7420322f4b6964735b353920302052203630203020525d3e3e0a656e646f626a0a322030206f626a0a3c3c2f506172656e742033203020522f54');
INSERT INTO "bill" VALUES ('bill bill_id', 'bill source', 'bill name', 'bill title', '{}', '2026-11-24T15:00:00.000000Z', '2026-11-24T15:00:00.000000Z');
INSERT INTO "bill_proposal" VALUES ('atest', 'bill_proposal bill_id', 'bill_proposal family', 'bill_proposal title', '2026-11-24T15:00:00.000000Z', 'bill_proposal answer', '2026-11-24T15:00:00.000000Z', 'bill_proposal answered_by');
INSERT INTO "duty" VALUES ('atest', 'duty id', 'duty statute', 'duty owed', 'duty owed_by', '2026-11-24T15:00:00.000000Z', 'duty period', 'duty source', '2026-11-24T15:00:00.000000Z', 'duty asks', 'duty note', '2026-11-24T15:00:00.000000Z', '2026-11-24T15:00:00.000000Z', '00000000000000000000000000000001', '2026-11-24T15:00:00.000000Z');
INSERT INTO "duty_finding" VALUES ('duty_finding id', 'atest', 'duty_finding duty_id', 'duty_finding state', 'duty_finding source', '2026-11-24T15:00:00.000000Z', '2026-11-24T15:00:00.000000Z', '00000000000000000000000000000001', '2026-11-24T15:00:00.000000Z');
INSERT INTO "duty_proposal" VALUES ('duty_proposal id', 'atest', '{}', '2026-11-24T15:00:00.000000Z');
INSERT INTO "docket_date" VALUES ('docket_date number', '2026-11-24T15:00:00.000000Z', '2026-11-24T15:00:00.000000Z');
INSERT INTO "directory" VALUES ('directory id', '2026-11-24T15:00:00.000000Z', '2026-11-24T15:00:00.000000Z', 'directory source');
INSERT INTO "legislator" VALUES ('legislator bioguide', 'legislator first_name', 'legislator last_name', 'legislator suffix', 'legislator nickname', 'legislator official_full', 'legislator gender', 'legislator role', 'legislator state', 1, 'legislator party', 'legislator term_start', 'legislator term_end', 'legislator first_term', 'legislator room', 'legislator leads');
INSERT INTO "committee" VALUES ('committee id', 'committee name', 'committee chamber', NULL);
INSERT INTO "committee_seat" VALUES ('committee id', 'legislator bioguide', 1, 'committee_seat title');
INSERT INTO "letter" VALUES ('00000000000000000000000000000014', 'atest', 1, 'sent', 'ask-1', '78ebbf4948533a5a4444ae5d6648e8ae93607ca7c18aa6d104d21eb321723ed0', '{"names": {"office:ovc": "the Director, Office for Victims of Crime"}, "fields": {}, "bill": ""}', 'none', 'It asks an agency for a policy of its own, not for legislation.', 1, NULL, '2026-11-24T15:01:00.000000Z', '00000000000000000000000000000002', '2026-11-27T22:00:00.000000Z', NULL, '2026-11-24T15:08:00.000000Z', NULL, '2026-11-24T15:10:00.000000Z', '{"office:ovc":{"id":"office:ovc","name":"the Director, Office for Victims of Crime","block":["Director","Office for Victims of Crime","Office of Justice Programs","U.S. Department of Justice","Washington, DC 20531"],"salutation":"Dear Director:","as_of":null,"missing":""}}', NULL);
INSERT INTO "letter" VALUES ('00000000000000000000000000000050', 'atest', 2, 'open for sign-on', 'ask-1', '78ebbf4948533a5a4444ae5d6648e8ae93607ca7c18aa6d104d21eb321723ed0', '{"names": {"office:ovc": "the Director, Office for Victims of Crime"}, "fields": {}, "bill": ""}', 'none', 'It asks an agency for a policy of its own, not for legislation.', 2, NULL, '2026-11-24T15:11:00.000000Z', '00000000000000000000000000000002', '2026-11-27T22:00:00.000000Z', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO "letter_version" VALUES ('atest', '00000000000000000000000000000014', 1, '[{"written":{"subject":"Let service providers apply for anti-trafficking grants on their own","body":[{"text":"We write for ATEST (Alliance to End Slavery and Trafficking), a coalition of 12 organizations.","shape":"text"},{"text":"Our request is this. The Department of Justice should stop making a victim service provider and a police body apply together for anti-trafficking grants, and money for victim services should not pay for policing. Where close cooperation really is best practice, the police should give providers a share of their own federal, state and local budgets.","shape":"text"},{"text":"A joint application ties two different duties together. A service provider owes its loyalty to the survivor. A police body owes its loyalty to the case. Both are needed, and both do better work when neither depends on the other for its money.","shape":"text"},{"text":"The cost of the tie falls on survivors. Someone who fears arrest may not walk through the door of a program that shares its grant with the police. A provider that speaks up about how survivors are treated has to speak against the partner whose signature it needs. And where no police body is willing to apply, a provider cannot apply at all, however good its work is.","shape":"text"},{"text":"The money matters as much as the form. Each dollar of victim services that pays for policing is a dollar less for housing, counsel, health care and work. Where close cooperation helps, we welcome it. It should rest on shared practice, and each side should pay its own part.","shape":"text"},{"text":"We ask your office to:","shape":"text"},{"text":"let service providers apply on their own for all anti-trafficking victim services money, beginning with the next notice;","shape":"item"},{"text":"score applications by what survivors receive, not by who else has signed;","shape":"item"},{"text":"keep money for victim services out of police budgets; and","shape":"item"},{"text":"say in the notice that work with the police is welcome and not required.","shape":"item"},{"text":"Please tell us what you intend to do, by when, and whom we may work with on it. We would be glad to meet, and to bring people who know this work from the inside. You can reach us at campaign@example.org.","shape":"text"}],"claims":[]},"to":["office:ovc"]}]', 'c0bde75a715adcfa8a744c2f4d44058f59495b1fb28beb52438c1db33834ecc7', '2026-11-24T15:01:00.000000Z', '00000000000000000000000000000002');
INSERT INTO "letter_version" VALUES ('atest', '00000000000000000000000000000050', 1, '[{"written":{"subject":"Let service providers apply for anti-trafficking grants on their own","body":[{"text":"We write for ATEST (Alliance to End Slavery and Trafficking), a coalition of 12 organizations.","shape":"text"},{"text":"Our request is this. A service provider should be able to win anti-trafficking victim services funding without first obtaining a letter of support from its local police.","shape":"text"},{"text":"A joint application ties two different duties together. A service provider owes its loyalty to the survivor. A police body owes its loyalty to the case. Both are needed, and both do better work when neither depends on the other for its money.","shape":"text"},{"text":"The cost of the tie falls on survivors. Someone who fears arrest may not walk through the door of a program that shares its grant with the police. A provider that speaks up about how survivors are treated has to speak against the partner whose signature it needs. And where no police body is willing to apply, a provider cannot apply at all, however good its work is.","shape":"text"},{"text":"The money matters as much as the form. Each dollar of victim services that pays for policing is a dollar less for housing, counsel, health care and work. Where close cooperation helps, we welcome it. It should rest on shared practice, and each side should pay its own part.","shape":"text"},{"text":"We ask your office to:","shape":"text"},{"text":"let service providers apply on their own for all anti-trafficking victim services money, beginning with the next notice;","shape":"item"},{"text":"score applications by what survivors receive, not by who else has signed;","shape":"item"},{"text":"keep money for victim services out of police budgets; and","shape":"item"},{"text":"say in the notice that work with the police is welcome and not required.","shape":"item"},{"text":"Please tell us what you intend to do, by when, and whom we may work with on it. We would be glad to meet, and to bring people who know this work from the inside. You can reach us at campaign@example.org.","shape":"text"}],"claims":[]},"to":["office:ovc"]}]', 'e85f4b8ca6526901f49f4d8df874ef84558406efb486311926244699eb2427be', '2026-11-24T15:11:00.000000Z', '00000000000000000000000000000002');
INSERT INTO "letter_approval" VALUES ('atest', '00000000000000000000000000000014', 'c0bde75a715adcfa8a744c2f4d44058f59495b1fb28beb52438c1db33834ecc7', '00000000000000000000000000000003', '2026-11-24T15:03:00.000000Z');
INSERT INTO "letter_approval" VALUES ('atest', '00000000000000000000000000000050', 'e85f4b8ca6526901f49f4d8df874ef84558406efb486311926244699eb2427be', '00000000000000000000000000000003', '2026-11-24T15:13:00.000000Z');
INSERT INTO "signature" VALUES ('atest', '00000000000000000000000000000014', 'ciw', 'signed', 'Coalition of Immokalee Workers', 'Rep ciw', 'Director', 'c0bde75a715adcfa8a744c2f4d44058f59495b1fb28beb52438c1db33834ecc7', '', '00000000000000000000000000000005', '2026-11-24T15:05:00.000000Z');
INSERT INTO "signature" VALUES ('atest', '00000000000000000000000000000014', 'cast', 'signed', 'Coalition to Abolish Slavery and Trafficking', 'Rep cast', 'Director', 'c0bde75a715adcfa8a744c2f4d44058f59495b1fb28beb52438c1db33834ecc7', '', '00000000000000000000000000000006', '2026-11-24T15:06:00.000000Z');
INSERT INTO "signature" VALUES ('atest', '00000000000000000000000000000014', 'free-the-slaves', 'signed', 'Free the Slaves', '', '', 'c0bde75a715adcfa8a744c2f4d44058f59495b1fb28beb52438c1db33834ecc7', 'e-mail of 3 November, says Pol', '00000000000000000000000000000002', '2026-11-24T15:07:00.000000Z');
INSERT INTO "signature" VALUES ('atest', '00000000000000000000000000000050', 'ciw', 'signed', 'Coalition of Immokalee Workers', 'Rep ciw', 'Director', 'e85f4b8ca6526901f49f4d8df874ef84558406efb486311926244699eb2427be', '', '00000000000000000000000000000005', '2026-11-24T15:15:00.000000Z');
INSERT INTO "letter_card" VALUES ('atest', '00000000000000000000000000000014', '0000000000000000000000000000001f', '');
INSERT INTO "letter_card" VALUES ('atest', '00000000000000000000000000000014', '00000000000000000000000000000021', 'ciw');
INSERT INTO "letter_card" VALUES ('atest', '00000000000000000000000000000014', '00000000000000000000000000000022', 'cast');
INSERT INTO "letter_card" VALUES ('atest', '00000000000000000000000000000014', '00000000000000000000000000000023', 'free-the-slaves');
INSERT INTO "letter_card" VALUES ('atest', '00000000000000000000000000000014', '00000000000000000000000000000024', 'hti');
INSERT INTO "letter_card" VALUES ('atest', '00000000000000000000000000000014', '00000000000000000000000000000025', 'nn4y');
INSERT INTO "letter_card" VALUES ('atest', '00000000000000000000000000000014', '00000000000000000000000000000026', 'polaris');
INSERT INTO "letter_card" VALUES ('atest', '00000000000000000000000000000014', '00000000000000000000000000000027', 'safe-horizon');
INSERT INTO "letter_card" VALUES ('atest', '00000000000000000000000000000014', '00000000000000000000000000000028', 'solidarity-center');
INSERT INTO "letter_card" VALUES ('atest', '00000000000000000000000000000014', '00000000000000000000000000000029', 'truah');
INSERT INTO "letter_card" VALUES ('atest', '00000000000000000000000000000014', '0000000000000000000000000000002a', 'united-way');
INSERT INTO "letter_card" VALUES ('atest', '00000000000000000000000000000014', '0000000000000000000000000000002b', 'verite');
INSERT INTO "letter_card" VALUES ('atest', '00000000000000000000000000000014', '0000000000000000000000000000002c', 'vital-voices');
INSERT INTO "letter_card" VALUES ('atest', '00000000000000000000000000000050', '0000000000000000000000000000005b', '');
INSERT INTO "letter_card" VALUES ('atest', '00000000000000000000000000000050', '0000000000000000000000000000005d', 'ciw');
INSERT INTO "letter_card" VALUES ('atest', '00000000000000000000000000000050', '0000000000000000000000000000005e', 'cast');
INSERT INTO "letter_card" VALUES ('atest', '00000000000000000000000000000050', '0000000000000000000000000000005f', 'free-the-slaves');
INSERT INTO "letter_card" VALUES ('atest', '00000000000000000000000000000050', '00000000000000000000000000000060', 'hti');
INSERT INTO "letter_card" VALUES ('atest', '00000000000000000000000000000050', '00000000000000000000000000000061', 'nn4y');
INSERT INTO "letter_card" VALUES ('atest', '00000000000000000000000000000050', '00000000000000000000000000000062', 'polaris');
INSERT INTO "letter_card" VALUES ('atest', '00000000000000000000000000000050', '00000000000000000000000000000063', 'safe-horizon');
INSERT INTO "letter_card" VALUES ('atest', '00000000000000000000000000000050', '00000000000000000000000000000064', 'solidarity-center');
INSERT INTO "letter_card" VALUES ('atest', '00000000000000000000000000000050', '00000000000000000000000000000065', 'truah');
INSERT INTO "letter_card" VALUES ('atest', '00000000000000000000000000000050', '00000000000000000000000000000066', 'united-way');
INSERT INTO "letter_card" VALUES ('atest', '00000000000000000000000000000050', '00000000000000000000000000000067', 'verite');
INSERT INTO "letter_card" VALUES ('atest', '00000000000000000000000000000050', '00000000000000000000000000000068', 'vital-voices');
INSERT INTO "letter_mail" VALUES ('00000000000000000000000000000049', 'atest', '00000000000000000000000000000014', 'sent', '2026-11-24', 'e-mail', '', '2026-12-09', NULL, '00000000000000000000000000000002', '2026-11-24T15:09:00.000000Z');
INSERT INTO "story" VALUES ('story id', 'atest', 1, '2026-11-24T15:00:00.000000Z', 'story thread', '00000000000000000000000000000012', '00000000000000000000000000000001', '2026-11-24T15:00:00.000000Z', '00000000000000000000000000000001', '2026-11-24T15:00:00.000000Z', 'story clip_note', '2026-11-24T15:00:00.000000Z', '00000000000000000000000000000001', 'story asks_set', 'story tone', 'story spokesperson', 'story reporter');
INSERT INTO "mention" VALUES ('mention id', 'atest', 'story id', '34ff2af5019ec27f35b86ced9360dbaa', 'mention key', 'mention at', '2026-11-24T15:00:00.000000Z', 'mention weight', '{}');
INSERT INTO "mention_shingle" VALUES ('atest', 'mention_shingle shingle', 'mention id', '2026-11-24T15:00:00.000000Z');
INSERT INTO "story_note" VALUES ('story_note id', 'atest', 'story id', 'story_note kind', 'story_note text', '2026-11-24T15:00:00.000000Z', '2026-11-24T15:00:00.000000Z', '2026-11-24T15:00:00.000000Z', '00000000000000000000000000000001', '2026-11-24T15:00:00.000000Z');
INSERT INTO "redaction" VALUES ('atest', 'redaction hash', '00000000000000000000000000000001', '2026-11-24T15:00:00.000000Z');
INSERT INTO "entity_rule" VALUES ('entity_rule id', 'atest', 'entity_rule entity', 'site', 'example.org', '00000000000000000000000000000001', '2026-11-24T15:00:00.000000Z');
INSERT INTO "press_outlet" VALUES ('0000000000000000000000000000006e', 'atest', 'Example Wire', 'example wire', '', '', NULL);
INSERT INTO "press_contact" VALUES ('0000000000000000000000000000006f', 'atest', 1, '0000000000000000000000000000006e', 'Jo Sample', '', '', 'jo@wire.example', '+1 202 555 0147', '', '', 'they wrote to us', 'legitimate interest', '2026-11-24', NULL, '2026-11-24T15:16:00.000000Z');
INSERT INTO "press_log" VALUES ('00000000000000000000000000000072', 'atest', '0000000000000000000000000000006f', 'note', 'called back', '00000000000000000000000000000011', '2026-11-24T15:17:00.000000Z', '', NULL, '', NULL, '', '', '2026-11-27T14:00:00.000000Z', NULL);
INSERT INTO "press_embargo" VALUES ('press_embargo id', 'atest', 1, 'press_embargo about', '2026-11-24T15:00:00.000000Z', 'press_embargo zone');
INSERT INTO "press_agreement" VALUES ('atest', 'press_embargo id', '0000000000000000000000000000006f', 'press_agreement evidence', '2026-11-24T15:00:00.000000Z');
INSERT INTO "press_inquiry" VALUES ('00000000000000000000000000000075', 'atest', 1, 'question', 'Jo Sample', 'Example Wire', 'What changes?', NULL, NULL, '2026-11-24T22:00:00.000000Z', 'America/New_York', 'received', '2026-11-24T15:18:00.000000Z', '00000000000000000000000000000011', NULL, NULL, NULL, NULL, '', '');
INSERT INTO "press_inquiry" VALUES ('third', 'atest', 2, 'survivor interview', 'Jo Sample', 'Example Wire', '', NULL, NULL, '2026-11-24T22:00:00.000000Z', 'America/New_York', 'received', '2026-11-24T15:18:00.000000Z', '00000000000000000000000000000011', NULL, NULL, NULL, NULL, '', '');
INSERT INTO "press_card" VALUES ('00000000000000000000000000000076', 'atest', '00000000000000000000000000000075');
INSERT INTO "press_suppression" VALUES ('atest', 'press_suppression hash', '2026-11-24T15:00:00.000000Z');
INSERT INTO "backup" VALUES ('atest', 'backup path', '2026-11-24T15:00:00.000000Z');
INSERT INTO "erasure" VALUES ('atest', 'erasure kind', 'erasure subject', '2026-11-24T15:00:00.000000Z');
INSERT INTO "recalled" VALUES ('atest', 'recalled channel', 'recalled ref', 'recalled mark', '2026-11-24T15:00:00.000000Z', 'recalled words', 'recalled links');
INSERT INTO "letter_merge" VALUES ('letter_merge id', 'atest', '00000000000000000000000000000014', 1, '00000000000000000000000000000001', 'letter_merge delivery_id', 1, '2026-11-24T15:00:00.000000Z');
