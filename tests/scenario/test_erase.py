"""A canary is erased: its bytes are in no live file any more, and the copies that still have them are named."""

from __future__ import annotations

import asyncio
import io
import json
import shutil
import sqlite3
import unicodedata
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import wiring
from bot.commands.model import File, Job, Reply, Role
from bot.config.settings import Settings
from bot.letters import lookup
from bot.letters import records as letters
from bot.letters.allies import records as allies
from bot.letters.documents import merge
from bot.letters.lifecycle import State
from bot.media.contacts import records
from bot.offices.records import all_contacts as office_contacts
from bot.ops import backup as backups
from bot.ops.erase import Agree, NothingToErase, always, erase_person, never
from bot.ops.restore import Restored
from bot.outbox import files
from bot.outbox.model import from_json
from bot.outbox.records import NewDelivery, enqueue
from bot.people import audit
from bot.people import mail as addresses
from bot.people.audit import Change
from bot.people.contacts import suppression_list
from bot.shared.card import Card, Mark
from bot.store import shape, sqlite
from tests.kit import configs, restoring, stores
from tests.kit.alerts import document, news
from tests.kit.allies import ask, given
from tests.kit.board import send, words
from tests.kit.letters_desk import Desk
from tests.kit.press import Press
from tests.scenario.kit import FILES, copy_files

NAMES = ["Canary Quickfeather", "Zoë Kanärienvogel-Ørsted", 'Canary "Birdie" O\'Sing']
USER = "U0CANARYBIRD"
ADDRESS = "canary.bird@member.test"


class Home:
    """A coalition in which one person has done all kinds of things."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        copy_files(folder)
        self.desk = Desk(folder)
        self.member = next(iter(self.desk.config.coalition.members))
        self.person = self.desk.add(name, Role.POLICY, Role.REPRESENTATIVE, organisation=self.member, user=USER)
        self.settings = Settings(
            _env_file=None,
            database_url=stores.url(folder / "board.db"),
            feeds_file=folder / "feeds.yml",
            coalition_file=folder / "coalition.yml",
        )
        self.desk.did("added", name)
        self.desk.once(self._lives, Home)

    def _lives(self) -> None:
        desk = self.desk
        letter = desk.opened().name
        desk.card(self.person, "letter sign", letter=letter, agree="yes", text=desk.text(letter),
                  signatory=self.name, title="Director")  # fmt: skip
        desk.card(self.person, "campaign follow", what="ask:1", when="now")
        desk.card(desk.admin, "people role", person=self.person.id, give="press")
        desk.card(self.person, "campaign mail", address=ADDRESS)
        with desk.db.write() as tx:
            mine = addresses.address_of(tx, self.person.id)
            assert mine
            addresses.confirm(tx, mine, desk.now)
        for channel in ("policy", f"dm:{self.person.id}"):
            card = Card(mark=Mark.LETTER, head=f"Claimed by {self.name}, 07:51")
            new = NewDelivery(channel=channel, platform="console", key=f"k:{channel}",
                              kind="letter", card=card, due_at=desk.now)  # fmt: skip
            with desk.db.write() as tx:
                enqueue(tx, new, new_id=desk.new_id, now=desk.now)
            self.note(self.name.upper())

    def note(self, text: str) -> None:
        """A text that somebody else wrote, as the audit has it."""
        change = Change(at=self.desk.now, person=None, who="the bot", origin="", command="press note",
                        subject="a note", before="", after=text)  # fmt: skip
        with self.desk.db.write() as tx:
            audit.write(tx, change, new_id=self.desk.new_id)

    def notes(self) -> list[str]:
        return [change.after for change in self.desk.changes() if change.subject == "a note"]

    def backup(self, name: str) -> Path:
        path = self.folder / name
        self.desk.db.backup(str(path))
        backups.record_copy(self.desk.db, path, self.desk.now)
        return path

    def erase(self, agree: Agree = always, **target: str):
        self.desk.db.close()
        target = target or {"person": self.person.id}
        config = configs.load(self.folder)
        store, at = wiring.store_address(self.settings), {"clock": lambda: self.desk.now, "new_id": self.desk.new_id}
        return backups.erase_names(store, config, **target, agree=agree, **at)

    def restore(self, backup: Path) -> Restored:
        self.desk.now += timedelta(hours=1)
        config = configs.load(self.folder)
        return asyncio.run(
            restoring.restore(
                self.settings, config, backup, clock=lambda: self.desk.now, new_id=self.desk.new_id,
            )
        )  # fmt: skip

    def holds(self, *needles: str) -> list[str]:
        """The files of the folder, or the rows of the server, that still contain any of these."""
        spelt = [each for needle in needles for each in (needle, needle.upper(), needle.lower())]
        forms = [form.encode() for each in spelt for form in (each, json.dumps(each)[1:-1])]
        leftovers = [
            path.name
            for path in self.folder.rglob("*")
            if path.is_file() and any(form in path.read_bytes() for form in forms)
        ]
        if stores.CHOSEN == "postgres":
            rows = "".join(map(repr, self.desk.everything().values())).lower()
            leftovers += [needle for needle in needles if needle.lower() in rows]
        return leftovers


@pytest.fixture(autouse=True)
def _as_sqlite_is_often_built(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is deleted stays in the file's free pages, until they are used again."""
    connect = sqlite._connect

    def careless(path: Path, *cache: int) -> sqlite3.Connection:
        conn = connect(path, *cache)
        conn.execute("PRAGMA secure_delete = OFF")
        return conn

    monkeypatch.setattr(sqlite, "_connect", careless)


