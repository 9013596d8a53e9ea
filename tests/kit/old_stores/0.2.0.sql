-- A store of release 0.2.0 (tag v0.2.0),
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
sent_at TEXT, edits TEXT REFERENCES delivery (id), tried_at TEXT, needs TEXT NOT NULL DEFAULT '', journey TEXT,
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
told_at TEXT, refused TEXT,
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
    , lis TEXT NOT NULL DEFAULT '');
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
written_by TEXT NOT NULL REFERENCES person (id), opened_at TEXT,
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
decided_at TEXT NOT NULL, evidence_kind TEXT NOT NULL DEFAULT '',
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
CREATE TABLE letter_confirmation (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
letter_id TEXT NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
mark TEXT NOT NULL,
cited TEXT NOT NULL,
source TEXT NOT NULL,
person_id TEXT NOT NULL REFERENCES person (id),
confirmed_at TEXT NOT NULL,
PRIMARY KEY (letter_id, mark)
    );
CREATE TABLE member_name (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
member TEXT NOT NULL,
legal_name TEXT NOT NULL,
set_by TEXT NOT NULL REFERENCES person (id),
set_at TEXT NOT NULL,
PRIMARY KEY (coalition_id, member)
    );
CREATE INDEX story_delivery ON story (delivery_id);
CREATE TABLE mail_address (
person_id TEXT PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
coalition_id TEXT NOT NULL REFERENCES coalition (id),
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
soft_bounced_at TEXT
    );
