"""A public comment is filed on regulations.gov: shown to the byte, by two people, once or not without asking."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.chat.discord import incoming
from bot.commands.model import Role
from bot.deadlines import records as docket_records
from bot.deadlines.windows import open_windows
from bot.entries import records as entries
from bot.letters import records as letters
from bot.letters.filing import records
from bot.letters.filing.model import CannotFile, FilingState, comment_body
from bot.letters.filing.sending import Filer
from bot.letters.lifecycle import State
from bot.ops.erase import always, erase_person
from bot.ops.restore import pause_everything
from bot.shared.entry import Change
from bot.store.database import StoreBusy
from tests.kit.alerts import document
from tests.kit.board import words
from tests.kit.filing import DOCUMENT, FilingDesk, served
from tests.peers.regulations_gov import STAGING, Comment


@pytest.fixture
def server():
    with served() as server:
        yield server


@pytest.fixture
def desk(tmp_path, server):
    return FilingDesk(tmp_path, server)


# --- the dry run ------------------------------------------------------------------------------------------------------


def test_what_is_shown_is_what_is_sent_byte_for_byte(desk, server):
    filing = desk.prepared()
    assert server.filed == []
    assert server.uploads == {}
    card = desk.card(desk.app, "letter filing", letter="L-1")
    shown = words(card)
    json_file = desk.ask(desk.app, "letter filing", letter="L-1", as_="json").file
    pdf_file = desk.ask(desk.app, "letter filing", letter="L-1", as_="pdf").file
    pdf_digest = hashlib.sha256(pdf_file.data).hexdigest()
    assert pdf_digest in shown
    (section,) = [section for section in card.sections if section.title == "What is sent"]
    assert " ".join(line.text for line in section.lines) == json_file.data.decode()

    desk.press()
    desk.work()
    (filed,) = server.filed
    assert filed.body == json_file.data == filing.sent
    assert dict(filed.files) == {filing.pdf_name: pdf_file.data}
    assert desk.filing().state is FilingState.FILED


def test_the_comment_is_an_organizations_with_the_letter_attached(desk):
    sent = desk.prepared(type="Company").attributes
    coalition = desk.config.coalition

    assert sent == {
        "commentOnDocumentId": DOCUMENT.id,
        "comment": f"{coalition.name} submits the attached comment: {desk.letter().version.subject}",
        "submissionType": "API",
        "submitterType": "ORGANIZATION",
        "organization": coalition.name,
        "organizationType": "Company",
        "email": "campaign@alliance.test",
        "sendEmailReceipt": True,
        "submissionKey": desk.filing().submission_key,
        "files": [desk.filing().pdf_name],
    }


def test_the_notices_that_the_terms_ask_for_are_shown_before_the_press(desk):
    desk.prepared()
    for card in (desk.card(desk.app, "letter filing", letter="L-1"), desk.sent_to(desk.app)[-1]):
        assert [(link.label, link.url) for link in card.links] == [
            ("User notice", "https://www.regulations.gov/user-notice"),
            ("Privacy notice", "https://www.regulations.gov/privacy-notice"),
            ("Document", f"https://www.regulations.gov/document/{DOCUMENT.id}"),
        ]
        assert "A filed comment cannot be taken back from here." in words(card)
        assert "File it" in [button.label for button in card.buttons]


# --- who may ----------------------------------------------------------------------------------------------------------


def test_two_people_are_needed_and_neither_role_is_enough_alone(desk, server):
    both = desk.add("Both", Role.POLICY, Role.APPROVER)
    desk.comment()
    desk.card(both, "letter prepare", letter="L-1", document=DOCUMENT.id)
    own = desk.refused(both, "letter file", letter="L-1", text=desk.filing().digest)
    assert own.what == "You prepared L-001, so another approver has to file it."
    assert "File it" not in [button.label for button in desk.card(both, "letter filing", letter="L-1").buttons]
    for person in (desk.pol, desk.admin, desk.reps["cast"]):
        assert "no such command" in desk.refused(person, "letter file", letter="L-1", text="x").what
    for person in (desk.app, desk.admin, desk.reps["cast"]):
        assert "no such command" in desk.refused(person, "letter prepare", letter="L-1", document="X-1").what
    desk.work()
    assert server.filed == []

    desk.press()
    desk.work()
    assert len(server.filed) == 1
    changes = [(change.who, change.command, change.after) for change in desk.changes() if "fil" in change.after]
    assert [(who, command) for who, command, _ in changes] == [("App", "letter file"), ("the bot", "letter file")]


def test_a_press_agrees_to_exactly_what_was_shown(desk, server):
    old = desk.prepared()
    desk.card(desk.pol, "letter prepare", letter="L-1", document=DOCUMENT.id, type="Company")

    card = desk.card(desk.app, "letter file", letter="L-1", text=old.digest)
    assert "Company" in words(card)
    desk.work()
    assert server.filed == []
    assert desk.filing().state is FilingState.PREPARED


def test_what_a_person_logged_as_sent_there_is_filed_only_after_a_question(desk, server):
    desk.prepared()
    desk.card(desk.pol, "letter sent", letter="L-1", via="regulations.gov")
    assert "L-001 is logged as sent by regulations.gov on" in words(desk.card(desk.app, "letter filing", letter="L-1"))
    question = desk.press()
    assert question.head == f"File L-001 on {DOCUMENT.id} all the same?"
    assert "L-001 is logged as sent by regulations.gov on" in words(question)
    desk.work()
    assert (desk.filing().state, server.filed) == (FilingState.PREPARED, [])

    anyway = question.buttons[0]
    assert (
        incoming.decode(incoming.encode(anyway.path, dict(anyway.args)))[0] == anyway.path
    )  # short enough for Discord
    desk.card(desk.app, anyway.path, **dict(anyway.args))
    desk.work()
    assert len(server.filed) == 1


def test_what_was_sent_another_way_is_filed_without_a_question(desk, server):
    desk.prepared()
    desk.card(desk.pol, "letter sent", letter="L-1", via="post")
    desk.press()
    desk.work()
    assert len(server.filed) == 1


def test_a_second_press_files_nothing_more(desk, server):
    digest = desk.prepared().digest
    desk.press()
    assert "about to be filed" in desk.refused(desk.bap, "letter file", letter="L-1", text=digest).what
    desk.work()
    assert "tracking number" in desk.refused(desk.app, "letter file", letter="L-1", text=digest).what
    again = desk.refused(desk.pol, "letter prepare", letter="L-1", document=DOCUMENT.id)
    assert "It is filed once." in again.what
    desk.work(hours=24)
    assert len(server.filed) == 1


# --- what is refused before anything is sent --------------------------------------------------------------------------


def test_only_a_locked_public_comment_is_prepared(desk):
    desk.drafted()
    refused = desk.refused(desk.pol, "letter prepare", letter="L-1", document=DOCUMENT.id)
    assert refused.what == "L-001 is draft. Lock it before it is filed: /letter lock L-001"
    desk.card(desk.pol, "letter review", letter="L-1")
    desk.approve()
    desk.lock()
    refused = desk.refused(desk.pol, "letter prepare", letter="L-1", document=DOCUMENT.id)
    assert refused.what == "L-001 is not a public comment, so it is not filed on a docket."


def test_a_document_that_takes_no_comments_is_refused(desk, server):
    desk.comment()
    server.add(replace(DOCUMENT, open=False))
    closed = desk.refused(desk.pol, "letter prepare", letter="L-1", document=DOCUMENT.id)
    assert closed.what == f"{DOCUMENT.id} takes no comments now, says regulations.gov."
    gone = desk.refused(desk.pol, "letter prepare", letter="L-1", document="EPA-2026-0001-0001")
    assert "has no document" in gone.what
    wrong = desk.refused(desk.pol, "letter prepare", letter="L-1", document="../../keys")
    assert "is not a document’s id" in wrong.what
    assert server.keys == []


def test_another_document_than_the_letters_is_pointed_out(desk, server):
    other = replace(DOCUMENT, id="USCG-2026-0041-0002", number="2026-00099")
    server.add(other)
    desk.comment()
    card = desk.card(desk.pol, "letter prepare", letter="L-1", document=other.id)

    assert "the letter was drafted about 2026-00001, this one is 2026-00099" in words(card)


@pytest.mark.parametrize(
    ("changed", "why"),
    [({"organization": "A" * 121}, "longer than 120"), ({"comment": "é" * 2_501}, "longer than 5,000"),
     ({"comment": "Thanks 🙏"}, "no emoji")],
)  # fmt: skip
def test_what_the_api_refuses_is_reported_before(changed, why):
    given = {"document": DOCUMENT.id, "comment": "x", "organization": "Us", "organization_type": "Organization",
             "email": "", "key": "k", "file": "f.pdf"}  # fmt: skip
    with pytest.raises(CannotFile, match=why):
        comment_body(**given | changed)


def test_without_a_key_a_press_is_refused_and_waits_for_nothing(desk):
    desk.prepared()
    desk.network.regulations_gov = None
    refused = desk.refused(desk.app, "letter file", letter="L-1", text=desk.filing().digest)

    assert "REGULATIONS_GOV_API_KEY in .env" in refused.what
    assert desk.filing().state is FilingState.PREPARED


def test_what_waits_for_a_person_is_listed_with_their_tasks(desk, server):
    desk.prepared()
    assert "To file: L-001" in words(desk.card(desk.app, "campaign me"))
    assert "To file" not in words(desk.card(desk.pol, "campaign me"))
    server.answers = ["dropped before"]
    desk.press()
    assert "To file" not in words(desk.card(desk.app, "campaign me"))
    desk.work()
    for person in (desk.app, desk.pol):
        assert "To settle: was L-001 received by regulations.gov?" in words(desk.card(person, "campaign me"))


# --- afterwards -------------------------------------------------------------------------------------------------------


def test_the_tracking_number_is_with_the_letter_and_both_people_get_it(desk, server):
    desk.prepared()
    desk.press()
    desk.work()
    tracking = server.filed[0].tracking

    assert desk.letter().state is State.SENT
    shown = words(desk.card(desk.pol, "letter show", letter="L-1"))
    assert f"L-001 is filed on {DOCUMENT.id}, tracking number {tracking}." in shown
    assert "Sent by regulations.gov" in shown
    for person in (desk.pol, desk.app):
        assert desk.sent_to(person)[-1].head == f"L-001 is filed, tracking number {tracking}"


def test_are_we_in_is_answered_once_the_agency_posts_it(desk, server):
    desk.prepared()
    desk.press()
    desk.work()
    server.add(replace(DOCUMENT, closes=date(2027, 1, 12)))
    desk.look(hours=1)
    desk.look(hours=3)
    (window,) = open_windows(desk.db, desk.now)
    assert "not found among the posted comments yet" in window.filed

    server.post_comment(server.filed[0], "USCG-2026-0041-0123", desk.now.date())
    desk.look(hours=30)
    assert docket_records.our_comments(desk.db)[0].posted_as == "USCG-2026-0041-0123"
    rows = desk.db.read("SELECT channel FROM delivery WHERE key LIKE '%/docket:posted:%' ORDER BY channel")
    assert [row["channel"] for row in rows] == [f"dm:{desk.app.id}", "policy"]


# --- when it goes wrong -----------------------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("how", ["dropped before", "500 before"])
def test_an_answer_that_never_came_is_asked_about_and_not_sent_again(desk, server, how):
    desk.prepared()
    server.answers = [how]
    desk.press()
    for _ in range(5):
        desk.work(hours=7)

    assert server.filed == []
    assert desk.filing().state is FilingState.UNCLEAR
    heads = [card.head for card in desk.sent_to(desk.app)]
    assert heads.count("Was L-001 received by regulations.gov?") == 1
    assert "Look for regulations.gov’s receipt at campaign@alliance.test" in words(desk.sent_to(desk.app)[-1])
    desk.refused(desk.pol, "letter prepare", letter="L-1", document=DOCUMENT.id)

    desk.card(desk.app, "letter settle", letter="L-1", outcome="not received")
    desk.card(desk.pol, "letter prepare", letter="L-1", document=DOCUMENT.id)
    desk.press()
    desk.work()
    assert len(server.filed) == 1


@pytest.mark.parametrize("how", ["dropped after", "500 after", "unreadable after", "202 after"])
def test_a_comment_whose_answer_was_lost_is_found_among_the_posted_ones(desk, server, how):
    desk.prepared()
    server.answers = [how]
    desk.press()
    desk.work()
    assert desk.filing().state is FilingState.UNCLEAR
    (filed,) = server.filed
    server.comments.append(
        Comment("USCG-2026-0041-0100", DOCUMENT.id, filed.attributes["organization"], "mxx-9", "Else")
    )
    server.post_comment(filed, "USCG-2026-0041-0123", desk.now.date())
    desk.work(hours=7)

    filing = desk.filing()
    assert (filing.state, filing.tracking) == (FilingState.FILED, filed.tracking)
    assert docket_records.our_comments(desk.db)[0].posted_as == "USCG-2026-0041-0123"
    assert len(server.filed) == 1


def test_a_person_who_has_the_receipt_settles_it(desk, server):
    desk.prepared()
    server.answers = ["dropped after"]
    desk.press()
    desk.work()
    form = desk.form(desk.app, "letter settle", letter="L-1", outcome="received")
    assert [field.label for field in form.fields] == ["Tracking number, from the receipt"]
    card = desk.card(desk.app, form.path, **dict(form.args), tracking=server.filed[0].tracking)

    assert card.head == f"L-001 is filed, tracking number {server.filed[0].tracking}"
    assert desk.letter().state is State.SENT
    desk.work(hours=24)
    assert len(server.filed) == 1
    assert "nothing to settle" in desk.refused(desk.app, "letter settle", letter="L-1", outcome="not received").what


@pytest.mark.parametrize("how", ["posted", "settled"])
def test_the_day_of_a_comment_is_that_on_which_it_was_sent_in_washington_however_late_that_is_known(desk, server, how):
    desk.now = datetime(2026, 12, 2, 3, 0, tzinfo=UTC)  # Tuesday evening in Washington
    desk.prepared()
    server.answers = ["dropped after"]
    desk.press()
    desk.work()
    (filed,) = server.filed
    desk.now += timedelta(days=20)
    if how == "posted":
        server.post_comment(filed, "USCG-2026-0041-0123", desk.now.date())
        desk.work()
    else:
        settled = {"outcome": "received", "tracking": filed.tracking}
        desk.card(desk.app, "letter settle", letter="L-1", **settled)

    assert [mail.on for mail in letters.mail(desk.db, desk.letter().id)] == [date(2026, 12, 1)]
    (ours,) = docket_records.our_comments(desk.db)
    assert ours.filed_at < datetime(2026, 12, 2, 4, 0, tzinfo=UTC)


def test_a_refusal_is_reported_in_the_sites_own_words_and_may_be_prepared_again(desk, server):
    desk.prepared()
    server.key_may_file = False
    desk.press()
    desk.work()

    assert server.filed == []
    card = desk.sent_to(desk.app)[-1]
    assert card.head == "L-001 was not filed"
    assert "403: This key is not enabled for comments" in words(card)
    assert desk.letter().state is State.LOCKED
    server.key_may_file = True
    desk.card(desk.pol, "letter prepare", letter="L-1", document=DOCUMENT.id)
    desk.press()
    desk.work()
    assert len(server.filed) == 1


def test_a_rate_limit_delays_it_and_files_it_once(desk, server):
    desk.prepared()
    server.answers = ["429"]
    desk.press()
    desk.work()
    assert desk.filing().state is FilingState.UPLOADED
    assert "Nothing was filed" in words(desk.sent_to(desk.app)[-1])
    desk.work(minutes=5)
    assert server.filed == []
    desk.work(minutes=11)
    assert len(server.filed) == 1


@pytest.mark.long
def test_an_upload_that_fails_is_repeated_for_an_hour_then_given_up(desk, server):
    desk.prepared()
    server.status = 500
    desk.press()
    for _ in range(20):
        desk.work(minutes=6)

    assert desk.filing().state is FilingState.NOT_FILED
    assert sum("file-upload-urls" in path for path in server.asked) == 12
    assert server.filed == []


def test_a_changed_pdf_is_not_sent(desk, server):
    desk.prepared()
    desk.press()
    with desk.db.write() as tx:
        tx.execute("UPDATE letter_filing SET pdf_digest = :other", {"other": "0" * 64})
    desk.work()

    assert server.uploads == {}
    assert "no longer the one that was shown" in words(desk.sent_to(desk.app)[-1])
    assert desk.changes()[-1].before == "to be filed"


def withdraw_document(desk):
    """The agency withdraws the document that L-1 comments on."""
    (stored,) = entries.by_ids(desk.db, [desk.letter().entry])
    thread = stored.entry.thread
    withdrawal = document("2026-00099", thread=thread, identity=("fr:2026-00099",), change=Change.WITHDRAWAL)
    desk.bring(withdrawal)


def test_a_comment_on_a_document_that_was_withdrawn_meanwhile_is_neither_prepared_nor_pressed(desk):
    desk.prepared()
    args = {"letter": "L-1", "text": desk.filing().digest}
    withdraw_document(desk)
    assert "the document was withdrawn" in desk.untrue(desk.app, "letter file", **args)


@pytest.mark.parametrize("answers", [[], ["429"]])
def test_a_comment_on_a_document_that_was_withdrawn_after_the_press_is_not_filed(desk, server, answers):
    desk.prepared()
    server.answers = answers
    desk.press()
    if answers:
        desk.work()
        assert desk.filing().state is FilingState.UPLOADED
    withdraw_document(desk)
    desk.now += timedelta(hours=1)
    desk.work()

    assert server.filed == []
    assert desk.filing().state is FilingState.NOT_FILED
    assert "the document was withdrawn" in words(desk.sent_to(desk.app)[-1])


def test_a_withdrawn_letter_is_not_filed(desk, server):
    desk.prepared()
    desk.press()
    desk.card(desk.pol, "letter withdraw", letter="L-1", agree="yes")
    desk.work()

    assert server.filed == []
    assert desk.filing().state is FilingState.NOT_FILED


def test_a_letter_withdrawn_while_the_comment_waits_to_be_sent_is_not_filed(desk, server):
    desk.prepared()
    server.answers = ["429"]
    desk.press()
    desk.work()
    assert desk.filing().state is FilingState.UPLOADED
    desk.card(desk.pol, "letter withdraw", letter="L-1", agree="yes")
    desk.work(hours=1)

    assert server.filed == []
    assert desk.filing().state is FilingState.NOT_FILED


def test_a_comment_that_waits_is_filed_as_it_was_pressed_whoever_is_erased_meanwhile(desk, server):
    named = desk.add("Forced Labor", Role.POLICY)
    shown = desk.prepared()
    server.answers = ["429"]
    desk.press()
    desk.work()
    with desk.job.write() as work:
        erase_person(work, named.id, always)
    assert desk.filing().body == shown.body
    desk.work(hours=1)

    assert len(server.filed) == 1
    assert desk.filing().state is FilingState.FILED


def test_a_letter_that_may_have_been_filed_is_not_called_withdrawn(desk, server):
    desk.prepared()
    server.answers = ["dropped after"]
    desk.press()
    desk.work()

    refusal = desk.refused(desk.pol, "letter withdraw", letter="L-1", agree="yes")
    assert "whether it was received is not known" in refusal.what
    assert desk.letter().state is State.LOCKED


def test_a_trial_on_the_staging_site_is_no_filing_and_the_real_one_follows(desk, server):
    desk.client.url = f"{server.url}{STAGING}"
    desk.prepared()
    desk.press()
    desk.work()
    assert len(server.filed) == 1
    card = desk.sent_to(desk.app)[-1]
    assert card.head == "L-001 was not filed"
    assert f"a trial on the staging site, which gave the tracking number {server.filed[0].tracking}" in words(card)
    assert desk.letter().state is State.LOCKED
    assert docket_records.our_comments(desk.db) == []

    desk.client.url = server.url
    desk.card(desk.pol, "letter prepare", letter="L-1", document=DOCUMENT.id)
    desk.press()
    desk.work()
    assert desk.filing().state is FilingState.FILED


def test_what_was_shown_for_one_site_is_not_filed_on_another(desk, server):
    desk.prepared()
    desk.press()
    with desk.db.write() as tx:
        tx.execute("UPDATE letter_filing SET url = 'https://api-staging.regulations.gov/v4'")
    desk.work()

    assert server.filed == []
    assert desk.filing().state is FilingState.NOT_FILED
    assert "It was shown for https://api-staging.regulations.gov/v4" in words(desk.sent_to(desk.app)[-1])


def test_an_extension_seen_while_preparing_is_still_posted_by_its_docket(desk, server):
    desk.comment()
    desk.look()
    desk.look(hours=4)
    before = docket_records.document(desk.db, DOCUMENT.id)
    assert before is not None
    server.add(replace(DOCUMENT, closes=date(2027, 3, 1)))
    desk.card(desk.pol, "letter prepare", letter="L-1", document=DOCUMENT.id)

    assert docket_records.document(desk.db, DOCUMENT.id) == before


def test_after_a_restore_it_is_asked_before_it_is_filed_again(desk, server):
    desk.prepared()
    desk.press()
    with desk.db.write() as tx:
        pause_everything(tx, desk.now)
    desk.work()

    assert server.filed == []
    assert desk.filing().state is FilingState.UNCLEAR
    assert "A backup was restored" in words(desk.sent_to(desk.app)[-1])


def test_after_a_restore_a_comment_that_was_being_sent_has_the_time_of_that(desk):
    filing = desk.prepared()
    with desk.db.write() as tx:
        tx.execute("UPDATE letter_filing SET state = 'posting' WHERE id = :id", {"id": filing.id})
        pause_everything(tx, desk.now + timedelta(days=3))
    assert (desk.filing().state, desk.filing().stepped_at) == (FilingState.UNCLEAR, filing.stepped_at)


def test_an_answer_counts_even_if_another_process_has_given_it_up_meanwhile(desk, server):
    filing = desk.prepared()

    def give_up() -> None:
        with desk.db.write() as tx:
            tx.execute("UPDATE letter_filing SET state = 'unclear', why = 'slow' WHERE id = :id", {"id": filing.id})

    server.on_filed = give_up
    desk.press()
    desk.work()

    assert (desk.filing().state, desk.filing().tracking) == (FilingState.FILED, server.filed[0].tracking)
    desk.work(hours=24)
    assert len(server.filed) == 1


class Busy:
    """A store that another process has locked after the comment was filed."""

    def __init__(self, db, server):
        self.db, self.server, self.refused = db, server, 0

    def write(self, **given):
        if self.server.filed and not self.refused:
            self.refused += 1
            raise StoreBusy
        return self.db.write(**given)

    def __getattr__(self, name):
        return getattr(self.db, name)


def test_a_tracking_number_is_recorded_although_the_store_is_busy_when_it_comes(desk, server):
    desk.prepared()
    desk.press()
    busy = Busy(desk.db, server)
    asyncio.run(Filer(lambda: replace(desk.job, db=busy), desk.client).file_due())

    assert busy.refused == 1
    assert (desk.filing().state, desk.filing().tracking) == (FilingState.FILED, server.filed[0].tracking)


def test_a_step_is_saved_from_the_state_it_was_read_in_alone(desk):
    filing = desk.prepared()
    with desk.db.write() as tx:
        pressed = replace(filing, state=FilingState.PRESSED)
        assert records.save(tx, pressed, FilingState.PREPARED)
        assert not records.save(tx, pressed, FilingState.PREPARED)