def allied(desk: Desk, name: str) -> str:
    """A letter that an ally has signed, by a table."""
    letter = desk.opened().name
    quoted = '"' + name.replace('"', '""') + '"'
    row = f"organization,signatory,title,evidence\n{quoted},Ann Ally,Chair,email\n"
    answer = desk.hand(desk.pol, "letter allies", row.encode(), letter=letter)
    assert isinstance(answer, Reply), answer
    return letter


def inside_of(data: bytes) -> str:
    """Every word of a file, and of the files in it."""
    if not data.startswith(b"PK"):
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return "\n".join(inside_of(packed.read(name)) for name in packed.namelist())


def waiting(desk: Desk) -> list[File]:
    states = "('pending', 'retry', 'ambiguous', 'sending')"
    rows = desk.db.read(f"SELECT id FROM delivery WHERE state IN {states} ORDER BY seq")
    return [file for row in rows for file in files.load(desk.db, row["id"])]


@pytest.fixture(params=NAMES)
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    return Home(tmp_path, request.param)


def test_a_canary_that_was_erased_is_in_no_live_file(home):
    assert home.holds(home.name, USER, ADDRESS)
    assert home.holds(ADDRESS)
    done, _ = home.erase()
    assert home.holds(home.name, USER, ADDRESS) == []
    assert done.rows >= 4  # account, roles, what they follow, their own messages
    assert done.texts["audit"] > 0
    alone = {"channel": f"dm:{home.person.id}"}
    assert home.desk.db.read("SELECT id FROM delivery WHERE channel = :channel", alone) == []


def test_what_they_did_stays_by_nobody(home):
    changes = len(home.desk.changes())
    home.erase()
    assert len(home.desk.changes()) == changes
    signed = home.desk.db.read("SELECT signatory FROM signature WHERE organisation = :id", {"id": home.member})
    assert signed == [{"signatory": "[erased]"}]


def test_a_signature_under_another_spelling_of_their_name_is_theirs_and_another_s_is_not(tmp_path):
    home = Home(tmp_path, "Canary Quickfeather")
    sql = "UPDATE signature SET signatory = :name WHERE organisation = :id"
    for name, left in (("canary b. QUICKFEATHER", "[erased]"), ("Mary Canary Quickfeather", None)):
        with home.desk.job.write() as work:
            tx = work.tx
            tx.execute(sql, {"name": name, "id": home.member})
            erase_person(work, home.person.id)
            assert tx.read("SELECT signatory FROM signature") == [{"signatory": left or name}]
            tx.execute("UPDATE person SET name = :name WHERE id = :id", {"name": home.name, "id": home.person.id})


