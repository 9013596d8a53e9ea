"""Looking after the bot from a terminal: doctor, export, import, restore, erase."""

from __future__ import annotations

import io
import re
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from bot.people import audit, records
from bot.people.model import Account, Person
from bot.store import sqlite
from bot.store.address import File
from tests.kit.alerts import TUESDAY
from tests.scenario.test_cli import ATTENTION, DONE, RUNNING, STORE, USAGE, Bot, bot

__all__ = ["bot"]  # the fixture

ABORTED = 130

pytestmark = pytest.mark.sqlite  # the tests of the stores cover what differs on a server


def test_doctor_says_how_it_is_and_ends_with_1_where_something_is_bad(bot: Bot, tmp_path: Path):
    bot("init")
    fit = bot("doctor")
    assert fit.code == DONE
    assert "coalition.db opens" in fit.out
    (tmp_path / "coalition.db").chmod(0o644)
    unfit = bot("doctor")
    assert unfit.code == ATTENTION
    assert unfit.out.count("bad") == 1
    assert "chmod 600 coalition.db" in unfit.out


def test_doctor_finds_the_database_gone(bot: Bot):
    gone = bot("doctor")
    assert gone.code == ATTENTION
    assert "There is no database" in gone.out


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("init --if-missing", STORE),
        ("status", STORE),
        ("once", STORE),
        ("check", STORE),
        ("doctor", ATTENTION),
        ("backup kept.db", STORE),
        ("export kept.zip", STORE),
        ("erase --yes --person Ada", STORE),
    ],
)
def test_the_database_of_another_coalition_is_refused(bot: Bot, tmp_path: Path, command, code):
    bot("init")
    bot("status")
    bot("backup", "before.db")
    config = tmp_path / "coalition.yml"
    config.write_text(config.read_text().replace("id: ", "id: not-", 1))
    refused = bot(*command.split())
    assert refused.code == code
    assert "belongs to another coalition" in " ".join((refused.out + refused.err).split())
    assert not list(tmp_path.glob("kept.*"))
    assert bot("restore", "before.db").code == STORE


@pytest.mark.long
def test_a_coalition_is_exported_and_goes_on_in_another_folder(bot: Bot, tmp_path: Path, monkeypatch):
    bot("init")
    exported = bot("export", "ours.zip")
    assert exported.code == DONE
    assert "It contains no token" in exported.out
    assert stat.S_IMODE((tmp_path / "ours.zip").stat().st_mode) == 0o600
    assert bot("export", "ours.zip").code == USAGE
    away = tmp_path / "away"
    away.mkdir()
    monkeypatch.chdir(away)

    there = bot("import", "../ours.zip")

    assert (there.code, there.err) == (DONE, "")
    assert "coalition-bot check --online" in there.out
    assert bot("status").code == DONE
    assert bot("import", "../ours.zip").code == STORE


def test_what_is_no_export_is_refused(bot: Bot, tmp_path: Path):
    (tmp_path / "wrong.zip").write_bytes(b"wrong")
    refused = bot("import", "wrong.zip")
    assert (refused.code, "is not an export" in refused.err) == (STORE, True)
    assert bot("restore", "missing.db").code == STORE


def test_a_backup_is_restored_and_what_was_there_is_named(bot: Bot, tmp_path: Path):
    bot("init")
    assert bot("backup", "kept.db").code == DONE
    restored = bot("restore", "kept.db")
    assert restored.code == DONE
    (aside,) = tmp_path.glob("coalition.db.until-*")
    assert aside.name in restored.out.replace(" ", "")
    assert re.fullmatch(
        r"The backup of .* (?:[ap]\.m\.|noon|midnight) E[DS]T is restored\.", restored.out.splitlines()[0]
    )
    assert "It contains no items, posted alerts, digests, letters" in restored.out
    assert "row" not in restored.out
    assert "Next: coalition-bot run." in restored.out
    assert "other coalitions" not in restored.out
    assert bot("status").code == DONE


@pytest.mark.long
def test_a_backup_is_restored_where_the_disk_was_lost(bot: Bot, tmp_path: Path):
    bot("init")
    bot("backup", "kept.db")
    for path in tmp_path.glob("coalition.db*"):
        path.unlink()
    assert bot("restore", "kept.db").code == DONE
    assert bot("status").code == DONE


@pytest.mark.long
def test_a_damaged_database_is_replaced(bot: Bot, tmp_path: Path):
    bot("init")
    bot("backup", "kept.db")
    (tmp_path / "coalition.db").write_bytes(b"damaged" * 1000)
    assert bot("status").code == STORE
    assert bot("restore", "kept.db").code == DONE
    assert bot("status").code == DONE


