"""What people took back after a backup was made stays taken back when the backup is restored."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.commands.model import Reply, Role
from bot.deadlines import agenda
from bot.deadlines import records as duties
from bot.letters import records as letters
from bot.letters.allies import records as allies
from bot.letters.documents import records as sendings
from bot.letters.documents.records import OfficeMail
from bot.letters.filing import records as filings
from bot.letters.filing.model import Filing, FilingState
from bot.media.news import records as news
from bot.offices import records as offices
from bot.ops import backup, retention
from bot.outbox import holds
from bot.outbox.messages import person_place
from bot.people import mail, preferences, sessions
from bot.people import records as people
from bot.shared.entry import Entry, Kind
from bot.site.public import records, subscribers
from bot.store.database import StoreUnusable
from tests.kit import stores
from tests.kit.board import press, send, words
from tests.kit.campaign_page import PublicDesk
from tests.kit.web_face import make_link

pytestmark = pytest.mark.sqlite  # a server's old database is set aside by its operator
READER = "reader@example.org"
PAGE = "https://herald.example/story-of-the-day"


def article(title="Polaris wants agencies to act on forced labor in ports"):
    return Entry(source="wire", kind=Kind.NEWS, identity=(f"url:{PAGE[8:]}",), thread=f"url:{PAGE[8:]}", title=title,
                 url=PAGE, summary="Polaris fights trafficking.", outlet="Herald")  # fmt: skip


@pytest.fixture
def desk(tmp_path):
    desk = PublicDesk(tmp_path)
    desk.furnish()
    desk.publish()
    desk.open_letter()
    desk.bring(article())
    desk.token = desk.subscribe(READER)
    desk.leaver = desk.add("Leaver", Role.POLICY)
    desk.link = make_link(desk, desk.leaver)
    return desk


def saved(desk):
    path = desk.folder / "before.db"
    backup.back_up(desk.db, path)
    return path


def restore(desk, path, into="board.db", **more):
    store, config = stores.at(desk.folder / into), desk.config
    desk.db.close()
    desk.now += timedelta(hours=1)
    given = {"connect": lambda _: {}, "clock": lambda: desk.now, "new_id": desk.new_id} | more
    done = asyncio.run(backup.restore_backup(store, config, path, **given))
    desk.db = store.open()
    return done


def take_back(desk):
    first = next(iter(desk.reps.values()))
    desk.card(first, "letter unsign", letter="L-2")
    desk.card(desk.admin, "public hide", what="ask 4")
    desk.card(desk.admin, "people leave", person=desk.leaver.id, sure="yes")
    press(desk, desk.press, desk.card(desk.press, "mentions redact", story="S-2"), "Redact it")
    with desk.db.write() as tx:
        assert subscribers.delete(tx, desk.token)


def test_what_was_taken_back_since_the_backup_stays_so(desk):
    path = saved(desk)
    take_back(desk)

    done = restore(desk, path)

    assert done.taken_back
    letter = letters.find(desk.db, "L-2")
    decisions = {org: each.decision.value for org, each in letters.sign_ons(desk.db, letter.id).items()}
    assert sorted(decisions.values()) == ["signed", "signed", "withdrawn"]
    assert decisions[next(iter(desk.reps))] == "withdrawn"
    assert subscribers.count(desk.db) == 0
    assert ("ask", "4") not in {(item.kind, item.name) for item in records.items(desk.db)}
    assert person_place(desk.db, desk.leaver.id) is None
    assert people.person(desk.db, desk.leaver.id) is None
    assert news.find(desk.db, "S-1")
    assert news.find(desk.db, "S-2") is None
    assert "forced labor in ports" not in str(desk.db.read("SELECT body FROM mention"))
    with desk.db.write() as tx:
        assert not sessions.redeem(tx, desk.link, now=desk.now, new_id=desk.new_id)


@pytest.mark.long
def test_on_a_server_the_last_backup_of_what_is_replaced_tells_what_was_taken_back(desk, monkeypatch):
    desk.card(desk.pol, "office add", name="Dora Desk", office="ovc", email="dora@ovc.example")
    path = saved(desk)
    take_back(desk)
    desk.card(desk.pol, "office erase", contact="C-1", sure="yes")
    backup.back_up(desk.db, last := desk.folder / "last.db")

    monkeypatch.setattr(stores, "CHOSEN", "postgres")
    done = restore(desk, path, "new.db", last=last)

    assert (done.erased, done.erasures_unknown) == (1, False)
    assert {copy.path for copy in backup.recorded_copies(desk.db)} == {path, last}
    assert done.taken_back
    assert offices.all_contacts(desk.db) == []
    assert subscribers.count(desk.db) == 0
    assert people.person(desk.db, desk.leaver.id) is None


def test_a_redacted_story_does_not_come_again_after_a_restore(desk):
    path = saved(desk)
    take_back(desk)
    restore(desk, path)

    assert news.find_redacted(desk.db, news.redaction_hashes(desk.config.coalition.id, article()))


def test_a_redaction_by_a_person_whom_the_backup_lacks_is_no_other_person_s(desk):
    kept = saved(desk)
    new = desk.add("New", Role.PRESS)
    press(desk, new, desk.card(new, "mentions redact", story="S-2"), "Redact it")
    press(desk, desk.press, desk.card(desk.press, "mentions redact", story="S-1"), "Redact it")
    by = sorted(row["redacted_at"] for row in desk.db.read("SELECT redacted_at FROM redaction"))

    restore(desk, kept)

    rows = desk.db.read("SELECT person_id, redacted_at FROM redaction")
    assert {row["person_id"] for row in rows} == {None, desk.press.id}
    assert sorted(row["redacted_at"] for row in rows) == by
    assert news.find(desk.db, "S-1") is None
    assert news.find(desk.db, "S-2") is None


def test_sessions_and_requests_that_ended_by_themselves_are_not_counted(desk):
    with desk.job.write() as work:
        assert sessions.redeem(work.tx, desk.link, now=desk.now, new_id=desk.new_id)
        subscribers.ask(work, "late@example.org", network="")
    kept = saved(desk)
    desk.now += timedelta(days=20)
    with desk.db.write() as tx:
        retention.forget(tx, desk.config.coalition, desk.now)

    assert restore(desk, kept).taken_back == 0
    assert desk.db.read("SELECT id FROM web_session") == []


def test_a_withdrawn_letter_stays_withdrawn(desk):
    path = saved(desk)
    desk.card(desk.pol, "letter withdraw", letter="L-2", why="the wrong office", agree="yes")

    restore(desk, path)

    assert letters.find(desk.db, "L-2").state.value == "withdrawn"


def test_a_public_page_that_was_closed_stays_closed(desk):
    path = saved(desk)
    desk.card(desk.pol, "allies close", letter="L-2")

    restore(desk, path)

    assert not allies.has_page(desk.db, letters.find(desk.db, "L-2").id)


def test_what_was_found_about_a_duty_by_mistake_stays_taken_back(desk):
    met = {"id": "dhs-directive", "state": "not met", "source": "https://www.dhs.gov/directive"}
    found = desk.card(desk.pol, "deadlines set", **met)
    path = saved(desk)
    press(desk, desk.pol, found, "Undo")

    restore(desk, path)

    assert duties.findings(desk.db) == {}


def test_a_removed_meeting_and_a_removed_duty_stay_removed(desk):
    desk.card(desk.pol, "meeting log", office="ovc", asked="A rule", said="Yes", promised="a date by Dec 18")
    path = saved(desk)
    removed = desk.card(desk.pol, "meeting remove", meeting="M-1")
    desk.card(desk.pol, "deadlines remove", id="dhs-directive")

    assert restore(desk, path).taken_back == 3  # the meeting, its promise, and the duty

    assert "no meeting" in desk.refused(desk.pol, "meeting show", meeting="M-1").what
    assert not {"m1", "dhs-directive"} & set(duties.load_commitments(desk.db, desk.config.coalition, internal=True))
    press(desk, desk.pol, removed, "Undo")
    assert "m1" in duties.load_commitments(desk.db, desk.config.coalition, internal=True)


def test_a_decline_after_the_backup_stands(desk):
    first, second, *_ = desk.reps
    ours = desk.drafted(to="ovc").name
    desk.card(desk.pol, "letter review", letter=ours)
    desk.approve(ours)
    desk.card(desk.pol, "letter signon", letter=ours, until="Fri 17:00")
    path = saved(desk)
    desk.card(desk.reps[first], "letter decline", letter=ours, agree="yes", reason="not now")
    desk.signs(second, ours)

    restore(desk, path)

    answers = letters.sign_ons(desk.db, desk.letter(ours).id)
    assert [(org, each.decision.value) for org, each in answers.items()] == [(first, "declined")]


def test_words_that_a_correction_took_out_of_a_meeting_stay_out(desk):
    desk.card(desk.pol, "meeting log", office="ovc", asked="A rule", said="Not a word of it", role="LA",
              promised="a date by Dec 18", next="thank their driver by Dec 4")  # fmt: skip
    path = saved(desk)
    desk.card(desk.pol, "meeting correct", meeting="M-1", said="Yes", next="call them by Dec 4")

    restore(desk, path)

    shown = words(desk.card(desk.pol, "meeting show", meeting="M-1"))
    assert "call them" in shown
    assert "driver" not in shown
    assert "Not a word" not in shown
    assert desk.db.read("SELECT quote FROM commitment") == [{"quote": "Yes"}]


def test_an_approved_text_that_an_edit_has_replaced_has_to_be_approved_again(desk):
    name = desk.approved().name
    path = saved(desk)
    desk.card(desk.pol, "letter edit", letter=name, paragraph="1", text="We ask you to read this.")

    restore(desk, path)

    assert desk.letter(name).state.value == "in review"
    assert letters.approvals(desk.db, desk.letter(name)) == {}


def test_a_letter_that_was_mailed_to_an_office_after_the_backup_is_not_mailed_to_it_again(desk):
    one = OfficeMail(
        id="m1", letter=desk.letter("L-1").id, office="ovc", address="letters@ovc.example.gov",
        reply_to="us@example.org", digest="d", person=desk.pol.id, asked_at=desk.now, state="sent",
    )  # fmt: skip
    path = saved(desk)
    with desk.db.write() as tx:
        for each in (one, replace(one, id="m2", state="queued"), replace(one, id="m3", person=desk.leaver.id)):
            sendings.MAILINGS.save(tx, each)

    restore(desk, path)

    mailed = sendings.mailings(desk.db, one.letter)
    assert [(each.id, each.state) for each in mailed] == [("m1", "sent"), ("m2", "unclear"), ("m3", "sent")]
    assert [each.id for each in sendings.waiting_mailings(desk.db)] == ["m2"], "its person is asked"


def test_a_letter_that_was_logged_as_sent_after_the_backup_is_not_offered_to_send(desk):
    path = saved(desk)
    desk.card(desk.pol, "letter sent", letter="L-1", via="email")

    restore(desk, path)

    assert desk.letter("L-1").state.value == "sent"
    assert [each.kind for each in letters.mail(desk.db, desk.letter("L-1").id)] == ["sent"]


def test_what_a_person_no_longer_follows_is_not_sent_to_them(desk):
    desk.card(desk.pol, "campaign follow", what="ask 4")
    path = saved(desk)
    desk.card(desk.pol, "campaign unfollow", what="ask 4")

    assert restore(desk, path).taken_back == 1

    assert not preferences.preferences_of(desk.db, desk.pol.id).follows


def test_a_comment_that_was_filed_after_the_backup_is_known_as_filed(desk):
    filing = Filing(
        id="F", letter=desk.letter("L-1").id, state=FilingState.FILED, document="OJP-1", document_title="Rule",
        object_id="1", url="https://api.regulations.gov/v4", body='{"a": 1}', submission_key="1", pdf_name="a.pdf",
        pdf_digest="c", pdf_size=1, prepared_by=desk.pol.id, prepared_at=desk.now, stepped_at=desk.now,
    )  # fmt: skip
    path = saved(desk)
    posting = replace(filing, id="G", document="OJP-2", state=FilingState.POSTING)
    with desk.db.write() as tx:
        filings.FILINGS.insert(tx, [filing, posting])

    restore(desk, path)

    states = {each.id: each.state for each in filings.filings(desk.db, filing.letter)}
    assert states == {"F": FilingState.FILED, "G": FilingState.UNCLEAR}


def test_a_calendar_s_old_address_and_an_entry_of_the_press_log_that_was_deleted_stay_gone(desk):
    with desk.db.write() as tx:
        old = agenda.address(tx, new_id=desk.new_id, renew=False)
    desk.card(desk.press, "press add", name="Jo Park", outlet="Wire", email="jo@wire.example")
    desk.card(desk.press, "press note", contact="P-1", text="Asked about asks, by mistake")
    path = saved(desk)
    with desk.db.write() as tx:
        new = agenda.address(tx, new_id=desk.new_id, renew=True)
    (noted,) = desk.db.read("SELECT id FROM press_log")
    desk.card(desk.press, "press unlog", entry=noted["id"])

    restore(desk, path)

    with desk.db.write() as tx:
        assert new != old
        assert agenda.address(tx, new_id=desk.new_id, renew=False) == new
    assert desk.db.read("SELECT id FROM press_log") == []


def test_posting_that_was_paused_stays_paused(desk):
    path = saved(desk)
    desk.card(desk.admin, "campaign pause")
    (before,) = holds.all_holds(desk.db)

    restore(desk, path)

    assert holds.all_holds(desk.db) == [before]


def test_a_contact_who_was_renamed_and_then_erased_does_not_come_back(desk):
    desk.card(desk.pol, "office add", name="Dora Desc", office="ovc", email="dora@ovc.example")
    desk.card(desk.press, "press add", name="Jo Parc", outlet="Wire", email="jo@wire.example")
    path = saved(desk)
    desk.now += timedelta(hours=1)
    renamed = {"name": "Al Park", "email": "al@wire.example"}
    for who, edit in ((desk.pol, ("office edit", "C-1")), (desk.press, ("press change", "P-1"))):
        assert isinstance(send(desk, who, desk.form(who, edit[0], contact=edit[1]), **renamed), Reply)
    desk.card(desk.pol, "office erase", contact="C-1", sure="yes")
    desk.card(desk.press, "press erase", contact="P-1", sure="yes")

    restore(desk, path)

    assert desk.db.read("SELECT name FROM office_contact") == desk.db.read("SELECT name FROM press_contact") == []


def test_a_digest_by_email_that_was_turned_off_stays_off(desk):
    with desk.job.write() as work:
        mail.set_address(work.tx, desk.pol.id, "pol@example.org", token="t", code="1", now=work.now)
        assert mail.check_code(work.tx, desk.pol.id, "1", work.now)
    desk.card(desk.pol, "campaign mail", digest="yes")
    path = saved(desk)
    desk.card(desk.pol, "campaign mail", digest="no")

    assert restore(desk, path).taken_back == 1

    mine = mail.address_of(desk.db, desk.pol.id)
    assert mine.takes_mail
    assert mine.digested_at is None


def test_a_store_that_did_not_go_on_from_the_backup_takes_nothing_away(desk):
    earlier = saved(desk)
    desk.card(desk.admin, "people role", person=desk.leaver.id, give="press")
    later = desk.folder / "later.db"
    backup.back_up(desk.db, later)
    restore(desk, earlier)  # by mistake

    done = restore(desk, later)

    assert done.taken_back is None, "people are asked to do it"
    assert people.person(desk.db, desk.leaver.id).roles == {Role.POLICY, Role.PRESS}
    assert subscribers.count(desk.db) == 1


def test_a_damaged_store_takes_nothing_back_and_hinders_no_restore(desk):
    path = saved(desk)
    take_back(desk)
    desk.db.scrub()
    (root,) = desk.db.read("SELECT rootpage AS page FROM sqlite_master WHERE name = 'subscriber'")
    (size,) = desk.db.read("SELECT page_size FROM pragma_page_size")
    desk.db.close()
    file = desk.folder / "board.db"
    data = bytearray(file.read_bytes())
    at = (root["page"] - 1) * size["page_size"]
    data[at : at + size["page_size"]] = b"\xff" * size["page_size"]
    file.write_bytes(data)

    done = restore(desk, path)

    assert done.taken_back is None
    assert subscribers.count(desk.db) == 1


@pytest.mark.parametrize("table", ["erasure", "office_contact", "press_contact", "signature", "audit"])
def test_a_store_without_one_of_its_tables_hinders_no_restore(desk, table):
    path = saved(desk)
    drop(desk.folder / "board.db", table)

    done = restore(desk, path)

    assert done.taken_back is None
    assert done.erasures_unknown == (table not in {"signature", "audit"})
    assert subscribers.count(desk.db) == 1


@pytest.mark.parametrize("table", ["signature", "delivery", "office_contact"])
def test_a_backup_without_one_of_its_tables_is_refused_in_plain_words(desk, table):
    path = saved(desk)
    drop(path, table)

    with pytest.raises(StoreUnusable, match=f"{re.escape(str(path))} is damaged .no such table: {table}"):
        restore(desk, path)
    with closing(stores.at(desk.folder / "board.db").open()) as db:
        assert subscribers.count(db) == 1


def drop(path, table):
    with closing(sqlite3.connect(path)) as conn:
        conn.execute(f"DROP TABLE {table}")