def test_the_open_tasks_of_who_is_erased_are_free_and_listed(tmp_path):
    press = Press(tmp_path)
    gone = press.add("Canary Quickfeather", Role.PRESS, Role.POLICY)
    url = "https://herald.example/2026/11/hotline-audit"
    told = news("herald", "Polaris fails to pass on trafficking tips", outlet="Herald", url=url)
    press.bring(document("2026-00077", "Enhanced Collaborative Model: forced labor"), told)
    press.card(gone, "mentions claim", story="S-1")
    press.card(press.pol, "alerts assign", entry="2026-00077", to=gone.name)
    asked = {"reporter": "Jo Sample", "outlet": "Example Wire", "kind": "question", "due": "Fri noon"}
    press.card(press.pia, "press inquiry", **asked, question="What changes?")
    press.card(press.pia, "press pass-on", inquiry="Q-1", to=gone.name)
    with press.job.write() as work:
        done = erase_person(work, gone.id, always)

    assert [task.partition(" ")[0] for task in done.tasks] == ["2026-00077", "S-1", "Press"]
    assert "Claim" in [button.label for button in press.card(press.pia, "mentions show", story="S-1").buttons]
    assert "Assigned" not in words(press.card(press.pol, "alerts recent"))
    shown = words(press.card(press.pia, "press open", inquiry="Q-1"))
    assert "Not passed on" in shown
    posted = "".join(row["card"] for row in press.db.read("SELECT card FROM delivery"))
    assert "Quickfeather" not in posted


def test_others_stay_as_they_were(home):
    before = {row["id"]: row["name"] for row in home.desk.db.read("SELECT id, name FROM person")}
    home.erase()
    after = {row["id"]: row["name"] for row in home.desk.db.read("SELECT id, name FROM person")}
    assert {id_: name for id_, name in before.items() if after[id_] != name} == {home.person.id: home.name}


def test_every_copy_that_was_made_before_is_named(home):
    with_them = home.backup("nightly.db")
    by_hand = home.folder / "by-hand.db"
    shutil.copy(with_them, by_hand)
    packed = home.folder / "nightly.db.gz"
    packed.write_bytes(b"\x1f\x8b\0\0\xff\xff")
    gone = home.backup("moved-away.db")
    gone.unlink()

    _, earlier = home.erase()

    assert set(earlier.there) == {with_them, by_hand, packed}
    assert list(earlier.gone) == [gone]
    with_them.unlink()
    by_hand.unlink()
    assert home.holds(home.name, USER, ADDRESS) == []


@pytest.mark.sqlite  # a server's old database is set aside by its operator
def test_a_restored_backup_loses_them_again(home):
    backup = home.backup("before.db")
    home.erase()
    moved = home.restore(backup)
    assert moved.erased == 1
    assert [name for name in home.holds(home.name, USER, ADDRESS) if not name.startswith("before.db")] == []


@pytest.mark.sqlite
def test_who_did_not_agree_is_not_taken_to_have_agreed_by_a_restore(tmp_path):
    home = Home(tmp_path, NAMES[0])
    backup = home.backup("before.db")
    done, _ = home.erase(never)
    assert done.named == {"audit": 5, "delivery": 2}
    assert home.restore(backup).erased == 1
    home.desk.db = sqlite.open_existing(tmp_path / "board.db")
    assert home.notes() == [NAMES[0].upper()] * 2
    assert home.desk.db.read("SELECT id FROM person WHERE name = :name", {"name": NAMES[0]}) == []
    assert NAMES[0] not in [change.who for change in home.desk.changes()]