@pytest.mark.long
def test_a_person_is_erased_and_what_still_names_them_is_listed(bot: Bot, tmp_path: Path):
    bot("init")
    bot("status")
    db = sqlite.open_existing(tmp_path / "coalition.db")
    person = Person(id="p1", name="Canary Quickfeather", organisation=None, roles=frozenset(),
                    accounts=(Account("slack", "T0", "U0CANARY"),))  # fmt: skip
    with db.write() as tx:
        records.add(tx, person, by=None, now=TUESDAY)
    db.close()
    bot("backup", "kept.db")
    with (tmp_path / "coalition.yml").open("a") as file:
        file.write("# Canary Quickfeather looks after this file\n")

    gone = bot("erase", "--yes", "--person", "Canary Quickfeather")

    assert gone.code == DONE
    assert "Canary Quickfeather is erased" in gone.out
    assert "/kept.db:" in "".join(gone.out.split())  # a long path wraps in the middle of a word
    assert "delete it, or replace it" in gone.out
    assert "Still named in coalition.yml, line" in gone.out
    assert b"Quickfeather" not in (tmp_path / "coalition.db").read_bytes()
    assert bot("erase", "--yes", "--person", "Canary Quickfeather").code == ATTENTION


@pytest.mark.parametrize("is_read", [True, False])
def test_erase_says_that_files_in_use_still_have_the_name(bot: Bot, tmp_path: Path, is_read):
    bot("init")
    with closing(sqlite.open_existing(tmp_path / "coalition.db")) as db, db.write() as tx:
        person = Person(id="p1", name="Canary Quickfeather", organisation=None, roles=frozenset(), accounts=())
        records.add(tx, person, by=None, now=TUESDAY)

    with closing(sqlite3.connect(tmp_path / "coalition.db", isolation_level=None)) as reader:
        if is_read:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM person").fetchall()
        gone = bot("erase", "--yes", "--person", "p1")

    assert gone.code == DONE
    assert ("Still in the database's files, which are in use" in " ".join(gone.out.split())) == is_read


def test_a_long_name_of_one_word_is_not_called_too_short(bot: Bot, tmp_path: Path):
    bot("init")
    with closing(sqlite.open_existing(tmp_path / "coalition.db")) as db, db.write() as tx:
        person = Person(id="p1", name="Quickfeatherstone", organisation=None, roles=frozenset(), accounts=())
        records.add(tx, person, by=None, now=TUESDAY)

    gone = bot("erase", "--yes", "--person", "p1")

    assert "A name of one word is not searched for in sentences: Quickfeatherstone." in gone.out


@pytest.mark.parametrize(("typed", "code", "left"), [("y\ny\n", DONE, 0), ("y\nn\n", DONE, 1), ("y\n", ABORTED, 1)])
def test_a_name_leaves_texts_when_the_operator_has_read_in_how_many(
    bot: Bot, tmp_path: Path, monkeypatch, typed, code, left
):
    bot("init")
    with closing(sqlite.open_existing(tmp_path / "coalition.db")) as db, db.write() as tx:
        person = Person(id="p1", name="Canary Bird", organisation=None, roles=frozenset(), accounts=())
        records.add(tx, person, by=None, now=TUESDAY)
        rest = {
            "person": None,
            "origin": "",
            "command": "people role",
            "subject": "Canary Bird",
            "before": "",
            "after": "",
        }
        audit.write(tx, audit.Change(at=TUESDAY, who="Ada", **rest), new_id=lambda: "a1")
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))

    asked = bot("erase", "--person", "p1")

    assert asked.code == code
    assert "The name is also in texts: audit 1. Take it out of all of them? [y/N]" in asked.out
    assert ("The name stays in audit 1" in asked.out) == (typed == "y\nn\n")
    with closing(sqlite.open_existing(tmp_path / "coalition.db")) as db:
        assert len(db.read("SELECT 1 AS one FROM audit WHERE subject = 'Canary Bird'")) == left
        assert len(db.read("SELECT 1 AS one FROM person WHERE name = 'Canary Bird'")) == (code == ABORTED)


@pytest.mark.long
@pytest.mark.parametrize("arguments", [(), ("--person", "a", "--org", "b"), ("--reporter", "P-1", "--person", "a")])
def test_erase_asks_for_a_person(bot: Bot, arguments):
    bot("init")
    assert bot("erase", "--yes", *arguments).code == USAGE


def test_nobody_is_erased_who_is_not_there(bot: Bot):
    bot("init")
    for option, whom in (("--person", "Nobody"), ("--org", "nobody"), ("--reporter", "P-31")):
        refused = bot("erase", "--yes", option, whom)
        assert (refused.code, whom in refused.err) == (ATTENTION, True)


def test_while_the_bot_runs_nothing_is_restored_or_erased(bot: Bot, tmp_path: Path):
    bot("init")
    bot("backup", "kept.db")
    lock = File(tmp_path / "coalition.db").lock()
    try:
        for arguments in (
            ("restore", "kept.db"),
            ("erase", "--yes", "--person", "x"),
            ("erase", "--yes", "--reporter", "P-1"),
        ):
            assert bot(*arguments).code == RUNNING
    finally:
        lock.release()