CREATE UNIQUE INDEX mail_address_own ON mail_address (coalition_id, address) WHERE confirmed_at IS NOT NULL;
CREATE TABLE web_session (
id TEXT PRIMARY KEY,
coalition_id TEXT NOT NULL REFERENCES coalition (id),
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
CREATE INDEX web_session_person ON web_session (coalition_id, person_id);
CREATE TABLE letter_page (
letter_id TEXT PRIMARY KEY REFERENCES letter (id) ON DELETE CASCADE,
coalition_id TEXT NOT NULL REFERENCES coalition (id),
opened_by TEXT NOT NULL REFERENCES person (id),
opened_at TEXT NOT NULL
    );
CREATE TABLE ally_request (
id TEXT PRIMARY KEY,
coalition_id TEXT NOT NULL REFERENCES coalition (id),
number INTEGER NOT NULL,
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
UNIQUE (coalition_id, number),
UNIQUE (letter_id, address)
    );
CREATE TABLE ally_link (
secret TEXT PRIMARY KEY,
coalition_id TEXT NOT NULL REFERENCES coalition (id),
request_id TEXT NOT NULL REFERENCES ally_request (id) ON DELETE CASCADE,
made_at TEXT NOT NULL
    );
CREATE INDEX ally_link_request ON ally_link (request_id);
CREATE TABLE ally_limit (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
day TEXT NOT NULL,
subject TEXT NOT NULL,
times INTEGER NOT NULL,
PRIMARY KEY (coalition_id, day, subject)
    );
CREATE TABLE setting_change (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
version INTEGER NOT NULL,
kind TEXT NOT NULL,
name TEXT NOT NULL,
effect TEXT NOT NULL,
body TEXT,
undoes INTEGER,
changed_at TEXT NOT NULL,
changed_by TEXT,
PRIMARY KEY (coalition_id, version)
    );
CREATE INDEX setting_change_section ON setting_change (coalition_id, kind, name, version);
CREATE INDEX entry_hearing ON entry (first_seen_at) WHERE kind = 'hearing';
CREATE INDEX delivery_waiting ON delivery (due_at) WHERE state = 'pending';
CREATE TABLE public_item (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
kind TEXT NOT NULL,
name TEXT NOT NULL,
body TEXT NOT NULL,
digest TEXT NOT NULL,
shown_at TEXT NOT NULL,
shown_by TEXT REFERENCES person (id),
changed_at TEXT NOT NULL,
hidden_at TEXT,
PRIMARY KEY (coalition_id, kind, name)
    );
CREATE TABLE subscriber (
id TEXT PRIMARY KEY,
coalition_id TEXT NOT NULL REFERENCES coalition (id),
address TEXT NOT NULL,
token TEXT NOT NULL UNIQUE,
asked_at TEXT NOT NULL,
confirmed_at TEXT,
mailed_at TEXT,
UNIQUE (coalition_id, address)
    );
CREATE INDEX entry_planned_rule ON entry (first_seen_at) WHERE kind = 'planned-rule';
CREATE TABLE roll_call (
id TEXT PRIMARY KEY,
bill_id TEXT NOT NULL,
voted_at TEXT,
body TEXT NOT NULL,
read_at TEXT NOT NULL
    );
CREATE INDEX roll_call_bill ON roll_call (bill_id);
CREATE TABLE docket (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
id TEXT NOT NULL,
title TEXT NOT NULL,
followed_at TEXT NOT NULL,
followed_by TEXT REFERENCES person (id),
unfollowed_at TEXT,
read_to TEXT,
looked_at TEXT,
trouble TEXT NOT NULL,
PRIMARY KEY (coalition_id, id)
    );
CREATE TABLE docket_document (
id TEXT PRIMARY KEY,
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
CREATE TABLE docket_lookup (
number TEXT PRIMARY KEY,
looked_at TEXT NOT NULL
    );
CREATE TABLE docket_comment (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
tracking TEXT NOT NULL,
document TEXT NOT NULL,
what TEXT NOT NULL,
organization TEXT NOT NULL,
filed_at TEXT NOT NULL,
filed_by TEXT REFERENCES person (id),
posted_as TEXT,
posted_seen_at TEXT,
looked_at TEXT,
PRIMARY KEY (coalition_id, tracking)
    );
CREATE TABLE judgment (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
entry_id TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
ask INTEGER NOT NULL,
answer TEXT NOT NULL,
judged_by TEXT REFERENCES person (id),
judged_at TEXT NOT NULL,
PRIMARY KEY (coalition_id, entry_id, ask)
    );
CREATE INDEX judgment_ask ON judgment (coalition_id, ask, judged_at);
CREATE TABLE learning_round (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
person_id TEXT NOT NULL REFERENCES person (id),
ask INTEGER NOT NULL,
cards TEXT NOT NULL,
made_at TEXT NOT NULL,
PRIMARY KEY (coalition_id, person_id, ask)
    );
CREATE TABLE office_mail (
id TEXT PRIMARY KEY,
coalition_id TEXT NOT NULL REFERENCES coalition (id),
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
CREATE TABLE letter_filing (
id TEXT PRIMARY KEY,
coalition_id TEXT NOT NULL REFERENCES coalition (id),
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
    , pressed_digest TEXT);
CREATE UNIQUE INDEX letter_filing_once ON letter_filing (letter_id, document)
    WHERE state NOT IN ('not filed', 'replaced');
CREATE TABLE post (
id TEXT PRIMARY KEY,
coalition_id TEXT NOT NULL REFERENCES coalition (id),
source TEXT NOT NULL,
network TEXT NOT NULL,
key TEXT NOT NULL,
ref TEXT NOT NULL,
handle TEXT NOT NULL,
url TEXT NOT NULL,
text TEXT NOT NULL,
entities TEXT NOT NULL,
at TEXT NOT NULL,
checked_at TEXT NOT NULL,
announced_at TEXT,
UNIQUE (coalition_id, key)
    );
CREATE INDEX post_at ON post (coalition_id, at);
CREATE INDEX post_checked ON post (coalition_id, checked_at);
CREATE TABLE recall_sample (
coalition_id TEXT NOT NULL REFERENCES coalition (id),
month TEXT NOT NULL,
stratum INTEGER NOT NULL,
size INTEGER NOT NULL,
drawn TEXT NOT NULL,
drawn_at TEXT NOT NULL,
PRIMARY KEY (coalition_id, month, stratum)
    );
INSERT INTO "_sqlite_migrations" VALUES (1, 'coalition-bot', '0001_main_job', '2026-11-30 04:58:51.972393+00:00');
INSERT INTO "_sqlite_migrations" VALUES (2, 'coalition-bot', '0002_people_and_commands', '2026-11-30 04:58:51.975324+00:00');
INSERT INTO "_sqlite_migrations" VALUES (3, 'coalition-bot', '0003_reach', '2026-11-30 04:58:51.983288+00:00');
INSERT INTO "_sqlite_migrations" VALUES (4, 'coalition-bot', '0004_bills', '2026-11-30 04:58:51.985428+00:00');
INSERT INTO "_sqlite_migrations" VALUES (5, 'coalition-bot', '0005_deadlines', '2026-11-30 04:58:51.989526+00:00');
INSERT INTO "_sqlite_migrations" VALUES (6, 'coalition-bot', '0006_directory', '2026-11-30 04:58:51.991878+00:00');
INSERT INTO "_sqlite_migrations" VALUES (7, 'coalition-bot', '0007_letters', '2026-11-30 04:58:51.992975+00:00');
INSERT INTO "_sqlite_migrations" VALUES (8, 'coalition-bot', '0008_mentions', '2026-11-30 04:58:52.006232+00:00');
INSERT INTO "_sqlite_migrations" VALUES (9, 'coalition-bot', '0009_press', '2026-11-30 04:58:52.012709+00:00');
INSERT INTO "_sqlite_migrations" VALUES (10, 'coalition-bot', '0011_keeping', '2026-11-30 04:58:52.016568+00:00');
INSERT INTO "_sqlite_migrations" VALUES (11, 'coalition-bot', '0014_letter_merges', '2026-11-30 04:58:52.022088+00:00');
INSERT INTO "_sqlite_migrations" VALUES (12, 'coalition-bot', '0020_letter_addressed', '2026-11-30 04:58:52.030014+00:00');
INSERT INTO "_sqlite_migrations" VALUES (13, 'coalition-bot', '0021_letter_tried', '2026-11-30 04:58:52.041058+00:00');
INSERT INTO "_sqlite_migrations" VALUES (14, 'coalition-bot', '0022_letter_confirmations', '2026-11-30 04:58:52.053400+00:00');
INSERT INTO "_sqlite_migrations" VALUES (15, 'coalition-bot', '0024_last_try', '2026-11-30 04:58:52.062656+00:00');
INSERT INTO "_sqlite_migrations" VALUES (16, 'coalition-bot', '0025_letter_signing', '2026-11-30 04:58:52.070516+00:00');
INSERT INTO "_sqlite_migrations" VALUES (17, 'coalition-bot', '0026_delivery_needs', '2026-11-30 04:58:52.074380+00:00');
INSERT INTO "_sqlite_migrations" VALUES (18, 'coalition-bot', '0030_story_cards', '2026-11-30 04:58:52.081476+00:00');
INSERT INTO "_sqlite_migrations" VALUES (19, 'coalition-bot', '0031_inquiry_kinds', '2026-11-30 04:58:52.089356+00:00');
INSERT INTO "_sqlite_migrations" VALUES (20, 'coalition-bot', '0040_mail', '2026-11-30 04:58:52.101642+00:00');
INSERT INTO "_sqlite_migrations" VALUES (21, 'coalition-bot', '0041_web_sessions', '2026-11-30 04:58:52.107934+00:00');
INSERT INTO "_sqlite_migrations" VALUES (22, 'coalition-bot', '0043_allies', '2026-11-30 04:58:52.112814+00:00');
INSERT INTO "_sqlite_migrations" VALUES (23, 'coalition-bot', '0050_settings', '2026-11-30 04:58:52.121597+00:00');
INSERT INTO "_sqlite_migrations" VALUES (24, 'coalition-bot', '0060_hearings', '2026-11-30 04:58:52.125204+00:00');
INSERT INTO "_sqlite_migrations" VALUES (25, 'coalition-bot', '0062_waiting_deliveries', '2026-11-30 04:58:52.133492+00:00');
INSERT INTO "_sqlite_migrations" VALUES (26, 'coalition-bot', '0064_campaign_page', '2026-11-30 04:58:52.141609+00:00');
INSERT INTO "_sqlite_migrations" VALUES (27, 'coalition-bot', '0064_planned_rules', '2026-11-30 04:58:52.145912+00:00');
INSERT INTO "_sqlite_migrations" VALUES (28, 'coalition-bot', '0065_roll_calls', '2026-11-30 04:58:52.150220+00:00');
INSERT INTO "_sqlite_migrations" VALUES (29, 'coalition-bot', '0066_dockets', '2026-11-30 04:58:52.157827+00:00');
INSERT INTO "_sqlite_migrations" VALUES (30, 'coalition-bot', '0066_learning', '2026-11-30 04:58:52.162825+00:00');
INSERT INTO "_sqlite_migrations" VALUES (31, 'coalition-bot', '0066_office_mail', '2026-11-30 04:58:52.169529+00:00');
INSERT INTO "_sqlite_migrations" VALUES (32, 'coalition-bot', '0067_letter_filings', '2026-11-30 04:58:52.174196+00:00');
INSERT INTO "_sqlite_migrations" VALUES (33, 'coalition-bot', '0070_journeys', '2026-11-30 04:58:52.182275+00:00');
INSERT INTO "_sqlite_migrations" VALUES (34, 'coalition-bot', '0072_email', '2026-11-30 04:58:52.185310+00:00');
INSERT INTO "_sqlite_migrations" VALUES (35, 'coalition-bot', '0073_pressed_digest', '2026-11-30 04:58:52.194247+00:00');
INSERT INTO "_sqlite_migrations" VALUES (36, 'coalition-bot', '0074_posts', '2026-11-30 04:58:52.197498+00:00');
INSERT INTO "_sqlite_migrations" VALUES (37, 'coalition-bot', '0074_recall_sample', '2026-11-30 04:58:52.205527+00:00');
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
INSERT INTO "delivery" VALUES ('00000000000000000000000000000012', 1, 'atest', 'policy', 'console', 'policy/34ff2af5019ec27f35b86ced9360dbaa:published', 'alert', 'fr:2026-00077', '{"mark":"alert","head":"Enhanced Collaborative Model: forced labor","badge":"Ask 4","byline":"U.S. Customs and Border Protection · Notice · published Tue 24 Nov 2026","why":["“forced labor” in the title; agency U.S. Customs and Border Protection → Ask 4, Hold business to account (§ 1593A, § 307 of the Tariff Act)"],"links":[{"label":"Document","url":"https://www.federalregister.gov/d/2026-00077"}],"foot":"Federal Register 2026-00077","buttons":[{"label":"Draft letter","path":"letter draft","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]],"style":"primary"},{"label":"Why","path":"alerts why","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]},{"label":"Not relevant","path":"alerts not-relevant","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]},{"label":"Assign","path":"alerts assign","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]}]}', 'pending', '2026-11-24T15:00:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:00:00.000000Z', NULL, NULL, NULL, '', '');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000018', 2, 'atest', 'dm:00000000000000000000000000000003', 'slack', 'dm:00000000000000000000000000000003/letter:00000000000000000000000000000014:approve:b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d', 'letter', NULL, '{"mark":"letter","head":"Please approve L-001: End joint grant applications, and keep victim services money for victims","badge":"Ask 1","byline":"to the Director, Office for Victims of Crime · 555 words · by Pol","lines":[{"text":"3 claims about the law, each sourced, the oldest checked Tue 24 Nov 2026."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."},{"text":"It asks for agency policy, not for legislation."}],"foot":"Text b0ed8e8d0254 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Approve","path":"letter approve","args":[["letter","L-001"],["text","b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d"]],"style":"primary"},{"label":"Edit","path":"letter edit","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:02:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:02:00.000000Z', NULL, NULL, NULL, 'approver', 'cd0264d3933c');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000019', 3, 'atest', 'dm:00000000000000000000000000000004', 'slack', 'dm:00000000000000000000000000000004/letter:00000000000000000000000000000014:approve:b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d', 'letter', NULL, '{"mark":"letter","head":"Please approve L-001: End joint grant applications, and keep victim services money for victims","badge":"Ask 1","byline":"to the Director, Office for Victims of Crime · 555 words · by Pol","lines":[{"text":"3 claims about the law, each sourced, the oldest checked Tue 24 Nov 2026."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."},{"text":"It asks for agency policy, not for legislation."}],"foot":"Text b0ed8e8d0254 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Approve","path":"letter approve","args":[["letter","L-001"],["text","b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d"]],"style":"primary"},{"label":"Edit","path":"letter edit","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:02:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:02:00.000000Z', NULL, NULL, NULL, 'approver', 'cd0264d3933c');
INSERT INTO "delivery" VALUES ('0000000000000000000000000000001c', 4, 'atest', 'dm:00000000000000000000000000000002', 'slack', 'dm:00000000000000000000000000000002/letter:00000000000000000000000000000014:approved:b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d', 'letter', NULL, '{"mark":"letter","head":"L-001 is approved","lines":[{"text":"Approved by App."}],"buttons":[{"label":"Open for sign-on","path":"letter signon","args":[["letter","00000000000000000000000000000014"]],"style":"primary"},{"label":"Lock","path":"letter lock","args":[["letter","00000000000000000000000000000014"]]},{"label":"Open","path":"letter show","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:03:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:03:00.000000Z', NULL, NULL, NULL, 'administrator|approver|policy|press', 'bb730ffd89ce');
INSERT INTO "delivery" VALUES ('0000000000000000000000000000001f', 5, 'atest', 'policy', 'console', 'policy/letter:00000000000000000000000000000014:sign-on', 'letter', 'letter:00000000000000000000000000000014', '{"mark":"sign-on","head":"L-001: sign-on open until Fri 27 Nov 2026 17:00 EST · 0 of 12","badge":"Ask 1","byline":"End joint grant applications, and keep victim services money for victims · to the Director, Office for Victims of Crime","lines":[{"text":"Waiting for CIW, CAST, Free the Slaves, HTI, NN4Y, Polaris, Safe Horizon, Solidarity Center, T’ruah, United Way, Verite and Vital Voices."}],"foot":"Text b0ed8e8d0254 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Sign","path":"letter sign","args":[["letter","L-001"],["text","b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000014"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:04:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:04:00.000000Z', NULL, NULL, NULL, '', 'e4fc1b8ffcc5');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000020', 6, 'atest', 'policy', 'console', 'edit:0000000000000000000000000000001f', 'edit', NULL, '{"mark":"sign-on","head":"L-001 locked: 2 of 12 signed","badge":"Ask 1","byline":"End joint grant applications, and keep victim services money for victims · to the Director, Office for Victims of Crime","lines":[{"text":"Signed: CIW and CAST."}],"foot":"Text b0ed8e8d0254 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:07:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:07:00.000000Z', NULL, '0000000000000000000000000000001f', NULL, '', '02f3cd77ef95');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000021', 7, 'atest', 'dm:00000000000000000000000000000005', 'slack', 'dm:00000000000000000000000000000005/letter:00000000000000000000000000000014:ask:b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d', 'letter', NULL, '{"mark":"sign-on","head":"CIW is asked to sign: L-001, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: End joint grant applications, and keep victim services money for victims"},{"text":"CIW has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text b0ed8e8d0254 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Sign","path":"letter sign","args":[["letter","L-001"],["text","b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000014"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000014"]]}],"enclosed":[{"title":"The text: End joint grant applications, and keep victim services money for victims","lines":[{"text":"On behalf of the Alliance to End Slavery and Trafficking (ATEST), a coalition of 12 organizations, I write to ask that the Department of Justice stop requiring joint applications from a service provider and a law enforcement agency for anti-trafficking grants, and that money for victim services not fund law enforcement."},{"text":"The Enhanced Collaborative Model Task Force to Combat Human Trafficking Program funds both a law enforcement agency and a victim service provider to lead each task force together (Office for Victims of Crime, January 19, 2024). For fiscal year 2018, the Enhanced Collaborative Model program required two separate but coordinated applications for each task force, one from a law enforcement agency and one from a victim service provider (Office for Victims of Crime, pre-application webinar, June 18, 2018). Under terms like these, a provider that no law enforcement agency will join cannot compete, whatever its record of service to survivors."},{"text":"The Office for Victims of Crime is the largest federal funder of anti-trafficking programs and awarded more than $96 million in fiscal year 2023 (Office for Victims of Crime, January 19, 2024). The terms of these awards therefore help determine which survivors in the United States can find help, and who provides it."},{"text":"Our members and allies have observed law enforcement use arrests and threats of criminal conviction to identify victims and to force their cooperation. Survivors who fear arrest may be less likely to seek help from a provider whose funding depends on a law enforcement partner. A provider in that position also cannot readily object to its partner’s conduct, because its next application requires that partner’s participation."},{"text":"Funds appropriated for victim services should pay for housing, legal counsel, health care and employment, not for law enforcement. Where models of close cooperation are seen as best practice, law enforcement agencies should dedicate an appropriate part of their own federal, state and local budgets to victim service providers."},{"text":"We ask your office to:"},{"text":"• accept applications from service providers on their own for all anti-trafficking victim services funding, and remove the requirement of joint or linked applications, beginning with the next notice of funding opportunity;"},{"text":"• prohibit the use of victim services funds for law enforcement personnel, equipment or operations;"},{"text":"• where a program favors close cooperation, require the law enforcement partner to dedicate an appropriate part of its own budget to the victim service provider; and"},{"text":"• state in each notice that cooperation with law enforcement is welcome and is not a condition of funding."},{"text":"ATEST is a U.S. based coalition that advocates for solutions to prevent and end all forms of human trafficking and modern slavery around the world. We advocate for lasting solutions to prevent labor and sex trafficking, hold perpetrators accountable, ensure justice for victims and empower survivors with tools for recovery. Our collective experience implementing programs at home and abroad provides our coalition an unparalleled breadth and depth of expertise. ATEST works as a collective in partnership with civil society, governments, and businesses to create fundamental change of the accepted norms that enable slavery and trafficking to persist around the world — from strengthening laws and business standards to building public will."},{"text":"We would welcome a meeting with you or your staff to discuss these changes, and would appreciate a written reply within 30 days. You can reach us at campaign@alliance.test or 202-456-0100."}]}]}', 'pending', '2026-11-24T15:04:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:04:00.000000Z', NULL, NULL, NULL, 'representative:ciw', 'e4fc1b8ffcc5');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000022', 8, 'atest', 'dm:00000000000000000000000000000006', 'slack', 'dm:00000000000000000000000000000006/letter:00000000000000000000000000000014:ask:b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d', 'letter', NULL, '{"mark":"sign-on","head":"CAST is asked to sign: L-001, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: End joint grant applications, and keep victim services money for victims"},{"text":"CAST has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text b0ed8e8d0254 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Sign","path":"letter sign","args":[["letter","L-001"],["text","b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000014"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000014"]]}],"enclosed":[{"title":"The text: End joint grant applications, and keep victim services money for victims","lines":[{"text":"On behalf of the Alliance to End Slavery and Trafficking (ATEST), a coalition of 12 organizations, I write to ask that the Department of Justice stop requiring joint applications from a service provider and a law enforcement agency for anti-trafficking grants, and that money for victim services not fund law enforcement."},{"text":"The Enhanced Collaborative Model Task Force to Combat Human Trafficking Program funds both a law enforcement agency and a victim service provider to lead each task force together (Office for Victims of Crime, January 19, 2024). For fiscal year 2018, the Enhanced Collaborative Model program required two separate but coordinated applications for each task force, one from a law enforcement agency and one from a victim service provider (Office for Victims of Crime, pre-application webinar, June 18, 2018). Under terms like these, a provider that no law enforcement agency will join cannot compete, whatever its record of service to survivors."},{"text":"The Office for Victims of Crime is the largest federal funder of anti-trafficking programs and awarded more than $96 million in fiscal year 2023 (Office for Victims of Crime, January 19, 2024). The terms of these awards therefore help determine which survivors in the United States can find help, and who provides it."},{"text":"Our members and allies have observed law enforcement use arrests and threats of criminal conviction to identify victims and to force their cooperation. Survivors who fear arrest may be less likely to seek help from a provider whose funding depends on a law enforcement partner. A provider in that position also cannot readily object to its partner’s conduct, because its next application requires that partner’s participation."},{"text":"Funds appropriated for victim services should pay for housing, legal counsel, health care and employment, not for law enforcement. Where models of close cooperation are seen as best practice, law enforcement agencies should dedicate an appropriate part of their own federal, state and local budgets to victim service providers."},{"text":"We ask your office to:"},{"text":"• accept applications from service providers on their own for all anti-trafficking victim services funding, and remove the requirement of joint or linked applications, beginning with the next notice of funding opportunity;"},{"text":"• prohibit the use of victim services funds for law enforcement personnel, equipment or operations;"},{"text":"• where a program favors close cooperation, require the law enforcement partner to dedicate an appropriate part of its own budget to the victim service provider; and"},{"text":"• state in each notice that cooperation with law enforcement is welcome and is not a condition of funding."},{"text":"ATEST is a U.S. based coalition that advocates for solutions to prevent and end all forms of human trafficking and modern slavery around the world. We advocate for lasting solutions to prevent labor and sex trafficking, hold perpetrators accountable, ensure justice for victims and empower survivors with tools for recovery. Our collective experience implementing programs at home and abroad provides our coalition an unparalleled breadth and depth of expertise. ATEST works as a collective in partnership with civil society, governments, and businesses to create fundamental change of the accepted norms that enable slavery and trafficking to persist around the world — from strengthening laws and business standards to building public will."},{"text":"We would welcome a meeting with you or your staff to discuss these changes, and would appreciate a written reply within 30 days. You can reach us at campaign@alliance.test or 202-456-0100."}]}]}', 'pending', '2026-11-24T15:04:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:04:00.000000Z', NULL, NULL, NULL, 'representative:cast', 'e4fc1b8ffcc5');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000023', 9, 'atest', 'dm:00000000000000000000000000000007', 'slack', 'dm:00000000000000000000000000000007/letter:00000000000000000000000000000014:ask:b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d', 'letter', NULL, '{"mark":"sign-on","head":"Free the Slaves is asked to sign: L-001, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: End joint grant applications, and keep victim services money for victims"},{"text":"Free the Slaves has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text b0ed8e8d0254 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Sign","path":"letter sign","args":[["letter","L-001"],["text","b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000014"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000014"]]}],"enclosed":[{"title":"The text: End joint grant applications, and keep victim services money for victims","lines":[{"text":"On behalf of the Alliance to End Slavery and Trafficking (ATEST), a coalition of 12 organizations, I write to ask that the Department of Justice stop requiring joint applications from a service provider and a law enforcement agency for anti-trafficking grants, and that money for victim services not fund law enforcement."},{"text":"The Enhanced Collaborative Model Task Force to Combat Human Trafficking Program funds both a law enforcement agency and a victim service provider to lead each task force together (Office for Victims of Crime, January 19, 2024). For fiscal year 2018, the Enhanced Collaborative Model program required two separate but coordinated applications for each task force, one from a law enforcement agency and one from a victim service provider (Office for Victims of Crime, pre-application webinar, June 18, 2018). Under terms like these, a provider that no law enforcement agency will join cannot compete, whatever its record of service to survivors."},{"text":"The Office for Victims of Crime is the largest federal funder of anti-trafficking programs and awarded more than $96 million in fiscal year 2023 (Office for Victims of Crime, January 19, 2024). The terms of these awards therefore help determine which survivors in the United States can find help, and who provides it."},{"text":"Our members and allies have observed law enforcement use arrests and threats of criminal conviction to identify victims and to force their cooperation. Survivors who fear arrest may be less likely to seek help from a provider whose funding depends on a law enforcement partner. A provider in that position also cannot readily object to its partner’s conduct, because its next application requires that partner’s participation."},{"text":"Funds appropriated for victim services should pay for housing, legal counsel, health care and employment, not for law enforcement. Where models of close cooperation are seen as best practice, law enforcement agencies should dedicate an appropriate part of their own federal, state and local budgets to victim service providers."},{"text":"We ask your office to:"},{"text":"• accept applications from service providers on their own for all anti-trafficking victim services funding, and remove the requirement of joint or linked applications, beginning with the next notice of funding opportunity;"},{"text":"• prohibit the use of victim services funds for law enforcement personnel, equipment or operations;"},{"text":"• where a program favors close cooperation, require the law enforcement partner to dedicate an appropriate part of its own budget to the victim service provider; and"},{"text":"• state in each notice that cooperation with law enforcement is welcome and is not a condition of funding."},{"text":"ATEST is a U.S. based coalition that advocates for solutions to prevent and end all forms of human trafficking and modern slavery around the world. We advocate for lasting solutions to prevent labor and sex trafficking, hold perpetrators accountable, ensure justice for victims and empower survivors with tools for recovery. Our collective experience implementing programs at home and abroad provides our coalition an unparalleled breadth and depth of expertise. ATEST works as a collective in partnership with civil society, governments, and businesses to create fundamental change of the accepted norms that enable slavery and trafficking to persist around the world — from strengthening laws and business standards to building public will."},{"text":"We would welcome a meeting with you or your staff to discuss these changes, and would appreciate a written reply within 30 days. You can reach us at campaign@alliance.test or 202-456-0100."}]}]}', 'pending', '2026-11-24T15:04:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:04:00.000000Z', NULL, NULL, NULL, 'representative:free-the-slaves', 'e4fc1b8ffcc5');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000024', 10, 'atest', 'dm:00000000000000000000000000000008', 'slack', 'dm:00000000000000000000000000000008/letter:00000000000000000000000000000014:ask:b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d', 'letter', NULL, '{"mark":"sign-on","head":"HTI is asked to sign: L-001, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: End joint grant applications, and keep victim services money for victims"},{"text":"HTI has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text b0ed8e8d0254 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Sign","path":"letter sign","args":[["letter","L-001"],["text","b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000014"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000014"]]}],"enclosed":[{"title":"The text: End joint grant applications, and keep victim services money for victims","lines":[{"text":"On behalf of the Alliance to End Slavery and Trafficking (ATEST), a coalition of 12 organizations, I write to ask that the Department of Justice stop requiring joint applications from a service provider and a law enforcement agency for anti-trafficking grants, and that money for victim services not fund law enforcement."},{"text":"The Enhanced Collaborative Model Task Force to Combat Human Trafficking Program funds both a law enforcement agency and a victim service provider to lead each task force together (Office for Victims of Crime, January 19, 2024). For fiscal year 2018, the Enhanced Collaborative Model program required two separate but coordinated applications for each task force, one from a law enforcement agency and one from a victim service provider (Office for Victims of Crime, pre-application webinar, June 18, 2018). Under terms like these, a provider that no law enforcement agency will join cannot compete, whatever its record of service to survivors."},{"text":"The Office for Victims of Crime is the largest federal funder of anti-trafficking programs and awarded more than $96 million in fiscal year 2023 (Office for Victims of Crime, January 19, 2024). The terms of these awards therefore help determine which survivors in the United States can find help, and who provides it."},{"text":"Our members and allies have observed law enforcement use arrests and threats of criminal conviction to identify victims and to force their cooperation. Survivors who fear arrest may be less likely to seek help from a provider whose funding depends on a law enforcement partner. A provider in that position also cannot readily object to its partner’s conduct, because its next application requires that partner’s participation."},{"text":"Funds appropriated for victim services should pay for housing, legal counsel, health care and employment, not for law enforcement. Where models of close cooperation are seen as best practice, law enforcement agencies should dedicate an appropriate part of their own federal, state and local budgets to victim service providers."},{"text":"We ask your office to:"},{"text":"• accept applications from service providers on their own for all anti-trafficking victim services funding, and remove the requirement of joint or linked applications, beginning with the next notice of funding opportunity;"},{"text":"• prohibit the use of victim services funds for law enforcement personnel, equipment or operations;"},{"text":"• where a program favors close cooperation, require the law enforcement partner to dedicate an appropriate part of its own budget to the victim service provider; and"},{"text":"• state in each notice that cooperation with law enforcement is welcome and is not a condition of funding."},{"text":"ATEST is a U.S. based coalition that advocates for solutions to prevent and end all forms of human trafficking and modern slavery around the world. We advocate for lasting solutions to prevent labor and sex trafficking, hold perpetrators accountable, ensure justice for victims and empower survivors with tools for recovery. Our collective experience implementing programs at home and abroad provides our coalition an unparalleled breadth and depth of expertise. ATEST works as a collective in partnership with civil society, governments, and businesses to create fundamental change of the accepted norms that enable slavery and trafficking to persist around the world — from strengthening laws and business standards to building public will."},{"text":"We would welcome a meeting with you or your staff to discuss these changes, and would appreciate a written reply within 30 days. You can reach us at campaign@alliance.test or 202-456-0100."}]}]}', 'pending', '2026-11-24T15:04:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:04:00.000000Z', NULL, NULL, NULL, 'representative:hti', 'e4fc1b8ffcc5');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000025', 11, 'atest', 'dm:00000000000000000000000000000009', 'slack', 'dm:00000000000000000000000000000009/letter:00000000000000000000000000000014:ask:b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d', 'letter', NULL, '{"mark":"sign-on","head":"NN4Y is asked to sign: L-001, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: End joint grant applications, and keep victim services money for victims"},{"text":"NN4Y has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text b0ed8e8d0254 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Sign","path":"letter sign","args":[["letter","L-001"],["text","b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000014"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000014"]]}],"enclosed":[{"title":"The text: End joint grant applications, and keep victim services money for victims","lines":[{"text":"On behalf of the Alliance to End Slavery and Trafficking (ATEST), a coalition of 12 organizations, I write to ask that the Department of Justice stop requiring joint applications from a service provider and a law enforcement agency for anti-trafficking grants, and that money for victim services not fund law enforcement."},{"text":"The Enhanced Collaborative Model Task Force to Combat Human Trafficking Program funds both a law enforcement agency and a victim service provider to lead each task force together (Office for Victims of Crime, January 19, 2024). For fiscal year 2018, the Enhanced Collaborative Model program required two separate but coordinated applications for each task force, one from a law enforcement agency and one from a victim service provider (Office for Victims of Crime, pre-application webinar, June 18, 2018). Under terms like these, a provider that no law enforcement agency will join cannot compete, whatever its record of service to survivors."},{"text":"The Office for Victims of Crime is the largest federal funder of anti-trafficking programs and awarded more than $96 million in fiscal year 2023 (Office for Victims of Crime, January 19, 2024). The terms of these awards therefore help determine which survivors in the United States can find help, and who provides it."},{"text":"Our members and allies have observed law enforcement use arrests and threats of criminal conviction to identify victims and to force their cooperation. Survivors who fear arrest may be less likely to seek help from a provider whose funding depends on a law enforcement partner. A provider in that position also cannot readily object to its partner’s conduct, because its next application requires that partner’s participation."},{"text":"Funds appropriated for victim services should pay for housing, legal counsel, health care and employment, not for law enforcement. Where models of close cooperation are seen as best practice, law enforcement agencies should dedicate an appropriate part of their own federal, state and local budgets to victim service providers."},{"text":"We ask your office to:"},{"text":"• accept applications from service providers on their own for all anti-trafficking victim services funding, and remove the requirement of joint or linked applications, beginning with the next notice of funding opportunity;"},{"text":"• prohibit the use of victim services funds for law enforcement personnel, equipment or operations;"},{"text":"• where a program favors close cooperation, require the law enforcement partner to dedicate an appropriate part of its own budget to the victim service provider; and"},{"text":"• state in each notice that cooperation with law enforcement is welcome and is not a condition of funding."},{"text":"ATEST is a U.S. based coalition that advocates for solutions to prevent and end all forms of human trafficking and modern slavery around the world. We advocate for lasting solutions to prevent labor and sex trafficking, hold perpetrators accountable, ensure justice for victims and empower survivors with tools for recovery. Our collective experience implementing programs at home and abroad provides our coalition an unparalleled breadth and depth of expertise. ATEST works as a collective in partnership with civil society, governments, and businesses to create fundamental change of the accepted norms that enable slavery and trafficking to persist around the world — from strengthening laws and business standards to building public will."},{"text":"We would welcome a meeting with you or your staff to discuss these changes, and would appreciate a written reply within 30 days. You can reach us at campaign@alliance.test or 202-456-0100."}]}]}', 'pending', '2026-11-24T15:04:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:04:00.000000Z', NULL, NULL, NULL, 'representative:nn4y', 'e4fc1b8ffcc5');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000026', 12, 'atest', 'dm:0000000000000000000000000000000a', 'slack', 'dm:0000000000000000000000000000000a/letter:00000000000000000000000000000014:ask:b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d', 'letter', NULL, '{"mark":"sign-on","head":"Polaris is asked to sign: L-001, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: End joint grant applications, and keep victim services money for victims"},{"text":"Polaris has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text b0ed8e8d0254 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Sign","path":"letter sign","args":[["letter","L-001"],["text","b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000014"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000014"]]}],"enclosed":[{"title":"The text: End joint grant applications, and keep victim services money for victims","lines":[{"text":"On behalf of the Alliance to End Slavery and Trafficking (ATEST), a coalition of 12 organizations, I write to ask that the Department of Justice stop requiring joint applications from a service provider and a law enforcement agency for anti-trafficking grants, and that money for victim services not fund law enforcement."},{"text":"The Enhanced Collaborative Model Task Force to Combat Human Trafficking Program funds both a law enforcement agency and a victim service provider to lead each task force together (Office for Victims of Crime, January 19, 2024). For fiscal year 2018, the Enhanced Collaborative Model program required two separate but coordinated applications for each task force, one from a law enforcement agency and one from a victim service provider (Office for Victims of Crime, pre-application webinar, June 18, 2018). Under terms like these, a provider that no law enforcement agency will join cannot compete, whatever its record of service to survivors."},{"text":"The Office for Victims of Crime is the largest federal funder of anti-trafficking programs and awarded more than $96 million in fiscal year 2023 (Office for Victims of Crime, January 19, 2024). The terms of these awards therefore help determine which survivors in the United States can find help, and who provides it."},{"text":"Our members and allies have observed law enforcement use arrests and threats of criminal conviction to identify victims and to force their cooperation. Survivors who fear arrest may be less likely to seek help from a provider whose funding depends on a law enforcement partner. A provider in that position also cannot readily object to its partner’s conduct, because its next application requires that partner’s participation."},{"text":"Funds appropriated for victim services should pay for housing, legal counsel, health care and employment, not for law enforcement. Where models of close cooperation are seen as best practice, law enforcement agencies should dedicate an appropriate part of their own federal, state and local budgets to victim service providers."},{"text":"We ask your office to:"},{"text":"• accept applications from service providers on their own for all anti-trafficking victim services funding, and remove the requirement of joint or linked applications, beginning with the next notice of funding opportunity;"},{"text":"• prohibit the use of victim services funds for law enforcement personnel, equipment or operations;"},{"text":"• where a program favors close cooperation, require the law enforcement partner to dedicate an appropriate part of its own budget to the victim service provider; and"},{"text":"• state in each notice that cooperation with law enforcement is welcome and is not a condition of funding."},{"text":"ATEST is a U.S. based coalition that advocates for solutions to prevent and end all forms of human trafficking and modern slavery around the world. We advocate for lasting solutions to prevent labor and sex trafficking, hold perpetrators accountable, ensure justice for victims and empower survivors with tools for recovery. Our collective experience implementing programs at home and abroad provides our coalition an unparalleled breadth and depth of expertise. ATEST works as a collective in partnership with civil society, governments, and businesses to create fundamental change of the accepted norms that enable slavery and trafficking to persist around the world — from strengthening laws and business standards to building public will."},{"text":"We would welcome a meeting with you or your staff to discuss these changes, and would appreciate a written reply within 30 days. You can reach us at campaign@alliance.test or 202-456-0100."}]}]}', 'pending', '2026-11-24T15:04:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:04:00.000000Z', NULL, NULL, NULL, 'representative:polaris', 'e4fc1b8ffcc5');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000027', 13, 'atest', 'dm:0000000000000000000000000000000b', 'slack', 'dm:0000000000000000000000000000000b/letter:00000000000000000000000000000014:ask:b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d', 'letter', NULL, '{"mark":"sign-on","head":"Safe Horizon is asked to sign: L-001, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: End joint grant applications, and keep victim services money for victims"},{"text":"Safe Horizon has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text b0ed8e8d0254 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Sign","path":"letter sign","args":[["letter","L-001"],["text","b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000014"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000014"]]}],"enclosed":[{"title":"The text: End joint grant applications, and keep victim services money for victims","lines":[{"text":"On behalf of the Alliance to End Slavery and Trafficking (ATEST), a coalition of 12 organizations, I write to ask that the Department of Justice stop requiring joint applications from a service provider and a law enforcement agency for anti-trafficking grants, and that money for victim services not fund law enforcement."},{"text":"The Enhanced Collaborative Model Task Force to Combat Human Trafficking Program funds both a law enforcement agency and a victim service provider to lead each task force together (Office for Victims of Crime, January 19, 2024). For fiscal year 2018, the Enhanced Collaborative Model program required two separate but coordinated applications for each task force, one from a law enforcement agency and one from a victim service provider (Office for Victims of Crime, pre-application webinar, June 18, 2018). Under terms like these, a provider that no law enforcement agency will join cannot compete, whatever its record of service to survivors."},{"text":"The Office for Victims of Crime is the largest federal funder of anti-trafficking programs and awarded more than $96 million in fiscal year 2023 (Office for Victims of Crime, January 19, 2024). The terms of these awards therefore help determine which survivors in the United States can find help, and who provides it."},{"text":"Our members and allies have observed law enforcement use arrests and threats of criminal conviction to identify victims and to force their cooperation. Survivors who fear arrest may be less likely to seek help from a provider whose funding depends on a law enforcement partner. A provider in that position also cannot readily object to its partner’s conduct, because its next application requires that partner’s participation."},{"text":"Funds appropriated for victim services should pay for housing, legal counsel, health care and employment, not for law enforcement. Where models of close cooperation are seen as best practice, law enforcement agencies should dedicate an appropriate part of their own federal, state and local budgets to victim service providers."},{"text":"We ask your office to:"},{"text":"• accept applications from service providers on their own for all anti-trafficking victim services funding, and remove the requirement of joint or linked applications, beginning with the next notice of funding opportunity;"},{"text":"• prohibit the use of victim services funds for law enforcement personnel, equipment or operations;"},{"text":"• where a program favors close cooperation, require the law enforcement partner to dedicate an appropriate part of its own budget to the victim service provider; and"},{"text":"• state in each notice that cooperation with law enforcement is welcome and is not a condition of funding."},{"text":"ATEST is a U.S. based coalition that advocates for solutions to prevent and end all forms of human trafficking and modern slavery around the world. We advocate for lasting solutions to prevent labor and sex trafficking, hold perpetrators accountable, ensure justice for victims and empower survivors with tools for recovery. Our collective experience implementing programs at home and abroad provides our coalition an unparalleled breadth and depth of expertise. ATEST works as a collective in partnership with civil society, governments, and businesses to create fundamental change of the accepted norms that enable slavery and trafficking to persist around the world — from strengthening laws and business standards to building public will."},{"text":"We would welcome a meeting with you or your staff to discuss these changes, and would appreciate a written reply within 30 days. You can reach us at campaign@alliance.test or 202-456-0100."}]}]}', 'pending', '2026-11-24T15:04:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:04:00.000000Z', NULL, NULL, NULL, 'representative:safe-horizon', 'e4fc1b8ffcc5');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000028', 14, 'atest', 'dm:0000000000000000000000000000000c', 'slack', 'dm:0000000000000000000000000000000c/letter:00000000000000000000000000000014:ask:b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d', 'letter', NULL, '{"mark":"sign-on","head":"Solidarity Center is asked to sign: L-001, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: End joint grant applications, and keep victim services money for victims"},{"text":"Solidarity Center has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text b0ed8e8d0254 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Sign","path":"letter sign","args":[["letter","L-001"],["text","b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000014"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000014"]]}],"enclosed":[{"title":"The text: End joint grant applications, and keep victim services money for victims","lines":[{"text":"On behalf of the Alliance to End Slavery and Trafficking (ATEST), a coalition of 12 organizations, I write to ask that the Department of Justice stop requiring joint applications from a service provider and a law enforcement agency for anti-trafficking grants, and that money for victim services not fund law enforcement."},{"text":"The Enhanced Collaborative Model Task Force to Combat Human Trafficking Program funds both a law enforcement agency and a victim service provider to lead each task force together (Office for Victims of Crime, January 19, 2024). For fiscal year 2018, the Enhanced Collaborative Model program required two separate but coordinated applications for each task force, one from a law enforcement agency and one from a victim service provider (Office for Victims of Crime, pre-application webinar, June 18, 2018). Under terms like these, a provider that no law enforcement agency will join cannot compete, whatever its record of service to survivors."},{"text":"The Office for Victims of Crime is the largest federal funder of anti-trafficking programs and awarded more than $96 million in fiscal year 2023 (Office for Victims of Crime, January 19, 2024). The terms of these awards therefore help determine which survivors in the United States can find help, and who provides it."},{"text":"Our members and allies have observed law enforcement use arrests and threats of criminal conviction to identify victims and to force their cooperation. Survivors who fear arrest may be less likely to seek help from a provider whose funding depends on a law enforcement partner. A provider in that position also cannot readily object to its partner’s conduct, because its next application requires that partner’s participation."},{"text":"Funds appropriated for victim services should pay for housing, legal counsel, health care and employment, not for law enforcement. Where models of close cooperation are seen as best practice, law enforcement agencies should dedicate an appropriate part of their own federal, state and local budgets to victim service providers."},{"text":"We ask your office to:"},{"text":"• accept applications from service providers on their own for all anti-trafficking victim services funding, and remove the requirement of joint or linked applications, beginning with the next notice of funding opportunity;"},{"text":"• prohibit the use of victim services funds for law enforcement personnel, equipment or operations;"},{"text":"• where a program favors close cooperation, require the law enforcement partner to dedicate an appropriate part of its own budget to the victim service provider; and"},{"text":"• state in each notice that cooperation with law enforcement is welcome and is not a condition of funding."},{"text":"ATEST is a U.S. based coalition that advocates for solutions to prevent and end all forms of human trafficking and modern slavery around the world. We advocate for lasting solutions to prevent labor and sex trafficking, hold perpetrators accountable, ensure justice for victims and empower survivors with tools for recovery. Our collective experience implementing programs at home and abroad provides our coalition an unparalleled breadth and depth of expertise. ATEST works as a collective in partnership with civil society, governments, and businesses to create fundamental change of the accepted norms that enable slavery and trafficking to persist around the world — from strengthening laws and business standards to building public will."},{"text":"We would welcome a meeting with you or your staff to discuss these changes, and would appreciate a written reply within 30 days. You can reach us at campaign@alliance.test or 202-456-0100."}]}]}', 'pending', '2026-11-24T15:04:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:04:00.000000Z', NULL, NULL, NULL, 'representative:solidarity-center', 'e4fc1b8ffcc5');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000029', 15, 'atest', 'dm:0000000000000000000000000000000d', 'slack', 'dm:0000000000000000000000000000000d/letter:00000000000000000000000000000014:ask:b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d', 'letter', NULL, '{"mark":"sign-on","head":"T’ruah is asked to sign: L-001, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: End joint grant applications, and keep victim services money for victims"},{"text":"T’ruah has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text b0ed8e8d0254 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Sign","path":"letter sign","args":[["letter","L-001"],["text","b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000014"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000014"]]}],"enclosed":[{"title":"The text: End joint grant applications, and keep victim services money for victims","lines":[{"text":"On behalf of the Alliance to End Slavery and Trafficking (ATEST), a coalition of 12 organizations, I write to ask that the Department of Justice stop requiring joint applications from a service provider and a law enforcement agency for anti-trafficking grants, and that money for victim services not fund law enforcement."},{"text":"The Enhanced Collaborative Model Task Force to Combat Human Trafficking Program funds both a law enforcement agency and a victim service provider to lead each task force together (Office for Victims of Crime, January 19, 2024). For fiscal year 2018, the Enhanced Collaborative Model program required two separate but coordinated applications for each task force, one from a law enforcement agency and one from a victim service provider (Office for Victims of Crime, pre-application webinar, June 18, 2018). Under terms like these, a provider that no law enforcement agency will join cannot compete, whatever its record of service to survivors."},{"text":"The Office for Victims of Crime is the largest federal funder of anti-trafficking programs and awarded more than $96 million in fiscal year 2023 (Office for Victims of Crime, January 19, 2024). The terms of these awards therefore help determine which survivors in the United States can find help, and who provides it."},{"text":"Our members and allies have observed law enforcement use arrests and threats of criminal conviction to identify victims and to force their cooperation. Survivors who fear arrest may be less likely to seek help from a provider whose funding depends on a law enforcement partner. A provider in that position also cannot readily object to its partner’s conduct, because its next application requires that partner’s participation."},{"text":"Funds appropriated for victim services should pay for housing, legal counsel, health care and employment, not for law enforcement. Where models of close cooperation are seen as best practice, law enforcement agencies should dedicate an appropriate part of their own federal, state and local budgets to victim service providers."},{"text":"We ask your office to:"},{"text":"• accept applications from service providers on their own for all anti-trafficking victim services funding, and remove the requirement of joint or linked applications, beginning with the next notice of funding opportunity;"},{"text":"• prohibit the use of victim services funds for law enforcement personnel, equipment or operations;"},{"text":"• where a program favors close cooperation, require the law enforcement partner to dedicate an appropriate part of its own budget to the victim service provider; and"},{"text":"• state in each notice that cooperation with law enforcement is welcome and is not a condition of funding."},{"text":"ATEST is a U.S. based coalition that advocates for solutions to prevent and end all forms of human trafficking and modern slavery around the world. We advocate for lasting solutions to prevent labor and sex trafficking, hold perpetrators accountable, ensure justice for victims and empower survivors with tools for recovery. Our collective experience implementing programs at home and abroad provides our coalition an unparalleled breadth and depth of expertise. ATEST works as a collective in partnership with civil society, governments, and businesses to create fundamental change of the accepted norms that enable slavery and trafficking to persist around the world — from strengthening laws and business standards to building public will."},{"text":"We would welcome a meeting with you or your staff to discuss these changes, and would appreciate a written reply within 30 days. You can reach us at campaign@alliance.test or 202-456-0100."}]}]}', 'pending', '2026-11-24T15:04:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:04:00.000000Z', NULL, NULL, NULL, 'representative:truah', 'e4fc1b8ffcc5');
INSERT INTO "delivery" VALUES ('0000000000000000000000000000002a', 16, 'atest', 'dm:0000000000000000000000000000000e', 'slack', 'dm:0000000000000000000000000000000e/letter:00000000000000000000000000000014:ask:b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d', 'letter', NULL, '{"mark":"sign-on","head":"United Way is asked to sign: L-001, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: End joint grant applications, and keep victim services money for victims"},{"text":"United Way has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text b0ed8e8d0254 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Sign","path":"letter sign","args":[["letter","L-001"],["text","b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000014"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000014"]]}],"enclosed":[{"title":"The text: End joint grant applications, and keep victim services money for victims","lines":[{"text":"On behalf of the Alliance to End Slavery and Trafficking (ATEST), a coalition of 12 organizations, I write to ask that the Department of Justice stop requiring joint applications from a service provider and a law enforcement agency for anti-trafficking grants, and that money for victim services not fund law enforcement."},{"text":"The Enhanced Collaborative Model Task Force to Combat Human Trafficking Program funds both a law enforcement agency and a victim service provider to lead each task force together (Office for Victims of Crime, January 19, 2024). For fiscal year 2018, the Enhanced Collaborative Model program required two separate but coordinated applications for each task force, one from a law enforcement agency and one from a victim service provider (Office for Victims of Crime, pre-application webinar, June 18, 2018). Under terms like these, a provider that no law enforcement agency will join cannot compete, whatever its record of service to survivors."},{"text":"The Office for Victims of Crime is the largest federal funder of anti-trafficking programs and awarded more than $96 million in fiscal year 2023 (Office for Victims of Crime, January 19, 2024). The terms of these awards therefore help determine which survivors in the United States can find help, and who provides it."},{"text":"Our members and allies have observed law enforcement use arrests and threats of criminal conviction to identify victims and to force their cooperation. Survivors who fear arrest may be less likely to seek help from a provider whose funding depends on a law enforcement partner. A provider in that position also cannot readily object to its partner’s conduct, because its next application requires that partner’s participation."},{"text":"Funds appropriated for victim services should pay for housing, legal counsel, health care and employment, not for law enforcement. Where models of close cooperation are seen as best practice, law enforcement agencies should dedicate an appropriate part of their own federal, state and local budgets to victim service providers."},{"text":"We ask your office to:"},{"text":"• accept applications from service providers on their own for all anti-trafficking victim services funding, and remove the requirement of joint or linked applications, beginning with the next notice of funding opportunity;"},{"text":"• prohibit the use of victim services funds for law enforcement personnel, equipment or operations;"},{"text":"• where a program favors close cooperation, require the law enforcement partner to dedicate an appropriate part of its own budget to the victim service provider; and"},{"text":"• state in each notice that cooperation with law enforcement is welcome and is not a condition of funding."},{"text":"ATEST is a U.S. based coalition that advocates for solutions to prevent and end all forms of human trafficking and modern slavery around the world. We advocate for lasting solutions to prevent labor and sex trafficking, hold perpetrators accountable, ensure justice for victims and empower survivors with tools for recovery. Our collective experience implementing programs at home and abroad provides our coalition an unparalleled breadth and depth of expertise. ATEST works as a collective in partnership with civil society, governments, and businesses to create fundamental change of the accepted norms that enable slavery and trafficking to persist around the world — from strengthening laws and business standards to building public will."},{"text":"We would welcome a meeting with you or your staff to discuss these changes, and would appreciate a written reply within 30 days. You can reach us at campaign@alliance.test or 202-456-0100."}]}]}', 'pending', '2026-11-24T15:04:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:04:00.000000Z', NULL, NULL, NULL, 'representative:united-way', 'e4fc1b8ffcc5');
INSERT INTO "delivery" VALUES ('0000000000000000000000000000002b', 17, 'atest', 'dm:0000000000000000000000000000000f', 'slack', 'dm:0000000000000000000000000000000f/letter:00000000000000000000000000000014:ask:b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d', 'letter', NULL, '{"mark":"sign-on","head":"Verite is asked to sign: L-001, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: End joint grant applications, and keep victim services money for victims"},{"text":"Verite has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text b0ed8e8d0254 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Sign","path":"letter sign","args":[["letter","L-001"],["text","b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000014"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000014"]]}],"enclosed":[{"title":"The text: End joint grant applications, and keep victim services money for victims","lines":[{"text":"On behalf of the Alliance to End Slavery and Trafficking (ATEST), a coalition of 12 organizations, I write to ask that the Department of Justice stop requiring joint applications from a service provider and a law enforcement agency for anti-trafficking grants, and that money for victim services not fund law enforcement."},{"text":"The Enhanced Collaborative Model Task Force to Combat Human Trafficking Program funds both a law enforcement agency and a victim service provider to lead each task force together (Office for Victims of Crime, January 19, 2024). For fiscal year 2018, the Enhanced Collaborative Model program required two separate but coordinated applications for each task force, one from a law enforcement agency and one from a victim service provider (Office for Victims of Crime, pre-application webinar, June 18, 2018). Under terms like these, a provider that no law enforcement agency will join cannot compete, whatever its record of service to survivors."},{"text":"The Office for Victims of Crime is the largest federal funder of anti-trafficking programs and awarded more than $96 million in fiscal year 2023 (Office for Victims of Crime, January 19, 2024). The terms of these awards therefore help determine which survivors in the United States can find help, and who provides it."},{"text":"Our members and allies have observed law enforcement use arrests and threats of criminal conviction to identify victims and to force their cooperation. Survivors who fear arrest may be less likely to seek help from a provider whose funding depends on a law enforcement partner. A provider in that position also cannot readily object to its partner’s conduct, because its next application requires that partner’s participation."},{"text":"Funds appropriated for victim services should pay for housing, legal counsel, health care and employment, not for law enforcement. Where models of close cooperation are seen as best practice, law enforcement agencies should dedicate an appropriate part of their own federal, state and local budgets to victim service providers."},{"text":"We ask your office to:"},{"text":"• accept applications from service providers on their own for all anti-trafficking victim services funding, and remove the requirement of joint or linked applications, beginning with the next notice of funding opportunity;"},{"text":"• prohibit the use of victim services funds for law enforcement personnel, equipment or operations;"},{"text":"• where a program favors close cooperation, require the law enforcement partner to dedicate an appropriate part of its own budget to the victim service provider; and"},{"text":"• state in each notice that cooperation with law enforcement is welcome and is not a condition of funding."},{"text":"ATEST is a U.S. based coalition that advocates for solutions to prevent and end all forms of human trafficking and modern slavery around the world. We advocate for lasting solutions to prevent labor and sex trafficking, hold perpetrators accountable, ensure justice for victims and empower survivors with tools for recovery. Our collective experience implementing programs at home and abroad provides our coalition an unparalleled breadth and depth of expertise. ATEST works as a collective in partnership with civil society, governments, and businesses to create fundamental change of the accepted norms that enable slavery and trafficking to persist around the world — from strengthening laws and business standards to building public will."},{"text":"We would welcome a meeting with you or your staff to discuss these changes, and would appreciate a written reply within 30 days. You can reach us at campaign@alliance.test or 202-456-0100."}]}]}', 'pending', '2026-11-24T15:04:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:04:00.000000Z', NULL, NULL, NULL, 'representative:verite', 'e4fc1b8ffcc5');
INSERT INTO "delivery" VALUES ('0000000000000000000000000000002c', 18, 'atest', 'dm:00000000000000000000000000000010', 'slack', 'dm:00000000000000000000000000000010/letter:00000000000000000000000000000014:ask:b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d', 'letter', NULL, '{"mark":"sign-on","head":"Vital Voices is asked to sign: L-001, until Fri 27 Nov 2026 17:00 EST","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: End joint grant applications, and keep victim services money for victims"},{"text":"Vital Voices has not answered yet; 0 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text b0ed8e8d0254 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Sign","path":"letter sign","args":[["letter","L-001"],["text","b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d"]],"style":"primary"},{"label":"Decline","path":"letter decline","args":[["letter","00000000000000000000000000000014"]]},{"label":"Suggest edit","path":"letter suggest","args":[["letter","00000000000000000000000000000014"]]}],"enclosed":[{"title":"The text: End joint grant applications, and keep victim services money for victims","lines":[{"text":"On behalf of the Alliance to End Slavery and Trafficking (ATEST), a coalition of 12 organizations, I write to ask that the Department of Justice stop requiring joint applications from a service provider and a law enforcement agency for anti-trafficking grants, and that money for victim services not fund law enforcement."},{"text":"The Enhanced Collaborative Model Task Force to Combat Human Trafficking Program funds both a law enforcement agency and a victim service provider to lead each task force together (Office for Victims of Crime, January 19, 2024). For fiscal year 2018, the Enhanced Collaborative Model program required two separate but coordinated applications for each task force, one from a law enforcement agency and one from a victim service provider (Office for Victims of Crime, pre-application webinar, June 18, 2018). Under terms like these, a provider that no law enforcement agency will join cannot compete, whatever its record of service to survivors."},{"text":"The Office for Victims of Crime is the largest federal funder of anti-trafficking programs and awarded more than $96 million in fiscal year 2023 (Office for Victims of Crime, January 19, 2024). The terms of these awards therefore help determine which survivors in the United States can find help, and who provides it."},{"text":"Our members and allies have observed law enforcement use arrests and threats of criminal conviction to identify victims and to force their cooperation. Survivors who fear arrest may be less likely to seek help from a provider whose funding depends on a law enforcement partner. A provider in that position also cannot readily object to its partner’s conduct, because its next application requires that partner’s participation."},{"text":"Funds appropriated for victim services should pay for housing, legal counsel, health care and employment, not for law enforcement. Where models of close cooperation are seen as best practice, law enforcement agencies should dedicate an appropriate part of their own federal, state and local budgets to victim service providers."},{"text":"We ask your office to:"},{"text":"• accept applications from service providers on their own for all anti-trafficking victim services funding, and remove the requirement of joint or linked applications, beginning with the next notice of funding opportunity;"},{"text":"• prohibit the use of victim services funds for law enforcement personnel, equipment or operations;"},{"text":"• where a program favors close cooperation, require the law enforcement partner to dedicate an appropriate part of its own budget to the victim service provider; and"},{"text":"• state in each notice that cooperation with law enforcement is welcome and is not a condition of funding."},{"text":"ATEST is a U.S. based coalition that advocates for solutions to prevent and end all forms of human trafficking and modern slavery around the world. We advocate for lasting solutions to prevent labor and sex trafficking, hold perpetrators accountable, ensure justice for victims and empower survivors with tools for recovery. Our collective experience implementing programs at home and abroad provides our coalition an unparalleled breadth and depth of expertise. ATEST works as a collective in partnership with civil society, governments, and businesses to create fundamental change of the accepted norms that enable slavery and trafficking to persist around the world — from strengthening laws and business standards to building public will."},{"text":"We would welcome a meeting with you or your staff to discuss these changes, and would appreciate a written reply within 30 days. You can reach us at campaign@alliance.test or 202-456-0100."}]}]}', 'pending', '2026-11-24T15:04:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:04:00.000000Z', NULL, NULL, NULL, 'representative:vital-voices', 'e4fc1b8ffcc5');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000030', 19, 'atest', 'dm:00000000000000000000000000000005', 'slack', 'edit:00000000000000000000000000000021', 'edit', NULL, '{"mark":"sign-on","head":"L-001 locked: 2 of 12 signed","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: End joint grant applications, and keep victim services money for victims"},{"text":"Signed for CIW as “Coalition of Immokalee Workers” by Canary Quickfeather, Director, 10:05."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text b0ed8e8d0254 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:07:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:07:00.000000Z', NULL, '00000000000000000000000000000021', NULL, 'representative:ciw', '02f3cd77ef95');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000034', 20, 'atest', 'dm:00000000000000000000000000000006', 'slack', 'edit:00000000000000000000000000000022', 'edit', NULL, '{"mark":"sign-on","head":"L-001 locked: 2 of 12 signed","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: End joint grant applications, and keep victim services money for victims"},{"text":"Signed for CAST as “Coalition to Abolish Slavery and Trafficking” by Canary Quickfeather, Director, 10:06."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text b0ed8e8d0254 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:07:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:07:00.000000Z', NULL, '00000000000000000000000000000022', NULL, 'representative:cast', '02f3cd77ef95');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000039', 21, 'atest', 'dm:00000000000000000000000000000007', 'slack', 'edit:00000000000000000000000000000023', 'edit', NULL, '{"mark":"sign-on","head":"L-001 locked: 2 of 12 signed","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: End joint grant applications, and keep victim services money for victims"},{"text":"Free the Slaves has not answered yet; 2 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text b0ed8e8d0254 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:07:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:07:00.000000Z', NULL, '00000000000000000000000000000023', NULL, 'representative:free-the-slaves', '02f3cd77ef95');
INSERT INTO "delivery" VALUES ('0000000000000000000000000000003a', 22, 'atest', 'dm:00000000000000000000000000000008', 'slack', 'edit:00000000000000000000000000000024', 'edit', NULL, '{"mark":"sign-on","head":"L-001 locked: 2 of 12 signed","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: End joint grant applications, and keep victim services money for victims"},{"text":"HTI has not answered yet; 2 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text b0ed8e8d0254 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:07:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:07:00.000000Z', NULL, '00000000000000000000000000000024', NULL, 'representative:hti', '02f3cd77ef95');
INSERT INTO "delivery" VALUES ('0000000000000000000000000000003b', 23, 'atest', 'dm:00000000000000000000000000000009', 'slack', 'edit:00000000000000000000000000000025', 'edit', NULL, '{"mark":"sign-on","head":"L-001 locked: 2 of 12 signed","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: End joint grant applications, and keep victim services money for victims"},{"text":"NN4Y has not answered yet; 2 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text b0ed8e8d0254 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:07:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:07:00.000000Z', NULL, '00000000000000000000000000000025', NULL, 'representative:nn4y', '02f3cd77ef95');
INSERT INTO "delivery" VALUES ('0000000000000000000000000000003c', 24, 'atest', 'dm:0000000000000000000000000000000a', 'slack', 'edit:00000000000000000000000000000026', 'edit', NULL, '{"mark":"sign-on","head":"L-001 locked: 2 of 12 signed","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: End joint grant applications, and keep victim services money for victims"},{"text":"Polaris has not answered yet; 2 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text b0ed8e8d0254 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:07:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:07:00.000000Z', NULL, '00000000000000000000000000000026', NULL, 'representative:polaris', '02f3cd77ef95');
INSERT INTO "delivery" VALUES ('0000000000000000000000000000003d', 25, 'atest', 'dm:0000000000000000000000000000000b', 'slack', 'edit:00000000000000000000000000000027', 'edit', NULL, '{"mark":"sign-on","head":"L-001 locked: 2 of 12 signed","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: End joint grant applications, and keep victim services money for victims"},{"text":"Safe Horizon has not answered yet; 2 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text b0ed8e8d0254 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:07:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:07:00.000000Z', NULL, '00000000000000000000000000000027', NULL, 'representative:safe-horizon', '02f3cd77ef95');
INSERT INTO "delivery" VALUES ('0000000000000000000000000000003e', 26, 'atest', 'dm:0000000000000000000000000000000c', 'slack', 'edit:00000000000000000000000000000028', 'edit', NULL, '{"mark":"sign-on","head":"L-001 locked: 2 of 12 signed","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: End joint grant applications, and keep victim services money for victims"},{"text":"Solidarity Center has not answered yet; 2 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text b0ed8e8d0254 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:07:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:07:00.000000Z', NULL, '00000000000000000000000000000028', NULL, 'representative:solidarity-center', '02f3cd77ef95');
INSERT INTO "delivery" VALUES ('0000000000000000000000000000003f', 27, 'atest', 'dm:0000000000000000000000000000000d', 'slack', 'edit:00000000000000000000000000000029', 'edit', NULL, '{"mark":"sign-on","head":"L-001 locked: 2 of 12 signed","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: End joint grant applications, and keep victim services money for victims"},{"text":"T’ruah has not answered yet; 2 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text b0ed8e8d0254 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:07:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:07:00.000000Z', NULL, '00000000000000000000000000000029', NULL, 'representative:truah', '02f3cd77ef95');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000040', 28, 'atest', 'dm:0000000000000000000000000000000e', 'slack', 'edit:0000000000000000000000000000002a', 'edit', NULL, '{"mark":"sign-on","head":"L-001 locked: 2 of 12 signed","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: End joint grant applications, and keep victim services money for victims"},{"text":"United Way has not answered yet; 2 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text b0ed8e8d0254 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:07:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:07:00.000000Z', NULL, '0000000000000000000000000000002a', NULL, 'representative:united-way', '02f3cd77ef95');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000041', 29, 'atest', 'dm:0000000000000000000000000000000f', 'slack', 'edit:0000000000000000000000000000002b', 'edit', NULL, '{"mark":"sign-on","head":"L-001 locked: 2 of 12 signed","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: End joint grant applications, and keep victim services money for victims"},{"text":"Verite has not answered yet; 2 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text b0ed8e8d0254 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:07:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:07:00.000000Z', NULL, '0000000000000000000000000000002b', NULL, 'representative:verite', '02f3cd77ef95');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000042', 30, 'atest', 'dm:00000000000000000000000000000010', 'slack', 'edit:0000000000000000000000000000002c', 'edit', NULL, '{"mark":"sign-on","head":"L-001 locked: 2 of 12 signed","badge":"Ask 1","lines":[{"text":"L-001 goes to the Director, Office for Victims of Crime: End joint grant applications, and keep victim services money for victims"},{"text":"Vital Voices has not answered yet; 2 of 12 signed."},{"text":"As drafted, not lobbying: it asks for no legislation. Not legal advice."}],"foot":"Text b0ed8e8d0254 · version 1","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]}]}', 'pending', '2026-11-24T15:07:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:07:00.000000Z', NULL, '0000000000000000000000000000002c', NULL, 'representative:vital-voices', '02f3cd77ef95');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000044', 31, 'atest', 'policy', 'console', 'policy/letter:00000000000000000000000000000014:locked', 'letter', 'letter:00000000000000000000000000000014', '{"mark":"letter","head":"L-001 locked: 2 of 12 signed","badge":"Ask 1","byline":"End joint grant applications, and keep victim services money for victims · to the Director, Office for Victims of Crime","lines":[{"text":"Signed: CIW and CAST."}],"foot":"Text b0ed8e8d0254 · final, no more changes","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Log as sent","path":"letter sent","args":[["letter","00000000000000000000000000000014"]],"style":"primary"},{"label":"DOCX","path":"letter export","args":[["letter","00000000000000000000000000000014"],["as","docx"]]},{"label":"PDF","path":"letter export","args":[["letter","00000000000000000000000000000014"],["as","pdf"]]}]}', 'pending', '2026-11-24T15:08:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:08:00.000000Z', NULL, NULL, NULL, '', '');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000045', 32, 'atest', 'dm:00000000000000000000000000000002', 'slack', 'dm:00000000000000000000000000000002/letter:00000000000000000000000000000014:locked', 'letter', NULL, '{"mark":"letter","head":"L-001 locked: 2 of 12 signed","badge":"Ask 1","byline":"End joint grant applications, and keep victim services money for victims · to the Director, Office for Victims of Crime","lines":[{"text":"Signed: CIW and CAST."}],"foot":"Text b0ed8e8d0254 · final, no more changes","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Log as sent","path":"letter sent","args":[["letter","00000000000000000000000000000014"]],"style":"primary"},{"label":"DOCX","path":"letter export","args":[["letter","00000000000000000000000000000014"],["as","docx"]]},{"label":"PDF","path":"letter export","args":[["letter","00000000000000000000000000000014"],["as","pdf"]]}]}', 'pending', '2026-11-24T15:08:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:08:00.000000Z', NULL, NULL, NULL, 'any', '');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000046', 33, 'atest', 'dm:00000000000000000000000000000005', 'slack', 'dm:00000000000000000000000000000005/letter:00000000000000000000000000000014:locked', 'letter', NULL, '{"mark":"letter","head":"L-001 locked: 2 of 12 signed","badge":"Ask 1","byline":"End joint grant applications, and keep victim services money for victims · to the Director, Office for Victims of Crime","lines":[{"text":"Signed: CIW and CAST."}],"foot":"Text b0ed8e8d0254 · final, no more changes","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Log as sent","path":"letter sent","args":[["letter","00000000000000000000000000000014"]],"style":"primary"},{"label":"DOCX","path":"letter export","args":[["letter","00000000000000000000000000000014"],["as","docx"]]},{"label":"PDF","path":"letter export","args":[["letter","00000000000000000000000000000014"],["as","pdf"]]}]}', 'pending', '2026-11-24T15:08:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:08:00.000000Z', NULL, NULL, NULL, 'any', '');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000047', 34, 'atest', 'dm:00000000000000000000000000000006', 'slack', 'dm:00000000000000000000000000000006/letter:00000000000000000000000000000014:locked', 'letter', NULL, '{"mark":"letter","head":"L-001 locked: 2 of 12 signed","badge":"Ask 1","byline":"End joint grant applications, and keep victim services money for victims · to the Director, Office for Victims of Crime","lines":[{"text":"Signed: CIW and CAST."}],"foot":"Text b0ed8e8d0254 · final, no more changes","buttons":[{"label":"Read","path":"letter show","args":[["letter","00000000000000000000000000000014"]]},{"label":"Log as sent","path":"letter sent","args":[["letter","00000000000000000000000000000014"]],"style":"primary"},{"label":"DOCX","path":"letter export","args":[["letter","00000000000000000000000000000014"],["as","docx"]]},{"label":"PDF","path":"letter export","args":[["letter","00000000000000000000000000000014"],["as","pdf"]]}]}', 'pending', '2026-11-24T15:08:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:08:00.000000Z', NULL, NULL, NULL, 'any', '');
INSERT INTO "delivery" VALUES ('00000000000000000000000000000051', 35, 'atest', 'press', 'console', 'press/inquiry:00000000000000000000000000000050', 'inquiry', 'inquiry:00000000000000000000000000000050', '{"mark":"news","head":"Press inquiry Q-1 from Example Wire: answer by Tue 24 Nov 2026 17:00 EST","lines":[{"text":"Jo Sample: “What changes?”"},{"text":"Not passed on: coalition.yml has no spokesperson for it, or none with a linked account (/campaign link)."},{"text":"Not acknowledged yet."}],"foot":"Received 10:11 by Pia","buttons":[{"label":"Acknowledge","path":"press acknowledge","args":[["inquiry","00000000000000000000000000000050"]],"style":"primary"},{"label":"Answered","path":"press answered","args":[["inquiry","00000000000000000000000000000050"]]},{"label":"Decline","path":"press decline","args":[["inquiry","00000000000000000000000000000050"]]},{"label":"Close","path":"press close","args":[["inquiry","00000000000000000000000000000050"]]}]}', 'pending', '2026-11-24T15:11:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:11:00.000000Z', NULL, NULL, NULL, '', '19711bb6fc7d');
INSERT INTO "delivery" VALUES ('state-pending', 36, 'atest', 'policy', 'console', 'state:pending', 'alert', 'fr:2026-00077', '{"mark":"alert","head":"Enhanced Collaborative Model: forced labor","badge":"Ask 4","byline":"U.S. Customs and Border Protection · Notice · published Tue 24 Nov 2026","why":["“forced labor” in the title; agency U.S. Customs and Border Protection → Ask 4, Hold business to account (§ 1593A, § 307 of the Tariff Act)"],"links":[{"label":"Document","url":"https://www.federalregister.gov/d/2026-00077"}],"foot":"Federal Register 2026-00077","buttons":[{"label":"Draft letter","path":"letter draft","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]],"style":"primary"},{"label":"Why","path":"alerts why","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]},{"label":"Not relevant","path":"alerts not-relevant","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]},{"label":"Assign","path":"alerts assign","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]}]}', 'pending', '2026-11-24T15:00:00.000000Z', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:00:00.000000Z', NULL, NULL, NULL, '', '');
INSERT INTO "delivery" VALUES ('state-retry', 37, 'atest', 'policy', 'console', 'state:retry', 'alert', 'fr:2026-00077', '{"mark":"alert","head":"Enhanced Collaborative Model: forced labor","badge":"Ask 4","byline":"U.S. Customs and Border Protection · Notice · published Tue 24 Nov 2026","why":["“forced labor” in the title; agency U.S. Customs and Border Protection → Ask 4, Hold business to account (§ 1593A, § 307 of the Tariff Act)"],"links":[{"label":"Document","url":"https://www.federalregister.gov/d/2026-00077"}],"foot":"Federal Register 2026-00077","buttons":[{"label":"Draft letter","path":"letter draft","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]],"style":"primary"},{"label":"Why","path":"alerts why","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]},{"label":"Not relevant","path":"alerts not-relevant","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]},{"label":"Assign","path":"alerts assign","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]}]}', 'retry', '2026-11-24T15:00:00.000000Z', 1, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-24T15:00:00.000000Z', NULL, NULL, NULL, '', '');
INSERT INTO "delivery" VALUES ('state-sending', 38, 'atest', 'policy', 'console', 'state:sending', 'alert', 'fr:2026-00077', '{"mark":"alert","head":"Enhanced Collaborative Model: forced labor","badge":"Ask 4","byline":"U.S. Customs and Border Protection · Notice · published Tue 24 Nov 2026","why":["“forced labor” in the title; agency U.S. Customs and Border Protection → Ask 4, Hold business to account (§ 1593A, § 307 of the Tariff Act)"],"links":[{"label":"Document","url":"https://www.federalregister.gov/d/2026-00077"}],"foot":"Federal Register 2026-00077","buttons":[{"label":"Draft letter","path":"letter draft","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]],"style":"primary"},{"label":"Why","path":"alerts why","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]},{"label":"Not relevant","path":"alerts not-relevant","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]},{"label":"Assign","path":"alerts assign","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]}]}', 'sending', '2026-11-24T15:00:00.000000Z', 1, NULL, '2026-11-24T15:00:00.000000Z', 'a lease', NULL, NULL, 0, NULL, '2026-11-24T15:00:00.000000Z', NULL, NULL, NULL, '', '');
INSERT INTO "delivery" VALUES ('state-ambiguous', 39, 'atest', 'policy', 'console', 'state:ambiguous', 'alert', 'fr:2026-00077', '{"mark":"alert","head":"Enhanced Collaborative Model: forced labor","badge":"Ask 4","byline":"U.S. Customs and Border Protection · Notice · published Tue 24 Nov 2026","why":["“forced labor” in the title; agency U.S. Customs and Border Protection → Ask 4, Hold business to account (§ 1593A, § 307 of the Tariff Act)"],"links":[{"label":"Document","url":"https://www.federalregister.gov/d/2026-00077"}],"foot":"Federal Register 2026-00077","buttons":[{"label":"Draft letter","path":"letter draft","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]],"style":"primary"},{"label":"Why","path":"alerts why","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]},{"label":"Not relevant","path":"alerts not-relevant","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]},{"label":"Assign","path":"alerts assign","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]}]}', 'ambiguous', '2026-11-24T15:00:00.000000Z', 1, NULL, '2026-11-24T15:00:00.000000Z', 'a lease', NULL, NULL, 0, NULL, '2026-11-24T15:00:00.000000Z', NULL, NULL, NULL, '', '');
INSERT INTO "delivery" VALUES ('state-sent', 40, 'atest', 'policy', 'console', 'state:sent', 'alert', 'fr:2026-00077', '{"mark":"alert","head":"Enhanced Collaborative Model: forced labor","badge":"Ask 4","byline":"U.S. Customs and Border Protection · Notice · published Tue 24 Nov 2026","why":["“forced labor” in the title; agency U.S. Customs and Border Protection → Ask 4, Hold business to account (§ 1593A, § 307 of the Tariff Act)"],"links":[{"label":"Document","url":"https://www.federalregister.gov/d/2026-00077"}],"foot":"Federal Register 2026-00077","buttons":[{"label":"Draft letter","path":"letter draft","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]],"style":"primary"},{"label":"Why","path":"alerts why","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]},{"label":"Not relevant","path":"alerts not-relevant","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]},{"label":"Assign","path":"alerts assign","args":[["entry","34ff2af5019ec27f35b86ced9360dbaa"]]}]}', 'sent', '2026-11-24T15:00:00.000000Z', 1, NULL, NULL, NULL, 'C1/1764000000.000100', NULL, 0, NULL, '2026-11-24T15:00:00.000000Z', '2026-11-24T15:00:00.000000Z', NULL, NULL, '', '');
INSERT INTO "delivery_entry" VALUES ('00000000000000000000000000000012', '34ff2af5019ec27f35b86ced9360dbaa', 'published');
INSERT INTO "digest_line" VALUES ('atest', 'digest_line channel', '34ff2af5019ec27f35b86ced9360dbaa', 'digest_line stage', '2026-11-24T15:13:00.000000Z', '00000000000000000000000000000012');
INSERT INTO "hold" VALUES ('atest', 'hold scope', 'hold why', '2026-11-24T15:13:00.000000Z', '2026-11-24T15:13:00.000000Z', '2026-11-24T15:13:00.000000Z', 'hold refused');
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
INSERT INTO "audit" VALUES ('00000000000000000000000000000015', 1, 'atest', '2026-11-24T15:01:00.000000Z', '00000000000000000000000000000002', 'Pol', 'slack T0HOME C1', 'letter draft', 'L-001', '', 'drafted from joint-applications to the Director, Office for Victims of Crime');
INSERT INTO "audit" VALUES ('00000000000000000000000000000017', 2, 'atest', '2026-11-24T15:02:00.000000Z', '00000000000000000000000000000002', 'Pol', 'slack T0HOME C1', 'letter review', 'L-001', 'draft', 'in review, text b0ed8e8d0254');
INSERT INTO "audit" VALUES ('0000000000000000000000000000001b', 3, 'atest', '2026-11-24T15:03:00.000000Z', '00000000000000000000000000000003', 'App', 'slack T0HOME C1', 'letter approve', 'L-001', 'in review', 'version 1 approved, text b0ed8e8d0254');
INSERT INTO "audit" VALUES ('0000000000000000000000000000001e', 4, 'atest', '2026-11-24T15:04:00.000000Z', '00000000000000000000000000000002', 'Pol', 'slack T0HOME C1', 'letter signon', 'L-001', 'approved', 'open for sign-on until Fri 27 Nov 2026 17:00');
INSERT INTO "audit" VALUES ('0000000000000000000000000000002e', 5, 'atest', '2026-11-24T15:05:00.000000Z', '00000000000000000000000000000005', 'Rep ciw', 'slack T0HOME C1', 'letter sign', 'L-001, ciw', '', 'signed as “Coalition of Immokalee Workers”, text b0ed8e8d0254');
INSERT INTO "audit" VALUES ('00000000000000000000000000000032', 6, 'atest', '2026-11-24T15:06:00.000000Z', '00000000000000000000000000000006', 'Rep cast', 'slack T0HOME C1', 'letter sign', 'L-001, cast', '', 'signed as “Coalition to Abolish Slavery and Trafficking”, text b0ed8e8d0254');
INSERT INTO "audit" VALUES ('00000000000000000000000000000043', 7, 'atest', '2026-11-24T15:07:00.000000Z', '00000000000000000000000000000002', 'Pol', 'slack T0HOME C1', 'letter lock', 'L-001', 'open for sign-on', 'locked, text b0ed8e8d0254, 2 of 12 signed');
INSERT INTO "audit" VALUES ('0000000000000000000000000000004b', 8, 'atest', '2026-11-24T15:09:00.000000Z', '00000000000000000000000000000011', 'Pia', 'slack T0HOME C1', 'press add', 'press contact P-1', '', 'added');
INSERT INTO "audit" VALUES ('0000000000000000000000000000004e', 9, 'atest', '2026-11-24T15:10:00.000000Z', '00000000000000000000000000000011', 'Pia', 'slack T0HOME C1', 'press note', 'press contact P-1', '', 'a note');
INSERT INTO "audit" VALUES ('00000000000000000000000000000052', 10, 'atest', '2026-11-24T15:11:00.000000Z', '00000000000000000000000000000011', 'Pia', 'slack T0HOME C1', 'press inquiry', 'press inquiry Q-1', '', 'question, due 2026-11-24 22:00 UTC');
INSERT INTO "audit" VALUES ('00000000000000000000000000000054', 11, 'atest', '2026-11-24T15:12:00.000000Z', '00000000000000000000000000000002', 'Pol', 'slack T0HOME C1', 'campaign follow', 'what Pol follows', '', 'ask 1 (No joint grant applications; victim money for victims), at once');
INSERT INTO "audit" VALUES ('00000000000000000000000000000056', 12, 'atest', '2026-11-24T15:13:00.000000Z', '00000000000000000000000000000001', 'Ada', 'slack T0HOME C1', 'settings letterhead', 'the letterhead', 'address: 1 Main Street, NW
Washington, DC 20001; phone: 202-456-0100; site: https://alliance.test; signer: Maria Lopez; signer-title: Director', 'address: 1 Main Street, NW
Washington, DC 20001; phone: 202 555 0100; site: https://alliance.test; signer: Maria Lopez; signer-title: Director');
INSERT INTO "inbox" VALUES ('atest', 'slack:00000000000000000000000000000013', '2026-11-24T15:01:00.000000Z');
INSERT INTO "inbox" VALUES ('atest', 'slack:00000000000000000000000000000016', '2026-11-24T15:02:00.000000Z');
INSERT INTO "inbox" VALUES ('atest', 'slack:0000000000000000000000000000001a', '2026-11-24T15:03:00.000000Z');
INSERT INTO "inbox" VALUES ('atest', 'slack:0000000000000000000000000000001d', '2026-11-24T15:04:00.000000Z');
INSERT INTO "inbox" VALUES ('atest', 'slack:0000000000000000000000000000002d', '2026-11-24T15:05:00.000000Z');
INSERT INTO "inbox" VALUES ('atest', 'slack:00000000000000000000000000000031', '2026-11-24T15:06:00.000000Z');
INSERT INTO "inbox" VALUES ('atest', 'slack:00000000000000000000000000000035', '2026-11-24T15:07:00.000000Z');
INSERT INTO "inbox" VALUES ('atest', 'slack:00000000000000000000000000000048', '2026-11-24T15:09:00.000000Z');
INSERT INTO "inbox" VALUES ('atest', 'slack:0000000000000000000000000000004c', '2026-11-24T15:10:00.000000Z');
INSERT INTO "inbox" VALUES ('atest', 'slack:0000000000000000000000000000004f', '2026-11-24T15:11:00.000000Z');
INSERT INTO "inbox" VALUES ('atest', 'slack:00000000000000000000000000000053', '2026-11-24T15:12:00.000000Z');
INSERT INTO "inbox" VALUES ('atest', 'slack:00000000000000000000000000000055', '2026-11-24T15:13:00.000000Z');
INSERT INTO "overlay" VALUES ('atest', 'overlay kind', 'overlay name', '{}', '2026-11-24T15:13:00.000000Z', '2026-11-24T15:13:00.000000Z', 'overlay changed_by');
INSERT INTO "entry_work" VALUES ('atest', '34ff2af5019ec27f35b86ced9360dbaa', '00000000000000000000000000000001', '2026-11-24T15:13:00.000000Z', '2026-11-24T15:13:00.000000Z', '00000000000000000000000000000001', 'entry_work verdict', '00000000000000000000000000000001', '2026-11-24T15:13:00.000000Z');
INSERT INTO "memo" VALUES ('atest', 'press contact number', '1');
INSERT INTO "preference" VALUES ('atest', '00000000000000000000000000000002', 'follows ask:1', 'now 2026-11-24T15:12:00.000000Z');
INSERT INTO "delivery_file" VALUES ('00000000000000000000000000000044', 0, 'L-001-final-end-joint-grant-applications-and-keep.docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', X'504b030414000000080000002100a6d35dd3820100001b070000130000005b436f6e74656e745f54797065735d2e786d6cc595bd6ec2301485f73e45942543951818aaaa2230f4676c19e80318fb06acc63fb20d85b7ef754232504ad202ea1229b9bee7');
INSERT INTO "delivery_file" VALUES ('00000000000000000000000000000044', 1, 'L-001-final-end-joint-grant-applications-and-keep.pdf', 'application/pdf', X'255044462d312e370a25808080800a0a312030206f626a0a3c3c2f547970652f50616765732f436f756e7420322f4b6964735b353820302052203539203020525d3e3e0a656e646f626a0a322030206f626a0a3c3c2f506172656e742033203020522f54');
INSERT INTO "delivery_file" VALUES ('00000000000000000000000000000044', 2, 'L-001-final-end-joint-grant-applications-and-keep.csv', 'text/csv', X'efbbbf226f7267616e697a6174696f6e222c226d656d626572222c227369676e61746f7279222c227469746c65222c22686f77222c226f6e222c2274657874220d0a22436f616c6974696f6e206f6620496d6d6f6b616c656520576f726b657273222c22');
INSERT INTO "delivery_file" VALUES ('00000000000000000000000000000045', 0, 'L-001-final-end-joint-grant-applications-and-keep.docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', X'504b030414000000080000002100a6d35dd3820100001b070000130000005b436f6e74656e745f54797065735d2e786d6cc595bd6ec2301485f73e45942543951818aaaa2230f4676c19e80318fb06acc63fb20d85b7ef754232504ad202ea1229b9bee7');
INSERT INTO "delivery_file" VALUES ('00000000000000000000000000000045', 1, 'L-001-final-end-joint-grant-applications-and-keep.pdf', 'application/pdf', X'255044462d312e370a25808080800a0a312030206f626a0a3c3c2f547970652f50616765732f436f756e7420322f4b6964735b353820302052203539203020525d3e3e0a656e646f626a0a322030206f626a0a3c3c2f506172656e742033203020522f54');
INSERT INTO "delivery_file" VALUES ('00000000000000000000000000000045', 2, 'L-001-final-end-joint-grant-applications-and-keep.csv', 'text/csv', X'efbbbf226f7267616e697a6174696f6e222c226d656d626572222c227369676e61746f7279222c227469746c65222c22686f77222c226f6e222c2274657874220d0a22436f616c6974696f6e206f6620496d6d6f6b616c656520576f726b657273222c22');
INSERT INTO "delivery_file" VALUES ('00000000000000000000000000000046', 0, 'L-001-final-end-joint-grant-applications-and-keep.pdf', 'application/pdf', X'255044462d312e370a25808080800a0a312030206f626a0a3c3c2f547970652f50616765732f436f756e7420322f4b6964735b353820302052203539203020525d3e3e0a656e646f626a0a322030206f626a0a3c3c2f506172656e742033203020522f54');
INSERT INTO "delivery_file" VALUES ('00000000000000000000000000000047', 0, 'L-001-final-end-joint-grant-applications-and-keep.pdf', 'application/pdf', X'255044462d312e370a25808080800a0a312030206f626a0a3c3c2f547970652f50616765732f436f756e7420322f4b6964735b353820302052203539203020525d3e3e0a656e646f626a0a322030206f626a0a3c3c2f506172656e742033203020522f54');
INSERT INTO "delivery_file" VALUES ('00000000000000000000000000000012', 0, 'letters.zip', 'application/zip', X'504b03041400000000005b277e5dd4718b1228230000282300000b0000006c65747465722e646f63787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878');
INSERT INTO "bill" VALUES ('bill bill_id', 'bill source', 'bill name', 'bill title', '{}', '2026-11-24T15:13:00.000000Z', '2026-11-24T15:13:00.000000Z');
INSERT INTO "bill_proposal" VALUES ('atest', 'bill_proposal bill_id', 'bill_proposal family', 'bill_proposal title', '2026-11-24T15:13:00.000000Z', 'bill_proposal answer', '2026-11-24T15:13:00.000000Z', 'bill_proposal answered_by');
INSERT INTO "duty" VALUES ('atest', 'duty id', 'duty statute', 'duty owed', 'duty owed_by', '2026-11-24T15:13:00.000000Z', 'duty period', 'duty source', '2026-11-24T15:13:00.000000Z', 'duty asks', 'duty note', '2026-11-24T15:13:00.000000Z', '2026-11-24T15:13:00.000000Z', '00000000000000000000000000000001', '2026-11-24T15:13:00.000000Z');
INSERT INTO "duty_finding" VALUES ('duty_finding id', 'atest', 'duty_finding duty_id', 'duty_finding state', 'duty_finding source', '2026-11-24T15:13:00.000000Z', '2026-11-24T15:13:00.000000Z', '00000000000000000000000000000001', '2026-11-24T15:13:00.000000Z');
INSERT INTO "duty_proposal" VALUES ('duty_proposal id', 'atest', '{}', '2026-11-24T15:13:00.000000Z');
INSERT INTO "directory" VALUES ('directory id', '2026-11-24T15:13:00.000000Z', '2026-11-24T15:13:00.000000Z', 'directory source');
INSERT INTO "legislator" VALUES ('legislator bioguide', 'legislator first_name', 'legislator last_name', 'legislator suffix', 'legislator nickname', 'legislator official_full', 'legislator gender', 'legislator role', 'legislator state', 1, 'legislator party', 'legislator term_start', 'legislator term_end', 'legislator first_term', 'legislator room', 'legislator leads', 'legislator lis');
INSERT INTO "committee" VALUES ('committee id', 'committee name', 'committee chamber', NULL);
INSERT INTO "committee_seat" VALUES ('committee id', 'legislator bioguide', 1, 'committee_seat title');
INSERT INTO "letter" VALUES ('00000000000000000000000000000014', 'atest', 1, 'locked', 'joint-applications', 'b5a956ab33a18487dafa1287a9d506260866606705c09bf3c3a142adbe1aaa26', '{"names": {"office:ovc": "the Director, Office for Victims of Crime"}, "fields": {}, "bill": "", "about": {"keys": [], "words": []}}', 'none', 'It asks for agency policy, not for legislation.', 1, NULL, '2026-11-24T15:01:00.000000Z', '00000000000000000000000000000002', '2026-11-27T22:00:00.000000Z', NULL, '2026-11-24T15:07:00.000000Z', NULL, '2026-11-24T15:08:00.000000Z', '{"office:ovc":{"id":"office:ovc","name":"the Director, Office for Victims of Crime","block":["Director","Office for Victims of Crime","Office of Justice Programs","U.S. Department of Justice","Washington, DC 20531"],"salutation":"Dear Director:","as_of":null,"missing":""}}', NULL);
INSERT INTO "letter_version" VALUES ('atest', '00000000000000000000000000000014', 1, '[{"written":{"subject":"End joint grant applications, and keep victim services money for victims","body":[{"text":"On behalf of the Alliance to End Slavery and Trafficking (ATEST), a coalition of 12 organizations, I write to ask that the Department of Justice stop requiring joint applications from a service provider and a law enforcement agency for anti-trafficking grants, and that money for victim services not fund law enforcement.","shape":"text"},{"text":"The Enhanced Collaborative Model Task Force to Combat Human Trafficking Program funds both a law enforcement agency and a victim service provider to lead each task force together (Office for Victims of Crime, January 19, 2024). For fiscal year 2018, the Enhanced Collaborative Model program required two separate but coordinated applications for each task force, one from a law enforcement agency and one from a victim service provider (Office for Victims of Crime, pre-application webinar, June 18, 2018). Under terms like these, a provider that no law enforcement agency will join cannot compete, whatever its record of service to survivors.","shape":"text"},{"text":"The Office for Victims of Crime is the largest federal funder of anti-trafficking programs and awarded more than $96 million in fiscal year 2023 (Office for Victims of Crime, January 19, 2024). The terms of these awards therefore help determine which survivors in the United States can find help, and who provides it.","shape":"text"},{"text":"Our members and allies have observed law enforcement use arrests and threats of criminal conviction to identify victims and to force their cooperation. Survivors who fear arrest may be less likely to seek help from a provider whose funding depends on a law enforcement partner. A provider in that position also cannot readily object to its partner’s conduct, because its next application requires that partner’s participation.","shape":"text"},{"text":"Funds appropriated for victim services should pay for housing, legal counsel, health care and employment, not for law enforcement. Where models of close cooperation are seen as best practice, law enforcement agencies should dedicate an appropriate part of their own federal, state and local budgets to victim service providers.","shape":"text"},{"text":"We ask your office to:","shape":"text"},{"text":"accept applications from service providers on their own for all anti-trafficking victim services funding, and remove the requirement of joint or linked applications, beginning with the next notice of funding opportunity;","shape":"item"},{"text":"prohibit the use of victim services funds for law enforcement personnel, equipment or operations;","shape":"item"},{"text":"where a program favors close cooperation, require the law enforcement partner to dedicate an appropriate part of its own budget to the victim service provider; and","shape":"item"},{"text":"state in each notice that cooperation with law enforcement is welcome and is not a condition of funding.","shape":"item"},{"text":"ATEST is a U.S. based coalition that advocates for solutions to prevent and end all forms of human trafficking and modern slavery around the world. We advocate for lasting solutions to prevent labor and sex trafficking, hold perpetrators accountable, ensure justice for victims and empower survivors with tools for recovery. Our collective experience implementing programs at home and abroad provides our coalition an unparalleled breadth and depth of expertise. ATEST works as a collective in partnership with civil society, governments, and businesses to create fundamental change of the accepted norms that enable slavery and trafficking to persist around the world — from strengthening laws and business standards to building public will.","shape":"text"},{"text":"We would welcome a meeting with you or your staff to discuss these changes, and would appreciate a written reply within 30 days. You can reach us at campaign@alliance.test or 202-456-0100.","shape":"text"}],"claims":[{"id":"collaborative-model","text":"The Enhanced Collaborative Model Task Force to Combat Human Trafficking Program funds both a law enforcement agency and a victim service provider to lead each task force together (Office for Victims of Crime, January 19, 2024).","source":"https://ovc.ojp.gov/news/partner-message-board/multidisciplinary-victim-centered-approach-human-trafficking","checked_on":"2026-11-24"},{"id":"collaborative-model-applications","text":"For fiscal year 2018, the Enhanced Collaborative Model program required two separate but coordinated applications for each task force, one from a law enforcement agency and one from a victim service provider (Office for Victims of Crime, pre-application webinar, June 18, 2018).","source":"https://fdocuments.us/document/fy-2018-enhanced-collaborative-model-task-force-to-combat-fy-2018-enhanced-collaborative.html","checked_on":"2026-11-24"},{"id":"victim-services-funding","text":"The Office for Victims of Crime is the largest federal funder of anti-trafficking programs and awarded more than $96 million in fiscal year 2023 (Office for Victims of Crime, January 19, 2024).","source":"https://ovc.ojp.gov/news/partner-message-board/multidisciplinary-victim-centered-approach-human-trafficking","checked_on":"2026-11-24"}],"templated":[]},"to":["office:ovc"]}]', 'b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d', '2026-11-24T15:01:00.000000Z', '00000000000000000000000000000002', '2026-11-24T15:04:00.000000Z');
INSERT INTO "letter_approval" VALUES ('atest', '00000000000000000000000000000014', 'b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d', '00000000000000000000000000000003', '2026-11-24T15:03:00.000000Z');
INSERT INTO "signature" VALUES ('atest', '00000000000000000000000000000014', 'ciw', 'signed', 'Coalition of Immokalee Workers', 'Canary Quickfeather', 'Director', 'b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d', '', '00000000000000000000000000000005', '2026-11-24T15:05:00.000000Z', '');
INSERT INTO "signature" VALUES ('atest', '00000000000000000000000000000014', 'cast', 'signed', 'Coalition to Abolish Slavery and Trafficking', 'Canary Quickfeather', 'Director', 'b0ed8e8d025424937753cf1e2ddfc8079371d6fcf396bc8e91c284b818b3b01d', '', '00000000000000000000000000000006', '2026-11-24T15:06:00.000000Z', '');
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
INSERT INTO "letter_mail" VALUES ('letter_mail id', 'atest', '00000000000000000000000000000014', 'letter_mail kind', 'letter_mail on_day', 'letter_mail how', 'letter_mail note', '2026-11-24T15:13:00.000000Z', '2026-11-24T15:13:00.000000Z', '00000000000000000000000000000001', '2026-11-24T15:13:00.000000Z');
INSERT INTO "story" VALUES ('story id', 'atest', 1, '2026-11-24T15:13:00.000000Z', 'story thread', '00000000000000000000000000000012', '00000000000000000000000000000001', '2026-11-24T15:13:00.000000Z', '00000000000000000000000000000001', '2026-11-24T15:13:00.000000Z', 'story clip_note', '2026-11-24T15:13:00.000000Z', '00000000000000000000000000000001', 'story asks_set', 'story tone', 'story spokesperson', 'story reporter');
INSERT INTO "mention" VALUES ('mention id', 'atest', 'story id', '34ff2af5019ec27f35b86ced9360dbaa', 'mention key', 'mention at', '2026-11-24T15:13:00.000000Z', 'mention weight', '{}');
INSERT INTO "mention_shingle" VALUES ('atest', 'mention_shingle shingle', 'mention id', '2026-11-24T15:13:00.000000Z');
INSERT INTO "story_note" VALUES ('story_note id', 'atest', 'story id', 'story_note kind', 'story_note text', '2026-11-24T15:13:00.000000Z', '2026-11-24T15:13:00.000000Z', '2026-11-24T15:13:00.000000Z', '00000000000000000000000000000001', '2026-11-24T15:13:00.000000Z');
INSERT INTO "redaction" VALUES ('atest', 'redaction hash', '00000000000000000000000000000001', '2026-11-24T15:13:00.000000Z');
INSERT INTO "entity_rule" VALUES ('entity_rule id', 'atest', 'entity_rule entity', 'site', 'example.org', '00000000000000000000000000000001', '2026-11-24T15:13:00.000000Z');
INSERT INTO "press_outlet" VALUES ('00000000000000000000000000000049', 'atest', 'Example Wire', 'example wire', '', '', NULL);
INSERT INTO "press_contact" VALUES ('0000000000000000000000000000004a', 'atest', 1, '00000000000000000000000000000049', 'Jo Sample', '', '', 'jo@wire.example', '+1 202 555 0147', '', '', 'they wrote to us', 'legitimate interest', '2026-11-24', NULL, '2026-11-24T15:09:00.000000Z');
INSERT INTO "press_log" VALUES ('0000000000000000000000000000004d', 'atest', '0000000000000000000000000000004a', 'note', 'called back', '00000000000000000000000000000011', '2026-11-24T15:10:00.000000Z', '', NULL, '', NULL, '', '', '2026-11-27T14:00:00.000000Z', NULL);
INSERT INTO "press_embargo" VALUES ('press_embargo id', 'atest', 1, 'press_embargo about', '2026-11-24T15:13:00.000000Z', 'press_embargo zone');
INSERT INTO "press_agreement" VALUES ('atest', 'press_embargo id', '0000000000000000000000000000004a', 'press_agreement evidence', '2026-11-24T15:13:00.000000Z');
INSERT INTO "press_inquiry" VALUES ('00000000000000000000000000000050', 'atest', 1, 'question', 'Jo Sample', 'Example Wire', 'What changes?', NULL, NULL, '2026-11-24T22:00:00.000000Z', 'America/New_York', 'received', '2026-11-24T15:11:00.000000Z', '00000000000000000000000000000011', NULL, NULL, NULL, NULL, '', '');
INSERT INTO "press_card" VALUES ('00000000000000000000000000000051', 'atest', '00000000000000000000000000000050');
INSERT INTO "press_suppression" VALUES ('atest', 'press_suppression hash', '2026-11-24T15:13:00.000000Z');
INSERT INTO "backup" VALUES ('atest', 'backup path', '2026-11-24T15:13:00.000000Z');
INSERT INTO "erasure" VALUES ('atest', 'erasure kind', 'erasure subject', '2026-11-24T15:13:00.000000Z');
INSERT INTO "recalled" VALUES ('atest', 'recalled channel', 'recalled ref', 'recalled mark', '2026-11-24T15:13:00.000000Z', 'recalled words', 'recalled links');
INSERT INTO "letter_merge" VALUES ('letter_merge id', 'atest', '00000000000000000000000000000014', 1, '00000000000000000000000000000001', 'letter_merge delivery_id', 1, '2026-11-24T15:13:00.000000Z');
INSERT INTO "letter_confirmation" VALUES ('atest', '00000000000000000000000000000014', 'letter_confirmation mark', 'letter_confirmation cited', 'letter_confirmation source', '00000000000000000000000000000001', '2026-11-24T15:13:00.000000Z');
INSERT INTO "member_name" VALUES ('atest', 'member_name member', 'member_name legal_name', '00000000000000000000000000000001', '2026-11-24T15:13:00.000000Z');
INSERT INTO "mail_address" VALUES ('00000000000000000000000000000001', 'atest', 'mail_address address', 'mail_address token', 'mail_address code', '2026-11-24T15:13:00.000000Z', 1, '2026-11-24T15:13:00.000000Z', '2026-11-24T15:13:00.000000Z', '2026-11-24T15:13:00.000000Z', 1, '2026-11-24T15:13:00.000000Z', 1, '2026-11-24T15:13:00.000000Z');
INSERT INTO "web_session" VALUES ('web_session id', 'atest', 'web_session hash', '00000000000000000000000000000001', 'web_session platform', 'web_session team', 'web_session user_id', '2026-11-24T15:13:00.000000Z', '2026-11-24T15:13:00.000000Z', '2026-11-24T15:13:00.000000Z', '2026-11-24T15:13:00.000000Z');
INSERT INTO "letter_page" VALUES ('00000000000000000000000000000014', 'atest', '00000000000000000000000000000001', '2026-11-24T15:13:00.000000Z');
INSERT INTO "ally_request" VALUES ('ally_request id', 'atest', 1, '00000000000000000000000000000014', 'ally_request organisation', 'ally_request legal_name', 'ally_request website', 'ally_request signatory', 'ally_request title', 'ally_request address', 1, 'ally_request digest', 'ally_request stage', '2026-11-24T15:13:00.000000Z', '2026-11-24T15:13:00.000000Z', '00000000000000000000000000000001');
INSERT INTO "ally_link" VALUES ('ally_link secret', 'atest', 'ally_request id', '2026-11-24T15:13:00.000000Z');
INSERT INTO "ally_limit" VALUES ('atest', 'ally_limit day', 'ally_limit subject', 1);
INSERT INTO "setting_change" VALUES ('atest', 1, 'values', 'letterhead', 'set', '{"phone": "202 555 0100"}', NULL, '2026-11-24T15:13:00.000000Z', '00000000000000000000000000000001');
INSERT INTO "public_item" VALUES ('atest', 'public_item kind', 'public_item name', '{}', 'public_item digest', '2026-11-24T15:13:00.000000Z', '00000000000000000000000000000001', '2026-11-24T15:13:00.000000Z', '2026-11-24T15:13:00.000000Z');
INSERT INTO "subscriber" VALUES ('subscriber id', 'atest', 'subscriber address', 'subscriber token', '2026-11-24T15:13:00.000000Z', '2026-11-24T15:13:00.000000Z', '2026-11-24T15:13:00.000000Z');
INSERT INTO "roll_call" VALUES ('roll_call id', 'roll_call bill_id', '2026-11-24T15:13:00.000000Z', '{}', '2026-11-24T15:13:00.000000Z');
INSERT INTO "docket" VALUES ('atest', 'docket id', 'docket title', '2026-11-24T15:13:00.000000Z', '00000000000000000000000000000001', '2026-11-24T15:13:00.000000Z', '2026-11-24T15:13:00.000000Z', '2026-11-24T15:13:00.000000Z', 'docket trouble');
INSERT INTO "docket_document" VALUES ('docket_document id', 'docket_document docket', 'docket_document object_id', 'docket_document number', 'docket_document kind', 'docket_document title', '2026-11-24T15:13:00.000000Z', '2026-11-24T15:13:00.000000Z', 'docket_document status', 1, '2026-11-24T15:13:00.000000Z');
INSERT INTO "docket_lookup" VALUES ('docket_lookup number', '2026-11-24T15:13:00.000000Z');
INSERT INTO "docket_comment" VALUES ('atest', 'docket_comment tracking', 'docket_comment document', 'docket_comment what', 'docket_comment organization', '2026-11-24T15:13:00.000000Z', '00000000000000000000000000000001', 'docket_comment posted_as', '2026-11-24T15:13:00.000000Z', '2026-11-24T15:13:00.000000Z');
INSERT INTO "judgment" VALUES ('atest', '34ff2af5019ec27f35b86ced9360dbaa', 1, 'judgment answer', '00000000000000000000000000000001', '2026-11-24T15:13:00.000000Z');
INSERT INTO "learning_round" VALUES ('atest', '00000000000000000000000000000001', 1, 'learning_round cards', '2026-11-24T15:13:00.000000Z');
INSERT INTO "office_mail" VALUES ('office_mail id', 'atest', '00000000000000000000000000000014', 'office_mail office', 'office_mail address', 'office_mail reply_to', 'office_mail digest', '00000000000000000000000000000001', '2026-11-24T15:13:00.000000Z', 'office_mail state', 'office_mail why', '2026-11-24T15:13:00.000000Z');
INSERT INTO "letter_filing" VALUES ('letter_filing id', 'atest', '00000000000000000000000000000014', 'letter_filing state', 'letter_filing document', 'letter_filing document_title', 'letter_filing object_id', 'letter_filing url', '{}', 'letter_filing submission_key', 'letter_filing pdf_name', 'letter_filing pdf_digest', 1, '00000000000000000000000000000001', '2026-11-24T15:13:00.000000Z', '00000000000000000000000000000001', '2026-11-24T15:13:00.000000Z', 1, '2026-11-24T15:13:00.000000Z', '2026-11-24T15:13:00.000000Z', 'letter_filing tracking', 'letter_filing why', 'letter_filing pressed_digest');
INSERT INTO "post" VALUES ('post id', 'atest', 'post source', 'post network', 'post key', 'post ref', 'post handle', 'post url', 'post text', 'post entities', 'post at', '2026-11-24T15:13:00.000000Z', '2026-11-24T15:13:00.000000Z');
INSERT INTO "recall_sample" VALUES ('atest', 'recall_sample month', 1, 1, 'recall_sample drawn', '2026-11-24T15:13:00.000000Z');