def test_an_organisation_goes_with_its_people_and_signatures(home):
    full = home.desk.config.coalition.members[home.member].name
    others = home.desk.db.read("SELECT COUNT(*) AS n FROM person")[0]["n"]
    done, _ = home.erase(organization=home.member)
    assert home.desk.db.read("SELECT organisation FROM signature") == []
    assert home.desk.db.read("SELECT COUNT(*) AS n FROM person")[0]["n"] == others
    assert [name for name in home.holds(home.name, USER) if name not in FILES] == []
    assert (done.named, full in str(desk_words(home.desk))) == ({"letter": 1, "letter_rendering": 1}, False)


@pytest.mark.parametrize(("state", "left"), [(State.SENT, 1), (State.LOCKED, 0)])
def test_what_was_sent_keeps_its_count_when_a_signer_is_erased_and_what_was_not_goes_without(tmp_path, state, left):
    home = Home(tmp_path, "Pol Icy")
    desk, name = home.desk, home.desk.config.coalition.members[home.member].name
    with desk.db.write() as tx:
        letters.save(tx, replace(desk.letter(), state=state, locked_at=desk.now))
    reader = desk.add("Reader", Role.POLICY)
    assert "1 of 12 signed" in words(desk.card(reader, "letter show", letter="L-1"))

    home.erase(organization=home.member)

    shown = words(desk.card(reader, "letter show", letter="L-1"))
    assert ("0 of 12 and 1 whose name is erased signed" in shown) == left
    signed = desk.db.read("SELECT legal_name, signatory, title, evidence FROM signature")
    assert signed == [{"legal_name": "[erased]", "signatory": "", "title": "", "evidence": ""}] * left
    assert [file for file in home.holds("Pol Icy", USER, ADDRESS) if file not in FILES] == []
    assert name not in str(signed)


def test_a_legal_name_that_was_set_in_chat_goes_with_its_organisation(tmp_path):
    home = Home(tmp_path, "Pol Icy")
    desk = home.desk
    for name in ("Quite Another Fund", "The River Trust"):
        form = desk.ask(desk.admin, "settings set", setting=f"member {home.member}").form
        assert isinstance(send(desk, desk.admin, form, **{"legal-name": name}), Reply)
    home.note("Quite Another Fund, then The River Trust")
    home.erase(organization=home.member)
    assert home.notes()[-1] == "[erased], then [erased]"


def desk_words(desk: Desk) -> list[Any]:
    """Everything from which a name is taken out."""
    return [desk.db.read(f"SELECT {', '.join(columns)} FROM {table}") for table, columns in shape.WORDS.items()]


def test_a_member_s_signatory_of_other_words_takes_none_of_them_along(tmp_path):
    home = Home(tmp_path, "Canary Quickfeather")
    desk = home.desk
    words = " ".join(desk.letter().version.passages[1].split()[:3])
    who = {"signatory": words, "title": "Director"}
    desk.card(desk.reps["ciw"], "letter sign", letter="L-1", agree="yes", text=desk.text(), **who)
    passages = desk.letter().version.passages
    home.erase(organization="ciw")
    assert desk.letter().version.passages == passages


def test_a_reporter_is_in_no_live_file_either_whatever_was_written_about_them(tmp_path):
    home = Home(tmp_path, "Pol Icy")
    desk, name, mail = home.desk, "Canary Quickfeather", "canary.quick@wire.example"
    press = desk.add("Press", Role.PRESS)
    added = desk.card(press, "press add", name=name, outlet="The Wire", email=mail, source="they wrote to us")
    assert name in added.head + str(added.lines)
    home.note(f"{name} called; {mail}")
    label = f"P-{desk.db.read('SELECT number FROM press_contact')[0]['number']}"
    done, earlier = home.erase(reporter=label)
    assert home.holds(name, mail) == []
    assert (earlier.there, earlier.gone) == ([], [])
    assert done.texts["audit"] == 1
    shown = [change.after for change in desk.changes() if change.subject == f"press contact {label}"]
    assert shown == ["added", "erased"]


