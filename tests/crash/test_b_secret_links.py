"""B19: a link or code by which a mail's reader acts is stored until the mail's outcome is final, and no longer."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from bot.ops import export
from bot.ops.backup import back_up
from bot.outbox import queued
from bot.outbox.model import LINK
from bot.people.sessions import load_keyring
from bot.shared.card import Card, Line, Mark
from bot.store import sqlite
from bot.store.shape import copy_store
from tests.kit import stores
from tests.kit.mail import DANA, mail_sender
from tests.kit.outbox import ADMIN, deadline_after_a_fault
from tests.peers.smtp import Relay

SECRET = "7f3a9c51secretc0ffee"
CARD = Card(mark=Mark.SIGN_ON, head="Confirm", lines=(Line("Read", f"https://board.example.org/ally/{SECRET}"),))


@pytest.fixture
async def relay():
    async with Relay().running() as peer:
        yield peer


@pytest.fixture
def deliverer(kit, relay, slack):
    kit.people[DANA.name] = DANA
    timer = deadline_after_a_fault(relay)
    return kit.deliverer(mail_sender(kit, relay.url), kit.slack(slack.url), channels=[ADMIN], timer=timer)


def is_stored(db) -> bool:
    return SECRET in str([dict(row) for row in db.read("SELECT * FROM delivery")])


def in_files(folder) -> list[str]:
    return [path.name for path in folder.iterdir() if path.is_file() and SECRET.encode() in path.read_bytes()]


async def test_b19_it_is_gone_from_the_store_and_its_file_once_the_relay_took_the_mail(kit, relay, deliverer, tmp_path):
    kit.say("a", DANA, kind=LINK, card=CARD)
    assert is_stored(kit.db)
    await deliverer.run_once()
    assert SECRET in relay.mails[0].get_body(("plain",)).get_content()
    assert kit.states()["a"] == "sent"
    assert not is_stored(kit.db)
    if stores.CHOSEN == "sqlite":
        with closing(
            sqlite3.connect(tmp_path / "coalition.db")
        ) as other:  # writes the log into the file, as a stop does
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert in_files(tmp_path) == []


async def test_b19_a_mail_in_doubt_still_has_it_and_the_repeat_empties_it(kit, relay, deliverer):
    relay.fail("data", "drop-after", times=1)
    kit.say("a", DANA, kind=LINK, card=CARD)
    await deliverer.run_once()
    assert is_stored(kit.db)
    kit.clock.turn(seconds=7)
    await deliverer.run_once()
    assert SECRET in relay.mails[1].get_body(("plain",)).get_content()
    assert not is_stored(kit.db)


async def test_b19_a_refused_mail_is_emptied_reported_and_cannot_be_retried(kit, relay, deliverer, slack):
    relay.fail("data", "554 5.6.0 no such content here")
    delivery = kit.say("a", DANA, kind=LINK, card=CARD)
    for _ in range(2):
        await deliverer.run_once()
    assert kit.states()["a"] == "dead"
    assert not is_stored(kit.db)
    assert "no longer stored" in slack.visible("C0ADMIN")[0]
    with kit.db.write() as tx:
        assert not queued.retry(tx, delivery, now=kit.clock())


def test_b19_a_mail_that_is_dropped_before_it_is_sent_is_emptied(kit):
    drops = (
        lambda tx, id_: queued.drop(tx, id_, why="not needed"),
        lambda tx, _: queued.drop_channel(tx, DANA.name, why="left"),
        lambda tx, _: queued.drop_requiring(tx, DANA.name, "policy"),
    )
    for number, drop in enumerate(drops):
        delivery = kit.say(f"a{number}", DANA, kind=LINK, card=CARD, needs="policy")
        with kit.db.write() as tx:
            drop(tx, delivery)
        assert kit.states()[f"a{number}"] == "dropped"
        assert not is_stored(kit.db)


def test_b19_other_mail_stays_readable_after_it_was_dropped(kit):
    delivery = kit.say("a", DANA, card=CARD)
    with kit.db.write() as tx:
        queued.drop(tx, delivery, why="not needed")
    assert is_stored(kit.db)


def test_b19_no_copy_has_it_and_the_live_store_still_sends_it(kit, tmp_path):
    kit.say("a", DANA, kind=LINK, card=CARD)
    kit.say("b", DANA)
    folder = tmp_path / "copies"
    folder.mkdir()
    back_up(kit.db, folder / "backup.db")
    with closing(sqlite.create(folder / "export.db")) as copy:
        copy_store(kit.db, copy, then=export.drop_secrets)
    assert in_files(folder) == []
    for name in ("backup.db", "export.db"):
        with closing(sqlite.open_existing(folder / name)) as copy:
            states = {row["key"]: row["state"] for row in copy.read("SELECT key, state FROM delivery")}
            assert states == {"a": "dropped", "b": "pending"}
    assert is_stored(kit.db)
    assert kit.states()["a"] == "pending"


def test_b19_no_copy_has_the_key_that_signs_links(kit, tmp_path):
    keyring = load_keyring(kit.db, lambda: SECRET)
    folder = tmp_path / "copies"
    folder.mkdir()
    back_up(kit.db, folder / "backup.db")
    with closing(sqlite.create(folder / "export.db")) as copy:
        copy_store(kit.db, copy, then=export.drop_secrets)
    assert in_files(folder) == []
    assert load_keyring(kit.db, lambda: "another") == keyring
