"""Forgetting a reporter: afterwards the store's own bytes know nothing of them but a hash."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands.model import Role
from bot.letters import lookup
from bot.media.news import records
from bot.media.news.clippings import clipping
from bot.media.news.intake import add
from bot.media.news.model import Mention, Weight
from bot.ops import export
from bot.outbox.model import from_json
from bot.people import sessions
from bot.store import sqlite
from tests.kit.alerts import document
from tests.kit.board import press, words
from tests.kit.letters_desk import Desk
from tests.kit.press import Press
from tests.scenario.kit import ROOT

NAME, EMAIL, PHONE = "Zebulon Quillfeather", "zq@wire-of-examples.example", "+1 202 555 0177"
HERS = {"outlet": "Example Wire", "name": NAME, "email": EMAIL, "phone": PHONE, "beat": "labor"}
SIGNS = (b"Zebulon", b"zebulon", b"Quillfeather", b"quillfeather", b"wire-of-examples", b"555 0177", b"2025550177")


@pytest.fixture
def desk(tmp_path):
    return Press(tmp_path)


def live(desk):
    """All that a reporter may leave behind: an entry, a log, a reminder, an agreement, a question, a byline."""
    desk.added(**HERS)
    desk.added(name="Colleague", email="", source=f"told by {NAME}")
    desk.card(desk.pia, "press note", contact="P-1", text=f"{NAME} called from {PHONE}", follow="Fri")
    desk.card(desk.pia, "press note", contact="P-2", text=f"sits beside  zebulon\nQUILLFEATHER, writes to {EMAIL}")
    desk.card(desk.pia, "press pitch", contact="P-1", angle=f"For {NAME} alone", by="polaris")
    desk.card(desk.pia, "press embargo", about="Figures", lifts="2026-12-01 10:00", zone="ET")
    desk.card(desk.pia, "press embargo", about="E-1", contact="P-1", agreed=f"mail from {EMAIL}")
    asked = {"reporter": NAME, "outlet": "Example Wire", "kind": "question", "due": "today 17:00"}
    desk.card(desk.pia, "press inquiry", **asked, question=f"What changes? {NAME}, {PHONE}")
    desk.card(desk.maria, "press answered", inquiry="Q-1", outcome=f"Told {NAME} on the phone")
    with desk.db.write() as tx:
        records.open_story(tx, "s1", "story:s1", desk.now)
        records.put(tx, byline(desk))
    desk.card(desk.pia, "mentions tag", story="S-1", reporter=NAME)
    desk.compose(days=4)  # the reminder is said
    for _ in range(30):  # much else is written, and the log grows
        desk.card(desk.pia, "press note", contact="P-2", text="x" * 900)


def byline(desk):
    return Mention(
        id="m1", story="s1", entry=None, key="wire.example/1", url="https://wire.example/1", outlet="Example Wire",
        title="A title", latest="A title", excerpt=f"By {NAME}. The act passed.", published=desk.now, at=desk.now,
        seen_at=desk.now, source="wire", names=(), asks=(4,), weight=Weight.LOG, why=(), reporter=NAME,
    )  # fmt: skip


def story(desk):
    return records.story(desk.db, "s1")


def erased(desk):
    card = desk.card(desk.pia, "press erase", contact="P-1")
    assert "This cannot be undone" in card.head
    return press(desk, desk.pia, card, "Erase").card


def traces(folder: Path) -> dict[str, list[bytes]]:
    """The signs of her in every file of the store: database, log, index."""
    parsed = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    return {name: stored for name, data in parsed.items() if (stored := [sign for sign in SIGNS if sign in data])}


@pytest.mark.sqlite  # looks into its files
def test_no_byte_of_the_store_knows_them_afterwards(desk, tmp_path):
    live(desk)
    assert traces(tmp_path)

    card = erased(desk)
    desk.compose(seconds=1)

    assert traces(tmp_path) == {}
    assert desk.db.read("SELECT hash FROM press_suppression")
    assert "P-1 is erased" in card.head
    assert NAME not in words(card)


def test_no_row_knows_them_and_the_times_of_their_inquiry_stay(desk):
    live(desk)
    erased(desk)

    everything = str(desk.everything())
    assert [sign for sign in SIGNS if sign.decode() in everything] == []
    (inquiry,) = desk.db.read("SELECT * FROM press_inquiry")
    assert inquiry["answered_at"]
    assert (inquiry["reporter"], inquiry["question"], inquiry["outcome"]) == ("", "", "")
    assert "[erased]" in words(desk.card(desk.pia, "press find", text="Colleague"))


@pytest.mark.parametrize("name", ["Ed", "credit", "Published", "Log"])
def test_a_name_of_one_word_takes_nothing_else_along(desk, name):
    live(desk)
    before = story(desk)
    desk.added(name=name, email="", phone="12")
    desk.card(desk.pia, "mentions tag", story="S-1", reporter="Ed")

    card = press(desk, desk.pia, desk.card(desk.pia, "press erase", contact="P-3"), "Erase").card

    assert replace(story(desk), reporter=before.reporter) == before
    assert (story(desk).reporter == "[erased]") == (name == "Ed")
    assert "check your notes" in words(card)
    assert "A title" in words(desk.card(desk.pia, "mentions show", story="S-1"))


def test_others_of_their_name_keep_it(desk):
    live(desk)
    same = desk.add(NAME, Role.POLICY, user="USAME")
    desk.card(same, "campaign follow", what="ask:4")
    desk.added(outlet="Gazette", name=NAME, email="")
    erased(desk)

    assert [contact.who for contact in desk.contacts()] == ["Colleague (Example Wire)", f"{NAME} (Gazette)"]
    assert desk.person(NAME)
    assert NAME in {change.who for change in desk.changes()}


@pytest.mark.parametrize(
    "reporter", ["Quillfeather, Zebulon", "Zebulon Quillfeather (freelance)", "Dr. Z. Quillfeather"]
)
def test_an_inquiry_is_theirs_however_their_name_is_written(desk, reporter):
    desk.added(**HERS)
    asked = {"reporter": reporter, "kind": "question", "due": "today 17:00", "question": "Who hides the ledger?"}
    desk.card(desk.pia, "press inquiry", **asked, outlet="The Example Wire")

    erased(desk)

    assert "ledger" not in str(desk.everything())
    assert [sign for sign in SIGNS if sign.decode() in str(desk.everything())] == []
    assert {card.head for card in desk.sent_to(desk.maria)} == {"This was about a person who asked to be erased."}


def test_of_two_with_one_name_each_is_erased_with_what_they_asked(desk):
    desk.added(**HERS)
    desk.added(outlet="Gazette", name=NAME, email="")
    asked = {"reporter": NAME, "kind": "question", "due": "today 17:00"}
    desk.card(desk.pia, "press inquiry", **asked, outlet="Gazette", question="Who hides the ledger?")

    erased(desk)
    assert NAME in words(desk.card(desk.pia, "press inquiries", inquiry="Q-1"))
    press(desk, desk.pia, desk.card(desk.pia, "press erase", contact="P-2"), "Erase")

    assert "ledger" not in str(desk.everything())
    assert NAME not in str(desk.everything())


def outside_the_desk(desk):
    """The rows that a press contact does not own: all but the desk's, what was posted, and the erasure's own."""
    own = ("press_", "story", "mention", "delivery")
    return {
        table: [row for row in rows if "'press " not in row]
        for table, rows in desk.everything().items()
        if not table.startswith(own)
    }


@pytest.mark.parametrize(
    "name",
    ["open for sign-on", "U0POL", "people role", "key of links", "forced labor", "a letter's words", "a member's name"],
)
def test_a_name_of_other_words_changes_nothing_outside_the_desk(tmp_path, name):
    desk = Desk(tmp_path)
    pia = desk.add("Pia", Role.PRESS)
    desk.opened()
    desk.signs("ciw")
    desk.card(desk.admin, "watch add", name="Labor", query='"forced labor" AND agency:dhs', level="digest", asks="4")
    sessions.load_keyring(desk.db, desk.new_id)
    text = desk.letter().version.texts[0].written.body[1].text
    name = {
        "U0POL": desk.pol.accounts[0].user,
        "a letter's words": " ".join(text.split()[:3]),
        "a member's name": desk.config.coalition.members["ciw"].signs_as,
    }.get(name, name)
    desk.card(
        pia,
        "press add",
        name=name,
        outlet="Example Wire",
        email="pol@coalition.example",
        phone="2026-11-24",
        beat="labor",
    )
    times = "SELECT seq, due_at, created_at FROM delivery ORDER BY seq"  # of the day that is their telephone number
    before, then = outside_the_desk(desk), desk.db.read(times)

    desk.card(pia, "press erase", contact="P-1", sure="yes")

    assert outside_the_desk(desk) == before
    assert desk.db.read(times)[: len(then)] == then
    assert list(lookup.signed_organizations(desk.db, desk.config.coalition, desk.letter())) == ["ciw"]


def test_a_name_of_a_zone_leaves_the_hours_of_embargoes(desk):
    live(desk)
    desk.added(name="America/New_York", email="")
    desk.card(desk.pia, "press erase", contact="P-3", sure="yes")
    assert {row["zone"] for row in desk.db.read("SELECT zone FROM press_embargo")} == {"America/New_York"}
    desk.card(desk.pia, "press embargoes")


def test_the_audit_never_named_who_wrote_a_story(desk):
    live(desk)

    assert "reporter" in [change.after for change in desk.changes() if change.command == "mentions tag"]
    assert NAME not in "".join(f"{change.subject}{change.before}{change.after}" for change in desk.changes())


def test_messages_that_named_them_are_emptied_in_chat(desk):
    live(desk)
    with desk.db.write() as tx:
        tx.execute("UPDATE delivery SET state = 'sent', ref = id WHERE edits IS NULL")
    erased(desk)

    edits = desk.db.read("SELECT card FROM delivery WHERE edits IS NOT NULL AND state = 'pending'")
    assert {from_json(row["card"]).head for row in edits} == {"This was about a person who asked to be erased."}
    assert len(edits) == 3  # the press channel's card, the spokesperson's, the reminder
    for card in (*desk.shown("press"), *desk.sent_to(desk.maria), *desk.sent_to(desk.pia)):
        assert NAME not in words(card)


def test_queued_messages_about_them_are_not_posted(desk):
    desk.added(**HERS)
    desk.card(desk.pia, "press note", contact="P-1", text="call back", follow="Fri")
    desk.compose(days=4)
    erased(desk)

    rows = desk.db.read("SELECT state FROM delivery")
    assert [row["state"] for row in rows] == ["dropped"]


@pytest.mark.parametrize(
    "row",
    [
        f"Example Wire,{NAME},,",
        f"Somewhere Else,{NAME.upper()},,",  # lists write an outlet now this way, now that
        f"Example Wire,Z. Q.,{EMAIL.upper()},",
        "Example Wire,Z. Q.,,(202) 555-0177",
    ],
)
def test_no_import_brings_them_back(desk, row):
    desk.added(**HERS)
    erased(desk)

    card = desk.card(desk.pia, "press import", csv=f"outlet,name,email,phone\nDaily,Somebody,,\n{row}\n")

    assert "Skipped: line 3." in words(card)
    assert [contact.name for contact in desk.contacts()] == ["Somebody"]


def test_they_are_not_added_by_hand_but_another_of_their_name_is(desk):
    desk.added(**HERS)
    erased(desk)

    refused = desk.refused(desk.pia, "press add", **HERS)
    assert "asked not to be on the press list" in refused.what
    assert desk.card(desk.pia, "press add", outlet="Gazette", name=NAME).head == f"P-2 {NAME} (Gazette): on the list"


def test_their_address_is_not_put_into_another_contact(desk):
    desk.added(**HERS)
    erased(desk)
    desk.added(outlet="Gazette", name="Jo Sample", email="")

    refused = desk.refused(desk.pia, "press add", outlet="Gazette", name="Jo Sample", email=EMAIL)
    card = desk.card(desk.pia, "press import", csv=f"outlet,name,email\nGazette,Jo Sample,{EMAIL}\n")

    assert "asked not to be on the press list" in refused.what
    assert "Skipped: line 2." in words(card)
    assert [contact.email for contact in desk.contacts()] == [""]


@pytest.mark.long
def test_no_file_that_leaves_the_bot_afterwards_has_them(desk, tmp_path):
    live(desk)
    asked = (
        ("press export", {}),
        ("clips quarter", {"of": "this", "as": "csv"}),
        ("clips quarter", {"of": "this", "as": "docx"}),
    )
    before = signs(desk.file(path, **args).data for path, args in asked)
    assert b"Quillfeather" in before
    assert b"Quillfeather" in signs(whole(desk, tmp_path / "before.zip"))

    erased(desk)
    desk.compose(seconds=1)

    assert signs(desk.file(path, **args).data for path, args in asked) == []
    assert signs(whole(desk, tmp_path / "after.zip")) == []


def whole(desk: Press, path: Path) -> list[bytes]:
    """All that moves house."""
    files = {export.FEEDS: ROOT / "feeds.yml", export.COALITION: ROOT / "coalition.yml"}
    export.export(desk.db, desk.config, files, path, "2026-11-25")
    return members(path.read_bytes())


def members(archive: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        return [packed.read(name) for name in packed.namelist()]


def signs(files: Iterable[bytes]) -> list[bytes]:
    """Of her, in these files and in what they hold."""
    read = [data for file in files for data in (members(file) if file.startswith(b"PK") else [file])]
    return [sign for sign in SIGNS if any(sign in data for data in read)]


@pytest.mark.sqlite  # looks into its files
def test_their_byline_goes_and_does_not_come_back_with_their_next_story(desk, tmp_path):
    desk.added(**HERS)
    filed(desk, "one")
    assert "1 story of ours under this byline: S-1" in words(desk.card(desk.pia, "press find", text="P-1"))
    assert traces(tmp_path)

    erased(desk)
    filed(desk, "one", "two")
    desk.compose(seconds=1)

    assert traces(tmp_path) == {}
    filed(desk, "three", author="Jo Sample")
    assert "1 story of ours" in words(desk.card(desk.pia, "press add", outlet="Example Wire", name="Jo Sample"))


def filed(desk, *names, author=f"By {NAME}, Example Wire"):
    """Stories that a source brings with who wrote them."""
    given = [clipping(f"https://wire.example/{each}-of-a-kind", f"Polaris {each}", author=author) for each in names]
    with desk.job.write() as work:
        add(work, given, by=None)


@pytest.mark.sqlite  # looks into its files
def test_a_store_that_is_being_read_is_cleaned_when_that_is_over(tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_MS", 20)
    desk = Press(tmp_path)
    live(desk)
    begun, over = threading.Event(), threading.Event()

    def read() -> None:
        with desk.db.snapshot() as db:
            db.read("SELECT id FROM press_contact")
            begun.set()
            over.wait(60)

    reader = threading.Thread(target=read)
    reader.start()
    begun.wait(60)
    erased(desk)
    desk.compose(seconds=1)
    over.set()
    reader.join()
    assert traces(tmp_path)

    desk.compose(seconds=1)

    assert traces(tmp_path) == {}


def test_erasing_needs_a_second_press(desk):
    desk.added(**HERS)
    card = desk.card(desk.pia, "press erase", contact="P-1")

    press(desk, desk.pia, card, "Cancel")

    assert [contact.name for contact in desk.contacts()] == [NAME]


def test_a_surname_is_counted_only_where_the_press_desk_wrote_it(desk):
    desk.added(name="Zebulon White", email="", phone="")
    desk.card(desk.pia, "press note", contact=desk.added(name="Colleague", email="").label, text="Mr. White called")
    desk.bring(document("2026-00078", "A notice of the White House"))

    card = desk.card(desk.pia, "press erase", contact="P-1", sure="yes")

    assert "it stays: 1 text has it. Check your notes." in words(card)
    assert "documents that wait to be posted may still name them" in words(card)


@pytest.mark.parametrize(("other", "asked_by"), [("Zara Quillfeather", "Z. Quillfeather"), (f"Dr. {NAME}", NAME)])
def test_what_another_listed_reporter_may_have_asked_stays(desk, other, asked_by):
    desk.added(**HERS)
    desk.added(outlet="Gazette", name=other, email="")
    desk.card(desk.pia, "press inquiry", reporter=asked_by, kind="question", due="today 17:00", outlet="Gazette",
              question="What is the port's budget?")  # fmt: skip

    desk.card(desk.pia, "press erase", contact="P-1", sure="yes")

    assert "budget" in str(desk.everything())