def test_a_letter_keeps_its_text_and_its_signatures_and_its_names_are_counted(tmp_path):
    home = Home(tmp_path, "Canary Quickfeather")
    desk = home.desk
    text = f"Please write to {home.name}, {ADDRESS}."
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="2", text=text, sure="yes")
    desk.card(desk.pol, "letter review", letter="L-1")
    desk.approve()
    desk.signs("ciw")
    signed, approved = desk.text(), letters.approvals(desk.db, desk.letter())
    done, _ = home.erase()
    assert desk.letter().version.passages[2] == text
    assert done.named["letter_version"] == 1
    assert (desk.text(), letters.approvals(desk.db, desk.letter())) == (signed, approved)
    assert list(lookup.signed_organizations(desk.db, desk.config.coalition, desk.letter())) == ["ciw"]


def test_a_translation_keeps_its_words_and_its_digest_and_its_names_are_counted(tmp_path):
    home = Home(tmp_path, "Canary Quickfeather")
    desk = home.desk
    spanish = {"language": "es", "subject": "Carta", "text": f"Escriban a {home.name}."}
    desk.card(desk.pol, "letter edit", letter="L-1", **spanish, sure="yes")
    before = desk.letter().version
    done, _ = home.erase()
    assert done.named["letter_version"] == 1
    assert desk.letter().version == before


OTHER_WORDS = [
    "Open for Sign-on",
    "The Office for",
    "Letter Approve",
    '"args":[["letter"',
    '{"mark":"letter","head":"Please',
    "24T15:06",
]


@pytest.mark.parametrize("name", OTHER_WORDS)
def test_an_ally_of_other_words_takes_none_of_them_along(tmp_path, name):
    home = Home(tmp_path, "Canary Quickfeather")
    desk = home.desk
    allied(desk, name)
    before, stored = desk.letter(), settled(desk)
    done, _ = home.erase(organization=f"ally:{name}")
    assert desk.letter() == before
    assert settled(desk) == stored
    assert desk.db.read("SELECT * FROM signature WHERE organisation LIKE 'ally:%'") == []
    assert ("letter_version" in done.named) == (name == "The Office for")


def settled(desk: Desk) -> list[Any]:
    """What no name changes: settings, times and buttons of the messages that wait."""
    cards = [from_json(row["card"]) for row in desk.db.read("SELECT card FROM delivery ORDER BY seq")]
    buttons = [(card.mark, [(each.path, each.args, each.style) for each in card.buttons]) for card in cards]
    times = [desk.db.read("SELECT seq, state, due_at, created_at FROM delivery ORDER BY seq")]
    audit = desk.db.read("SELECT id, at FROM audit ORDER BY at, id")[:5]
    return [buttons, times, desk.db.read("SELECT * FROM setting_change ORDER BY version"), audit]


@pytest.mark.sqlite
def test_a_restored_backup_holds_to_what_the_press_has_asked_since(tmp_path):
    home = Home(tmp_path, "Pol Icy")
    desk, press = home.desk, home.desk.add("Press", Role.PRESS)
    gone, quiet, fine = "Canary Quickfeather", "Quiet Finch", "Fine Sparrow"
    for name in (gone, quiet, fine):
        desk.card(press, "press add", name=name, outlet="The Wire", email=f"{name.split()[0].lower()}@wire.example")
    desk.card(press, "press note", contact="P-2", text=f"sits beside {gone}")
    backup = home.backup("before.db")
    desk.card(press, "press optout", contact="P-2")
    desk.card(press, "press erase", contact="P-1", sure="yes")
    desk.db.scrub()
    desk.db.close()

    moved = home.restore(backup)

    assert moved.erased == 2
    assert home.holds(gone, "canary@wire.example") == ["before.db"]
    live = sqlite.open_existing(home.folder / "board.db")
    stored = {contact.name: contact for contact in records.all_contacts(live)}
    assert (set(stored), bool(stored[quiet].opted_out_at), stored[fine].opted_out_at) == ({quiet, fine}, True, None)
    suppressed = suppression_list(live)
    assert suppressed.by(replace(stored[fine], name=gone), name=True)  # no import brings her back
    live.close()


@pytest.mark.sqlite
def test_a_restored_backup_holds_to_what_contacts_in_offices_have_asked_since(tmp_path):
    home = Home(tmp_path, "Pol Icy")
    desk, pol = home.desk, home.desk.add("Pol", Role.POLICY, user="UPOLLY")
    gone, quiet, left, struck = "Canary Quickfeather", "Quiet Finch", "Fine Sparrow", "Swift Wren"
    for name in (gone, quiet, left, struck):
        desk.card(pol, "office add", name=name, office="ovc", email=f"{name.split()[0].lower()}@ovc.example")
    backup = home.backup("before.db")
    desk.card(pol, "office optout", contact="C-2")
    desk.card(pol, "office left", contact="C-3")
    desk.card(pol, "office erase", contact="C-1", sure="yes")
    home.erase(reporter="C-4")

    moved = home.restore(backup)

    assert moved.erased == 3
    assert home.holds(gone, "canary@ovc.example", struck) == ["before.db"]
    live = sqlite.open_existing(home.folder / "board.db")
    stored = {contact.name: contact for contact in office_contacts(live)}
    assert set(stored) == {quiet, left}
    assert stored[quiet].opted_out_at
    assert stored[left].left_on
    live.close()


@pytest.mark.parametrize("target", [{"person": "Nobody At All"}, {"organization": "nobody"}, {"person": "canary"}])
def test_nobody_is_erased_by_half_a_name(home, target):
    before = home.desk.everything()
    with pytest.raises(NothingToErase):
        home.erase(**target)
    assert home.desk.everything() == before


def test_a_short_name_is_not_taken_out_of_other_words(tmp_path):
    home = Home(tmp_path, "May")
    home.note("by 5 May; May")
    done, _ = home.erase()
    assert "by 5 May; May" in home.notes()
    assert done.left == ("May",)
    assert home.desk.db.read("SELECT who FROM audit WHERE who = 'May'") == []


def test_what_others_published_is_left_and_counted(tmp_path):
    home = Home(tmp_path, "Canary Quickfeather")
    home.desk.bring(document("2026-00077", "Canary Quickfeather testifies on forced labor"))
    done, _ = home.erase()
    assert done.named == {"entry": 1}
    assert "Canary Quickfeather testifies" in home.desk.db.read("SELECT title FROM entry")[0]["title"]


@pytest.mark.long
def test_documents_that_wait_are_made_again_without_them(home):
    desk = home.desk
    desk.lock()
    desk.compose(minutes=1)
    assert any(home.name.split()[0] in inside_of(file.data) for file in waiting(desk))

    done, _ = home.erase()
    assert done.again > 0
    assert [file.name for file in waiting(desk)] == []
    desk.compose(minutes=1)

    after = waiting(desk)
    assert {file.name.rpartition(".")[2] for file in after} == {"docx", "pdf", "csv"}
    shown = "\n".join(inside_of(file.data) for file in after)
    assert [part for part in home.name.split() if part in shown] == []
    assert "[erased]" not in "\n".join(inside_of(file.data) for file in after if file.name.endswith("docx"))


@pytest.mark.long
def test_documents_of_a_message_that_has_arrived_are_not_sent_after_it(home):
    desk = home.desk
    desk.lock()
    desk.compose(minutes=1)
    with desk.db.write() as tx:
        tx.execute("UPDATE delivery SET ref = '1', state = 'retry' WHERE id IN (SELECT delivery_id FROM delivery_file)")

    done, _ = home.erase()
    desk.compose(minutes=1)

    assert (done.again, done.without > 0, waiting(desk)) == (0, True, [])


@pytest.mark.long
def test_letters_that_a_person_requested_may_be_requested_again_by_them(home):
    desk = home.desk
    desk.lock()
    desk.card(desk.pol, "letter merge", letter="L-001")
    assert merge.make_next_file(lambda: Job(desk.db, desk.config, desk.now, desk.new_id))
    assert [file for file in waiting(desk) if file.name.endswith(".zip")]

    done, _ = home.erase()

    assert done.without == 1
    assert [file for file in waiting(desk) if file.name.endswith(".zip")] == []


@pytest.mark.long
def test_documents_that_do_not_name_them_wait_on(tmp_path):
    home = Home(tmp_path, NAMES[0])
    desk = home.desk
    desk.lock()
    desk.card(desk.pol, "letter merge", letter="L-001")
    merge.make_next_file(lambda: Job(desk.db, desk.config, desk.now, desk.new_id))
    somebody = desk.add("Somebody Elsewhere", user="UELSE")

    home.erase(person=somebody.id)

    assert [file.name for file in waiting(desk) if file.name.endswith(".zip")]


@pytest.mark.parametrize("typed", ["ally:Café Freedom Now", "ally:cafe freedom now", "ally:café-freedom-now"])
def test_an_ally_goes_by_its_name_as_documented_and_leaves_nothing_in_clear(tmp_path, typed):
    home = Home(tmp_path, "Pol Icy")
    allied(home.desk, "Café Freedom Now")
    assert home.holds("Café Freedom Now", "freedom-now")
    assert home.holds("Ann Ally")

    home.erase(organization=typed)

    assert home.desk.db.read("SELECT organisation FROM signature WHERE organisation LIKE 'ally:%'") == []
    assert home.holds("Café Freedom Now", "Cafe Freedom", "freedom-now", "Ann Ally") == []
    left = home.desk.db.read("SELECT kind, subject FROM erasure ORDER BY kind")
    assert [row["kind"] for row in left] == ["everywhere", "organisation"]
    assert all(row["subject"].startswith("sha256:") for row in left)


def test_an_ally_is_found_by_its_exact_id_before_those_of_like_names(tmp_path):
    home = Home(tmp_path, "Pol Icy")
    desk = home.desk
    allied(desk, "Freedom Network")
    with desk.db.write() as tx:
        allies.open_page(tx, desk.letter().id, desk.pol.id, desk.now)
    ask(desk, given("FreedomNetwork", "evil.example.org"))
    with pytest.raises(NothingToErase, match="2 organizations are called"):
        home.erase(organization="ally:Freedom-Net Work")
    home.erase(organization="ally:freedomnetwork")
    signed = desk.db.read("SELECT legal_name FROM signature WHERE organisation LIKE 'ally:%'")
    assert [row["legal_name"] for row in signed] == ["Freedom Network"]
    assert desk.db.read("SELECT * FROM ally_request") == []


def test_an_ally_that_asked_on_the_public_page_leaves_nothing_in_the_mail_to_it(tmp_path):
    home = Home(tmp_path, "Pol Icy")
    desk = home.desk
    with desk.db.write() as tx:
        allies.open_page(tx, desk.letter().id, desk.pol.id, desk.now)
    secret = ask(desk, given("Café Freedom Now", signatory="Quill Feathers"))

    home.erase(organization="ally:Café Freedom Now")

    assert home.holds("Café Freedom Now", "freedom-now", "Quill Feathers", "harbor.example.org", secret) == []


def test_another_ally_of_a_longer_name_stays(tmp_path):
    home = Home(tmp_path, "Pol Icy")
    letter = allied(home.desk, "Freedom Now")
    row = "organization,signatory,title,evidence\nFreedom Now Coalition,Bo,Chair,spoken\n"
    home.desk.hand(home.desk.pol, "letter allies", row.encode(), letter=letter)

    home.erase(organization="ally:Freedom Now")

    left = home.desk.db.read("SELECT organisation FROM signature WHERE organisation LIKE 'ally:%'")
    assert left == [{"organisation": "ally:freedom-now-coalition"}]


@pytest.mark.long
@pytest.mark.sqlite  # a server's old database is set aside by its operator
def test_an_ally_that_was_erased_does_not_come_back_with_a_backup(tmp_path):
    home = Home(tmp_path, "Pol Icy")
    allied(home.desk, "Freedom Now")
    backup = home.backup("before.db")
    home.erase(organization="ally:Freedom Now")

    moved = home.restore(backup)

    assert moved.erased == 1
    assert home.holds("Freedom Now", "freedom-now") == ["before.db"]
    again = home.desk.db
    again.close()
    moved = home.restore(backup)  # and what is remembered of it is remembered in the restored store, too
    assert moved.erased == 1


@pytest.mark.long
@pytest.mark.sqlite  # a server's old database is set aside by its operator
def test_who_came_back_after_an_erasure_stays_when_a_later_backup_is_restored(tmp_path):
    home = Home(tmp_path, "Pol Icy")
    home.erase(organization=home.member)
    home.desk.db = wiring.store_address(home.settings).open()
    home.desk.add("New Person", Role.REPRESENTATIVE, organisation=home.member)
    backup = home.backup("first.db")
    home.desk.db.close()

    assert home.restore(backup).erased == 0
    home.desk.db = wiring.store_address(home.settings).open()
    assert home.desk.db.read("SELECT name FROM person WHERE name = 'New Person'")

    home.desk.now += timedelta(hours=1)
    home.erase(organization=home.member)  # and who is erased again is erased again from that backup
    assert home.restore(backup).erased > 0


@pytest.mark.parametrize("typed", ["zoe kanarienvogel-orsted", "ZOË  KANÄRIENVOGEL-ØRSTED"])
def test_a_person_is_found_by_their_name_in_any_spelling(tmp_path, typed):
    home = Home(tmp_path, NAMES[1])
    done, _ = home.erase(person=typed)
    assert done.who == NAMES[1]


def test_every_spelling_is_removed_and_a_surname_alone_is_listed(tmp_path):
    home = Home(tmp_path, NAMES[1])
    spelled = ["Zoe Kanarienvogel-Orsted", unicodedata.normalize("NFD", NAMES[1]), "Kanärienvogel-Ørsted, Zoë"]
    for text in (*spelled, "Ms. Kanarienvogel-Orsted called"):
        home.note(text)

    done, _ = home.erase()

    assert home.notes()[-4:] == ["[erased]", "[erased]", "[erased]", "Ms. Kanarienvogel-Orsted called"]
    assert done.surnames["audit"] == 1


def test_a_reporters_number_goes_in_every_format(tmp_path):
    home = Home(tmp_path, "Pol Icy")
    desk, press = home.desk, home.desk.add("Press", Role.PRESS)
    desk.card(press, "press add", name="Jo Sample", outlet="The Wire", phone="+1 202 555 0147", source="us")
    home.note("call (202) 555-0147")
    label = f"P-{desk.db.read('SELECT number FROM press_contact')[0]['number']}"

    home.erase(reporter=label)

    assert home.notes()[-1] == "call [erased]"


def test_who_paused_posting_or_recorded_a_signature_is_not_named_afterwards(tmp_path):
    home = Home(tmp_path, NAMES[1])
    desk, dana = home.desk, home.desk.add("Dana Sample", Role.ADMINISTRATOR, Role.POLICY)
    desk.card(dana, "campaign pause", until="3d")
    given = {"evidence": "email", "signatory": "Sam Roe", "title": "Director", "note": "May 3"}
    desk.card(dana, "letter record", letter="L-1", member="polaris", **given)

    home.erase(person=dana.id)

    assert [row["why"] for row in desk.db.read("SELECT why FROM hold")] == ["paused by [erased]"]
    (signed,) = desk.db.read("SELECT evidence FROM signature WHERE organisation = 'polaris'")
    assert signed["evidence"] == "May 3, recorded by [erased]"
